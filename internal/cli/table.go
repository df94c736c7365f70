package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	pretty "github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"duenotice/internal/civil"
	"duenotice/internal/sheet"
)

// table is what every command lists things with. Where nobody watches, its lines
// are as long as they are. On a terminal it fits the width: long cells go on in the
// next line, and when that leaves too little room the least needed columns are left
// out and named. As CSV it has all of it, with plain numbers.
type table struct {
	p       *program
	out     io.Writer
	columns []string
	rows    [][]any
	// spare are the columns that may be left out, bare says that it has no head.
	spare []string
	bare  bool
	// gap is the number of spaces between columns.
	gap int
}

// table begins a table with these columns.
func (p *program) table(columns ...string) *table {
	return &table{p: p, out: p.Out, columns: columns, gap: columnGap}
}

// lines begins a table of n columns without a head.
func (p *program) lines(n int) *table {
	return &table{p: p, out: p.Out, columns: make([]string, n), bare: true, gap: columnGap}
}

// prose prints a sentence after what it is about; on a terminal it goes on below itself.
func (p *program) prose(about, sentence string) {
	t := p.lines(2)
	t.gap = 1
	t.row(about, sentence)
	t.print()
}

// to sends the table elsewhere than to standard output.
func (t *table) to(w io.Writer) *table {
	t.out = w
	return t
}

// leaveOut names the columns that a narrow terminal can do without, the first to go
// first. The command has --csv, which shows them.
func (t *table) leaveOut(columns ...string) *table {
	t.spare = columns
	return t
}

// row adds a row. A cell is a text, a number, a day, or painted.
func (t *table) row(cells ...any) { t.rows = append(t.rows, cells) }

// painted is a cell in a colour where colours are wanted.
type painted struct{ colour, text string }

// write prints the table for people, or as CSV for another program.
func (t *table) write(asCSV bool) error {
	if asCSV {
		return t.csv()
	}
	t.print()
	return nil
}

const (
	// columnGap is the number of spaces between columns.
	columnGap = 3
	// readable is the width below which a wrapped column is no longer read but guessed.
	readable = 20
)

// print writes the table for people. That it could not be written could be told nobody.
func (t *table) print() {
	columns, left := slices.Clone(t.columns), []string(nil)
	room := t.p.width(t.out)
	widths, fits := t.fit(columns, room)
	for _, name := range t.spare {
		if fits {
			break
		}
		columns = slices.DeleteFunc(columns, func(c string) bool { return c == name })
		left = append(left, name)
		widths, fits = t.fit(columns, room)
	}
	w := pretty.NewWriter()
	w.SetStyle(pretty.Style{
		Box:     pretty.BoxStyle{PaddingRight: strings.Repeat(" ", t.gap)},
		Options: pretty.OptionsNoBordersAndSeparators,
	})
	w.SuppressTrailingSpaces()
	configs := make([]pretty.ColumnConfig, len(columns))
	for i := range columns {
		configs[i] = pretty.ColumnConfig{Number: i + 1, WidthMax: widths[i], WidthMaxEnforcer: text.WrapSoft}
	}
	w.SetColumnConfigs(configs)
	if !t.bare {
		head := make(pretty.Row, len(columns))
		for i, c := range columns {
			head[i] = c
		}
		w.AppendHeader(head)
	}
	for _, cells := range t.rows {
		row := make(pretty.Row, len(columns))
		for i, c := range columns {
			row[i] = t.shown(cells[t.place(c, i)])
		}
		w.AppendRow(row)
	}
	if lines := w.Render(); lines != "" {
		fmt.Fprintln(t.out, lines)
	}
	if len(left) > 0 {
		t.p.note("Left out: %s (--csv has all).", strings.Join(left, ", "))
	}
}

// place is where a column that is shown at i stands among all of them.
func (t *table) place(column string, i int) int {
	if t.bare {
		return i
	}
	return slices.Index(t.columns, column)
}

// fit gives each column its width within the room, the narrow ones what they need
// and the wide ones an equal share of the rest. fits is false when that share is too
// little to read by. No room is room for everything.
func (t *table) fit(columns []string, room int) (widths []int, fits bool) {
	widths = make([]int, len(columns))
	for i, c := range columns {
		widths[i] = text.StringWidthWithoutEscSequences(c)
		for _, cells := range t.rows {
			widths[i] = max(widths[i], text.StringWidthWithoutEscSequences(t.shown(cells[t.place(c, i)])))
		}
	}
	if room == 0 {
		return widths, true
	}
	room -= t.gap * (len(columns) - 1)
	sorted := slices.Sorted(slices.Values(widths))
	for i, w := range sorted {
		share := max(1, room/(len(sorted)-i))
		if w <= share {
			room -= w
			continue
		}
		for j := range widths {
			widths[j] = min(widths[j], share)
		}
		return widths, share >= readable
	}
	return widths, true
}

// shown is a cell for people.
func (t *table) shown(cell any) string {
	switch c := cell.(type) {
	case int:
		return number(c)
	case civil.Date:
		return dash(c.String())
	case painted:
		if c.colour == "" {
			return c.text
		}
		return t.p.paint(t.out, c.colour, c.text)
	}
	return fmt.Sprint(cell)
}

// csv writes the table for another program.
func (t *table) csv() error {
	if err := t.csvHead(); err != nil {
		return err
	}
	return t.csvRows()
}

// csvHead begins the table as CSV. Each call of csvRows goes on with it: a list of tens of
// thousands of rows is written as it is read.
func (t *table) csvHead() error { return sheet.Write(t.out, t.columns, nil) }

// csvRows writes the rows that were added since the last time, and forgets them.
func (t *table) csvRows() error {
	for _, cells := range t.rows {
		for j, cell := range cells {
			if c, is := cell.(painted); is {
				cells[j] = c.text
			}
		}
	}
	err := sheet.WriteRows(t.out, t.rows...)
	t.rows = t.rows[:0]
	return err
}

// csvFlag adds --csv, which goes with no other form.
func csvFlag(cmd *cobra.Command, asCSV *bool, help string) {
	cmd.Flags().BoolVar(asCSV, "csv", false, help)
	for _, other := range []string{"json", "markdown", "watch"} {
		if cmd.Flags().Lookup(other) != nil {
			cmd.MarkFlagsMutuallyExclusive("csv", other)
		}
	}
}

// width is how many columns a person sees of w, 0 where lines may be any length.
func (p *program) width(w io.Writer) int {
	if p.Width == nil || !p.IsTerminal(w) {
		return 0
	}
	return p.Width(w)
}
