package board

import (
	"bytes"
	"context"

	"duenotice/internal/openitems"
	"duenotice/internal/postgres"
)

// File is the whole board of an incident as one page that needs nothing beside it: its
// numbers, its practices with the story of each, and what waits. Of many practices it tells
// of the first mostPractices, counts the others in its numbers, and says which commands list
// them. It leads nowhere else, its style and charts are in it, and it names no patient. An
// incident that is not there is refused.
func File(ctx context.Context, store *postgres.Store, s Surroundings, incident string) ([]byte, error) {
	return fileOf(ctx, store, s, incident, mostPractices)
}

// fileOf is File that tells of at most so many practices.
func fileOf(ctx context.Context, store *postgres.Store, s Surroundings, incident string, most int) ([]byte, error) {
	l := look{Surroundings: s, places: places{incident: incident, alone: true}}
	var err error
	if l.numbers, err = store.Board(ctx, incident, s.Now(), s.today(), ladder); err != nil {
		return nil, err
	}
	if l.watch, err = store.Watch(ctx, s.Queue); err != nil {
		return nil, err
	}
	if l.troubles, err = s.troubles(ctx, store, incident); err != nil {
		return nil, err
	}
	lines, err := store.PracticeLines(ctx, incident, postgres.LineFilter{Limit: most}, s.Now())
	if err != nil {
		return nil, err
	}
	told, err := stories(ctx, store, s, incident, lines)
	if err != nil {
		return nil, err
	}
	l.within = make(map[string]bool, len(told))
	for i := range told {
		l.within[told[i].Key] = true
	}
	soon := postgres.SoonThrough(s.today())
	for _, line := range lines {
		if len(l.urgent) < urgentRows && !line.NextDue.IsZero() && !line.NextDue.After(soon) {
			l.urgent = append(l.urgent, line)
		}
	}
	page := l.page()
	page.All, page.AllLeft = practiceTable(l.places, lines), s.others(incident, l.numbers.Status.Practices, len(lines))
	var items []openitems.Item
	w := &waiting{Surroundings: s, store: store, facts: l.numbers.Incident}
	more := true
	for read := 0; more && read < most && len(items) < mostItems; read += w.limit {
		var some []openitems.Item
		w.limit = min(csvRows, most-read)
		if some, more, err = w.next(ctx); err != nil {
			return nil, err
		}
		items = append(items, some...)
	}
	page.Items = itemTable(l.places, items)
	if more && (page.AllLeft != "" || len(items) >= mostItems) {
		page.ItemsLeft = "These are of the practices of which something is due first. " + s.Command("report", "open", incident, "--csv") + " lists all that waits."
	}
	page.Stories, page.LeftOut = told, s.leftOut(incident, l.numbers.Status.Practices, len(told))
	var content bytes.Buffer
	err = pages.ExecuteTemplate(&content, "incident", page)
	return content.Bytes(), err
}
