#!/bin/sh
# Runs every fuzz target of the project for the time given, one after the other:
# go test fuzzes one target of one package at a time. With "light" as well it
# leaves out packages with Temporal's SDK beneath them, whose instrumented build
# takes minutes; their seeds run with the other tests.
set -eu
GO=${GO:-go}
cd "$(dirname "$0")/.."
found=0
for file in $(grep -rl --include='*_test.go' '^func Fuzz' .); do
	if [ "${2:-}" = light ] && "$GO" list -deps -test "$(dirname "$file")" | grep -q '^go.temporal.io/sdk/'; then
		continue
	fi
	for target in $(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' "$file"); do
		found=$((found + 1))
		"$GO" test -run '^$' -fuzz "^$target\$" -fuzztime "$1" "$(dirname "$file")"
	done
done
if [ "$found" -eq 0 ]; then
	echo "fuzz: no targets were found" >&2
	exit 1
fi
