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
	"duenotice/internal/envelope"
)

// Practices is a corrected practices.csv that was read whole. It may have some of
// the incident's practices and some of the columns.
type Practices struct {
	// SHA256 is the hash of the file as it stands, in hexadecimal.
	SHA256 string
	// Rows have only what the file's columns say.
	Rows []breach.Practice
	// Columns are the names of the columns that the file has.
	Columns []string
}

// ReadPractices checks corrected rows of practices.csv against the practices of
// the incident, as Read checks the first ones. A row of a practice that the
// incident does not have is refused.
func ReadPractices(ctx context.Context, path string, known []string, options ListOptions, today civil.Date, sink Sink) (*Practices, Report, error) {
	c := newCollector(sink)
	if err := refuseNoFile(path, "a CSV file with the columns of practices.csv"); err != nil {
		return nil, c.report, err
	}
	c.openFile(filepath.Base(path))
	there := make(map[string]bool, len(known))
	for _, key := range known {
		there[key] = true
	}
	pl := &practiceList{line: map[string]int{}, lowered: map[string]string{}, known: there}
	list := &Practices{}
	sum, err := readFile(ctx, path, func(src io.Reader, _ io.ReaderAt) error {
		rows, readable, err := checkRows(ctx, c, src, practiceColumns, options.headers(), pKey, func(h *header) {
			pl.header = h
			for col, field := range h.fieldOf {
				if field >= 0 {
					list.Columns = append(list.Columns, practiceColumns[col].name)
				}
			}
		}, func(r *row) error {
			pl.read(cells{c, r, practiceColumns, today}, options.Incident.Discovered)
			return nil
		})
		if err == nil && readable && rows == 0 {
			c.startRow(0)
			c.problem(ruleNoRows, "", "there is no practice in the list")
		}
		return err
	})
	if err != nil {
		return nil, c.report, err
	}
	list.SHA256, list.Rows = sum.sha256, pl.practices
	return list, c.report, c.err
}

// Correction is a corrected incident.yaml that was read whole.
type Correction struct {
	// SHA256 is the hash of the file as it stands, with what it has from beside it, in hexadecimal.
	SHA256   string
	Incident breach.Incident
}

// ReadIncident checks a corrected incident.yaml as ReadWith checks the first one.
func ReadIncident(ctx context.Context, path string, today civil.Date, forms envelope.Forms, sink Sink) (*Correction, Report, error) {
	c := newCollector(sink)
	if err := refuseNoFile(path, "the corrected incident.yaml"); err != nil {
		return nil, c.report, err
	}
	c.openFile(filepath.Base(path))
	correction := &Correction{}
	sum, err := readFile(ctx, path, func(src io.Reader, _ io.ReaderAt) (err error) {
		correction.Incident, err = readIncident(c, src, filepath.Dir(path), today, forms)
		return err
	})
	if err != nil {
		return nil, c.report, err
	}
	correction.SHA256 = withLanguages(sum.sha256, correction.Incident)
	return correction, c.report, c.err
}

func refuseNoFile(path, what string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return breach.Refuse("no_list", "Give the path of "+what+".", "%s is not a file", path)
	}
	if err != nil {
		return fmt.Errorf("look at %s: %w", filepath.Base(path), err)
	}
	return nil
}
