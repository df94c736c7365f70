#!/bin/sh
# Runs the demo as a person does, but with the race detector and in a folder of
# its own: the stack of a real case in this tree stays as it is. Nothing may run
# when the demo has ended.
set -eu
GO=${GO:-go}
cd "$(dirname "$0")/.."
dir=$(mktemp -d)
# PostgreSQL, run as another user than root, has to pass through.
chmod 755 "$dir"
# Records of processes: .duenotice/run/ and the same in folders below.
records() { find "$dir" -path '*/run/*.json'; }
cleanup() {
	for record in $(records); do
		"$dir/duenotice" down --dir "$(dirname "$(dirname "$record")")" >/dev/null 2>&1 || true
	done
	rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

# shellcheck disable=SC2086 # RACE is empty or one word
"$GO" build ${RACE:-} -o "$dir/duenotice" ./starter
cd "$dir"
# Fewer people than a person gets: with the race detector letters take ten times as long.
./duenotice demo --people 3000
if [ ! -d "$(find . -name postgres -type d | head -n 1)" ]; then
	echo "demo: no state of a stack was found to look at" >&2
	exit 1
fi
left=$(records)
if [ -n "$left" ]; then
	echo "demo: it ended and left running: $left" >&2
	exit 1
fi
