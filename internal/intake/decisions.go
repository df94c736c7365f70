package intake

import (
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/givenfile"
)

// Words of a decision.
const (
	DecideSame  = "same"
	DecideApart = "apart"
	// DecideUndone takes the earlier word back: the rules hold again.
	DecideUndone = "undone"
)

// Decision is one line of a file of decisions: what a person said of two. A later line
// about the same two holds in place of an earlier one, which stays.
type Decision struct {
	Pair, A, B string
	Decision   string
	Reason, By string
	On         civil.Date
}

var decisionColumns = []string{"pair", "a", "b", "decision", "reason", "by", "on"}

// decisions are what people said, by pair.
type decisions struct {
	lines []Decision
	last  map[string]Decision
}

func newDecisions() *decisions { return &decisions{last: map[string]Decision{}} }

func (d *decisions) add(line Decision) {
	d.lines = append(d.lines, line)
	d.last[line.Pair] = line
}

// word is what holds of a pair: same, apart, or nothing.
func (d *decisions) word(pair string) string {
	if line := d.last[pair]; line.Decision != DecideUndone {
		return line.Decision
	}
	return ""
}

// of are the pairs about which a word holds, in the order of their keys.
func (d *decisions) of(word string) []Decision {
	var list []Decision
	for _, line := range d.last {
		if line.Decision == word {
			list = append(list, line)
		}
	}
	slices.SortFunc(list, func(a, b Decision) int { return strings.Compare(a.A+"\x00"+a.B, b.A+"\x00"+b.B) })
	return list
}

// readDecisions reads a kind's file of decisions in a case folder; one that is missing has
// none.
func readDecisions(dir string, of Kind) (*decisions, error) {
	d, name := newDecisions(), of.files().decisions
	file, err := givenfile.Open(filepath.Join(dir, name))
	if errors.Is(err, os.ErrNotExist) {
		return d, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // only read
	refuse := func(line int, why string) error {
		return breach.Refuse("decisions_unread", "Restore the file from a copy: without it what was decided is lost.", "%s line %d %s", name, line, why)
	}
	reader := csv.NewReader(file)
	header, err := reader.Read()
	if err != nil || !slices.Equal(header, decisionColumns) {
		return nil, refuse(1, "has not the columns it was written with")
	}
	for n := 2; ; n++ {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return d, nil
		}
		if err != nil {
			return nil, refuse(n, "cannot be read")
		}
		line := Decision{Pair: cells[0], A: cells[1], B: cells[2], Decision: cells[3], Reason: cells[4], By: cells[5]}
		if line.On, err = civil.Parse(cells[6]); err != nil {
			return nil, refuse(n, "has no day")
		}
		if line.Pair != pairID(line.A, line.B) || !slices.Contains([]string{DecideSame, DecideApart, DecideUndone}, line.Decision) {
			return nil, refuse(n, "was changed")
		}
		d.add(line)
	}
}

// text is the file's content.
func (d *decisions) text() ([]byte, error) {
	var b strings.Builder
	w := csv.NewWriter(&b)
	if err := w.Write(decisionColumns); err != nil {
		return nil, err
	}
	for _, line := range d.lines {
		if err := w.Write([]string{line.Pair, line.A, line.B, line.Decision, line.Reason, line.By, line.On.String()}); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return []byte(b.String()), w.Error()
}
