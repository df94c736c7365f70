package logs

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"duenotice/internal/breach"
	"duenotice/internal/givenfile"
	"duenotice/internal/howfar"
	"duenotice/internal/intake/flat"
)

// Log is one file of a log, plain or packed with gzip.
type Log struct {
	// ID is L1, L2: the logs' numbers in the order in which they were given.
	ID, Path, Name string
	Bytes          int64
	// SHA256 is that of the file as it was given.
	SHA256   string
	Packed   bool
	Encoding flat.Encoding
	Profile  *Profile
	// Guessed says that nobody named the profile.
	Guessed  bool
	modified time.Time
	json     bool
	// above is how many lines stand above the names of the columns.
	above int
}

// peek is how much of a log its form and profile are told from.
const peek = 64 << 10

// Take reads a log's bytes once, for its hash and its encoding, and finds the profile it
// fits: one of those that are named, or of the shipped ones. Its refusals are codes that
// begin with "log_".
func Take(ctx context.Context, number int, path string, profiles []*Profile, guess bool) (*Log, error) {
	l := &Log{ID: fmt.Sprintf("L%d", number), Path: path, Name: filepath.Base(path), Guessed: guess}
	file, err := givenfile.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, l.refuse("log_missing", "Give the path of a file.", "there is no such file")
	}
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // only read
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	l.Bytes, l.modified = info.Size(), info.ModTime()
	if l.Bytes == 0 {
		return nil, l.refuse("log_empty", "Leave it away, or get it again.", "the file is empty")
	}
	hash, letters := sha256.New(), &flat.Sniffer{}
	// The hash is of the file as it is, the letters are those of what is packed in it.
	src := bufio.NewReaderSize(io.TeeReader(givenfile.UntilDone(ctx, howfar.Reader(file, int(l.Bytes), howfar.Of(ctx))), hash), peek)
	text, err := l.unpack(src)
	if err != nil {
		return nil, err
	}
	begin := bytes.Buffer{}
	if _, err := io.CopyN(io.MultiWriter(&begin, letters), text, peek); err != nil && !errors.Is(err, io.EOF) {
		return nil, l.unreadable(err)
	}
	if _, err := io.Copy(letters, text); err != nil {
		return nil, l.unreadable(err)
	}
	if _, err := io.Copy(io.Discard, src); err != nil {
		return nil, err
	}
	l.SHA256, l.Encoding = hex.EncodeToString(hash.Sum(nil)), letters.Encoding()
	if l.Encoding == flat.Unknown {
		return nil, l.refuse("log_no_text", "Give the log as CSV, JSON or NDJSON, plain or packed with gzip.", "the file is no text in UTF-8, UTF-16 or Windows-1252")
	}
	return l, l.match(begin.Bytes(), profiles)
}

// unpack gives the text of a file that is packed with gzip, or the file itself.
func (l *Log) unpack(src *bufio.Reader) (io.Reader, error) {
	head, err := src.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if l.Packed = bytes.Equal(head, []byte("\x1f\x8b")); !l.Packed {
		return src, nil
	}
	text, err := gzip.NewReader(src)
	if err != nil {
		return nil, l.unreadable(err)
	}
	return text, nil
}

// unreadable refuses a packed file that is damaged; other errors are the machine's.
func (l *Log) unreadable(err error) error {
	if errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.Is(err, io.ErrUnexpectedEOF) {
		return l.refuse("log_damaged", "Get the file again, or unpack as much of it as can be and give that: what is missing is then a gap that is named.", "what is packed in it breaks off or is damaged")
	}
	return err
}

func (l *Log) refuse(code, advice, what string) error {
	return breach.Refuse(code, advice, "%s: %s", l.Name, what)
}

