// Package storetest is the contract of an activities.Store as one suite. It runs
// against the real one and against that of a simulation: what a simulation shows
// is then what the real one does.
//
// It plays generated histories, in which people and time do anything in any
// order, and holds after each step what must always be so.
package storetest

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"duenotice/activities"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/rulebooks"
)

// Opened is a store with the case in it.
type Opened struct {
	Store activities.Store
	// Ask writes down that an act is asked for, where the store wants that.
	Ask func(context.Context, casebook.Act) error
	// Clock hands the store the suite's clock, where it has one of its own.
	Clock func(now func() time.Time)
	// After is called after each step, where it is given.
	After func(step string)
}

// History plays the history of a seed and returns what could be seen after each
// step, of which two stores must show the same.
func History(t *testing.T, opened Opened, seed uint64, steps int) []string {
	t.Helper()
	h := &history{
		t: t, ask: opened.Ask, store: opened.Store, random: rand.New(rand.NewPCG(seed, 164)), //nolint:gosec // G404: the same seed must play the same history
		now: Begins.AddDays(3).Start(time.UTC).Add(15 * time.Hour), run: 1,
	}
	clock := func() time.Time { return h.now }
	if opened.Clock != nil {
		opened.Clock(clock)
	}
	h.post = &post{h: h}
	h.steps = &activities.Activities{
		Store: opened.Store, Books: rulebooks.Kept(), Workflows: nobody{}, Mail: h.post, Now: clock, Zone: time.UTC, Rehearsal: true,
	}
	h.look("begin")
	for range steps {
		name, do := h.choose()
		what := do()
		h.look(name + ": " + what)
		for range 2 {
			h.look("stranger: " + h.stranger())
		}
		if opened.After != nil {
			opened.After(name + ": " + what)
		}
	}
	return h.seen
}

type history struct {
	t      *testing.T
	store  activities.Store
	ask    func(context.Context, casebook.Act) error
	steps  *activities.Activities
	random *rand.Rand
	now    time.Time
	acts   int
	run    int
	post   *post
	seen   []string
}

func (h *history) today() civil.Date { return civil.OfTime(h.now) }

func (h *history) one(list ...string) string { return list[h.random.IntN(len(list))] }

func (h *history) ref() activities.PracticeRef {
	return activities.PracticeRef{IncidentID: IncidentID, PracticeKey: h.one("P1", "P2", "P3", "P4")}
}

// choose draws the next thing that happens.
func (h *history) choose() (string, func() string) {
	kinds := []struct {
		name string
		do   func() string
	}{
		{"time", h.time}, {"papers", h.papers}, {"worksheet", h.worksheet}, {"approve", h.approve}, {"approve", h.approve}, {"both approve", h.bothApprove}, {"both approve", h.bothApprove},
		{"both approve", h.bothApprove}, {"delegate", h.delegate}, {"assess", h.assess}, {"record", h.record}, {"record", h.record},
		{"record for all", h.recordForAll}, {"hold", h.hold}, {"release", h.release}, {"release", h.release}, {"mail run", h.mailRun}, {"mail run", h.mailRun},
		{"everything", h.everything}, {"everything", h.everything}, {"contact", h.contact}, {"dispute", h.dispute},
	}
	k := kinds[h.random.IntN(len(kinds))]
	return k.name, k.do
}

func (h *history) time() string {
	h.now = h.now.Add(time.Duration(h.random.IntN(20)+1) * 12 * time.Hour)
	return h.now.Format(time.RFC3339)
}

type nobody struct{}

func (nobody) SignalWorkflow(context.Context, string, string, string, any) error { return nil }
