package activities

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/rulebooks"
)

// entity is the part of the store that a practice of a counting entity needs.
type entity struct {
	outbox
	saved int
	told  bool
}

func (e *entity) SavePlan(_ context.Context, _, _ string, plan casebook.Plan, _ casebook.Standing) ([]casebook.Change, error) {
	e.saved++
	if e.practice.LeftGroup != plan.LeavesGroup {
		e.practice.LeftGroup, e.practice.GroupUntold, e.practice.Group = plan.LeavesGroup, true, nil
	}
	return nil, nil
}

func (e *entity) CountedWith(context.Context, string, string) ([]string, error) {
	return []string{"P2", "P3"}, nil
}

func (e *entity) GroupTold(context.Context, string, string) error {
	e.told, e.practice.GroupUntold = true, false
	return nil
}

// callers notes which workflows were told something, and fails as long as down.
type callers struct {
	down bool
	told []string
}

func (c *callers) SignalWorkflow(_ context.Context, id, _, _ string, _ any) error {
	if c.down {
		return context.DeadlineExceeded
	}
	c.told = append(c.told, id)
	return nil
}

// TestTheOthersHearOfOneThatLeftTheirCountingEntityAfterACrashToo: between
// saving that it left and telling them, the process may die.
func TestTheOthersHearOfOneThatLeftTheirCountingEntityAfterACrashToo(t *testing.T) {
	t.Parallel()
	assessed := func(who string) casebook.Assessment {
		return casebook.Assessment{Who: who, Conclusion: breach.LowProbability, Factors: breach.Factors{
			NatureOfPHI: "names", UnauthorizedPerson: "a nurse", AcquiredOrViewed: "no", Mitigation: "returned",
		}}
	}
	store := &entity{outbox: outbox{practice: casebook.Practice{
		Practice: breach.Practice{Key: "P1", LegalName: "Juniper Hollow", State: "VT", Agent: breach.Yes, CountingEntity: "ACE"},
		Tally:    breach.Tally{People: 3}, Group: &breach.Group{Key: "ACE", Members: []string{"P1", "P2", "P3"}, Tally: breach.Tally{People: 9}},
		Assessments: []casebook.Assessment{assessed("Ada Rivera"), assessed("Ben Okafor")},
	}}}
	temporal := &callers{down: true}
	now := civil.MustParse("2026-04-01").Start(time.UTC)
	a := &Activities{Store: store, Books: rulebooks.Kept(), Workflows: temporal, Now: func() time.Time { return now }, Zone: time.UTC}

	ref := PracticeRef{IncidentID: "EX", PracticeKey: "P1"}
	_, err := a.PlanPractice(t.Context(), ref)
	require.Error(t, err)
	require.True(t, store.practice.LeftGroup)
	require.Empty(t, temporal.told)

	temporal.down = false
	_, err = a.PlanPractice(t.Context(), ref)
	require.NoError(t, err)
	require.Equal(t, []string{"practice:EX:P2", "practice:EX:P3"}, temporal.told)
	require.True(t, store.told)

	_, err = a.PlanPractice(t.Context(), ref)
	require.NoError(t, err)
	require.Equal(t, 3, store.saved)
	require.Len(t, temporal.told, 2, "they are told once")
}
