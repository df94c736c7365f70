package pages

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/packet"
	"duenotice/internal/postgres/pagedoor"
)

// perPage is how many people of the list stand on one page.
const perPage = 100

// person is a row of the list, as far as a clerk needs it to know somebody.
type person struct {
	Key, Name, Born, Address string
	Data                     []breach.DataClass
	search                   string
}

// listed is one page of the practice's people.
type listed struct {
	*packet.Page
	Query           string
	Rows            []person
	Found, From, To int
	At, Last        int // numbers of pages, from 1
	// Nobody: a box has to be ticked before the next step.
	Nobody bool
}

// list shows the practice's own people. What is looked for is sent and never part of
// an address, which servers and browsers write down.
func list(ctx context.Context, v *visit) (reply, error) {
	if v.posted() && v.r.PostForm.Has("choose") {
		if keys := v.chosen(); len(keys) > 0 {
			return disputeForm(ctx, v, keys)
		}
	}
	people, err := v.people(ctx)
	if err != nil {
		return nil, err
	}
	p, err := v.page(ctx)
	if err != nil {
		return nil, err
	}
	l := listed{Page: p, Nobody: v.r.PostForm.Has("choose")}
	asked := v.r.URL.Query().Get("page")
	if v.posted() {
		l.Query, asked = v.typed("query"), v.typed("page")
	}
	people = found(people, l.Query)
	l.Found = len(people)
	l.Last = max(1, (l.Found+perPage-1)/perPage)
	at, _ := strconv.Atoi(asked) // of what is no number it is the first page
	l.At = min(max(at, 1), l.Last)
	l.From = (l.At-1)*perPage + 1
	l.To = min(l.At*perPage, l.Found)
	if l.Found > 0 {
		l.Rows = people[l.From-1 : l.To]
	}
	if err := v.Looked(ctx, packet.PartPeople); err != nil {
		return nil, err
	}
	return v.show(http.StatusOK, "list", l), nil
}

// people reads the practice's list; errNoPage where there is none.
func (v *visit) people(ctx context.Context) ([]person, error) {
	content, err := v.part(ctx, packet.PartPeople)
	if errors.Is(err, pagedoor.ErrNoPart) {
		return nil, errNothing
	}
	if err != nil {
		return nil, err
	}
	rows := csv.NewReader(bytes.NewReader(content))
	rows.ReuseRecord = true
	head, err := rows.Read()
	if err != nil {
		return nil, errors.New("the list of people has no header")
	}
	column := map[string]int{}
	for i, name := range head {
		column[name] = i
	}
	people := make([]person, 0, bytes.Count(content, []byte{'\n'}))
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return people, nil
		}
		if err != nil {
			return nil, errors.New("the list of people cannot be read as CSV")
		}
		people = append(people, personOf(func(name string) string {
			if i, ok := column[name]; ok {
				return row[i]
			}
			return ""
		}))
	}
}

func personOf(cell func(column string) string) person {
	p := person{
		Key:  cell("person_key"),
		Name: words4(cell("first_name"), cell("middle_name"), cell("last_name"), cell("suffix")),
		Born: cell("birth_date"),
		Address: strings.Join(slices.DeleteFunc([]string{cell("address1"), cell("address2"), words4(cell("city"), cell("state"), cell("zip"), "")},
			func(s string) bool { return s == "" }), ", "),
	}
	for class := range strings.SplitSeq(cell("data_classes"), ";") {
		if c := breach.DataClass(class); c.Known() {
			p.Data = append(p.Data, c)
		}
	}
	p.search = p.Name + " " + p.Born + " " + p.Address + " " + p.Key
	return p
}

func words4(a, b, c, d string) string {
	return strings.Join(strings.Fields(a+" "+b+" "+c+" "+d), " ")
}

// found are the people in whose row every word of the query stands, however it is
// accented or written.
func found(people []person, query string) []person {
	wanted := strings.Fields(plain(query))
	if len(wanted) == 0 {
		return people
	}
	return slices.DeleteFunc(people, func(p person) bool {
		text := plain(p.search)
		return slices.ContainsFunc(wanted, func(word string) bool { return !strings.Contains(text, word) })
	})
}

// chosen are the people whose boxes were ticked.
func (v *visit) chosen() []string {
	keys := slices.Clone(v.r.PostForm["person"])
	slices.Sort(keys)
	keys = slices.Compact(keys)
	return keys[:min(len(keys), perPage)]
}

// turned is a button that turns the page of the list.
type turned struct {
	Secret, Query, Words string
	To                   int
}

// turnTo is the button to the page before (-1) or after (1) the one that is shown.
func turnTo(f frame, by int) turned {
	l, _ := f.Body.(listed)
	return turned{Secret: f.Secret, Query: l.Query, To: l.At + by, Words: map[bool]string{true: "list.next", false: "list.previous"}[by > 0]}
}
