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

// The columns of a list of letters that came back.
const (
	rPieceID = iota
	rReturnedOn
	rReason
)

var returnColumns = []column{
	rPieceID:    {"piece_id", true, 64, ownKey},
	rReturnedOn: {"returned_on", true, 64, wordOrDate},
	rReason:     {"reason", false, 64, wordOrDate},
}

// Returns is a list of letters that came back that was read whole.
type Returns struct {
	// SHA256 is the hash of the file as it stands, in hexadecimal.
	SHA256 string
	// Letters are in the file's order, each once.
	Letters []breach.ReturnedLetter
}

// Printed returns, of some pieces, those that are letters printed in the
// incident, each with the first day on which it may have come back.
type Printed func(ctx context.Context, pieceIDs []string) (map[string]civil.Date, error)

// ReadReturns checks a list of letters that came back as ReadList checks a list
// of people. The file is read twice: first for the pieces it names, so that
// printed is asked once, then for everything that is wrong with it, in its order.
func ReadReturns(ctx context.Context, path string, options ListOptions, today civil.Date, printed Printed, sink Sink) (*Returns, Report, error) {
	c := newCollector(sink)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return nil, c.report, breach.Refuse("no_list", "Give the path of a CSV file with the columns piece_id, returned_on and reason.", "%s is not a file", path)
	}
	if err != nil {
		return nil, c.report, fmt.Errorf("look at the list: %w", err)
	}
	var named []string
	first, err := readFile(ctx, path, func(src io.Reader, _ io.ReaderAt) error {
		named, err = piecesNamed(ctx, src, filepath.Base(path), options.headers())
		return err
	})
	if err != nil {
		return nil, c.report, err
	}
	letters, err := printed(ctx, named)
	if err != nil {
		return nil, c.report, err
	}
	c.openFile(filepath.Base(path))
	check := returnsCheck{c: c, names: options.headers(), today: today, printed: letters, seen: map[string]int{}}
	second, err := readFile(ctx, path, func(src io.Reader, _ io.ReaderAt) error { return check.read(ctx, src) })
	switch {
	case err != nil:
		return nil, c.report, err
	case first.sha256 != second.sha256:
		return nil, c.report, breach.Refuse("list_changed", "Give the command again; leave the file alone meanwhile.", "the list was changed while it was read")
	}
	return &Returns{SHA256: second.sha256, Letters: check.letters}, c.report, c.err
}

// piecesNamed lists what stands in piece_id and could be a piece's id.
func piecesNamed(ctx context.Context, src io.Reader, file string, names headerNames) ([]string, error) {
	c := newCollector(nil)
	c.openFile(file)
	var named []string
	_, _, err := checkRows(ctx, c, src, returnColumns, names, noPracticeKey, func(*header) {}, func(row *row) error {
		if id, ok := (cells{c, row, returnColumns, civil.Date{}}).key(rPieceID); ok {
			named = append(named, id)
		}
		return nil
	})
	return named, err
}

// returnsCheck goes through a list of letters that came back.
type returnsCheck struct {
	c       *collector
	names   headerNames
	today   civil.Date
	printed map[string]civil.Date
	// seen has the line on which each piece was named first.
	seen    map[string]int
	letters []breach.ReturnedLetter
}

func (r *returnsCheck) read(ctx context.Context, src io.Reader) error {
	rows, _, err := checkRows(ctx, r.c, src, returnColumns, r.names, noPracticeKey, func(*header) {}, r.check)
	if err == nil && rows == 0 && r.c.report.Errors == 0 {
		r.c.startRow(0)
		r.c.problem(ruleNoRows, "", "there is no letter in the list")
	}
	return err
}

func (r *returnsCheck) check(row *row) error {
	cell := cells{r.c, row, returnColumns, r.today}
	id, named := cell.key(rPieceID)
	letter := breach.ReturnedLetter{PieceID: id, On: cell.pastDate(rReturnedOn), Reason: cell.word(rReason, breach.ReturnReasons)}
	if !named {
		return nil
	}
	if earlier := r.seen[id]; earlier > 0 {
		r.c.problem(ruleTwiceLetter, "piece_id", fmt.Sprintf("the letter is on line %d already", earlier))
		return nil
	}
	r.seen[id] = row.line
	from, printed := r.printed[id]
	switch {
	case !printed:
		r.c.problem(ruleUnknownLetter, "piece_id", "piece_id is of no letter that was printed in this incident")
	case !letter.On.IsZero() && letter.On.Before(from):
		r.c.problem(ruleTooEarly, "returned_on", fmt.Sprintf("returned_on is before %s, when the letter was printed or mailed", from))
	}
	r.letters = append(r.letters, letter)
	return nil
}
