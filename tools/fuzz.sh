#!/bin/sh
# Runs every fuzz target of the project for the time given, one after the other:
# go test fuzzes one target of one package at a time. With "light" as well it
# leaves out packages with Temporal's SDK beneath them, whose instrumented build
# takes minutes; their seeds run with the other tests.
set -eu
GO=${GO:-go}
cd "$(dirname "$0")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# fuzz runs one target. Whatever it finds it writes down as a failing input. Go
# also calls it a failure when the time is up in the very moment at which the
# result is looked at, on a busy machine (golang/go#51484): that found nothing.
fuzz() {
	if "$GO" test -run '^$' -fuzz "^$1\$" -fuzztime "$2" "$3" >"$log" 2>&1; then
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
for file in $(grep -rl --include='*_test.go' '^func Fuzz' .); do
	if [ "${2:-}" = light ] && "$GO" list -deps -test "$(dirname "$file")" | grep -q '^go.temporal.io/sdk/'; then
		continue
	fi
	for target in $(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' "$file"); do
		found=$((found + 1))
		fuzz "$target" "$1" "$(dirname "$file")"
	done
done
if [ "$found" -eq 0 ]; then
	echo "fuzz: no targets were found" >&2
	exit 1
fi
