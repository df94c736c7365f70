package simulate_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/simulate"
)

// Facts that arrive late, told to the very workflows of a running incident.

// unreachable takes the address of the first n people away.
func unreachable(n int) func(*simulate.Input) {
	return func(in *simulate.Input) {
		whole := in.Findings
		in.Findings = func(ctx context.Context, f func(int, *breach.Person) error) error {
			return whole(ctx, func(row int, p *breach.Person) error {
				if row-2 < n {
					p.Address1, p.City, p.ZIP = "", "", ""
				}
				return f(row, p)
			})
		}
	}
}

// done is a script in which the 600 letters are mailed on April 20 and
// everything else of Texas is done in time, and then more.
func done(more string) string {
	return `
acts:
  - {on: 2026-03-20, act: delegate, practice: all, delegation: all, by: Ada Rivera}
  - {on: 2026-03-21, act: approve, by: Ada Rivera}
  - {on: 2026-03-21, act: approve, by: Ben Okafor}
  - {on: 2026-04-15, act: record, fact: regulator_notified, jurisdiction: TX, by: Ada Rivera}
  - {on: 2026-04-20, act: record, fact: letters_mailed, by: Ada Rivera}
  - {on: 2026-04-20, act: record, fact: media_sent, by: Ada Rivera}
  - {on: 2026-04-21, act: record, fact: acknowledged, practice: P1, by: Ada Rivera}
` + more
}

const reported = "  - {on: 2026-04-20, act: record, fact: hhs_filed, reference: TEST-1, by: Ada Rivera}\n"

func phases(c *simulate.Calendar) []string {
	list := told(c, simulate.EventPhase, simulate.EventClosed)
	for i, line := range list {
		list[i] = strings.Join(strings.Fields(line)[:3], " ")
	}
	return list
}

func TestASubstituteNoticeStaysUpForNinetyDaysAndThePracticeOpenSoLong(t *testing.T) {
	t.Parallel()
	posted := reported + `
  - {on: 2026-04-20, act: record, fact: posting_started, by: Ada Rivera}
  - {on: 2026-04-22, act: record, fact: toll_free_started, by: Ada Rivera}
`
	const title = "90 days of substitute notice"

	nobody := run(t, one(t, unreachable(10), script(t, done(posted))))
	require.Zero(t, nobody.Totals.Missed, told(nobody, simulate.EventMissed))
	require.Equal(t, casebook.PhaseOpen, nobody.Practices[0].Phase, "the days are over and nobody recorded the end")
	require.Contains(t, nobody.Practices[0].NeedsPerson, "record posting_ended")
	require.Equal(t, []string{"2026-04-20 owed " + title, "2026-07-21 warning " + title + " 90 days are over"},
		told(about(nobody, title), simulate.EventOwed, simulate.EventWarning, simulate.EventSettled), "90 days after April 22")
	require.Contains(t, told(nobody, simulate.EventPhase), "2026-04-22 phase posting")
	require.Contains(t, told(about(nobody, "Substitute notice"), simulate.EventSettled), "2026-04-22 settled Substitute notice", "the number completes it")

	ended := run(t, one(t, unreachable(10), script(t, done(posted+`
  - {on: 2026-07-20, act: record, fact: posting_ended, by: Ada Rivera}
  - {on: 2026-07-22, act: record, fact: toll_free_ended, by: Ada Rivera}
`))))
	require.Equal(t, []string{"2026-07-22 settled " + title}, told(about(ended, title), simulate.EventSettled))
	require.Equal(t, "2026-07-22 closed everything", phases(ended)[len(phases(ended))-1])
	require.Equal(t, 1, ended.Totals.Closed)
}

