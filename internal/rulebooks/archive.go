package rulebooks

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"duenotice/internal/rules"
)

//go:generate go run ./keep -files

//go:embed kept
var embedded embed.FS

// Kept is every rulebook of this program, the current one last.
func Kept() Library { return kept() }

var kept = sync.OnceValue(func() Library {
	files, err := fs.Sub(embedded, "kept")
	if err != nil {
		panic(err) // the name is a constant
	}
	library, err := From(Archive{files}, rules.Earlier)
	if err != nil {
		panic(err) // the archive is part of the program and tested with it
	}
	return library
})

// Archive is a folder with the manifests of kept rulebooks, VERSION.json, and
// in files those of their files that this program's rulebook no longer has.
type Archive struct{ Files fs.FS }

// Builder puts a rulebook together from its manifest: rules.Earlier.
type Builder func(m rules.Manifest, file func(name, sha256 string) ([]byte, error)) (*rules.Book, error)

// From lists the rulebooks of an archive, the oldest first, and the current one last.
func From(archive Archive, build Builder) (Library, error) {
	manifests, err := archive.Manifests()
	if err != nil {
		return nil, err
	}
	var library Library
	now := rules.Current()
	for _, m := range manifests {
		if m.SHA256() != now.SHA256() {
			library = append(library, earlier(m, archive, build))
		}
	}
	return append(library, Of(now)), nil
}

// Manifests are those of the archive, the oldest version first.
func (a Archive) Manifests() ([]rules.Manifest, error) {
	names, err := fs.Glob(a.Files, "*.json")
	if err != nil {
		return nil, fmt.Errorf("list the kept rulebooks: %w", err)
	}
	var list []rules.Manifest
	for _, name := range names {
		content, err := fs.ReadFile(a.Files, name)
		if err != nil {
			return nil, fmt.Errorf("read the kept rulebook %s: %w", name, err)
		}
		var m rules.Manifest
		if err := json.Unmarshal(content, &m); err != nil {
			return nil, fmt.Errorf("the kept rulebook %s cannot be read: %w", name, err)
		}
		if name != ManifestName(m.Version) {
			return nil, fmt.Errorf("the kept rulebook %s says that it is %q", name, m.Version)
		}
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b rules.Manifest) int { return slices.Compare(numbers(a.Version), numbers(b.Version)) })
	return list, nil
}

// numbers of a version: 2026.11.10 comes after 2026.11.9.
func numbers(version string) []int {
	var list []int
	for part := range strings.SplitSeq(version, ".") {
		n, _ := strconv.Atoi(part) // 0 for what is no number: a person's word for a version orders as well as any
		list = append(list, n)
	}
	return list
}

// File is a rulebook's file as it was.
func (a Archive) File(name, sha256 string) ([]byte, error) {
	content, err := fs.ReadFile(a.Files, FileName(name, sha256))
	if err != nil {
		return nil, fmt.Errorf("%s has changed since, and what it was (SHA-256 %s) is not kept; run go generate ./internal/rulebooks: %w", name, sha256, err)
	}
	return content, nil
}

// ManifestName is the file in an archive that has the manifest of a version.
func ManifestName(version string) string { return version + ".json" }

// FileName is the file in an archive that has what a rulebook's file was:
// "files/tx.HASH.yaml" for "states/tx.yaml".
func FileName(name, sha256 string) string {
	ext := path.Ext(name)
	return path.Join("files", strings.TrimSuffix(path.Base(name), ext)+"."+sha256+ext)
}
