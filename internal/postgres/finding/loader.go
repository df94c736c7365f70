package finding

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/datakey"
	"duenotice/internal/logging"
	"duenotice/internal/postgres/sqlgen"
)

// List streams a list of findings: it calls each for every row, in any
// order, and ends with the first error. p is each's only until it returns.
type List func(ctx context.Context, each func(row int, p *breach.Person) error) error

// Table is one that a list is copied into.
type Table string

const (
	// Kept is the partition of finding that an incident's first list is copied into:
	// PostgreSQL refuses COPY into a table with row-level security.
	Kept Table = "finding_rows"
	// Incoming is where a further list waits to be compared with what is kept.
	Incoming Table = "incoming_finding"
)

// Loader streams a list into a table, and counts each practice's rows on the way.
type Loader struct {
	list      int
	rows      int
	writer    *rowWriter
	practices map[string]*loadedPractice
}

type loadedPractice struct {
	id int
	// ours: its letters are ours to write.
	ours    bool
	counter Counter
	// lines are its people by the line of the account that they begin in: a few lines.
	lines []line
}

type line struct {
	beginning
	people int
}

// begin counts one who begins in the line. The line last counted in is looked at first:
// most people of a practice live in one State.
func (p *loadedPractice) begin(in beginning) {
	for i := range p.lines {
		if p.lines[i].beginning == in {
			p.lines[i].people++
			p.lines[0], p.lines[i] = p.lines[i], p.lines[0]
			return
		}
	}
	p.lines = append(p.lines, line{in, 1})
}

// NewLoader loads list number list of an incident under its data key. What of a
// person rests on a day rests on that of discovery.
func NewLoader(incidentID string, discovered civil.Date, list int, key *datakey.Key) *Loader {
	return &Loader{list: list, writer: newRowWriter(incidentID, discovered, key), practices: map[string]*loadedPractice{}}
}

// AddPractice makes a practice known, whose letters are ours to write or not. A row of
// any other is refused.
func (l *Loader) AddPractice(key string, id int, ours bool) {
	l.practices[key] = &loadedPractice{id: id, ours: ours}
}

// PracticeID is the id of a practice that was made known.
func (l *Loader) PracticeID(key string) (id int, known bool) {
	p, known := l.practices[key]
	if !known {
		return 0, false
	}
	return p.id, true
}

// Counter is what was counted of a practice that was made known.
func (l *Loader) Counter(key string) *Counter { return &l.practices[key].counter }

// Account is where the people of a practice that was made known begin, who they are on
// this list alone.
func (l *Loader) Account(key string) account.Account {
	lines := l.practices[key].lines
	begins := make(account.Account, len(lines))
	for i, n := range lines {
		begins[i] = account.Line{State: n.state, Why: n.why, Residence: n.residence, People: n.people}
	}
	return begins
}

// Found are the ids, in order, of the practices of which the list has somebody.
func (l *Loader) Found() []int {
	ids := make([]int, 0, len(l.practices))
	for _, p := range l.practices {
		if p.counter.Findings > 0 {
			ids = append(ids, p.id)
		}
	}
	slices.Sort(ids)
	return ids
}

// List is the list's number.
func (l *Loader) List() int { return l.list }

// Rows is how many rows were copied.
func (l *Loader) Rows() int { return l.rows }

// Reader reads people of the incident that the list is of.
func (l *Loader) Reader() *Reader { return NewReader(l.writer.incidentID, l.writer.key) }

// DerivesOtherwise reports whether what rests on the day of discovery, that the
// person is protected or a minor, is another than the row says.
func (l *Loader) DerivesOtherwise(f *sqlgen.Finding, p *breach.Person) bool {
	c := l.writer.count(p)
	return c.Protected != f.Protected || c.Minor != f.Minor
}

// chunk is how much is handed over at a time: less makes the two sides wait
// for each other more often.
const chunk = 256 << 10

// progressRows is how often progress is told.
const progressRows = 20_000

