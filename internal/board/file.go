package board

import (
	"bytes"
	"context"

	"duenotice/internal/casebook"
	"duenotice/internal/openitems"
	"duenotice/internal/postgres"
)

// File is the whole board of an incident as one page that needs nothing beside it: its
// numbers, all of its practices with the story of each, and all that waits. It leads
// nowhere else, its style and charts are in it, and it names no patient. An incident that is not there is refused.
func File(ctx context.Context, store *postgres.Store, s Surroundings, incident string) ([]byte, error) {
	return fileOf(ctx, store, s, incident, mostStories)
}

// fileOf is File with the stories of at most so many practices.
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
	lines, err := allLines(ctx, store, s, incident)
	if err != nil {
		return nil, err
	}
	told, err := stories(ctx, store, s, incident, lines[:min(len(lines), most)])
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
	page.All = practiceTable(l.places, lines)
	var items []openitems.Item
	w := &waiting{Surroundings: s, store: store, facts: l.numbers.Incident, limit: csvRows}
	more := true
	for more && len(items) < mostItems {
		var some []openitems.Item
		if some, more, err = w.next(ctx); err != nil {
			return nil, err
		}
		items = append(items, some...)
	}
	page.Items = itemTable(l.places, items)
	if more {
		page.ItemsLeft = "These are of the practices of which something is due first. " + s.Command("report", "open", incident, "--csv") + " lists all that waits."
	}
	page.Stories, page.LeftOut = told, s.leftOut(incident, len(lines), len(told))
	var content bytes.Buffer
	err = pages.ExecuteTemplate(&content, "incident", page)
	return content.Bytes(), err
}

func allLines(ctx context.Context, store *postgres.Store, s Surroundings, incident string) ([]casebook.PracticeLine, error) {
	var all []casebook.PracticeLine
	filter := postgres.LineFilter{Limit: csvRows}
	for {
		lines, err := store.PracticeLines(ctx, incident, filter, s.Now())
		if err != nil {
			return nil, err
		}
		all = append(all, lines...)
		if len(lines) < csvRows {
			return all, nil
		}
		last := lines[len(lines)-1]
		filter.After, filter.AfterDue = last.Key, last.NextDue
	}
}
