package outfolder

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// handedSuffix ends the name of what stands in place of a file that was handed over.
const handedSuffix = ".handed-over.json"

// HandedOver says where a file with patient data went: to whom, by whose word
// and when, and what it was.
type HandedOver struct {
	To   string    `json:"to"`
	By   string    `json:"by"`
	At   time.Time `json:"at"`
	Name string    `json:"name"`
	Content
	// Plain is what was in it, when it was encrypted.
	Plain *Content `json:"plain,omitempty"`
}

// content is what was in the file.
func (h HandedOver) content() Content {
	if h.Plain != nil {
		return *h.Plain
	}
	return h.Content
}

// handedOver reports whether path was handed over with just this content.
func handedOver(path string, content Content) (Written, bool, error) {
	var h HandedOver
	ok, err := readRecord(path+handedSuffix, &h)
	if err != nil || !ok || h.content() != content {
		return Written{}, false, err
	}
	return Written{Path: filepath.Join(filepath.Dir(path), filepath.Base(h.Name)), SHA256: h.SHA256, Bytes: h.Bytes, Plain: h.Plain}, true, nil
}

// FindPatientFile returns the file with patient data at path, encrypted or not,
// as it now is on the disk. ok is false when there is none.
func FindPatientFile(path string) (w Written, ok bool, err error) {
	for _, name := range []string{path + sealedSuffix, path} {
		w, err = fingerprint(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return w, false, fmt.Errorf("look at the file to hand over: %w", err)
		}
		var record sealedRecord
		if name != path {
			found, err := readRecord(name+recordSuffix, &record)
			if err != nil {
				return w, false, err
			}
			if found && record.Content == (Content{w.SHA256, w.Bytes}) {
				w.Plain = &record.Plain
			}
		}
		return w, true, nil
	}
	return Written{}, false, nil
}

func fingerprint(path string) (Written, error) {
	file, err := os.Open(path)
	if err != nil {
		return Written{}, err
	}
	defer func() { _ = file.Close() }() // only read
	sum := sha256.New()
	n, err := io.Copy(sum, file)
	return Written{Path: path, SHA256: hex.EncodeToString(sum.Sum(nil)), Bytes: n}, err
}

// RemoveHandedOver notes where the file at path went, and then removes it. The
// same again, after a crash between the two, is right.
func RemoveHandedOver(path string, w Written, to, by string, at time.Time) error {
	b, err := json.MarshalIndent(HandedOver{
		To: to, By: by, At: at.UTC(), Name: filepath.Base(w.Path), Content: Content{w.SHA256, w.Bytes}, Plain: w.Plain,
	}, "", "  ")
	if err != nil {
		return err
	}
	if _, err := WriteFile(path+handedSuffix, append(b, '\n')); err != nil {
		return err
	}
	return RemovePatientFile(path)
}

// RemovePatientFile removes the file with patient data at path, encrypted or not.
func RemovePatientFile(path string) error {
	return remove(path, path+sealedSuffix, path+sealedSuffix+recordSuffix)
}

// PrintedBatches returns the names of the batches that lie whole in an incident's folder:
// the manifest is written last.
func (i Incident) PrintedBatches() ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(i.dir, "mail"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look which letters lie printed: %w", err)
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		switch _, err := os.Lstat(i.Manifest(e.Name())); {
		case err == nil:
			names = append(names, e.Name())
		case !errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("look which letters lie printed: %w", err)
		}
	}
	return names, nil
}

// PatientFiles returns the paths, without .age, of all files with patient data
// that an incident's folder may hold.
func (i Incident) PatientFiles() ([]string, error) {
	var paths []string
	for _, part := range []struct {
		folder string
		names  []string
	}{{"practices", []string{"people.csv"}}, {"mail", []string{"letters.pdf", "pieces.csv", "held.csv"}}} {
		entries, err := os.ReadDir(filepath.Join(i.dir, part.folder))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		for _, e := range entries {
			if !e.IsDir() {
				continue
			}
			for _, name := range part.names {
				paths = append(paths, filepath.Join(i.dir, part.folder, e.Name(), name))
			}
		}
	}
	return paths, nil
}
