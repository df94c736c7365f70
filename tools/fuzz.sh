#!/bin/sh
# Runs every fuzz target of the project for the time given, one after the other: go
# fuzzes one target at a time, with all cores. A package is built once for all of its
# targets. With "light" as well it leaves out packages with Temporal's SDK beneath
# them, whose instrumented build takes minutes; their seeds run with the other tests.
set -eu
GO=${GO:-go}
cd "$(dirname "$0")/.."
built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT
log=$built/log
# What was interesting in earlier runs, where go test -fuzz keeps it as well.
corpus=$("$GO" env GOCACHE)/fuzz

# fuzz runs one target of a built package in its folder. Whatever it finds it writes
# down as a failing input. Go also calls it a failure when the time is up in the very
# moment at which the result is looked at, on a busy machine (golang/go#51484): that
# found nothing.
fuzz() {
	if (cd "$3" && "$built/test" -test.run '^$' -test.fuzz "^$1\$" -test.fuzztime "$2" -test.fuzzcachedir "$corpus/$4") >"$log" 2>&1; then
		cat "$log"
		return
	fi
	cat "$log"
	if grep -A1 "^--- FAIL: $1 " "$log" | grep -q '^    context deadline exceeded$' && ! grep -q 'Failing input' "$log"; then
		echo "fuzz: $1 found nothing; its time was up"
		return
	fi
	exit 1
}

found=0
for folder in $(grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u); do
	if [ "${2:-}" = light ] && "$GO" list -deps -test "$folder" | grep -q '^go.temporal.io/sdk/'; then
		continue
	fi
	"$GO" test -c -fuzz . -o "$built/test" "$folder"
	package=$("$GO" list "$folder")
	for target in $(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' "$folder"/*_test.go); do
		found=$((found + 1))
		echo "fuzz: $package $target"
		fuzz "$target" "$1" "$folder" "$package"
	done
done
if [ "$found" -eq 0 ]; then
	echo "fuzz: no targets were found" >&2
	exit 1
fi
