package simulate_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/casefolder"
	"duenotice/internal/civil"
	"duenotice/internal/plan"
	"duenotice/internal/rules"
	"duenotice/internal/simulate"
	"duenotice/internal/synthetic"
)

func day(s string) civil.Date { return civil.MustParse(s) }

func newYork(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("America/New_York")
	require.NoError(t, err)
	return zone
}

// folder reads an invented case folder, discovered on March 16, 2026.
func folder(t testing.TB, practices, people int) simulate.Input {
	t.Helper()
	params := synthetic.Default(day("2026-03-16"))
	params.Practices, params.People = practices, people
	dir := t.TempDir()
	_, err := synthetic.Write(dir, params)
	require.NoError(t, err)
	c, report, err := casefolder.Read(context.Background(), dir, params.KnownBy(), nil)
	require.NoError(t, err)
	require.False(t, report.Refused())
	return simulate.Input{Incident: c.Incident, Practices: c.Practices, Findings: c.Findings, Zone: newYork(t)}
}

// one is an incident of one practice with 600 people in Texas, discovered and
// started on March 16, 2026.
func one(t testing.TB, change ...func(*simulate.Input)) simulate.Input {
	t.Helper()
	on := day("2026-03-16")
	in := simulate.Input{
		Incident: breach.Incident{
			ID: "EX-2026-03", Entity: breach.Entity{Name: "Example Health Cloud, Inc.", Role: breach.BusinessAssociate, Email: "privacy@example.org"},
			Occurred: breach.Span{From: on, To: on}, Discovered: on, DataSecurity: breach.Unsecured,
		},
		Practices: []breach.Practice{{
			Key: "P1", LegalName: "Example Clinic", Email: "office@example.org", State: "TX", Agent: breach.Yes, BAANoticeDays: 30, Timezone: "America/Chicago",
		}},
		Findings: func(_ context.Context, f func(int, *breach.Person) error) error {
			for n := range 600 {
				p := breach.Person{
					Key: fmt.Sprintf("p%d", n), PracticeKey: "P1", FirstName: "Ada", LastName: "Example", Address1: "1 Example Street",
					City: "Austin", State: "TX", ZIP: "78701", DataClasses: []breach.DataClass{"name", "diagnosis"},
				}
				if err := f(n+2, &p); err != nil {
					return err
				}
			}
			return nil
		},
		Zone: newYork(t),
	}
	for _, c := range change {
		c(&in)
	}
	return in
}

func script(t testing.TB, yaml string) func(*simulate.Input) {
	t.Helper()
	acts, err := simulate.ReadScript("acts.yaml", []byte(yaml))
	require.NoError(t, err)
	return func(in *simulate.Input) { in.Script = acts }
}

func run(t testing.TB, in simulate.Input) *simulate.Calendar {
	t.Helper()
	calendar, err := simulate.Run(t.Context(), in)
	require.NoError(t, err)
	return calendar
}

// told lists the events of the kinds as "2026-05-15 due Individual notice".
func told(c *simulate.Calendar, kinds ...string) []string {
	list := []string{}
	for _, e := range c.Events {
		for _, kind := range kinds {
			if e.Event != kind {
				continue
			}
			line := e.Day.String() + " " + e.Event
			for _, word := range []string{e.Title, e.Stage, e.Text} {
				if word != "" {
					line += " " + word
				}
			}
			list = append(list, line)
		}
	}
	return list
}

// about leaves in the calendar what is about one kind of obligation.
func about(c *simulate.Calendar, title string) *simulate.Calendar {
	part := *c
	part.Events = nil
	for _, e := range c.Events {
		if e.Title == title {
			part.Events = append(part.Events, e)
		}
	}
	return &part
}

func TestNobodyActsAndEveryWarningDueDayAndMissIsInTheCalendar(t *testing.T) {
	t.Parallel()
	c := run(t, one(t))
	require.Equal(t, day("2026-03-16"), c.From)
	require.Equal(t, []string{
		"2026-04-15 warning Individual notice 30 days",
		"2026-05-01 warning Individual notice 14 days",
		"2026-05-08 warning Individual notice 7 days",
		"2026-05-12 warning Individual notice 3 days",
		"2026-05-14 warning Individual notice 1 day",
		"2026-05-15 due Individual notice due today",
		"2026-05-16 missed Individual notice overdue",
	}, told(about(c, "Individual notice"), simulate.EventWarning, simulate.EventDue, simulate.EventMissed))
	require.Contains(t, told(c, simulate.EventNotice), "2026-03-16 notice the notice to the practice is e-mailed",
		"the program tells the practice by itself")
	require.Contains(t, told(c, simulate.EventMissed), "2026-05-16 missed HHS notice overdue")
	require.Contains(t, told(c, simulate.EventMissed), "2026-05-16 missed Media notice (TX) overdue")
	require.Equal(t, []string{"2026-03-16 phase waiting delegation"}, told(c, simulate.EventPhase))
	require.Zero(t, c.Totals.Closed)
	for _, o := range c.Practices[0].Obligations {
		require.Equal(t, o.Kind != breach.CoveredEntityNotice, o.Missed, o.Rule)
	}
}