func TestAPostingTakenDownEarlyGoesUpAgainForNinetyDaysAndIsNotLate(t *testing.T) {
	t.Parallel()
	c := run(t, one(t, unreachable(10), script(t, done(reported+`
  - {on: 2026-04-20, act: record, fact: posting_started, by: Ada Rivera}
  - {on: 2026-04-20, act: record, fact: toll_free_started, by: Ada Rivera}
  - {on: 2026-05-10, act: record, fact: posting_ended, by: Ada Rivera}
  - {on: 2026-06-01, act: record, fact: posting_started, by: Ada Rivera}
  - {on: 2026-09-01, act: record, fact: posting_ended, by: Ada Rivera}
  - {on: 2026-09-01, act: record, fact: toll_free_ended, by: Ada Rivera}
`))))
	require.Empty(t, told(c, simulate.EventRefused))
	require.Equal(t, []string{"2026-08-30 warning 90 days of substitute notice 90 days are over"},
		lastOf(told(about(c, "90 days of substitute notice"), simulate.EventWarning)))
	for _, o := range c.Practices[0].Obligations {
		if o.Kind == breach.SubstituteNotice && o.Form == breach.FormConspicuous {
			require.Equal(t, day("2026-04-20"), o.SettledOn, "in time it was, whatever happened to it later")
		}
	}
	require.Equal(t, 1, c.Totals.Closed)
}

func lastOf(list []string) []string { return list[max(0, len(list)-1):] }

func TestAnEstimateToldToHHSIsOpenUntilItsFinalNumber(t *testing.T) {
	t.Parallel()
	estimate := "  - {on: 2026-04-20, act: record, fact: hhs_filed, reference: TEST-1, estimate: 501, by: Ada Rivera}\n"
	const title = "HHS addendum"

	nobody := run(t, one(t, script(t, done(estimate))))
	require.Equal(t, []string{
		"2026-04-20 owed " + title, "2026-05-20 warning " + title + " 30 days after the report", "2026-06-19 warning " + title + " 60 days after the report",
	}, told(about(nobody, title), simulate.EventOwed, simulate.EventWarning, simulate.EventSettled))
	require.Contains(t, nobody.Practices[0].NeedsPerson, "600 by the lists (record hhs_addendum)")
	require.Zero(t, nobody.Totals.Closed)

	for _, c := range []struct {
		name, act string
		settled   []string
	}{
		{"another estimate", "{on: 2026-05-01, act: record, fact: hhs_addendum, estimate: 550, by: Ada Rivera}", []string{}},
		{"a number below the lists'", "{on: 2026-05-01, act: record, fact: hhs_addendum, count: 599, by: Ada Rivera}", []string{}},
		{"the lists' number", "{on: 2026-05-01, act: record, fact: hhs_addendum, count: 600, by: Ada Rivera}", []string{"2026-05-01 settled " + title}},
		{"the lists' number, unsaid", "{on: 2026-05-01, act: record, fact: hhs_addendum, practice: P1, by: Ada Rivera}", []string{"2026-05-01 settled " + title}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := run(t, one(t, script(t, done(estimate+"  - "+c.act+"\n"))))
			require.Empty(t, told(got, simulate.EventRefused))
			require.Equal(t, c.settled, told(about(got, title), simulate.EventSettled))
			require.Equal(t, len(c.settled), got.Totals.Closed)
		})
	}
}

// TestWhoIsNoAgentAfterAllCountsFromTheDayTheyWereTold: the duties move, the old
// day is in the calendar, and the timers are the new day's.
func TestWhoIsNoAgentAfterAllCountsFromTheDayTheyWereTold(t *testing.T) {
	t.Parallel()
	told20 := func(in *simulate.Input) { in.Practices[0].NotifiedOn, in.From = day("2026-04-20"), day("2026-04-20") }
	c := about(run(t, one(t, told20, script(t, "acts: [{on: 2026-05-01, act: record, fact: agency_determined, practice: P1, answer: no, by: Ada Rivera}]"))), "Individual notice")
	require.Equal(t, []string{"2026-05-01 moved Individual notice was due 2026-05-15"}, told(c, simulate.EventMoved))
	require.Equal(t, []string{"2026-06-19 due Individual notice due today"}, told(c, simulate.EventDue), "60 days after April 20")
	require.Equal(t, []string{"2026-06-20 missed Individual notice overdue"}, told(c, simulate.EventMissed))

	agent := one(t, told20, func(in *simulate.Input) { in.Practices[0].Agent = breach.No },
		script(t, "acts: [{on: 2026-05-20, act: record, fact: agency_determined, practice: P1, answer: yes, by: Ada Rivera}]"))
	c = about(run(t, agent), "Individual notice")
	require.Equal(t, []string{"2026-05-20 moved Individual notice was due 2026-06-19"}, told(c, simulate.EventMoved))
	require.Equal(t, []string{"2026-05-20 missed Individual notice overdue"}, told(c, simulate.EventMissed), "day 60 is past already, and that is said at once")
}

