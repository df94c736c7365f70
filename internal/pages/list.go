package pages

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"duenotice/internal/packet"
)

// perPage is how many people of the list stand on one page.
const perPage = 100

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
	at, _ := strconv.Atoi(asked) // of what is no number it is the first page
	if err := l.turn(people, max(at, 1)); err != nil {
		return nil, err
	}
	if err := v.Looked(ctx, packet.PartPeople); err != nil {
		return nil, err
	}
	return v.show(http.StatusOK, "list", l), nil
}

// turn shows the list's page at, or the last where there are not so many. Of a long
// list only the rows that are shown are looked at more closely.
func (l *listed) turn(people people, at int) error {
	wanted := strings.Fields(plain(l.Query))
	for i, word := range wanted {
		if day, err := dayOf(word); err == nil { // a date of birth, as people type it
			wanted[i] = day.String()
		}
	}
	for {
		l.At, l.Found, l.Rows = at, 0, nil
		err := people.each(func(r row) {
			if !r.has(wanted) {
				return
			}
			if l.Found++; l.Found > (at-1)*perPage && l.Found <= at*perPage {
				l.Rows = append(l.Rows, r.person())
			}
		})
		if err != nil {
			return err
		}
		if l.Last = max(1, (l.Found+perPage-1)/perPage); at <= l.Last {
			l.From, l.To = (at-1)*perPage+1, min(at*perPage, l.Found)
			return nil
		}
		at = l.Last
	}
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
