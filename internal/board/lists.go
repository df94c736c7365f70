package board

import (
	"net/http"
	"slices"

	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/postgres"
)

const (
	// pageRows is how many practices a page lists.
	pageRows = 50
	// csvRows is how many are read at a time where all of them are asked for.
	csvRows = 1000
	// urgentRows are listed on the incident's own page.
	urgentRows = 10
)

// incident shows one incident's board.
func (q request) incident() error {
	page, err := q.incidentPage()
	if err != nil {
		return err
	}
	q.b.show(q.w, http.StatusOK, "incident", page)
	return nil
}

func (q request) incidentCSV() error {
	switch q.PathValue("table") {
	case "practices.csv":
		return q.practicesCSV()
	case "open.csv":
		return q.openCSV()
	case "held.csv":
		return q.heldCSV()
	case "pages.csv":
		return q.pagesCSV()
	}
	page, err := q.incidentPage()
	if err != nil {
		return err
	}
	return serveTable(q.w, q.Request, page.tables())
}

func (q request) incidentPage() (*incidentPage, error) {
	numbers, err := q.counts()
	if err != nil {
		return nil, err
	}
	l := look{Surroundings: q.b.Surroundings, places: q.places(), numbers: numbers}
	if err := l.read(q); err != nil {
		return nil, err
	}
	page := l.page()
	page.frame = q.b.frame("Incident " + q.id)
	page.AsOf = l.moment(numbers.At)
	if q.b.TemporalUI != "" {
		page.Temporal = q.b.workflow(q.id, "")
	}
	return page, nil
}

// read reads what is not counted over all practices, and so is of this moment.
func (l *look) read(q request) (err error) {
	if l.watch, err = q.room.store.Watch(q.ctx, q.b.Queue); err != nil {
		return err
	}
	if l.troubles, err = q.b.troubles(q.ctx, q.room.store, q.id); err != nil {
		return err
	}
	l.urgent, err = q.room.store.PracticeLines(q.ctx, q.id, postgres.LineFilter{DueBefore: postgres.SoonThrough(q.b.today()), Limit: urgentRows}, q.b.Now())
	return err
}

func (q request) places() places { return places{incident: q.id} }

// shows are the lists that a practices page can be of, by the word in its address.
var shows = []struct{ word, words string }{
	{"", "all"}, {"late", "late"}, {"soon", "late or due within 7 days"}, {"waiting", "waiting for a person"},
}

// chosen is what the address of a list asks for.
func (q request) chosen() postgres.LineFilter {
	query := q.URL.Query()
	f := postgres.LineFilter{Search: query.Get("q"), After: query.Get("after"), Limit: pageRows + 1}
	if len(f.Search) > 100 {
		f.Search = f.Search[:100]
	}
	if phase := casebook.Phase(query.Get("phase")); slices.Contains(casebook.Phases, phase) {
		f.Phase = phase
	}
	switch query.Get("show") {
	case "late":
		f.Late = true
	case "soon":
		f.DueBefore = postgres.SoonThrough(q.b.today())
	case "waiting":
		f.Waiting = true
	}
	if due, err := civil.Parse(query.Get("due")); err == nil {
		f.AfterDue = due
	}
	return f
}

// further is the address of what follows a practice in the same list.
func (q request) further(page, key string, due civil.Date) string {
	query := q.URL.Query()
	query.Set("after", key)
	query.Del("due")
	if !due.IsZero() {
		query.Set("due", due.String())
	}
	return q.places().page(page) + "?" + query.Encode()
}

// asked is the query without where the list goes on.
func (q request) asked() string {
	query := q.URL.Query()
	query.Del("after")
	query.Del("due")
	if text := query.Encode(); text != "" {
		return "?" + text
	}
	return ""
}

type practicesPage struct {
	frame
	Address             string
	Search, Show, Phase string
	Shows, Phases       []choice
	Practices           *table
	Whole               string
}

// choice is one that a form offers.
type choice struct {
	Value, Words string
	Chosen       bool
}

