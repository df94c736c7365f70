package board

import (
	"net/http"
	"time"

	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/postgres"
)

// pageTable lists practices with when they opened their page and answered.
func (s Surroundings) pageTable(at places, lines []casebook.PageLine) *table {
	t := &table{
		Headed: true, List: true, ID: "pages", Caption: "Practices and their pages", Empty: "Every practice that has a page has opened it.", CSV: at.csv("pages"),
		Columns: columns("Practice", "Name", "Page made", "First opened", "First answered", "Next due", "(Late)"),
	}
	for _, p := range lines {
		t.row(named(p.PracticeKey, at.practice(p.PracticeKey)), words(p.Name), s.since(p.MadeAt), s.since(p.OpenedAt), s.since(p.AnsweredAt),
			day(p.NextDue, p.Late), yes(p.Late))
	}
	return t
}

// since is a moment, where there was one.
func (s Surroundings) since(at time.Time) cell {
	if at.IsZero() {
		return cell{Text: "not yet", value: ""}
	}
	return moment(s.moment(at))
}

// openedTable counts who opened their page.
func (l look) opened() *table {
	t := l.table("opened", "Notices opened on the practice’s page", "No practice has a page.", "What", "Practices#").headed()
	p := l.numbers.Status.Pages
	if p.Pages == 0 {
		return t
	}
	unopened := words("were told and have not opened their page")
	if unopened.Link = l.places.page("pages"); l.alone {
		unopened.Link = ""
	}
	t.row(unopened, count(p.Unopened))
	t.row(words("opened their page"), count(p.Opened))
	t.row(words("answered there"), count(p.Answered))
	t.row(words("tried too many codes, and need another from an officer"), count(p.CodesEnded))
	t.row(words("have no page"), count(max(0, l.numbers.Status.Practices-p.Pages)))
	return t
}

// pages lists who has not opened their page, or with all=yes everybody who has one.
func (q request) pages() error {
	filter := q.pageFilter()
	lines, err := q.room.store.PageLines(q.ctx, q.id, filter, q.b.Now())
	if err != nil {
		return err
	}
	title := "Who has not opened their notice"
	page := listPage{Table: q.b.pageTable(q.places(), lines[:min(len(lines), pageRows)])}
	page.Intro = "A practice that has a page opens its notice there with a link and a code. Of a practice without one it is known that the e-mail was accepted, and no more."
	page.Other = &Link{"All that have a page", q.places().page("pages") + "?all=yes"}
	if !filter.Unopened {
		title, page.Other = "Practices and their pages", &Link{"Only those that have not opened it", q.places().page("pages")}
	}
	page.frame = q.b.frame(title, q.crumb())
	page.Table.CSV += q.asked()
	if len(lines) > pageRows {
		page.Table.Next = q.further("pages", lines[pageRows-1].PracticeKey, civil.Date{})
	}
	q.b.show(q.w, http.StatusOK, "list", page)
	return nil
}

func (q request) pageFilter() postgres.PageFilter {
	query := q.URL.Query()
	return postgres.PageFilter{Unopened: query.Get("all") != "yes", After: query.Get("after"), Limit: pageRows + 1}
}

func (q request) pagesCSV() error {
	filter := q.pageFilter()
	filter.After, filter.Limit = "", csvRows
	return q.stream(q.b.pageTable(q.places(), nil), func() (*table, bool, error) {
		lines, err := q.room.store.PageLines(q.ctx, q.id, filter, q.b.Now())
		if err != nil || len(lines) == 0 {
			return nil, false, err
		}
		filter.After = lines[len(lines)-1].PracticeKey
		return q.b.pageTable(q.places(), lines), len(lines) == csvRows, nil
	})
}

// ofPage says when a practice opened its page and answered, nothing where it has none.
func (q request) ofPage(key string) ([]fact, error) {
	lines, err := q.room.store.PageLines(q.ctx, q.id, postgres.PageFilter{Practice: key, Limit: 1}, q.b.Now())
	if err != nil || len(lines) == 0 {
		return nil, err
	}
	return []fact{{"Opened its page", q.b.since(lines[0].OpenedAt).Text}, {"Answered there", q.b.since(lines[0].AnsweredAt).Text}}, nil
}
