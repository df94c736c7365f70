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
# shellcheck disable=SC2086 # RACE is empty or one word
"$GO" build ${RACE:-} -o "$dir/duenotice" ./starter
cleanup() {
	(cd "$dir" && ./duenotice down >/dev/null 2>&1) || true
	rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

cd "$dir"
./duenotice demo
left=$(ls .duenotice/run 2>/dev/null || true)
if [ -n "$left" ]; then
	echo "demo: it ended and left running: $left" >&2
	exit 1
fi