// TestSomebodyActsAndNothingIsMissed goes from the answer of the practice to
// the last fact, through the approvals and a mail run.
func TestSomebodyActsAndNothingIsMissed(t *testing.T) {
	t.Parallel()
	c := run(t, one(t, script(t, `
acts:
  - {on: 2026-04-20, act: record, fact: letters_mailed, by: Ada Rivera}
  - {on: 2026-03-20, act: delegate, practice: all, delegation: all, by: Ada Rivera}
  - {on: 2026-03-21, act: approve, by: Ada Rivera}
  - {on: 2026-03-22, act: approve, practice: P1, by: Ben Okafor}
  - {on: 2026-04-15, act: record, fact: regulator_notified, jurisdiction: TX, by: Ada Rivera}
  - {on: 2026-04-20, act: record, fact: media_sent, jurisdiction: TX, by: Ada Rivera}
  - {on: 2026-04-20, act: record, fact: hhs_filed, reference: TEST-1, by: Ada Rivera}
  - {on: 2026-04-21, act: record, fact: acknowledged, practice: P1, by: Ada Rivera}
`)))
	require.Empty(t, told(c, simulate.EventRefused))
	require.Equal(t, []string{"2026-03-22 printed letters are printed"}, told(c, simulate.EventPrinted))
	require.Zero(t, c.Totals.Missed, told(c, simulate.EventMissed))
	require.Contains(t, told(c, simulate.EventSettled), "2026-04-20 settled Individual notice")
	for _, o := range c.Practices[0].Obligations {
		if o.Kind == breach.IndividualNotice || o.Kind == breach.HHSNotice || o.Kind == breach.MediaNotice {
			require.Equal(t, day("2026-04-20"), o.SettledOn, o.Rule)
		}
	}
}

func TestAnActThatIsNotAllowedIsRefusedAndTheCalendarGoesOn(t *testing.T) {
	t.Parallel()
	c := run(t, one(t, script(t, `
acts:
  - {on: 2026-03-20, act: record, fact: hhs_filed, by: Ada Rivera}
  - {on: 2026-03-21, act: release, by: Ada Rivera}
  - {on: 2026-03-22, act: delegate, practice: P1, delegation: none, by: Ada Rivera}
`)))
	refused := told(c, simulate.EventRefused)
	require.Len(t, refused, 2)
	require.Contains(t, refused[0], "tracking number")
	require.Contains(t, refused[1], "no law-enforcement hold")
	require.Equal(t, []string{"2026-03-22 act delegate none by Ada Rivera"}, told(c, simulate.EventAct))
	require.Equal(t, 2, c.Totals.Refused)
	require.Positive(t, c.Totals.Missed)
}

func TestAHoldMovesTheDaysAndItsReleaseMovesThemBack(t *testing.T) {
	t.Parallel()
	held := one(t, script(t, `
acts:
  - {on: 2026-03-20, act: hold, kind: written, until: 2026-06-30, official: Special Agent Example, agency: FBI, statement: Wait., by: Ada Rivera}
`))
	c := about(run(t, held), "Individual notice")
	require.Equal(t, []string{"2026-03-20 moved Individual notice was due 2026-05-15"}, told(c, simulate.EventMoved))
	require.Equal(t, []string{"2026-07-01 missed Individual notice overdue"}, told(c, simulate.EventMissed))

	held.Script = append(held.Script, simulate.Act{On: day("2026-05-01"), Act: casebook.ActRelease, By: "Ada Rivera"})
	c = about(run(t, held), "Individual notice")
	require.Len(t, told(c, simulate.EventMoved), 2)
	require.Equal(t, []string{"2026-05-16 missed Individual notice overdue"}, told(c, simulate.EventMissed))
}

func TestUntilEndsTheCalendarAndFromBeginsItLater(t *testing.T) {
	t.Parallel()
	c := run(t, one(t, func(in *simulate.Input) { in.Until = day("2026-05-15") }))
	require.Equal(t, []string{"2026-04-16 missed Notice to Texas Attorney General overdue"}, told(c, simulate.EventMissed),
		"the federal duties are missed a day after the end")
	require.Equal(t, day("2026-05-15"), c.Events[len(c.Events)-1].Day)

	late := run(t, one(t, func(in *simulate.Input) { in.From = day("2026-11-23") }))
	require.Equal(t, []string{"2026-11-23 missed Individual notice overdue"},
		told(about(late, "Individual notice"), simulate.EventWarning, simulate.EventDue, simulate.EventMissed), "the latest stage, once")
}

