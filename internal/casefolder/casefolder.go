package casefolder

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/envelope"
)

// The files of a case folder.
const (
	IncidentFile  = "incident.yaml"
	PracticesFile = "practices.csv"
	FindingsFile  = "findings.csv"
)

// PairsFile is where an import lists who may be one person, and PracticePairsFile which
// practices may be one covered entity. A case without them has no such question.
const (
	PairsFile         = "findings-pairs.csv"
	PracticePairsFile = "practices-pairs.csv"
)

// Case is a case folder that was read whole.
type Case struct {
	Dir      string
	Incident breach.Incident
	// Practices are in key order.
	Practices []breach.Practice
	// SHA256 stands for the content of the three files, in hexadecimal.
	SHA256 string
	// FindingsSHA256 is the hash of findings.csv as it stands, in hexadecimal, and
	// the others are those of incident.yaml, with what it has from beside it, and practices.csv.
	FindingsSHA256, IncidentSHA256, PracticesSHA256 string
	// FindingsRows is the number of rows of findings.csv that hold a person.
	FindingsRows int
	// OpenPairs counts the pairs of PairsFile that nobody has decided about, and
	// OpenPracticePairs those of PracticePairsFile: their two count as two.
	OpenPairs, OpenPracticePairs int

	headers headerNames
}

// Options are by what a case folder is read.
type Options struct {
	// Today is the day that dates may not lie after.
	Today civil.Date
	// IgnoreColumns are names of columns to leave out without a word.
	IgnoreColumns []string
	// Envelopes are the forms of envelope that incident.yaml may choose.
	Envelopes envelope.Forms
}

// Read is ReadWith for who has no forms of envelope of their own.
func Read(ctx context.Context, dir string, today civil.Date, sink Sink, ignoreColumns ...string) (*Case, Report, error) {
	return ReadWith(ctx, dir, Options{Today: today, IgnoreColumns: ignoreColumns}, sink)
}

// ReadWith reads the whole folder, gives every problem to sink and returns the
// case. When the report says Refused the case must not be used. A missing folder
// or file is a *breach.Refusal; other errors are the reading's or the sink's own.
// Nothing is written.
func ReadWith(ctx context.Context, dir string, options Options, sink Sink) (*Case, Report, error) {
	today := options.Today
	c := newCollector(sink)
	err := refuseMissing(dir)
	if err != nil {
		return nil, c.report, err
	}
	folder := &Case{Dir: dir}
	whole := sha256.New()
	fmt.Fprintf(whole, "duenotice case folder 1\n")

	c.openFile(IncidentFile)
	sum, err := readFile(ctx, filepath.Join(dir, IncidentFile), func(src io.Reader, _ io.ReaderAt) error {
		folder.Incident, err = readIncident(c, src, dir, today, options.Envelopes)
		return err
	})
	if err != nil {
		return nil, c.report, err
	}
	sum.addTo(whole, IncidentFile)
	folder.IncidentSHA256 = withLanguages(sum.sha256, folder.Incident)
	folder.headers = newHeaderNames(folder.Incident.Columns, options.IgnoreColumns)

	c.openFile(PracticesFile)
	known := false
	sum, err = readFile(ctx, filepath.Join(dir, PracticesFile), func(src io.Reader, _ io.ReaderAt) error {
		folder.Practices, known, err = readPractices(ctx, c, src, folder.headers, folder.Incident.Discovered, today)
		return err
	})
	if err != nil {
		return nil, c.report, err
	}
	sum.addTo(whole, PracticesFile)
	folder.PracticesSHA256 = sum.sha256

	c.openFile(FindingsFile)
	check := &findingsCheck{
		columns: findingColumns, names: folder.headers, c: c, today: today,
		lettersOn: civil.Later(folder.Incident.Letters.MailBy, today), envelope: folder.Incident.Letters.Envelope,
	}
	check.offers(folder.Incident)
	check.speaks(folder.Incident)
	if known {
		check.practices = unseen(folder.Practices)
	}
	sum, err = readFile(ctx, filepath.Join(dir, FindingsFile), func(src io.Reader, file io.ReaderAt) error {
		folder.FindingsRows, err = check.readFindings(ctx, src, file)
		return err
	})
	if err != nil {
		return nil, c.report, err
	}
	sum.addTo(whole, FindingsFile)
	check.warnEmpty(folder)
	if err := folder.countOpen(c); err != nil {
		return nil, c.report, err
	}

	folder.FindingsSHA256 = sum.sha256
	folder.SHA256 = hex.EncodeToString(whole.Sum(nil))
	return folder, c.report, c.err
}

// Findings gives every person of findings.csv to each, in file order; row is
// the line of the file on which the person's row begins (the header is line
// 1). The Person is used again for the next row: each may keep its strings and
// its data classes (which are shared and must not be changed), not the pointer.
// When the file is not the one that was read before, Findings returns a
// *breach.Refusal, at the latest after the last row; what each did must then be
// undone.
func (c *Case) Findings(ctx context.Context, each func(row int, p *breach.Person) error) error {
	return streamUnchanged(ctx, filepath.Join(c.Dir, FindingsFile), c.FindingsSHA256, findingColumns, c.headers, each)
}

func unseen(practices []breach.Practice) map[string]bool {
	found := make(map[string]bool, len(practices))
	for _, p := range practices {
		found[p.Key] = false
	}
	return found
}

// warnEmpty says which practices the list has nobody of, once for all when it
// has nobody at all. It says nothing of a list with refused rows: they may be
// the practice's own.
func (f *findingsCheck) warnEmpty(folder *Case) {
	if f.seen == nil || f.c.report.Files[len(f.c.report.Files)-1].Refused > 0 {
		return
	}
	f.c.startRow(0)
	if folder.FindingsRows == 0 {
		f.c.problem(warnNoFindings, "", "there is nobody in the list")
		return
	}
	for _, p := range folder.Practices {
		if found, known := f.practices[p.Key]; known && !found {
			f.c.practiceKey = p.Key
			f.c.problem(warnPracticeEmpty, "practice_key", fmt.Sprintf("no row is about practice %s", p.Key))
		}
	}
	f.c.startRow(0)
}

// refuseMissing refuses a folder without its three files, naming all that are missing.
func refuseMissing(dir string) error {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return breach.Refuse("no_case_folder", "Write one with `duenotice init CASE` and fill it in.", "%s is not a folder", dir)
	}
	if err != nil {
		return fmt.Errorf("look at the case folder: %w", err)
	}
	var missing []string
	for _, name := range []string{IncidentFile, PracticesFile, FindingsFile} {
		info, err := os.Stat(filepath.Join(dir, name))
		switch {
		case errors.Is(err, fs.ErrNotExist), err == nil && !info.Mode().IsRegular():
			missing = append(missing, name)
		case err != nil:
			return fmt.Errorf("look at the case folder: %w", err)
		}
	}
	if len(missing) > 0 {
		return breach.Refuse("case_file_missing", "`duenotice init CASE` writes a folder with all three files; docs/case-folder.md explains them.",
			"%s has no %s", dir, strings.Join(missing, ", "))
	}
	return nil
}
