package outfolder

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
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
	folder Folder
	key    string // without .age
	file   Draft
	seal   io.WriteCloser // nil when it stays in clear
	hash   hash.Hash
	bytes  int64
}

// CreatePatientFile begins a file with patient data. The caller defers Abort and
// calls Commit at the end.
func (f Folder) CreatePatientFile(address string) (*PatientFile, error) {
	key, err := f.key(address)
	if err != nil {
		return nil, err
	}
	p := &PatientFile{folder: f, key: key, hash: sha256.New()}
	if !f.recipients.Any() {
		p.file, err = f.place.Create(key)
		return p, err
	}
	if p.file, err = f.place.Create(key + sealedSuffix); err != nil {
		return nil, err
	}
	if p.seal, err = f.recipients.encrypt(p.file); err != nil {
		p.file.Abort()
		return nil, fmt.Errorf("encrypt %s: %w", address, err)
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

// Abort forgets the file. After Commit it does nothing.
func (p *PatientFile) Abort() { p.file.Abort() }

// Commit puts the file under its name. A file with the same content
// that is there is left alone, encrypted or not, and one that was handed over
// with the same content stays away: what is returned is the earlier one.
func (p *PatientFile) Commit(ctx context.Context) (Written, error) {
	defer p.Abort()
	content := Content{SHA256: hex.EncodeToString(p.hash.Sum(nil)), Bytes: p.bytes}
	if gone, ok, err := p.folder.handedOver(ctx, p.key, content); err != nil || ok {
		return gone, err
	}
	written, err := p.commit(ctx, content)
	if err != nil {
		return Written{}, err
	}
	// What is left is of another content, or of the time before encryption was
	// turned on or off.
	old := []string{p.key, p.key + handedSuffix}
	if p.seal == nil {
		old = []string{p.key + sealedSuffix, p.key + sealedSuffix + recordSuffix, p.key + handedSuffix}
	}
	return written, p.folder.place.Remove(ctx, old...)
}

func (p *PatientFile) commit(ctx context.Context, content Content) (Written, error) {
	if p.seal == nil {
		found, err := p.file.Commit(ctx, nil)
		return p.folder.written(p.key, found), err
	}
	if err := p.seal.Close(); err != nil {
		return Written{}, fmt.Errorf("encrypt %s: %w", p.folder.place.Address(p.key), err)
	}
	sealed := p.key + sealedSuffix
	there, err := p.folder.findSealed(ctx, sealed)
	if err == nil && there.Plain != nil && *there.Plain == content {
		return p.folder.written(sealed, there), nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Written{}, err
	}
	// Encrypting again gives other bytes. Of two workers that write the same, both
	// learn which of them stand.
	found, err := p.file.Commit(ctx, &content)
	if err != nil {
		return Written{}, err
	}
	return p.folder.written(sealed, found), p.folder.writeRecord(ctx, sealed, found)
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

func (f Folder) writeRecord(ctx context.Context, sealed string, found Found) error {
	b, err := json.MarshalIndent(sealedRecord{found.Content, *found.Plain}, "", "  ")
	if err != nil {
		return err
	}
	return f.place.Write(ctx, sealed+recordSuffix, append(b, '\n'))
}

// findSealed returns an encrypted file with what is in it, where its record is there
// and is this file's.
func (f Folder) findSealed(ctx context.Context, sealed string) (Found, error) {
	var record sealedRecord
	recorded, err := f.readRecord(ctx, sealed+recordSuffix, &record)
	if err != nil {
		return Found{}, err
	}
	found, err := f.place.Find(ctx, sealed)
	if err != nil {
		return Found{}, err
	}
	found.Plain = nil // without its record beside it, it is written anew
	if recorded && record.Content == found.Content {
		found.Plain = &record.Plain
	}
	return found, nil
}

// readRecord reads a record; one that is not there or cannot be read is none:
// it is written anew.
func (f Folder) readRecord(ctx context.Context, key string, into any) (bool, error) {
	b, err := f.ReadFile(ctx, f.place.Address(key))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look at the earlier file: %w", err)
	}
	return json.Unmarshal(b, into) == nil, nil
}
