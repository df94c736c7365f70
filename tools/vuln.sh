#!/bin/sh
# Runs govulncheck (first argument) with the other arguments. A known
# vulnerability that our code reaches is a failure. That the database of
# vulnerabilities cannot be reached is none: it says so and nothing is checked.
set -eu
unreached() {
	case $1 in
	*"fetching vulnerabilities"*)
		echo "govulncheck: NOT CHECKED, the database of vulnerabilities cannot be reached from here:"
		echo "  $1"
		exit 0
		;;
	esac
}

# About modules alone the database is asked at once; about what is reached, only after all
# of the source was read, for a quarter of a minute. What this finds is judged below. It
# looks at the engine, because it wants a package where it stands.
out=$("$1" -C "$(dirname "$0")/../engine" -scan module 2>&1) || unreached "$out"

out=$("$@" 2>&1) && status=0 || status=$?
case $status in
0) echo "govulncheck: no known vulnerability is reached" ;;
3)
	echo "$out"
	exit 1
	;;
*)
	unreached "$out"
	echo "$out"
	exit "$status"
	;;
esac
