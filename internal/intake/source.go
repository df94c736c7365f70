package intake

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"duenotice/internal/breach"
	"duenotice/internal/givenfile"
	"duenotice/internal/howfar"
	"duenotice/internal/intake/fhir"
	"duenotice/internal/intake/flat"
	"duenotice/internal/intake/profile"
	"duenotice/internal/intake/rows"
	"duenotice/internal/intake/workbook"
	"duenotice/internal/intake/x12"
)

// The forms of files.
const (
	formText     = "csv"
	formWorkbook = "xlsx"
	formFHIR     = "fhir"
	formX12      = "x12"
)

// source is one file that was handed over.
type source struct {
	id, path, name string
	bytes          int64
	modified       time.Time
	sha256         string
	form           string
	encoding       flat.Encoding
	tables         map[string]*table
	order          []*table
}

// file is the base of the path: a folder's name may be a client's.
func newSource(n int, path string) *source {
	return &source{id: fmt.Sprintf("S%d", n), path: path, name: filepath.Base(path), tables: map[string]*table{}}
}

// take reads the file's bytes once: for its hash, for its encoding and, with all other
// sources, for the key by which ids become person keys.
func (s *source) take(ctx context.Context, secret io.Writer) error {
	file, size, err := s.openFile()
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // only read
	s.bytes = size
	if s.modified, err = modified(file); err != nil {
		return err
	}
	if size == 0 {
		return s.refuse("source_empty", "Export it again.", "the file is empty")
	}
	hash, letters := sha256.New(), &flat.Sniffer{}
	src := howfar.Reader(file, int(size), howfar.Of(ctx))
	head := make([]byte, 512)
	n, err := io.ReadFull(src, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	head = head[:n]
	if _, err := io.Copy(io.MultiWriter(hash, letters, secret), io.MultiReader(bytes.NewReader(head), givenfile.UntilDone(ctx, src))); err != nil {
		return fmt.Errorf("read %s: %w", s.name, err)
	}
	s.sha256, s.form = hex.EncodeToString(hash.Sum(nil)), formOf(head)
	if s.form == formWorkbook {
		return nil
	}
	s.encoding = letters.Encoding()
	if s.encoding == flat.Unknown || s.form != formText && s.encoding != flat.UTF8 {
		return s.refuse("source_no_text", "Give a CSV file, an XLSX workbook, FHIR as JSON or NDJSON, or an X12 file.", "the file is no text in UTF-8, UTF-16 or Windows-1252")
	}
	return nil
}

// formOf tells the forms apart by what a file begins with.
func formOf(head []byte) string {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		return formWorkbook
	case bytes.HasPrefix(head, []byte("{")), bytes.HasPrefix(head, []byte("[")):
		return formFHIR
	case x12.Is(head):
		return formX12
	}
	return formText
}

// fits reports whether a profile is of the source's form.
func (s *source) fits(p profile.Profile) bool {
	switch s.form {
	case formFHIR:
		return p.Format == profile.FormatFHIR
	case formX12:
		return p.Format == profile.FormatX12
	}
	return p.Format == profile.FormatTable
}

func (s *source) openFile() (*os.File, int64, error) {
	file, err := givenfile.Open(s.path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, 0, s.refuse("source_missing", "Give the path of a file.", "there is no such file")
	}
	if err != nil {
		return nil, 0, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, file.Close())
	}
	return file, info.Size(), nil
}

func (s *source) refuse(code, advice, format string, args ...any) *breach.Refusal {
	return breach.Refuse(code, advice, "%s: %s", s.name, fmt.Sprintf(format, args...))
}

// open begins to read the source's rows. What a workbook unpacks goes to dir. done has
// to be called: it closes the file, and finds out whether it was changed since it was
// hashed.
func (s *source) open(ctx context.Context, dir string) (r rows.Reader, done func() error, err error) {
	file, size, err := s.openFile()
	if err != nil {
		return nil, nil, err
	}
	src := givenfile.UntilDone(ctx, howfar.Reader(file, int(size), howfar.Of(ctx)))
	switch s.form {
	case formWorkbook:
		r, err = workbook.Open(file, size, dir)
	case formFHIR:
		r = fhir.New(src)
	case formX12:
		r, err = x12.New(src)
	default:
		r, err = flat.New(src, s.encoding)
	}
	if err != nil {
		if refusal, is := breach.AsRefusal(err); is {
			err = s.refuse(refusal.Code, refusal.Advice, "%s", refusal.Message)
		}
		return nil, nil, errors.Join(err, file.Close())
	}
	return r, func() error {
		now, err := modified(file)
		if err == nil && (size != s.bytes || !now.Equal(s.modified)) {
			err = s.refuse("source_changed", "Leave the file alone, and give the command again.", "the file was changed while it was read")
		}
		return errors.Join(err, r.Close(), file.Close())
	}, nil
}

func modified(file *os.File) (time.Time, error) {
	info, err := file.Stat()
	if err != nil {
		return time.Time{}, fmt.Errorf("look at %s: %w", filepath.Base(file.Name()), err)
	}
	return info.ModTime(), nil
}
