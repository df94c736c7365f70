package simulate

import (
	"context"
	"time"

	"duenotice/activities"
	"duenotice/internal/breach"
	"duenotice/internal/plan"
)

// NewStore returns a simulation's store with a case in it, for the suite that
// every store passes.
func NewStore(incident breach.Incident, practices []breach.Practice, people []breach.Person, asOf time.Time) (activities.Store, func(func() time.Time), error) {
	tally := plan.NewTallier(incident, practices, incident.Discovered)
	for i := range people {
		if err := tally.Add(&people[i]); err != nil {
			return nil, nil, err
		}
	}
	in := Input{Incident: incident, Practices: practices, Zone: time.UTC, Findings: func(context.Context, func(int, *breach.Person) error) error { return nil }}
	p, err := newPart(in, practices, tally, tally.Groups())
	if err != nil {
		return nil, nil, err
	}
	p.store.now = func() time.Time { return asOf }
	return p.store, func(now func() time.Time) { p.store.now = now }, nil
}