// Copy streams the list into a table. Rows are made while the server stores the ones
// before. progress, if given, is called now and then with the number of rows so far.
//
// An error of the list itself is a *ListError; somebody who is there twice is
// refused with code "duplicate_person".
func (l *Loader) Copy(ctx context.Context, tx pgx.Tx, table Table, findings List, progress func(int)) error {
	outer := ctx
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	reader, pipe := io.Pipe()
	made := make(chan error, 1)
	go func() {
		err := l.write(ctx, pipe, findings, progress)
		// With an error the server is told to give the copy up.
		_ = pipe.CloseWithError(err) // documented to return nil
		made <- err
	}()
	// The copy waits for its reader even when it is cancelled.
	stop := context.AfterFunc(ctx, func() { _ = reader.CloseWithError(errCopyEnded) })
	defer stop()
	copied, copyErr := tx.Conn().PgConn().CopyFrom(ctx, reader, "COPY "+string(table)+" ("+strings.Join(columns, ", ")+") FROM STDIN BINARY")
	// A copy that ended early leaves nobody to write to.
	_ = reader.CloseWithError(errCopyEnded)
	cancel()
	makeErr := <-made
	if makeErr != nil && !errors.Is(makeErr, errCopyEnded) && (copyErr == nil || !errors.Is(makeErr, context.Canceled)) {
		return &ListError{makeErr} // the cause; copyErr only says that it was given up
	}
	if copyErr != nil && outer.Err() != nil {
		return fmt.Errorf("%w: %w", outer.Err(), copyErr) // which of the two sides noticed first says nothing
	}
	if copyErr != nil {
		return asDuplicate(copyErr)
	}
	// What was counted on the way is what the account begins with.
	if copied.RowsAffected() != int64(l.rows) {
		return fmt.Errorf("the database took %d of the list's %d rows in: start the load again", copied.RowsAffected(), l.rows)
	}
	if progress != nil {
		progress(l.rows)
	}
	return nil
}

var errCopyEnded = errors.New("the database ended the copy")

// ListError is an error of the list itself, which reaches its reader as it is.
type ListError struct{ Err error }

func (e *ListError) Error() string { return e.Err.Error() }

// Unwrap is the list's own error.
func (e *ListError) Unwrap() error { return e.Err }

func (l *Loader) write(ctx context.Context, to io.Writer, findings List, progress func(int)) (err error) {
	// In a goroutine of its own it would end the process and print a person's row.
	defer func() {
		if value := recover(); value != nil {
			err = errors.New(string(logging.Panicked(value)))
		}
	}()
	var b bytes.Buffer
	b.Grow(chunk + 4096)
	b.Write(copyHeader)
	err = findings(ctx, func(row int, p *breach.Person) error {
		practice, known := l.practices[p.PracticeKey]
		if !known {
			return breach.Refuse("unknown_practice", "Correct the row's practice_key.",
				"row %d names practice %q, which the incident does not have", row, p.PracticeKey)
		}
		line, c, err := l.writer.append(b.AvailableBuffer(), place{practiceID: practice.id, ours: practice.ours, list: l.list, row: row}, p)
		if err != nil {
			return err
		}
		b.Write(line)
		practice.counter.Add(c)
		practice.begin(c.begins)
		if l.rows++; l.rows%progressRows == 0 && progress != nil {
			progress(l.rows)
		}
		if b.Len() < chunk {
			return nil
		}
		_, err = b.WriteTo(to)
		return err
	})
	if err != nil {
		return err
	}
	b.Write(copyTrailer)
	_, err = b.WriteTo(to)
	return err
}

// asDuplicate turns a broken primary key into words.
func asDuplicate(err error) error {
	var failed *pgconn.PgError
	if errors.As(err, &failed) && failed.Code == "23505" {
		return breach.Refuse("duplicate_person", "Run validate on the case: it names both rows.",
			"the list has one person twice in one practice")
	}
	return err
}
