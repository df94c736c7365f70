package simulate

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/howfar"
	"duenotice/internal/plan"
	"duenotice/internal/rulebooks"
	"duenotice/internal/rules"
)

// Input is a case that was read without a refusal, and how to run it.
type Input struct {
	Incident  breach.Incident
	Practices []breach.Practice
	// Findings calls f for every row, in any order.
	Findings func(ctx context.Context, f func(row int, p *breach.Person) error) error
	// From is the day on which the incident is started; zero means FirstDay.
	From civil.Date
	// Until is the last day told; zero means that it goes on until nothing more
	// can happen by the passing of time.
	Until civil.Date
	// Zone is where the officers are.
	Zone   *time.Location
	Script Script
	// Outbox: there is no e-mail provider, so the notices to practices lie in the
	// outbox until somebody of the script records that they were sent.
	Outbox bool
	// For tests: rulebooks other than this program's, and the one it begins under
	// when that is not the newest.
	books rulebooks.Library
	under *rulebooks.Rulebook
}

func (in Input) library() rulebooks.Library {
	if in.books != nil {
		return in.books
	}
	return rulebooks.Kept()
}

// FirstDay is the earliest day on which the case can be started: the last day
// that its folder tells of.
func FirstDay(incident breach.Incident, practices []breach.Practice) civil.Date {
	day := civil.Later(incident.Discovered, incident.DeterminedOn())
	day = civil.Later(day, incident.ScopeIdentifiedOn())
	day = civil.Later(day, incident.MaterialDetermined)
	for _, h := range incident.Holds {
		day = civil.Later(day, h.StatedOn)
	}
	for _, p := range practices {
		day = civil.Later(day, p.NotifiedOn)
	}
	return day
}

// Run simulates the case. The same input gives the same calendar. What cannot
// be simulated is a *breach.Refusal. How many practices are through is told (howfar).
func Run(ctx context.Context, in Input) (*Calendar, error) {
	first := FirstDay(in.Incident, in.Practices)
	if in.From.IsZero() {
		in.From = first
	}
	if err := in.check(first); err != nil {
		return nil, err
	}
	tally := plan.NewTallier(in.Incident, in.Practices, in.From)
	if err := in.Findings(ctx, func(_ int, p *breach.Person) error { return tally.Add(p) }); err != nil {
		return nil, fmt.Errorf("simulate %s: %w", in.Incident.ID, err)
	}
	planned := plan.Decide(plan.Input{Incident: in.Incident, Practices: in.Practices}, tally, in.From, rules.Current())
	lists, err := cut(in.Practices, planned)
	if err != nil {
		return nil, err
	}
	ended := make([]told, len(lists))
	tell, over := howfar.Of(ctx), 0
	var mu sync.Mutex
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(runtime.GOMAXPROCS(0))
	groups := tally.Groups()
	for i, practices := range lists {
		work.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			p, err := newPart(in, practices, tally, groups)
			if err != nil {
				return err
			}
			err = p.run()
			ended[i] = p.end()
			mu.Lock()
			defer mu.Unlock()
			over += len(practices)
			tell(over, len(in.Practices))
			return err
		})
	}
	if err := work.Wait(); err != nil {
		return nil, err
	}
	book := in.library().Newest()
	calendar := &Calendar{
		Incident: in.Incident.ID, Rulebook: plan.Rulebook{Version: book.Version(), SHA256: book.SHA256()},
		From: in.From, Until: in.Until, Acts: len(in.Script),
	}
	if calendar.Until.IsZero() {
		calendar.Until = in.From
		for _, t := range ended {
			calendar.Until = civil.Later(calendar.Until, t.diary.last())
		}
	}
	calendar.bind(ended)
	return calendar, nil
}

func (in Input) check(first civil.Date) error {
	switch {
	case in.From.Before(first):
		return breach.Refuse("from", fmt.Sprintf("Begin on %s or later.", first),
			"the case folder tells of %s, so the incident cannot be started on %s", first, in.From)
	case !in.Until.IsZero() && in.Until.Before(in.From):
		return breach.Refuse("until", "Give a later day.", "%s is before the incident is started, on %s", in.Until, in.From)
	}
	for _, act := range in.Script {
		if act.On.Before(in.From) {
			return breach.Refuse("script", "Give it a later day, or begin the simulation earlier.",
				"%s on %s comes before the incident is started, on %s", act, act.On, in.From)
		}
		known := func(p breach.Practice) bool { return p.Key == act.Practice }
		if act.Practice != "" && act.Practice != everyPractice && !slices.ContainsFunc(in.Practices, known) {
			return breach.Refuse("script", "Check the key against practices.csv.", "%s on %s: there is no practice %s", act, act.On, act.Practice)
		}
	}
	return nil
}

// last is the last day of the diary.
func (d *diary) last() civil.Date {
	var day civil.Date
	for key := range d.entries {
		day = civil.Later(day, key.day)
	}
	return day
}
