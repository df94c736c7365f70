package intake

import (
	"bufio"
	"crypto/sha256"
	"encoding/base32"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/givenfile"
	"duenotice/internal/intake/match"
)

// The files of a case folder in which people and practices are put together. All hold
// patient data but those of practices.
const (
	// PairsFile lists who may be one person, with what both rows say; DecisionsFile what
	// people decided about it, a line for each word.
	PairsFile     = casefolder.PairsFile
	DecisionsFile = "findings-decisions.csv"
	// ApartFile has the rows of everybody in PairsFile as they were before anybody was put
	// together: by it a merge is undone.
	ApartFile = "findings-apart.csv"
)

// Standing is where a pair stands.
type Standing string

// Where a pair can stand.
const (
	// Together: the two are one in the lists.
	Together Standing = "together"
	// Separate: a person decided that they are two.
	Separate Standing = "apart"
	// Open: they are two in the lists, and a person has to decide.
	Open Standing = "open"
)

// PairRow is one line of PairsFile.
type PairRow struct {
	// ID names the pair in commands; it is made of the two keys.
	ID       string   `json:"pair"`
	Standing Standing `json:"standing"`
	// Decision is a person's: same, apart, or empty; then Reason, By and On are theirs.
	Decision string `json:"decision,omitempty"`
	Reason   string `json:"reason,omitempty"`
	By       string `json:"by,omitempty"`
	On       string `json:"on,omitempty"`
	// Found is what the rules say: same, doubtful, or asked where only a person named the
	// two. Why says it in words.
	Found string `json:"found"`
	Rule  string `json:"rule,omitempty"`
	Why   string `json:"why,omitempty"`
	A     Side   `json:"a"`
	B     Side   `json:"b"`
}

// Side is one of two. What is patient data of it stands in PairsFile and in no JSON. Of
// practices Practice is the name.
type Side struct {
	Key      string `json:"key"`
	Practice string `json:"practice,omitempty"`
	Source   string `json:"source,omitempty"`
	NPI      string `json:"npi,omitempty"`
	Name     string `json:"-"`
	Birth    string `json:"-"`
	Address  string `json:"-"`
}

// What the rules or a person found.
const (
	foundSame     = "same"
	foundDoubtful = "doubtful"
	foundAsked    = "asked"
)

// pairColumns are the columns of a kind's list of pairs.
func pairColumns(of Kind) []string {
	columns := []string{"pair", "standing", "decision", "reason", "by", "on", "found", "rule", "why"}
	for _, side := range []string{"_a", "_b"} {
		names := []string{"key", "name", "birth_date", "address", "practice", "source"}
		if of == Practices {
			names = []string{"key", "practice", "npi", "address"}
		}
		for _, name := range names {
			columns = append(columns, name+side)
		}
	}
	return columns
}

// fields are the row's texts in the order of pairColumns.
func (p *PairRow) fields(of Kind) []*string {
	texts := []*string{&p.ID, (*string)(&p.Standing), &p.Decision, &p.Reason, &p.By, &p.On, &p.Found, &p.Rule, &p.Why}
	for _, side := range []*Side{&p.A, &p.B} {
		if of == Practices {
			texts = append(texts, &side.Key, &side.Practice, &side.NPI, &side.Address)
		} else {
			texts = append(texts, &side.Key, &side.Name, &side.Birth, &side.Address, &side.Practice, &side.Source)
		}
	}
	return texts
}

// stand says where the pair stands by what was decided, and whether its two are one.
func (p *PairRow) stand(decided *decisions, together bool) {
	p.Decision, p.Reason, p.By, p.On = "", "", "", ""
	if word := decided.word(p.ID); word != "" {
		line := decided.last[p.ID]
		p.Decision, p.Reason, p.By, p.On = word, line.Reason, line.By, line.On.String()
	}
	switch {
	case together:
		p.Standing = Together
	case p.Decision == DecideApart:
		p.Standing = Separate
	default:
		p.Standing = Open
	}
}

// pairID names two keys, whichever comes first.
func pairID(a, b string) string {
	if b < a {
		a, b = b, a
	}
	sum := sha256.Sum256([]byte(a + "\x00" + b))
	return "M" + base32.StdEncoding.EncodeToString(sum[:])[:10]
}

// pairRow is a pair that the rules found.
func pairRow(p *match.Pair) PairRow {
	row := PairRow{ID: pairID(p.A.Key, p.B.Key), Found: foundDoubtful, Rule: string(p.Rule), Why: match.Explain(p.Rule, p.But)}
	if p.Verdict == match.Same {
		row.Found = foundSame
	}
	row.A, row.B = sideOf(&p.A), sideOf(&p.B)
	return row
}

func sideOf(e *match.Entry) Side {
	return Side{Key: e.Key, Practice: e.Practice, Source: e.Source, Name: e.Name(), Birth: e.Birth, Address: e.Address()}
}

// pairsWriter writes lines of PairsFile.
type pairsWriter struct {
	csv *csv.Writer
	of  Kind
}

func newPairsWriter(w io.Writer, of Kind) (*pairsWriter, error) {
	p := &pairsWriter{csv.NewWriter(w), of}
	return p, p.csv.Write(pairColumns(of))
}

func (w *pairsWriter) write(row *PairRow) error {
	var cells []string
	for _, text := range row.fields(w.of) {
		cells = append(cells, *text)
	}
	return w.csv.Write(cells)
}

func (w *pairsWriter) flush() error {
	w.csv.Flush()
	return w.csv.Error()
}

// eachPair gives the lines of a list of pairs in order; none where there is no list.
func eachPair(of Kind, path string, do func(*PairRow) error) error {
	file, err := givenfile.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // only read
	reader := csv.NewReader(bufio.NewReaderSize(file, 256<<10))
	reader.ReuseRecord = true
	header, err := reader.Read()
	if err != nil || !slices.Equal(header, pairColumns(of)) {
		return breach.Refuse("pairs_unread", "Import the sources again: it is written anew.", "%s cannot be read", of.PairsFile())
	}
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return breach.Refuse("pairs_unread", "Import the sources again: it is written anew.", "%s cannot be read after line %d", of.PairsFile(), lineOf(reader))
		}
		var row PairRow
		for i, to := range row.fields(of) {
			*to = strings.Clone(cells[i])
		}
		if err := do(&row); err != nil {
			return err
		}
	}
}

func lineOf(reader *csv.Reader) int {
	line, _ := reader.FieldPos(0)
	return line
}

// PairCounts counts pairs by where they stand.
type PairCounts struct {
	Together int `json:"together"`
	Apart    int `json:"apart"`
	Open     int `json:"open"`
	// NotCompared counts groups of people with a mark in common that were too many to be
	// compared with each other.
	NotCompared int `json:"groups_not_compared"`
}

func (c *PairCounts) add(s Standing) {
	switch s {
	case Together:
		c.Together++
	case Separate:
		c.Apart++
	case Open:
		c.Open++
	}
}

func (c PairCounts) any() bool { return c.Together+c.Apart+c.Open > 0 }

// String says the counts in a line.
func (c PairCounts) String() string {
	return fmt.Sprintf("%d together, %d apart by decision, %d open", c.Together, c.Apart, c.Open)
}