func (q request) practices() error {
	filter := q.chosen()
	lines, err := q.room.store.PracticeLines(q.ctx, q.id, filter, q.b.Now())
	if err != nil {
		return err
	}
	query := q.URL.Query()
	page := practicesPage{
		frame: q.b.frame("Practices", q.crumb()), Address: q.places().page("practices"),
		Search: filter.Search, Show: query.Get("show"), Phase: string(filter.Phase),
	}
	for _, s := range shows {
		page.Shows = append(page.Shows, choice{s.word, s.words, s.word == page.Show})
	}
	page.Phases = []choice{{"", "any phase", filter.Phase == ""}}
	for _, p := range casebook.Phases {
		page.Phases = append(page.Phases, choice{string(p), string(p), p == filter.Phase})
	}
	more := len(lines) > pageRows
	lines = lines[:min(len(lines), pageRows)]
	page.Practices = practiceTable(q.places(), lines)
	page.Practices.CSV += q.asked()
	if more {
		last := lines[len(lines)-1]
		page.Practices.Next = q.further("practices", last.Key, last.NextDue)
	}
	if filter.After != "" {
		page.Whole = page.Address + q.asked()
	}
	q.b.show(q.w, http.StatusOK, "practices", page)
	return nil
}

func (q request) crumb() Link { return Link{q.id, q.places().page("")} }

// practicesCSV is the whole of the list, read a part at a time.
func (q request) practicesCSV() error {
	filter := q.chosen()
	filter.After, filter.AfterDue, filter.Limit = "", civil.Date{}, csvRows
	return q.stream(practiceTable(q.places(), nil), func() (*table, bool, error) {
		lines, err := q.room.store.PracticeLines(q.ctx, q.id, filter, q.b.Now())
		if err != nil || len(lines) == 0 {
			return nil, false, err
		}
		last := lines[len(lines)-1]
		filter.After, filter.AfterDue = last.Key, last.NextDue
		return practiceTable(q.places(), lines), len(lines) == csvRows, nil
	})
}

func (q request) heldCSV() error {
	after := ""
	return q.stream(heldTable(q.places(), nil), func() (*table, bool, error) {
		lines, more, err := q.heldFrom(after, csvRows)
		if err != nil || len(lines) == 0 {
			return nil, false, err
		}
		after = lines[len(lines)-1].PracticeKey
		return heldTable(q.places(), lines), more, nil
	})
}

// stream writes a table whose rows are read a part at a time. All of it is read before
// the first byte is sent: a list that broke off would look like a whole one.
func (q request) stream(whole *table, next func() (part *table, more bool, err error)) error {
	for more := true; more; {
		var part *table
		var err error
		if part, more, err = next(); err != nil {
			return err
		}
		if part != nil {
			whole.Rows = append(whole.Rows, part.Rows...)
		}
	}
	asCSV(q.w, whole.ID)
	return whole.write(q.w)
}

type listPage struct {
	frame
	Table *table
	Intro string
	// Other leads to the same list of others.
	Other *Link
	// Whoms narrow what waits to one of those it waits for.
	Whoms []choice
	Whole string
}

func (q request) held() error {
	lines, more, err := q.heldFrom(q.URL.Query().Get("after"), pageRows)
	if err != nil {
		return err
	}
	page := listPage{frame: q.b.frame("Letters held back and returned", q.crumb()), Table: heldTable(q.places(), lines)}
	page.Intro = "People are counted here and named nowhere on the board. Each of them is still owed notice: " + q.b.Command("status", q.id, "--held") + " lists the keys of who is held back."
	if more {
		page.Table.Next = q.further("held", lines[len(lines)-1].PracticeKey, civil.Date{})
	}
	q.b.show(q.w, http.StatusOK, "list", page)
	return nil
}

// heldFrom reads the lines of as many practices after one of them. more is true where
// there may be others.
func (q request) heldFrom(after string, practices int) (lines []casebook.HeldLine, more bool, err error) {
	lines, err = q.room.store.HeldAndReturned(q.ctx, q.id, after, practices)
	seen := 0
	for i, line := range lines {
		if i == 0 || line.PracticeKey != lines[i-1].PracticeKey {
			seen++
		}
	}
	return lines, seen == practices, err
}
