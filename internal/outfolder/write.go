package outfolder

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

const (
	fileMode   fs.FileMode = 0o600
	folderMode fs.FileMode = 0o700
)

// Written is what a finished file holds, as a manifest states it.
type Written struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
	// Plain is what is in a file that is encrypted, else nil.
	Plain *Content `json:"plain,omitempty"`
}

// Content is what the file says, whether or not it is encrypted.
func (w Written) Content() Content {
	if w.Plain != nil {
		return *w.Plain
	}
	return Content{w.SHA256, w.Bytes}
}

// WriteFile puts content at path, making the folders it needs. A file that
// already holds exactly this content is left alone, so that running a step
// twice changes nothing, not even a time. Any other content is replaced whole.
func WriteFile(path string, content []byte) (Written, error) {
	sum := sha256.Sum256(content)
	want := Written{Path: path, SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(content))}
	same, err := want.isThere()
	if err != nil || same {
		return want, err
	}
	f, err := Create(path)
	if err != nil {
		return Written{}, err
	}
	defer f.Abort()
	if _, err := f.Write(content); err != nil {
		return Written{}, err
	}
	return f.Commit()
}

// isThere reports whether the file at w.Path already has w's content. The size
// is looked at first: most changed files differ in it and need no reading.
func (w Written) isThere() (bool, error) {
	info, err := os.Lstat(w.Path)
	// ENOTDIR: something lies where a folder should; makeFolder says so better.
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for the earlier file: %w", err)
	}
	if !info.Mode().IsRegular() {
		return false, fmt.Errorf("%s is in the way and is no ordinary file: move it, then run this again", w.Path)
	}
	if info.Size() != w.Bytes {
		return false, nil
	}
	file, err := os.Open(w.Path)
	if err != nil {
		return false, fmt.Errorf("compare with the earlier file: %w", err)
	}
	defer func() { _ = file.Close() }()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return false, fmt.Errorf("compare with the earlier file: %w", err)
	}
	if hex.EncodeToString(hash.Sum(nil)) != w.SHA256 {
		return false, nil
	}
	// A writer that died after naming the file may not have synced the name.
	if err := syncFolder(filepath.Dir(w.Path)); err != nil {
		return false, fmt.Errorf("put the name of %s on the disk: %w", w.Path, err)
	}
	return true, nil
}

// makeFolder makes dir and what it lies in. The parent of every folder it
// makes is synced, or a power cut could take the folder with a file in it that
// was reported as written.
func makeFolder(dir string) error {
	info, err := os.Stat(dir)
	if err == nil {
		if !info.IsDir() {
			return fmt.Errorf("%s is in the way of a folder: move it, then run this again", dir)
		}
		return nil
	}
	if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
		return err
	}
	parent := filepath.Dir(dir)
	if err := makeFolder(parent); err != nil {
		return err
	}
	if err := os.Mkdir(dir, folderMode); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncFolder(parent)
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	return d.Sync()
}

// fingerprint is what the file at a path holds.
func fingerprint(path string) (Content, error) {
	file, err := os.Open(path)
	if err != nil {
		return Content{}, err
	}
	defer func() { _ = file.Close() }() // only read
	sum := sha256.New()
	n, err := io.Copy(sum, file)
	return Content{SHA256: hex.EncodeToString(sum.Sum(nil)), Bytes: n}, err
}

// remove deletes files that may be there.
func remove(paths ...string) error {
	removed := map[string]bool{}
	for _, path := range paths {
		err := os.Remove(path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove the earlier file: %w", err)
		}
		if err == nil {
			removed[filepath.Dir(path)] = true
		}
	}
	for dir := range removed {
		if err := syncFolder(dir); err != nil {
			return err
		}
	}
	return nil
}
