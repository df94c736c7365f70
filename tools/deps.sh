#!/bin/sh
# Sees to a program that Go cannot fetch: "postgresql", PostgreSQL's server, "cc", a
# C compiler, which the race detector needs, or "browser", Chromium, which the tests
# of pages drive. Where it is missing on Debian
# or Ubuntu, root installs the package: at a terminal when the person agrees.
# Elsewhere it says what to install. A missing one is no failure here: PostgreSQL
# may still be fetched, and tests run without the race detector and the browser.
set -eu

case $1 in
postgresql)
	packages=postgresql
	for initdb in "$(command -v initdb || true)" \
		"$(pg_config --bindir 2>/dev/null || true)/initdb" \
		/usr/lib/postgresql/*/bin/initdb /usr/pgsql-*/bin/initdb /usr/local/pgsql/bin/initdb \
		/opt/homebrew/opt/postgresql*/bin/initdb /usr/local/opt/postgresql*/bin/initdb \
		/home/linuxbrew/.linuxbrew/opt/postgres*/bin/initdb \
		/Applications/Postgres.app/Contents/Versions/*/bin/initdb; do
		if [ -x "$initdb" ]; then exit 0; fi
	done
	lacking="No PostgreSQL server is installed."
	else="Another one will be fetched."
	;;
cc)
	packages="gcc libc6-dev"
	if [ "$(uname)" = Darwin ] || command -v "${CC:-gcc}" >/dev/null || command -v clang >/dev/null; then exit 0; fi
	lacking="No C compiler is installed, and the race detector needs one."
	else="The tests run without the race detector."
	;;
browser)
	packages=chromium
	for program in chromium chromium-browser google-chrome google-chrome-stable chrome; do
		if command -v "$program" >/dev/null; then exit 0; fi
	done
	if [ "$(uname)" = Darwin ]; then exit 0; fi
	lacking="No Chromium is installed, and the tests of pages drive one."
	else="Tests with a browser are skipped."
	;;
*)
	echo "usage: deps.sh postgresql|cc|browser" >&2
	exit 2
	;;
esac

if ! command -v apt-get >/dev/null; then
	echo "$lacking $else" >&2
	exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
	echo "$lacking To use the system's: sudo apt-get install $packages. $else" >&2
	exit 0
fi
if [ -t 0 ] && [ -t 2 ]; then
	printf '%s Install it now with apt-get install %s? [Y/n] ' "$lacking" "$packages" >&2
	read -r answer
	case $answer in
	'' | y | Y | yes) ;;
	*)
		echo "$else" >&2
		exit 0
		;;
	esac
fi
echo "$lacking Installing $packages." >&2
export DEBIAN_FRONTEND=noninteractive
# A fresh image has no package lists, and old lists name files that are gone.
# shellcheck disable=SC2086 # several packages
apt-get update -qq >&2 && apt-get install -y -qq --no-install-recommends $packages >/dev/null ||
	echo "apt-get could not install $packages. $else" >&2