func TestAnotherClockOnAWordMovesHIPAAsDayAndNoStatesNumber(t *testing.T) {
	t.Parallel()
	c := run(t, one(t, script(t, `acts: [{on: 2026-05-01, act: record, fact: clock_override, reference: "OCR, FAQ of 2026-04-30", day: 2026-04-30, by: Ada Rivera}]`)))
	require.Equal(t, []string{"2026-05-01 moved Individual notice was due 2026-05-15"}, told(about(c, "Individual notice"), simulate.EventMoved))
	require.Equal(t, []string{"2026-06-29 due Individual notice due today"}, told(about(c, "Individual notice"), simulate.EventDue))
	require.Empty(t, told(about(c, "Notice to Texas Attorney General"), simulate.EventMoved), "30 days after the determination they stay")
}

// TestOneThatLeavesItsCountingEntityTakesItsPeopleAlong: two people find a low
// probability at one of two practices; the other is below both lines then.
func TestOneThatLeavesItsCountingEntityTakesItsPeopleAlong(t *testing.T) {
	t.Parallel()
	two := func(in *simulate.Input) {
		second := in.Practices[0]
		second.Key = "P2"
		in.Practices = append(in.Practices, second)
		for i := range in.Practices {
			in.Practices[i].CountingEntity = "ACE"
		}
		in.Findings = func(_ context.Context, f func(int, *breach.Person) error) error {
			for n := range 600 {
				p := breach.Person{
					Key: fmt.Sprintf("p%d", n), PracticeKey: []string{"P1", "P2"}[n%2], FirstName: "Ada", LastName: "Example", Address1: "1 Example Street",
					City: "Austin", State: "TX", ZIP: "78701", DataClasses: []breach.DataClass{"name", "diagnosis"},
				}
				if err := f(n+2, &p); err != nil {
					return err
				}
			}
			return nil
		}
	}
	factors := "factors: {nature_of_phi: names, unauthorized_person: a nurse, acquired_or_viewed: no, mitigation: returned}"
	c := run(t, one(t, two, script(t, `
acts:
  - {on: 2026-03-20, act: assess, practice: P2, conclusion: low_probability, `+factors+`, by: Ada Rivera}
  - {on: 2026-03-21, act: assess, practice: P2, conclusion: low_probability, `+factors+`, by: Ben Okafor}
`)))
	require.Empty(t, told(c, simulate.EventRefused))
	require.Contains(t, told(c, simulate.EventDropped), "2026-03-21 dropped Media notice (TX)")
	require.Contains(t, told(c, simulate.EventDropped), "2026-03-21 dropped HHS notice")
	require.Contains(t, told(c, simulate.EventOwed), "2026-03-21 owed HHS annual log")
	owed := c.Practices[slices.IndexFunc(c.Practices, func(p simulate.Practice) bool { return p.PracticeKey == "P1" })].Obligations
	require.True(t, slices.ContainsFunc(owed, func(o simulate.Obligation) bool { return o.Form == breach.FormAnnualLog && o.Count == 300 }))
}

func TestWhatIsDoneLateSaysByHowManyDays(t *testing.T) {
	t.Parallel()
	c := run(t, one(t, script(t, `
acts:
  - {on: 2026-05-24, act: record, practice: P1, fact: practice_mailed, count: 599, by: Ada Rivera}
  - {on: 2026-05-25, act: record, practice: P1, fact: practice_mailed, count: 600, by: Ada Rivera}
  - {on: 2026-05-26, act: record, fact: hhs_filed, reference: TEST-1, day: 2026-05-16, by: Ada Rivera}
`)))
	require.Equal(t, []string{"2026-05-25 settled Individual notice 10 days late"}, told(about(c, "Individual notice"), simulate.EventSettled))
	require.Equal(t, []string{"2026-05-26 settled HHS notice 1 day late"}, told(about(c, "HHS notice"), simulate.EventSettled))
}
