#!/bin/sh
# Runs the smallest rehearsal in a folder of its own and keeps nothing of it: every
# practice has to come to its end, the account has to add up, and no process may be
# larger than it may. It looks at no time.
set -eu
GO=${GO:-go}
cd "$(dirname "$0")/.."
dir=$(mktemp -d)
# PostgreSQL, run as another user than root, has to pass through.
chmod 755 "$dir"
cleanup() {
	# Where the rehearsal itself could not stop its stack any more.
	"$dir/tiny/bin/duenotice" down --dir "$dir/tiny/stack" >/dev/null 2>&1 || true
	rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 1' INT TERM
"$GO" build -o "$dir/rehearse" ./internal/rehearsal/rehearse
"$dir/rehearse" -size tiny -dir "$dir" -results ''
left=$(find "$dir" -path '*/run/*.json')
if [ -n "$left" ]; then
	echo "rehearsal: it ended and left running: $left" >&2
	exit 1
fi
