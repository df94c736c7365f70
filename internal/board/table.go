package board

import (
	"cmp"
	"io"
	"net/http"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/papers"
	"duenotice/internal/sheet"
)

// table is what a page lists: for people, and as CSV with all its columns.
type table struct {
	// ID names it on its page and in its CSV's address, Caption is its title.
	ID, Caption string
	// Headed says that a heading on the page says the caption.
	Headed bool
	// List says that its rows are read one by one: on a telephone each is a block, where
	// other tables go on to the side.
	List    bool
	Columns []column
	Rows    [][]cell
	// Empty is said where there is no row.
	Empty string
	// CSV is the address of the table as CSV, Next of the following part of it.
	CSV, Next string
}

type column struct {
	Name string
	// Number columns stand right, Hidden ones are in the CSV only.
	Number, Hidden bool
}

// columns are those named: a name that ends in # is of numbers, one in parentheses is
// hidden from people.
func columns(names ...string) []column {
	list := make([]column, len(names))
	for i, name := range names {
		name, number := strings.CutSuffix(name, "#")
		hidden := strings.HasPrefix(name, "(")
		list[i] = column{Name: strings.Trim(name, "()"), Number: number, Hidden: hidden}
	}
	return list
}

// cell is one cell: Text for people, value for the CSV.
type cell struct {
	Text, Link string
	// Class is "late", "day", "code" or "".
	Class string
	value any
}

// words is a text that others may have written.
func words(text string) cell { return cell{Text: text, value: papers.Inert(text)} }

// named is a key or another word of the program's own, which other programs take as it is.
func named(text, link string) cell { return cell{Text: text, Link: link, value: text} }

// moment is an instant in words.
func moment(text string) cell { return cell{Text: text, Class: "day", value: text} }

func count(n int) cell { return cell{Text: number(n), value: n} }

// code is what is typed or compared letter by letter.
func code(text string) cell { return cell{Text: text, Class: "code", value: papers.Inert(text)} }

func yes(is bool) cell {
	return cell{Text: map[bool]string{true: "yes", false: "no"}[is], value: is}
}

// day is a day, marked in words where it is late.
func day(d civil.Date, late bool) cell {
	c := cell{Text: cmp.Or(d.String(), "–"), Class: "day", value: d}
	if late {
		c.Text, c.Class = "late "+c.Text, "late"
	}
	return c
}

// lateCount is how many of something are late.
func lateCount(n int) cell {
	c := count(n)
	if n > 0 {
		c.Class = "late"
	}
	return c
}

func (t *table) row(cells ...cell) { t.Rows = append(t.Rows, cells) }

// Shown are the cells that people see.
func (t *table) Shown() [][]shownCell {
	rows := make([][]shownCell, len(t.Rows))
	for i, row := range t.Rows {
		for j, c := range row {
			if !t.Columns[j].Hidden {
				rows[i] = append(rows[i], shownCell{c, t.Columns[j].Name, t.Columns[j].Number})
			}
		}
	}
	return rows
}

type shownCell struct {
	cell
	// Column is its column's name.
	Column string
	Number bool
}

// write writes the table as CSV.
func (t *table) write(w io.Writer) error {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		// As the commands' --csv calls it.
		names[i] = strings.Replace(c.Name, "Practice", "Practice key", 1)
		if c.Number {
			names[i] = c.Name
		}
	}
	return sheet.Write(w, names, values(t.Rows))
}

func values(rows [][]cell) [][]any {
	list := make([][]any, len(rows))
	for i, row := range rows {
		for _, c := range row {
			list[i] = append(list[i], c.value)
		}
	}
	return list
}

var errNoTable = breach.Refuse("no_table", "Follow the link beside the table.", "there is no table of this name")

// serveTable answers with the table that the address names.
func serveTable(w http.ResponseWriter, r *http.Request, tables []*table) error {
	for _, t := range tables {
		if t != nil && t.ID+".csv" == r.PathValue("table") {
			asCSV(w, t.ID)
			return t.write(w)
		}
	}
	return errNoTable
}

func asCSV(w http.ResponseWriter, name string) {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`.csv"`)
}

// number groups thousands: 318,552.
func number(n int) string { return message.NewPrinter(language.English).Sprintf("%d", n) }

// several writes a number with its noun: "1 practice", "2 practices".
func several(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + many
}
