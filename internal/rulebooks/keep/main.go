// Keep writes down the current rulebook before somebody decides by it: its
// manifest, the descriptions of its rules in code and some of its decisions. Run
// it before a release, from the module's root:
//
//	go run ./internal/rulebooks/keep
//
// With -files it keeps no rulebook and only completes what is kept: files that
// have changed since come out of git's history, and files that nobody needs any
// more go. "go generate ./internal/rulebooks" does that.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"duenotice/internal/rulebooks"
	"duenotice/internal/rules"
)

// In the module.
const (
	home     = "internal/rulebooks"
	archived = home + "/kept"
	// rowsHome is where the files of a manifest stand that are not made from code.
	rowsHome = "internal/rules"
)

// module is the folder of the module's root.
type module string

func (m module) path(parts ...string) string {
	return filepath.Join(append([]string{string(m)}, parts...)...)
}

func main() {
	only := flag.Bool("files", false, "complete what is kept, and keep no rulebook")
	flag.Parse()
	if err := run(*only); err != nil {
		fmt.Fprintln(os.Stderr, "keep:", err)
		os.Exit(1)
	}
}

func run(onlyFiles bool) error {
	m, err := here()
	if err != nil {
		return err
	}
	archive := rulebooks.Archive{Files: os.DirFS(m.path(archived))}
	manifests, err := archive.Manifests()
	if err != nil {
		return err
	}
	if !onlyFiles {
		book := rules.Current()
		if err := m.keep(book); err != nil {
			return err
		}
		manifests = append(manifests, book.Manifest())
		fmt.Fprintf(os.Stderr, "rulebook %s is kept; whatever changes it now needs another version in internal/rules/book.go\n", book.Version())
	}
	return m.complete(manifests, rules.Current().Manifest())
}

// here finds the module's root: go generate starts in a package's folder.
func here() (module, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return module(dir), nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("no go.mod here or above: run it inside the module")
		}
	}
}

// keep writes the manifest of a book, once, and what cannot be found again later.
func (m module) keep(book *rules.Book) error {
	path := m.path(archived, rulebooks.ManifestName(book.Version()))
	manifest, err := json.MarshalIndent(book.Manifest(), "", "  ")
	if err != nil {
		return err
	}
	switch before, err := os.ReadFile(path); {
	case err == nil && !bytes.Equal(bytes.TrimSpace(before), manifest):
		return fmt.Errorf("%s is another rulebook: a kept one is never changed; name a new version in internal/rules/book.go", path)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	}
	descriptions, err := book.Descriptions()
	if err != nil {
		return err
	}
	if err := write(m.path(archived, rulebooks.FileName(rules.DescriptionsFile, hashOf(descriptions))), descriptions); err != nil {
		return err
	}
	decisions := m.path(home, "testdata", book.Version()+".jsonl")
	if err := os.MkdirAll(filepath.Dir(decisions), 0o755); err != nil {
		return err
	}
	decide := exec.Command("go", "test", "./internal/rules", "-count=1", "-run", "^TestDecisionsAreWritten$", "-decisions", decisions) //nolint:noctx // a person runs it and can interrupt it
	decide.Dir = string(m)
	decide.Stdout, decide.Stderr = os.Stderr, os.Stderr
	if err := decide.Run(); err != nil {
		return err
	}
	return write(path, append(manifest, '\n'))
}

// complete sees that every file of the manifests is either what it still is in
// the current rulebook or in the archive, and that nothing else is.
func (m module) complete(manifests []rules.Manifest, current rules.Manifest) error {
	needed := map[string]bool{}
	for _, kept := range manifests {
		for name, sha256 := range kept.Files {
			if name != rules.DescriptionsFile && current.Files[name] == sha256 {
				continue
			}
			file := m.path(archived, filepath.FromSlash(rulebooks.FileName(name, sha256)))
			needed[file] = true
			if _, err := os.Stat(file); err == nil {
				continue
			}
			content, err := m.fromHistory(rowsHome+"/"+name, sha256)
			if err != nil {
				return fmt.Errorf("rulebook %s: %w; put it into %s by hand, for example from the release's source", kept.Version, err, file)
			}
			if err := write(file, content); err != nil {
				return err
			}
		}
	}
	present, err := filepath.Glob(m.path(archived, "files", "*"))
	if err != nil {
		return err
	}
	for _, file := range present {
		if !needed[file] {
			if err := os.Remove(file); err != nil {
				return err
			}
		}
	}
	return nil
}

// fromHistory finds what a file was among the commits that changed it.
func (m module) fromHistory(path, sha256 string) ([]byte, error) {
	commits, err := m.git("log", "--format=%H", "--", path)
	if err != nil {
		return nil, err
	}
	for commit := range strings.FieldsSeq(string(commits)) {
		content, err := m.git("show", commit+":./"+path)
		if err == nil && hashOf(content) == sha256 { // an error: the commit took the file away
			return content, nil
		}
	}
	return nil, fmt.Errorf("%s was never committed with SHA-256 %s", path, sha256)
}

func (m module) git(args ...string) ([]byte, error) {
	out, err := exec.Command("git", append([]string{"-C", string(m)}, args...)...).Output() //nolint:noctx // paths of this module; a person runs it and can interrupt it
	if err != nil {
		return nil, fmt.Errorf("git %s: %w", args[0], err)
	}
	return out, nil
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func write(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o644)
}
