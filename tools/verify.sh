#!/bin/sh
# Checks that generated files are what their generators write, that every go.mod
# is tidy, and that the tests which the threat model names exist. It generates in a copy of the tree, so it neither needs a clean
# tree nor changes this one. sqlc, which takes a minute to build, is asked only when its
# inputs, its version or its output are not those that "make generate" left.
set -eu
GO=${GO:-go}
root=$(cd "$(dirname "$0")/.." && pwd -P) # as make has it
cd "$root"
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
trap 'exit 1' INT TERM

# Tracked and new files, but not those that are ignored or were just deleted.
git ls-files --cached --others --exclude-standard | while IFS= read -r file; do
	if [ -f "$file" ]; then echo "$file"; fi
done | tar -cf - -T - | tar -xf - -C "$copy"
mkdir "$copy/.bin"
stamp=internal/postgres/sqlgen/generated.sha256
if [ "$("$copy/tools/sqlcsum.sh")" = "$(cat "$copy/$stamp" 2>/dev/null)" ]; then
	asked=
else
	asked=1
	make -s GO="$GO" "$root/.bin/sqlc"
	cp .bin/sqlc "$copy/.bin/"
fi

# A repository of its own tells exactly what the generators changed.
git="git -C $copy -c user.name=verify -c user.email=verify@example.org -c core.hooksPath=/dev/null"
$git init -q
$git add -A
$git commit -q -m "as it is"
failed=0
generate() (
	cd "$copy"
	# Said here, since what a condition calls goes on after a failure.
	if [ -n "$asked" ]; then .bin/sqlc generate || exit 1; fi
	"$GO" generate ./...
)
if ! generate >"$copy/.bin/log" 2>&1; then
	cat "$copy/.bin/log"
	echo "verify: the generators fail"
	exit 1
fi
$git add -A
if ! $git --no-pager diff --cached --exit-code; then
	echo "verify: generated files differ; run: make generate"
	failed=1
elif [ -n "$asked" ]; then
	echo "verify: sqlc wrote the same again; make generate writes that down, and this check is quick again"
fi
for module in . engine tools/alarms tools/hanfont tools/kubernetes tools/lint tools/sbom tools/sqlc tools/versitygw tools/vuln tools/workflowcheck; do
	if ! "$GO" -C "$module" mod tidy -diff; then
		echo "verify: $module/go.mod is not tidy; run: go -C $module mod tidy"
		failed=1
	fi
done
# A threat model that names tests which are gone guards nothing.
for name in $(grep -oE '`(Test|Fuzz)[A-Za-z0-9]+`' docs/threat-model.md | tr -d '`' | sort -u); do
	if ! grep -rqE --include='*_test.go' "^func $name\(" .; then
		echo "verify: docs/threat-model.md names $name, and there is no such test"
		failed=1
	fi
done
exit $failed
