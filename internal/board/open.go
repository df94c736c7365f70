package board

import (
	"context"
	"net/http"
	"slices"

	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/openitems"
	"duenotice/internal/postgres"
)

// itemTable lists what waits.
func itemTable(at places, items []openitems.Item) *table {
	t := &table{
		Headed: true, List: true, ID: "open", Caption: "What waits, and for whom", Empty: "Nothing waits for anybody here.", CSV: at.csv("open"),
		Columns: columns("Practice", "(Name)", "Due", "Waits for", "What", "Do", "(Kind)", "(Late)"),
	}
	for _, it := range items {
		what, practice := words(it.What), named(it.Practice, "")
		if it.Practice == "" {
			practice.Text = "–"
		} else {
			practice.Link = at.practice(it.Practice)
		}
		t.row(practice, words(it.Name), day(it.Due, it.Late), named(it.Whom, ""), what, code(it.Do), named(it.Kind, ""), yes(it.Late))
	}
	return t
}

// waiting reads what waits in an incident, some practices at a time, in the order in
// which something of theirs is due.
type waiting struct {
	Surroundings
	store *postgres.Store
	facts casebook.Incident
	// after and due are the practice after which it goes on; limit is how many are read.
	after string
	due   civil.Date
	limit int
	// whom keeps what waits for one; "" is all.
	whom string
}

// next returns what waits of the next practices. more is false after the last of them.
func (w *waiting) next(ctx context.Context) (items []openitems.Item, more bool, err error) {
	incident, first := w.facts.Incident.ID, w.after == ""
	filter := postgres.LineFilter{After: w.after, AfterDue: w.due, Open: true, Limit: w.limit}
	lines, err := w.store.PracticeLines(ctx, incident, filter, w.Now())
	if err != nil {
		return nil, false, err
	}
	keys := make([]string, len(lines))
	for i, line := range lines {
		keys[i] = line.Key
		w.after, w.due = line.Key, line.NextDue
	}
	from := openitems.Sources{NoKeys: true}
	if len(keys) > 0 {
		if from.Practices, err = w.store.StatusDetails(ctx, incident, postgres.Filter{Practices: keys, Brief: true}, w.Now()); err != nil {
			return nil, false, err
		}
		if from.Notices, err = w.store.NoticesOf(ctx, incident, keys); err != nil {
			return nil, false, err
		}
		if from.Heard, err = w.store.HeardToCall(ctx, incident, keys); err != nil {
			return nil, false, err
		}
	}
	if first {
		if from.Posted, err = w.store.PostBatches(ctx, incident); err != nil {
			return nil, false, err
		}
		if from.Halted, err = w.store.Halted(ctx, incident); err != nil {
			return nil, false, err
		}
		if from.Recalls, err = w.store.Recalls(ctx, incident); err != nil {
			return nil, false, err
		}
	}
	if from.Disputes, err = w.store.OpenDisputes(ctx, incident); err != nil {
		return nil, false, err
	}
	if from.Troubles, err = w.troubles(ctx, w.store, incident); err != nil {
		return nil, false, err
	}
	from.Troubles = slices.DeleteFunc(from.Troubles, func(t casebook.Trouble) bool {
		if t.Practice == "" {
			return !first
		}
		return !slices.Contains(keys, t.Practice)
	})
	items = openitems.In(w.facts, w.today(), w.Command, from)
	if w.whom != "" {
		items = slices.DeleteFunc(items, func(it openitems.Item) bool { return it.Whom != w.whom })
	}
	return items, len(lines) == w.limit, nil
}

// partsOfPage are at most read for one page: where little waits for whoever is asked for,
// the page has few rows and leads on.
const partsOfPage = 3

func (q request) waiting(limit int) *waiting {
	filter := q.chosen()
	w := &waiting{Surroundings: q.b.Surroundings, store: q.room.store, facts: q.facts, after: filter.After, due: filter.AfterDue, limit: limit}
	if whom := q.URL.Query().Get("whom"); slices.Contains(openitems.Whoms, whom) {
		w.whom = whom
	}
	return w
}

func (q request) open() error {
	w := q.waiting(pageRows)
	var items []openitems.Item
	more := true
	for part := 0; more && part < partsOfPage && len(items) < pageRows; part++ {
		some, further, err := w.next(q.ctx)
		if err != nil {
			return err
		}
		items, more = append(items, some...), further
	}
	page := listPage{frame: q.b.frame("What waits", q.crumb()), Table: itemTable(q.places(), items), Whoms: []choice{{"", "anybody", w.whom == ""}}}
	page.Intro = "What is due first stands first. Each line has the command to give when it is done; the board itself changes nothing."
	for _, whom := range openitems.Whoms {
		page.Whoms = append(page.Whoms, choice{whom, whom, whom == w.whom})
	}
	page.Table.CSV += q.asked()
	if more {
		page.Table.Next = q.further("open", w.after, w.due)
	}
	if q.URL.Query().Get("after") != "" {
		page.Whole = q.places().page("open") + q.asked()
	}
	q.b.show(q.w, http.StatusOK, "list", page)
	return nil
}

func (q request) openCSV() error {
	w := q.waiting(csvRows)
	w.after, w.due = "", civil.Date{}
	return q.stream(itemTable(q.places(), nil), func() (*table, bool, error) {
		items, more, err := w.next(q.ctx)
		return itemTable(q.places(), items), more, err
	})
}
