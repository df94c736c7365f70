package breach_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// TestNoFactIsFromBeforeItsCause goes through every fact: on the day of its
// cause it is taken, the day before it is refused, and so it is where the cause
// is not known to have happened, unless that is the incident's own day.
func TestNoFactIsFromBeforeItsCause(t *testing.T) {
	t.Parallel()
	day := civil.MustParse
	fact := func(kind, jurisdiction, on string) breach.Fact {
		return breach.Fact{Kind: kind, Jurisdiction: jurisdiction, On: day(on)}
	}
	course := breach.Course{
		Occurred: day("2026-03-01"), Discovered: day("2026-03-16"), Printed: day("2026-04-20"),
		Facts: breach.Facts{
			fact(breach.PracticeNotified, "", "2026-04-02"), fact(breach.HHSFiled, "", "2026-04-21"), fact(breach.HHSFiled, breach.Part2, "2026-04-23"),
			fact(breach.PostingStarted, "", "2026-04-24"), fact(breach.PostingStarted, "", "2026-08-01"), fact(breach.TollFreeStarted, "", "2026-04-25"),
		},
	}
	causes := []struct {
		kind, jurisdiction, cause string
		// recorded: the cause is something that is recorded, or printed.
		recorded bool
	}{
		{breach.PracticeNotified, "", "2026-03-16", false},
		{breach.Acknowledged, "", "2026-04-02", true},
		{breach.PracticeUpdated, "", "2026-04-02", true},
		{breach.PracticeReminded, "", "2026-04-02", true},
		{breach.ReminderBounced, "", "2026-04-02", true},
		{breach.EmailsSent, "", "2026-03-16", false},
		{breach.RegulatorUpdated, "NY:state_police", "2026-03-16", false},
		{breach.NoticeBounced, "", "2026-03-16", false}, // whose notice it was, the outbox knows too (activities)
		{breach.LettersMailed, "", "2026-04-20", true},
		{breach.PracticeMailed, "", "2026-03-16", false},
		{breach.HHSFiled, "", "2026-03-16", false},
		{breach.HHSAddendum, "", "2026-04-21", true},
		{breach.HHSAddendum, breach.Part2, "2026-04-23", true},
		{breach.MediaSent, "MD", "2026-03-16", false},
		{breach.RegulatorNotified, "NY:state_police", "2026-03-16", false},
		{breach.CRANotified, "", "2026-03-16", false},
		{breach.PostingStarted, "", "2026-03-16", false},
		{breach.PostingEnded, "", "2026-04-24", true},
		{breach.PostingGap, "", "2026-04-24", true},
		{breach.TollFreeStarted, "", "2026-03-16", false},
		{breach.TollFreeTested, "", "2026-04-25", true},
		{breach.TollFreeEnded, "", "2026-04-25", true},
		{breach.DeterminedFact, "", "2026-03-16", false},
		{breach.MaterialDeterminedFact, "", "2026-03-16", false},
		{breach.AgencyDetermined, "", "2026-03-01", false},
		{breach.ClockOverride, "", "2026-03-01", false},
		{breach.DelayReason, "", "2026-03-16", false},
		{breach.ToldOtherwise, "", "2026-03-16", false},
	}
	seen := map[string]bool{}
	for _, c := range causes {
		seen[c.kind] = true
		cause := day(c.cause)
		require.NoError(t, course.Follows(fact(c.kind, c.jurisdiction, c.cause)), c.kind)
		early := course.Follows(breach.Fact{Kind: c.kind, Jurisdiction: c.jurisdiction, On: cause.AddDays(-1)})
		want := "before_cause"
		if cause == course.Occurred {
			want = "before_incident"
		}
		requireRefused(t, early, want, c.kind)
		require.Contains(t, early.Error(), c.cause, "it says which day it is held against")
		requireRefused(t, course.Follows(fact(c.kind, c.jurisdiction, "2026-02-28")), "before_incident", c.kind)

		unknown := breach.Course{Occurred: course.Occurred, Discovered: course.Discovered}.Follows(fact(c.kind, c.jurisdiction, "2026-09-01"))
		if c.recorded {
			requireRefused(t, unknown, "no_cause", c.kind)
		} else {
			require.NoError(t, unknown, c.kind)
		}
	}
	for _, kind := range breach.FactKinds {
		require.True(t, seen[kind], "%s has no cause here", kind)
	}
	require.NoError(t, breach.Course{Discovered: course.Discovered}.Follows(fact(breach.ClockOverride, "", "2020-01-01")), "the day of the incident is not known")
}

func TestAReleaseIsNotFromBeforeItsHold(t *testing.T) {
	t.Parallel()
	day := civil.MustParse
	holds := []breach.Hold{
		{Agency: "FBI", StatedOn: day("2026-03-20")},
		{Agency: "Sheriff", StatedOn: day("2026-05-01"), ReleasedOn: day("2026-05-02")},
	}
	require.NoError(t, breach.ReleaseFollows(day("2026-03-20"), holds), "what is released already is not released again")
	requireRefused(t, breach.ReleaseFollows(day("2026-03-19"), holds), "before_cause", "release")
}

func requireRefused(t *testing.T, err error, code, what string) {
	t.Helper()
	refusal, ok := breach.AsRefusal(err)
	require.True(t, ok, "%s: %v", what, err)
	require.Equal(t, code, refusal.Code, what)
}