func TestWhatCannotBeMeantIsRefused(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]simulate.Input{
		"started before it was known": one(t, func(in *simulate.Input) { in.From = day("2026-03-15") }),
		"over before it starts":       one(t, func(in *simulate.Input) { in.Until = day("2026-03-15") }),
		"an act before the start":     one(t, script(t, "acts: [{on: 2026-03-15, act: approve, by: Ada}]")),
		"a practice there is not":     one(t, script(t, "acts: [{on: 2026-03-20, act: delegate, practice: P9, delegation: all, by: Ada}]")),
	} {
		_, err := simulate.Run(t.Context(), in)
		_, refused := breach.AsRefusal(err)
		require.True(t, refused, "%s: %v", name, err)
	}
	for name, yaml := range map[string]string{
		"not YAML":          "acts: [",
		"no acts":           "acts: []",
		"an unknown key":    "acts: [{on: 2026-03-20, act: approve, by: Ada, moon: full}]",
		"an unknown act":    "acts: [{on: 2026-03-20, act: dance, by: Ada}]",
		"nobody's":          "acts: [{on: 2026-03-20, act: approve}]",
		"no day":            "acts: [{act: approve, by: Ada}]",
		"not a day":         "acts: [{on: 2026-02-30, act: approve, by: Ada}]",
		"of no practice":    "acts: [{on: 2026-03-20, act: delegate, delegation: all, by: Ada}]",
		"hold of one alone": "acts: [{on: 2026-03-20, act: hold, practice: P1, by: Ada}]",
	} {
		_, err := simulate.ReadScript("acts.yaml", []byte(yaml))
		_, refused := breach.AsRefusal(err)
		require.True(t, refused, "%s: %v", name, err)
	}
}

// TestSimulateOwesWhatPlanOwes, for every practice of a large invented case:
// one library decides, whoever asks.
func TestSimulateOwesWhatPlanOwes(t *testing.T) {
	t.Parallel()
	in := folder(t, 40, 8_800)
	in.Until = simulate.FirstDay(in.Incident, in.Practices)
	planned, err := plan.Of(t.Context(), plan.Input{Incident: in.Incident, Practices: in.Practices, Findings: in.Findings}, in.Until, rules.Current())
	require.NoError(t, err)
	owed := map[string][]breach.Obligation{}
	run(t, in).FirstOwed(func(key string, o []breach.Obligation) { owed[key] = o })
	require.Len(t, owed, len(planned.Practices))
	some := 0
	for _, p := range planned.Practices {
		require.ElementsMatch(t, p.Obligations, owed[p.PracticeKey], p.PracticeKey)
		some += len(p.Obligations)
	}
	require.Greater(t, some, 100)
}

// TestTheSameCaseGivesTheSameCalendar, however its parts take turns.
func TestTheSameCaseGivesTheSameCalendar(t *testing.T) {
	t.Parallel()
	in := folder(t, 24, 4_000)
	in.Until = day("2026-05-20")
	first, err := json.Marshal(run(t, in))
	require.NoError(t, err)
	again, err := json.Marshal(run(t, in))
	require.NoError(t, err)
	require.Equal(t, string(first), string(again))
}

// BenchmarkSimulate runs the demo's incident, and one of a thousand practices,
// to the end of the last clock with nobody acting.
func BenchmarkSimulate(b *testing.B) {
	for _, practices := range []int{40, 1_000} {
		b.Run(fmt.Sprintf("%d-practices", practices), func(b *testing.B) {
			in := folder(b, practices, practices*70+6_000)
			began := time.Now()
			for b.Loop() {
				run(b, in)
			}
			b.ReportMetric(float64(practices*b.N)/time.Since(began).Seconds(), "practices/s")
		})
	}
}

// TestTheContractsDefaultIsInTheCalendar: a practice that nobody answers for gets what
// its contract says, on the day after its last one to answer, and once.
func TestTheContractsDefaultIsInTheCalendar(t *testing.T) {
	t.Parallel()
	in := one(t)
	in.Practices[0].Delegation, in.Practices[0].DefaultDelegation, in.Practices[0].DefaultDays = "", breach.DelegateLetters, 10
	c := run(t, in)
	require.Equal(t, []string{"2026-03-27 default the practice did not answer: its contract's default holds, letters"}, told(c, simulate.EventDefault))
	in.Practices[0].Delegation = breach.DelegateNone
	require.Empty(t, told(run(t, in), simulate.EventDefault), "it has answered")
}