// match finds the profile that the beginning of a log fits best.
func (l *Log) match(begin []byte, profiles []*Profile) error {
	text, separator, err := flat.Text(bytes.NewReader(begin), l.Encoding)
	if err != nil {
		return err
	}
	start, err := text.Peek(text.Size())
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	start = bytes.TrimLeft(start, " \t\r\n")
	l.json = bytes.HasPrefix(start, []byte("{")) || bytes.HasPrefix(start, []byte("["))
	var headers [][]string
	if !l.json {
		lines := newLines(text)
		for len(headers) < mostAbove {
			one, err := lines.read(true)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return err
			}
			header, _ := cut(string(one.raw), separator, nil)
			headers = append(headers, slices.Clone(header))
		}
	}
	best := 0
	for _, p := range profiles {
		score, above := 0, 0
		switch {
		case l.json && p.Format == FormatFHIR && bytes.Contains(start, []byte(`"AuditEvent"`)):
			score = 100
		case l.json && p.Format == FormatJSON:
			score = l.fitsObjects(begin, p)
		case !l.json && p.Format == FormatText && len(p.Header) > 0:
			if len(headers) > 0 && fitsHeaderless(p, headers[0]) {
				score = 50
			}
		case !l.json && p.Format == FormatText:
			score, above = p.below(headers)
		}
		switch {
		case score > best:
			best, l.Profile, l.above = score, p, above
		case score == best && score > 0 && p.ID != l.Profile.ID:
			return l.refuse("log_profiles_alike", fmt.Sprintf("Say --profile %s or --profile %s.", l.Profile.ID, p.ID), "two profiles fit it alike")
		}
	}
	if l.Profile == nil {
		return l.refuse("log_unknown", "Copy a profile (`duenotice findings profiles access-log > mine.yaml`), write the log's names of time, account and patient into it, and give --profile mine.yaml.",
			"no profile has names for the time, the account and the patient of this log")
	}
	return nil
}

// mostAbove is how many lines are looked through for the names of the columns.
const mostAbove = 30

// below is how well the profile fits the best of a log's first lines, and how many stand
// above that.
func (p *Profile) below(headers [][]string) (score, above int) {
	for i, header := range headers {
		if s := p.fits(header); s > score {
			score, above = s, i
		}
	}
	return score, above
}

// fitsObjects reads the first objects with the profile.
func (l *Log) fitsObjects(begin []byte, p *Profile) int {
	text, _, err := flat.Text(bytes.NewReader(begin), l.Encoding)
	if err != nil {
		return 0
	}
	objects, err := newItems(text)
	if err != nil {
		return 0
	}
	r := &Reader{profile: p}
	names := p.all()
	for range 20 {
		one, err := objects.next()
		if err != nil || one.problem != "" || !r.object(one.raw) {
			return 0
		}
		there := map[string]bool{}
		for i, name := range names {
			there[name] = r.cells[i] != ""
		}
		score := 10 * len(p.Marks)
		for _, mark := range p.Marks {
			if !there[mark] {
				score = 0
			}
		}
		for _, name := range p.Time {
			if there[name] && score >= 10*len(p.Marks) {
				return score + 1
			}
		}
	}
	return 0
}

// fitsHeaderless reports a first line with as many cells as the profile has columns, and
// a time where one should be.
func fitsHeaderless(p *Profile, cells []string) bool {
	if len(cells) < p.Fewest || len(cells) > len(p.Header) {
		return false
	}
	at := bind(p, p.Header)
	for _, i := range at.time {
		if i < len(cells) {
			if _, _, problem := (&clock{zone: time.UTC}).read(cells[i]); problem == "" {
				return true
			}
		}
	}
	return false
}

// Open begins to read the log's lines. zone is that of times which name none, where the
// profile does not say it; nil leaves them without one. done has to be called: it closes
// the file, and finds out whether it was changed since it was hashed.
func (l *Log) Open(ctx context.Context, zone *time.Location) (r *Reader, done func() error, err error) {
	file, err := givenfile.Open(l.Path)
	if err != nil {
		return nil, nil, err
	}
	src := bufio.NewReaderSize(givenfile.UntilDone(ctx, howfar.Reader(file, int(l.Bytes), howfar.Of(ctx))), 256<<10)
	text, err := l.unpack(src)
	if err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	if l.Profile.Format == FormatText {
		r, err = newText(text, l.Encoding, l.Profile, l.above)
	} else {
		r, err = newObjects(text, l.Encoding, l.Profile)
	}
	if err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	r.clock = clock{zone: zone, dates: l.Profile.Dates}
	if l.Profile.Zone != "" {
		if r.clock.zone, err = ZoneOf(l.Profile.Zone); err != nil {
			return nil, nil, errors.Join(err, file.Close())
		}
	}
	return r, func() error {
		info, err := file.Stat()
		if err == nil && (info.Size() != l.Bytes || !info.ModTime().Equal(l.modified)) {
			err = l.refuse("log_changed", "Give a copy of the log to which nothing is written any more.", "the file was changed while it was read")
		}
		return errors.Join(err, file.Close())
	}, nil
}
