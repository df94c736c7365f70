package openitems

import (
	"cmp"
	"slices"
	"time"

	"duenotice/internal/casebook"
)

// Wait is how long things of a kind have waited for somebody.
type Wait struct {
	// Whom is one of Whoms, Kind one of the kinds of Item.
	Whom, Kind string
	// Count is how many there are, Since when the oldest of them began to wait.
	Count int
	Since time.Time
}

// Waits lists for whom steps, notices, disputes and troubles of an incident wait and since
// when, by for whom it waits; of the troubles those of the incident. Duties wait by their
// day, which Groups says.
func Waits(w casebook.WatchedIncident, troubles []casebook.Trouble) []Wait {
	var waits []Wait
	add := func(whom, kind string, count int, since time.Time) {
		i := slices.IndexFunc(waits, func(x Wait) bool { return x.Whom == whom && x.Kind == kind })
		if i < 0 {
			i, waits = len(waits), append(waits, Wait{Whom: whom, Kind: kind, Since: since})
		}
		waits[i].Count += count
		if since.Before(waits[i].Since) {
			waits[i].Since = since
		}
	}
	for _, c := range w.Status.Phases {
		whom, is := stepWaits[c.Phase]
		switch {
		case c.Phase == casebook.PhaseNotice:
			add(ForOfficer, Notice, c.Practices, w.Since[c.Phase])
		case is:
			add(whom, Step, c.Practices, w.Since[c.Phase])
		}
	}
	if w.Disputing > 0 {
		add(ForOfficer, Dispute, w.Disputing, w.DisputedSince)
	}
	for _, t := range troubles {
		if t.Incident == w.Status.Incident {
			add(ForOperator, Trouble, 1, t.Since)
		}
	}
	slices.SortStableFunc(waits, func(a, b Wait) int {
		return cmp.Or(cmp.Compare(slices.Index(Whoms, a.Whom), slices.Index(Whoms, b.Whom)), cmp.Compare(a.Kind, b.Kind))
	})
	return waits
}
