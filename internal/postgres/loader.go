package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/datakey"
	"duenotice/internal/logging"
)

// loader streams a list into a table, and counts each practice's rows on the way.
type loader struct {
	list      int
	rows      int
	writer    *rowWriter
	practices map[string]*loadedPractice
}

type loadedPractice struct {
	id int
	// ours: its letters are ours to write.
	ours    bool
	counter counter
}

func newLoader(incidentID string, discovered civil.Date, list int, key *datakey.Key) *loader {
	return &loader{list: list, writer: newRowWriter(incidentID, discovered, key), practices: map[string]*loadedPractice{}}
}

func (l *loader) practice(key string, id int, ours bool) {
	l.practices[key] = &loadedPractice{id: id, ours: ours}
}

// chunk is how much is handed over at a time: less makes the two sides wait
// for each other more often.
const chunk = 256 << 10

// progressRows is how often progress is told.
const progressRows = 20_000

// findingRows is the partition of finding that a list is copied into: PostgreSQL
// refuses COPY into a table with row-level security.
const findingRows = "finding_rows"

// copy streams the list into table, findingRows or incoming_finding. Rows are made
// while the server stores the ones before.
func (l *loader) copy(ctx context.Context, tx pgx.Tx, table string, findings Findings, progress func(int)) error {
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
	_, copyErr := tx.Conn().PgConn().CopyFrom(ctx, reader, "COPY "+table+" ("+findingColumns+") FROM STDIN BINARY")
	// A copy that ended early leaves nobody to write to.
	_ = reader.CloseWithError(errCopyEnded)
	cancel()
	makeErr := <-made
	if makeErr != nil && !errors.Is(makeErr, errCopyEnded) && (copyErr == nil || !errors.Is(makeErr, context.Canceled)) {
		return &listError{makeErr} // the cause; copyErr only says that it was given up
	}
	if copyErr != nil && outer.Err() != nil {
		return fmt.Errorf("%w: %w", outer.Err(), copyErr) // which of the two sides noticed first says nothing
	}
	if copyErr == nil && progress != nil {
		progress(l.rows)
	}
	return asDuplicate(copyErr)
}

var errCopyEnded = errors.New("the database ended the copy")

// listError is an error of the list itself, which reaches its reader as it is.
type listError struct{ err error }

func (e *listError) Error() string { return e.err.Error() }
func (e *listError) Unwrap() error { return e.err }

func (l *loader) write(ctx context.Context, to io.Writer, findings Findings, progress func(int)) (err error) {
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
		practice.counter.add(c)
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
