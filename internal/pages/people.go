package pages

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/packet"
	"duenotice/internal/postgres/pagedoor"
)

// people is the practice's list, as people.csv has it.
type people []byte

// people opens the practice's list; errNothing where there is none.
func (v *visit) people(ctx context.Context) (people, error) {
	content, err := v.part(ctx, packet.PartPeople)
	if errors.Is(err, pagedoor.ErrNoPart) {
		err = errNothing
	}
	return content, err
}

// row is one person of the list while it is read.
type row struct {
	column map[string]int
	cells  []string
}

// each goes through the list. A row is good until the next.
func (p people) each(do func(r row)) error {
	rows := csv.NewReader(bytes.NewReader(p))
	rows.ReuseRecord = true
	head, err := rows.Read()
	if err != nil {
		return errors.New("the list of people has no header")
	}
	r := row{column: map[string]int{}}
	for i, name := range head {
		r.column[name] = i
	}
	for {
		r.cells, err = rows.Read()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return errors.New("the list of people cannot be read as CSV")
		}
		do(r)
	}
}

func (r row) cell(name string) string {
	if i, ok := r.column[name]; ok {
		return r.cells[i]
	}
	return ""
}

// looked are the columns in which somebody is looked for.
var looked = []string{"first_name", "middle_name", "last_name", "suffix", "birth_date", "address1", "address2", "city", "state", "zip", "person_key"}

// has reports whether every word stands somewhere in the row. The words are plain.
func (r row) has(wanted []string) bool {
	if len(wanted) == 0 {
		return true
	}
	var all strings.Builder
	for _, name := range looked {
		all.WriteString(r.cell(name))
		all.WriteByte(' ')
	}
	text := plain(all.String())
	return !slices.ContainsFunc(wanted, func(word string) bool { return !strings.Contains(text, word) })
}

// person is somebody of the list, as far as a clerk needs it to know them.
type person struct {
	Key, Name, Born, Address string
	Data                     []breach.DataClass
}

func (r row) person() person {
	p := person{
		Key: r.cell("person_key"), Born: r.cell("birth_date"),
		Name:    joined(" ", r.cell("first_name"), r.cell("middle_name"), r.cell("last_name"), r.cell("suffix")),
		Address: joined(", ", r.cell("address1"), r.cell("address2"), joined(" ", r.cell("city"), r.cell("state"), r.cell("zip"))),
	}
	for class := range strings.SplitSeq(r.cell("data_classes"), ";") {
		if c := breach.DataClass(class); c.Known() {
			p.Data = append(p.Data, c)
		}
	}
	return p
}

// joined are the texts that are not empty.
func joined(by string, texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return strings.TrimSpace(s) == "" }), by)
}
