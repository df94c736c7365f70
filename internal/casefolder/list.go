package casefolder

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// List is a later list of people that was read whole.
type List struct {
	Path string
	// SHA256 is the hash of the file as it stands, in hexadecimal.
	SHA256 string
	// Rows is the number of rows that hold a person, those that take one out included.
	Rows int
	// Removals are the people it takes out of practices.
	Removals []breach.Removal

	headers headerNames
}

// ReadList checks a later list against the practices of the incident, as Read
// checks findings.csv; but a list of nobody is refused, and practices without
// a row are no news, and a row may take somebody out of a practice. Where practices is
// nil they are not known, and rows of any are taken. Problems name the file without its folder.
func ReadList(ctx context.Context, path string, practices []breach.Practice, options ListOptions, today civil.Date, sink Sink) (*List, Report, error) {
	c := newCollector(sink)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return nil, c.report, breach.Refuse("no_list", "Give the path of a CSV file with the columns of findings.csv.", "%s is not a file", path)
	}
	if err != nil {
		return nil, c.report, fmt.Errorf("look at the list: %w", err)
	}
	c.openFile(filepath.Base(path))
	check := &findingsCheck{
		columns: laterColumns, names: options.headers(), c: c, today: today, lettersOn: today,
		envelope: options.Incident.Letters.Envelope,
	}
	if practices != nil {
		check.practices = unseen(practices)
	}
	check.offers(options.Incident)
	check.speaks(options.Incident)
	list := &List{Path: path, headers: options.headers()}
	sum, err := readFile(ctx, path, func(src io.Reader, file io.ReaderAt) error {
		list.Rows, err = check.readFindings(ctx, src, file)
		return err
	})
	if err != nil {
		return nil, c.report, err
	}
	if list.Rows == 0 && c.report.Errors == 0 {
		c.startRow(0)
		c.problem(ruleNoRows, "", "there is nobody in the list")
	}
	list.SHA256, list.Removals = sum.sha256, check.removals
	return list, c.report, c.err
}

// Findings gives every person of the list to each, as Case.Findings does; not
// those whom it takes out.
func (l *List) Findings(ctx context.Context, each func(row int, p *breach.Person) error) error {
	return streamUnchanged(ctx, l.Path, l.SHA256, laterColumns, l.headers, each)
}
