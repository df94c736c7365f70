package board

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"duenotice/internal/access"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres"
)

type overviewPage struct {
	frame
	Incidents *table
	Alarm     *alarm
}

// overview lists the incidents that whoever asks may see.
func (b *Board) overview(w http.ResponseWriter, r *http.Request) {
	page, ok := b.overviewPage(w, r)
	if ok {
		b.show(w, http.StatusOK, "overview", page)
	}
}

func (b *Board) overviewCSV(w http.ResponseWriter, r *http.Request) {
	page, ok := b.overviewPage(w, r)
	if !ok {
		return
	}
	asCSV(w, page.Incidents.ID)
	_ = page.Incidents.write(w) // a browser that left is no fault
}

// overviewPage is false where it has answered already.
func (b *Board) overviewPage(w http.ResponseWriter, r *http.Request) (page overviewPage, ok bool) {
	who, ok := b.admit(w, r)
	if !ok {
		return page, false
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeLimit)
	defer cancel()
	page.frame = b.frame("Incidents")
	page.Crumbs = nil
	page.Incidents = &table{
		Headed: true, List: true, ID: "incidents", Caption: "Incidents", Empty: "There is no incident that is yours to see.", CSV: base + "incidents.csv",
		Columns: columns("Incident", "Entity", "Phase", "Discovered", "Day#", "Practices#", "People#", "Late#", "Wait for a person#", "Next due"),
	}
	var seen []string
	for i, scope := range access.Scopes(who.grants, who.who, access.Board) {
		room, err := b.rooms.in(ctx, scope, b.Open)
		if err == nil && i == 0 {
			page.Alarm, err = b.watched(ctx, room)
		}
		var list []postgres.IncidentRow
		if err == nil {
			list, err = b.incidents(ctx, room)
		}
		if err != nil {
			b.fail(w, r, err)
			return page, false
		}
		for _, row := range list {
			if slices.Contains(seen, row.ID) {
				continue // in a role that may do more
			}
			seen = append(seen, row.ID)
			b.addIncident(page.Incidents, row)
		}
	}
	return page, true
}

func (b *Board) watched(ctx context.Context, room *room) (*alarm, error) {
	watch, err := room.store.Watch(ctx, b.Queue)
	if text := watch.Text(b.Zone); err == nil && text != "" {
		return &alarm{"Nothing is watched", text, b.Command("doctor")}, nil
	}
	return nil, err
}

// incidents lists a room's incidents, and has their numbers counted for whoever opens one
// of them next.
func (b *Board) incidents(ctx context.Context, room *room) ([]postgres.IncidentRow, error) {
	list, err := room.incidents.get(ctx, "", b.Patience, func(ctx context.Context) ([]postgres.IncidentRow, error) {
		return room.store.Incidents(ctx, b.Now())
	})
	if err != nil {
		return nil, err
	}
	for _, row := range list {
		if row.Phase == casebook.IncidentClosed {
			continue
		}
		_, err := room.boards.get(ctx, row.ID, 0, func(ctx context.Context) (casebook.Board, error) {
			return room.store.Board(ctx, row.ID, b.Now(), b.today(), ladder)
		})
		if err != nil && !errors.Is(err, errCounting) {
			return nil, err
		}
	}
	return list, nil
}

func (b *Board) addIncident(t *table, row postgres.IncidentRow) {
	today := b.today()
	dayNumber := count(today.DaysSince(row.Discovered))
	if row.Phase != casebook.IncidentClosed && today.DaysSince(row.Discovered) > breach.NoticeDays {
		dayNumber.Class = "late"
	}
	t.row(named(row.ID, base+row.ID+"/"), words(row.Entity), named(row.Phase, ""), day(row.Discovered, false), dayNumber,
		count(row.Practices), count(row.People), lateCount(row.Late), count(row.NeedsPerson), day(row.NextDue, false))
}
