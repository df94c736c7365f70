package outfolder

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Content is what a file holds before it is encrypted.
type Content struct {
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
}

// PatientFile is a file with patient data being written: people.csv, letters.pdf,
// pieces.csv. With recipients it is encrypted, its name ends in .age, and nothing
// of it touches the disk in clear.
type PatientFile struct {
	path  string // without .age
	file  *File
	seal  io.WriteCloser // nil when it stays in clear
	hash  hash.Hash
	bytes int64
}

// CreatePatientFile begins a file with patient data. The caller defers Abort and
// calls Commit at the end.
func (f Folder) CreatePatientFile(path string) (*PatientFile, error) {
	p := &PatientFile{path: path, hash: sha256.New()}
	var err error
	if !f.recipients.Any() {
		p.file, err = Create(path)
		return p, err
	}
	if p.file, err = Create(path + sealedSuffix); err != nil {
		return nil, err
	}
	if p.seal, err = f.recipients.encrypt(p.file); err != nil {
		p.file.Abort()
		return nil, fmt.Errorf("encrypt %s: %w", path, err)
	}
	return p, nil
}

// Write adds b to the file.
func (p *PatientFile) Write(b []byte) (n int, err error) {
	if p.seal == nil {
		n, err = p.file.Write(b)
	} else {
		n, err = p.seal.Write(b)
	}
	p.hash.Write(b[:n])
	p.bytes += int64(n)
	return n, err
}

// Content is what was written so far.
func (p *PatientFile) Content() Content {
	return Content{SHA256: hex.EncodeToString(p.hash.Sum(nil)), Bytes: p.bytes}
}

// Abort forgets the file. After Commit it does nothing.
func (p *PatientFile) Abort() { p.file.Abort() }

// Commit puts the file on the disk under its name. A file with the same content
// that is there is left alone, encrypted or not, and one that was handed over
// with the same content stays away: what is returned is the earlier one.
func (p *PatientFile) Commit() (Written, error) {
	defer p.Abort()
	content := p.Content()
	if gone, ok, err := handedOver(p.path, content); err != nil || ok {
		return gone, err
	}
	written, err := p.commit(content)
	if err != nil {
		return Written{}, err
	}
	// What is left is of another content, or of the time before encryption was
	// turned on or off.
	old := []string{p.path, p.path + handedSuffix}
	if p.seal == nil {
		old = []string{p.path + sealedSuffix, p.path + sealedSuffix + recordSuffix, p.path + handedSuffix}
	}
	return written, remove(old...)
}

func (p *PatientFile) commit(content Content) (Written, error) {
	if p.seal == nil {
		return p.file.Commit()
	}
	if err := p.seal.Close(); err != nil {
		return Written{}, fmt.Errorf("encrypt %s: %w", p.path, err)
	}
	there, ok, err := readSealed(p.path)
	if err != nil {
		return Written{}, err
	}
	if ok && *there.Plain == content {
		return there, nil
	}
	written, err := p.file.Commit()
	if err != nil {
		return Written{}, err
	}
	written.Plain = &content
	return written, writeRecord(written)
}

// Sealed reports whether a file's name is that of an encrypted file, or of what stands
// beside one.
func Sealed(name string) bool {
	return strings.HasSuffix(name, sealedSuffix) || strings.HasSuffix(name, sealedSuffix+recordSuffix)
}

// recordSuffix ends the name of what stands beside an encrypted file.
const recordSuffix = ".json"

// sealedRecord is X.age.json: the encrypted file's hash and its content's, so
// that either can be checked without the other, and so that the same content is
// not encrypted anew each time.
type sealedRecord struct {
	Content
	Plain Content `json:"plain"`
}

func writeRecord(w Written) error {
	b, err := json.MarshalIndent(sealedRecord{Content{w.SHA256, w.Bytes}, *w.Plain}, "", "  ")
	if err != nil {
		return err
	}
	_, err = WriteFile(w.Path+recordSuffix, append(b, '\n'))
	return err
}

// readSealed returns the encrypted file of path when it is there whole.
func readSealed(path string) (Written, bool, error) {
	sealed := path + sealedSuffix
	var record sealedRecord
	if ok, err := readRecord(sealed+recordSuffix, &record); err != nil || !ok {
		return Written{}, false, err
	}
	w := Written{Path: sealed, SHA256: record.SHA256, Bytes: record.Bytes, Plain: &record.Plain}
	there, err := w.isThere()
	return w, there, err
}

// readRecord reads a record; one that is not there or cannot be read is none:
// it is written anew.
func readRecord(path string, into any) (bool, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look at the earlier file: %w", err)
	}
	return json.Unmarshal(b, into) == nil, nil
}

// remove deletes files that may be there.
func remove(paths ...string) error {
	removed := false
	for _, path := range paths {
		err := os.Remove(path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove the earlier file: %w", err)
		}
		removed = removed || err == nil
	}
	if !removed {
		return nil
	}
	return syncFolder(filepath.Dir(paths[0]))
}
