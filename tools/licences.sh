#!/bin/sh
# Holds the licences of everything that is linked into the programs against
# docs/licences.tsv, which a person wrote after reading them: one line a module,
# with its licence and the SHA-256 of the text that was read. A module without a
# line, a changed text, a line without its module and a licence that is not on the
# list below are failures. "licences.sh --new" prints the lines that are missing,
# with "?" for the licence.
set -eu
GO=${GO:-go}
cd "$(dirname "$0")/.."
list=docs/licences.tsv
# Those that allow what the Apache License 2.0 allows; MPL-2.0 does for a library
# that is linked as it is, when its line says where its source is.
allowed="MIT ISC BSD-2-Clause BSD-3-Clause Apache-2.0 MIT+Apache-2.0 public-domain none MPL-2.0"

sum() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -d' ' -f1; }

# A module has a line for each text of which a version is used.
line_of() { awk -F '\t' -v module="$1" -v hash="$2" '$1 == module && $3 == hash' $list; }

found=$(mktemp)
trap 'rm -f "$found"' EXIT
# What a release for Linux holds; other systems need other modules of golang.org/x.
linked() { GOOS=linux GOARCH=amd64 CGO_ENABLED=0 "$GO" -C "$1" list -deps -f '{{with .Module}}{{if not .Main}}{{.Path}} {{.Dir}}{{end}}{{end}}' $2; }
# Where the engine has another version of a module than the other programs, both texts count.
{ linked . "./starter ./worker" && linked engine .; } | sort -u |
	while read -r module dir; do
		text=$(find "$dir" -maxdepth 1 -type f \( -iname 'licen[cs]e*' -o -iname 'copying*' \) | sort)
		if [ -n "$text" ]; then
			hash=$(echo "$text" | tr '\n' '\0' | xargs -0 cat | sum)
		else
			hash=-
		fi
		printf '%s\t%s\n' "$module" "$hash"
	done >"$found"

if [ "${1:-}" = --new ]; then
	while IFS='	' read -r module hash; do
		[ -n "$(line_of "$module" "$hash")" ] || printf '%s\t?\t%s\n' "$module" "$hash"
	done <"$found"
	exit 0
fi
failed=0
say() {
	echo "licences: $*"
	failed=1
}
while IFS='	' read -r module hash; do
	line=$(line_of "$module" "$hash")
	licence=$(echo "$line" | cut -f2)
	if [ -z "$line" ] && ! grep -q "^$module	" $list; then
		say "$module is not in $list: read its licence and add the line of tools/licences.sh --new"
	elif [ -z "$line" ]; then
		say "the licence of $module is another text than the one that was read: read it again and change its line in $list"
	elif ! echo " $allowed " | grep -qF " $licence "; then
		say "$module is under $licence, which is not allowed"
	elif { [ "$licence" = none ] || [ "$licence" = MPL-2.0 ]; } && [ -z "$(echo "$line" | cut -f4)" ]; then
		say "$module has the licence $licence, and its line does not say why it may be used"
	fi
done <"$found"
tail -n +2 $list | cut -f1,3 | while IFS='	' read -r module hash; do
	grep -qxF "$module	$hash" "$found" || echo "licences: $module is in $list with a text that is no longer used; take its line out"
done | grep . && failed=1
if [ $failed -eq 0 ]; then
	echo "licences: $(grep -c . "$found") modules, each with a licence that was read"
fi
exit $failed
