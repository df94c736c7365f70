#!/bin/sh
# Builds the two programs and the engine for every platform into dist/, static and without paths
# or times of this machine, with their checksums and a bill of materials
# (CycloneDX) each; the licences in those are what a tool found, those that a
# person read are beside them in licences.tsv. "release.sh check" builds those of
# this platform twice, from two folders with a compiler's cache each, and fails
# when a byte differs.
set -eu
GO=${GO:-go}
cd "$(dirname "$0")/.."

sum() { if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }

# The whole name of the commit: how much of it is enough differs between clones.
version=$(git describe --always --dirty --abbrev=40)

# build SOURCE TARGET: the Dockerfile builds with the same flags. The engine is of the
# version that the other programs look for: a hash of its packed source.
build() {
	(cd "$1" && GOOS= GOARCH= GOFLAGS= "$GO" -C tools/hanfont run . "$PWD/templates/fonts/made/NotoSansCJK.ttf.zst")
	for program in worker starter; do
		name=duenotice
		if [ $program = worker ]; then name=duenotice-worker; fi
		(cd "$1" && CGO_ENABLED=0 GOFLAGS= "$GO" build -trimpath -buildvcs=false -ldflags="-s -w -X duenotice/internal/cli.version=$version" -o "$2/$name" ./$program)
	done
	engine=$(sum "$1/internal/stack/engine.json" | cut -c1-12)
	(cd "$1/engine" && CGO_ENABLED=0 GOFLAGS= GOWORK=off "$GO" build -trimpath -buildvcs=false -ldflags="-s -w -X main.version=$engine" -o "$2/duenotice-engine" .)
}

case ${1:-} in
check)
	one=$(mktemp -d)
	two=$(mktemp -d)
	trap 'rm -rf "$one" "$two"' EXIT
	mkdir "$one/programs" "$two/programs" "$two/another" "$two/another/folder"
	git ls-files | while IFS= read -r file; do
		if [ -f "$file" ]; then echo "$file"; fi
	done | tar -cf - -T - | tar -xf - -C "$two/another/folder"
	GOCACHE="$one/cache" build . "$one/programs"
	GOCACHE="$two/cache" build "$two/another/folder" "$two/programs"
	for program in duenotice duenotice-worker duenotice-engine; do
		cmp "$one/programs/$program" "$two/programs/$program"
	done
	echo "release: two builds of the same source are the same, byte for byte:"
	(cd "$one/programs" && sum duenotice duenotice-worker duenotice-engine)
	;;
'')
	# What is released decides; it must be possible to decide so again.
	rulebook=$(sed -n 's/^const version = "\(.*\)"/\1/p' internal/rules/book.go)
	if git describe --exact-match --tags >/dev/null 2>&1 && [ ! -f "internal/rulebooks/kept/$rulebook.json" ]; then
		echo "release: rulebook $rulebook is not kept; run: make keep-rulebook, and commit what it writes" >&2
		exit 1
	fi
	rm -rf dist
	mkdir dist
	for platform in linux/amd64 linux/arm64 darwin/arm64; do
		target=dist/duenotice-$(echo $platform | tr / -)
		mkdir "$target"
		GOOS=${platform%/*} GOARCH=${platform#*/} build . "$PWD/$target"
		for program in duenotice duenotice-worker duenotice-engine; do
			# It warns of this module, which is no download, and where it knows no licence's text.
			.bin/cyclonedx-gomod bin -json -std -licenses -noserial -notimestamp -version "$version" \
				-output "$target/$program.cdx.json" "$target/$program"
		done
	done
	cp docs/licences.tsv dist/
	# The list is there before find looks: it does not list itself.
	(cd dist && find . -type f ! -name SHA256SUMS | sort | sed 's|^\./||' | while IFS= read -r file; do sum "$file"; done >SHA256SUMS)
	cat dist/SHA256SUMS
	;;
*)
	echo "usage: release.sh [check]" >&2
	exit 2
	;;
esac
