package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

func counts(t testing.TB, store *postgres.Store) casebook.LetterCounts {
	t.Helper()
	status, err := store.Status(t.Context(), incidentID, noon, today)
	require.NoError(t, err)
	return status.Letters
}

// recountSQL counts the letters from the findings and pieces themselves, one
// finding at a time, where Status adds up counters.
const recountSQL = `
WITH each AS (
	SELECT CASE
		WHEN NOT f.protected THEN 'not protected'
		WHEN m.held <> '' THEN 'held'
		WHEN b.number IS NOT NULL AND m.lead THEN 'letter'
		WHEN b.number IS NOT NULL THEN 'joined'
		WHEN m.run_id IS NOT NULL THEN 'not yet'
		WHEN NOT f.usable_address THEN 'unaddressable'
		WHEN p.delegation IN ('all', 'letters') THEN 'not yet'
		ELSE 'not delegated' END AS place
	FROM finding f JOIN practice p ON p.id = f.practice_id
	LEFT JOIN piece m ON m.practice_id = f.practice_id AND m.person_key = f.person_key AND NOT m.superseded
	LEFT JOIN mail_run r ON r.id = m.run_id
	LEFT JOIN batch b ON b.run_id = m.run_id AND b.number = (m.piece_no - 1) / r.batch_size + 1)
SELECT count(*), count(*) FILTER (WHERE place = 'letter'), count(*) FILTER (WHERE place = 'joined'),
	count(*) FILTER (WHERE place = 'held'), count(*) FILTER (WHERE place = 'unaddressable'),
	count(*) FILTER (WHERE place = 'not delegated'), count(*) FILTER (WHERE place = 'not yet'),
	count(*) FILTER (WHERE place = 'not protected') FROM each`

// TestLettersReconcileAtEveryMoment of a case's life: loaded, approved,
// planned, printed, held back, amended, printed again.
func TestLettersReconcileAtEveryMoment(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	pool := testkit.Pool(t, url)
	check := func(want casebook.LetterCounts) {
		t.Helper()
		got := counts(t, store)
		require.Equal(t, got.Findings, got.Letters+got.Joined+got.Held+got.Unaddressable+got.NotDelegated+got.NotYetApproved+got.NotProtected)
		again := casebook.LetterCounts{Pages: got.Pages, Batches: got.Batches}
		require.NoError(t, pool.QueryRow(t.Context(), recountSQL).Scan(&again.Findings, &again.Letters, &again.Joined,
			&again.Held, &again.Unaddressable, &again.NotDelegated, &again.NotYetApproved, &again.NotProtected))
		require.Equal(t, again, got, "counters against the rows")
		require.Equal(t, want, got)
	}
	list := practices("P1", "P2", "P3", "P4")
	list[2].Delegation = ""
	rows := []breach.Person{
		person("P1", "a"), person("P2", "a"), // one letter
		person("P1", "b"), person("P1", "c"), person("P2", "d"), person("P3", "e"), person("P4", "f"),
		with(person("P1", "g"), func(p *breach.Person) { p.ZIP = "" }),
		with(person("P3", "h"), func(p *breach.Person) { p.ZIP = "" }),
		with(person("P2", "i"), func(p *breach.Person) { p.DeceasedDate = day("1970-01-01") }),
	}
	loaded(t, store, caseOf(incident(), list, rows...))
	check(casebook.LetterCounts{Findings: 10, NotYetApproved: 6, NotDelegated: 1, Unaddressable: 2, NotProtected: 1})

	approved(t, store, "P1", "P2", "P3")
	check(casebook.LetterCounts{Findings: 10, NotYetApproved: 6, NotDelegated: 1, Unaddressable: 2, NotProtected: 1})

	require.Equal(t, 4, mailRun(t, store, 1, 2).Pieces) // a+a, b | c, d
	check(casebook.LetterCounts{Findings: 10, NotYetApproved: 6, NotDelegated: 1, Unaddressable: 2, NotProtected: 1})

	finish(t, store, 1, 1)
	check(casebook.LetterCounts{Findings: 10, Letters: 2, Joined: 1, NotYetApproved: 3, NotDelegated: 1, Unaddressable: 2, NotProtected: 1, Pages: 2, Batches: 1})

	_, err := store.LoadList(t.Context(), incidentID, amendment("list-2", person("P1", "new")))
	refused(t, err, "mail_run_open")

	finish(t, store, 1, 2, "R001-000003") // c cannot be printed
	check(casebook.LetterCounts{Findings: 10, Letters: 3, Joined: 1, Held: 1, NotYetApproved: 1, NotDelegated: 1, Unaddressable: 2, NotProtected: 1, Pages: 4, Batches: 2})

	amended(t, store, amendment("list-2",
		with(person("P1", "c"), func(p *breach.Person) { p.FirstName = "Printable" }),            // no longer held
		with(person("P2", "a"), func(p *breach.Person) { p.DataClasses = []breach.DataClass{} }), // its joined letter is no longer right
		with(person("P1", "b"), func(p *breach.Person) { p.Phone = "804-555-0100" }),             // stays as printed
		with(person("P2", "d"), func(p *breach.Person) { p.Address1 = "" }),                      // cannot be written to again
		with(person("P1", "g"), func(p *breach.Person) { p.ZIP = "23220" }),                      // can be written to now
		person("P4", "j"), // new
	))
	check(casebook.LetterCounts{Findings: 11, Letters: 2, Joined: 0, Held: 0, NotYetApproved: 5, NotDelegated: 1, Unaddressable: 2, NotProtected: 1, Pages: 4, Batches: 2})

	require.Zero(t, mailRun(t, store, 2, 10).Pieces, "what was approved is not what stands now")
	approved(t, store, "P1", "P2", "P4")
	require.Equal(t, 5, mailRun(t, store, 2, 10).Pieces)
	require.Equal(t, []string{"23220 a: P2", "23220 c: P1", "23220 f: P4", "23220 g: P1", "23220 j: P4"}, envelopes(letters(t, store, 2, 1)))
	finish(t, store, 2, 1)
	check(casebook.LetterCounts{Findings: 11, Letters: 7, Joined: 0, NotDelegated: 1, Unaddressable: 2, NotProtected: 1, Pages: 6, Batches: 3})

	delegate := act("d", "P3", casebook.ActDelegate)
	delegate.Delegate = &casebook.DelegateTerms{Delegation: breach.DelegateLetters}
	_, err = store.ActOnPractice(t.Context(), delegate, allowed)
	require.NoError(t, err)
	stand(t, store, "P3")
	check(casebook.LetterCounts{Findings: 11, Letters: 7, NotYetApproved: 1, Unaddressable: 2, NotProtected: 1, Pages: 6, Batches: 3})
	require.Equal(t, 1, mailRun(t, store, 3, 10).Pieces, "P3 was approved all along")
}

func TestStatusSaysWhereTheIncidentStands(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	ctx := t.Context()
	loaded(t, store, caseOf(incident(), practices("P1", "P2", "P3", "P4"), person("P1", "a"), person("P2", "a"), person("P2", "b")))
	standing := func(key string, s casebook.Standing, owed ...casebook.PlannedObligation) {
		_, err := store.SavePlan(ctx, incidentID, key, planOf(owed...), s)
		require.NoError(t, err)
	}
	standing("P1", casebook.Standing{Phase: casebook.PhaseDelegation, NeedsPerson: "delegate", NextDue: day("2026-05-15"), LateAt: onDay("2026-05-16")},
		duty("individual", breach.IndividualNotice, "US", "2026-05-15"), duty("hhs", breach.HHSNotice, "US", ""))
	standing("P2", casebook.Standing{Phase: casebook.PhaseOpen, NextDue: day("2026-05-10"), LateAt: onDay("2026-05-11")},
		duty("individual", breach.IndividualNotice, "US", "2026-05-10"))
	standing("P3", casebook.Standing{Phase: casebook.PhaseOpen, NeedsPerson: "late", NextDue: day("2026-05-20"), LateAt: onDay("2026-05-14")})
	require.NoError(t, store.SetIncidentPhase(ctx, incidentID, casebook.IncidentLaunching, civil.Date{}))

	status, err := store.Status(ctx, incidentID, onDay("2026-05-15"), day("2026-05-15"))
	require.NoError(t, err)
	require.Equal(t, casebook.Status{
		Incident: incidentID, Entity: "Example Health Cloud, Inc.", Phase: casebook.IncidentLaunching, AsOf: day("2026-05-15"),
		Discovered: discovered, DayOf60: 60, Practices: 4, Launched: 3, People: 2,
		Phases: []casebook.PhaseCount{
			{Phase: casebook.PhaseStarting, Practices: 1},
			{Phase: casebook.PhaseDelegation, Practices: 1, People: 1, OldestDue: day("2026-05-15")},
			{Phase: casebook.PhaseOpen, Practices: 2, People: 2, Late: 2, OldestDue: day("2026-05-10")},
		},
		Late: 2, NeedsPerson: 2, NextDue: day("2026-05-10"), Holds: []breach.Hold{}, Halted: []breach.HaltReason{}, Recalls: []casebook.Recall{},
		Letters: casebook.LetterCounts{Findings: 3, NotYetApproved: 3},
		Account: casebook.IncidentAccount{Findings: 3, AddsUp: true, Lines: account.Account{{State: account.Waiting, People: 3}}},
	}, status, "P1 is due today and not late; P2's day passed, though nobody planned it anew")

	rows, err := store.Incidents(ctx, onDay("2026-05-15"))
	require.NoError(t, err)
	require.Equal(t, []postgres.IncidentRow{{
		ID: incidentID, Entity: "Example Health Cloud, Inc.", Phase: casebook.IncidentLaunching, Discovered: discovered,
		Practices: 4, People: 2, Late: 2, NeedsPerson: 2, NextDue: day("2026-05-10"),
	}}, rows)
	_, err = store.Status(ctx, "NONE", noon, today)
	refused(t, err, "unknown_incident")
}

func TestDetailsAreNarrowedAsAsked(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	ctx := t.Context()
	loaded(t, store, caseOf(incident(), practices("P1", "P2", "P3"), person("P1", "a")))
	settled := duty("individual", breach.IndividualNotice, "US", "2026-05-15")
	settled.SettledOn = day("2026-05-18")
	_, err := store.SavePlan(ctx, incidentID, "P1", planOf(settled, duty("media", breach.MediaNotice, "VA", "2026-05-15"), duty("hhs", breach.HHSNotice, "US", "")),
		casebook.Standing{Phase: casebook.PhaseOpen, NextDue: day("2026-05-15"), LateAt: day("2026-05-15").End(time.UTC)})
	require.NoError(t, err)
	_, err = store.SavePlan(ctx, incidentID, "P2", planOf(), casebook.Standing{Phase: casebook.PhaseApproval, NextDue: day("2026-06-01")})
	require.NoError(t, err)

	asOf := day("2026-05-20")
	one := details(t, store, postgres.Filter{Practice: "P1"}, asOf)
	require.Len(t, one, 1)
	require.Equal(t, "Practice P1, Inc.", one[0].Name)
	require.True(t, one[0].Late)
	late := func(i int) [2]any { return [2]any{one[0].Obligations[i].Late, one[0].Obligations[i].DaysLate} }
	require.Equal(t, [2]any{false, 3}, late(0), "fulfilled three days late")
	require.Equal(t, [2]any{true, 5}, late(1))
	require.Equal(t, [2]any{false, 0}, late(2), "not due yet")
	one = details(t, store, postgres.Filter{Practice: "P1"}, day("2026-05-15"))
	require.Equal(t, [2]any{false, 0}, late(1), "in time until the day ends")

	keys := func(f postgres.Filter) (keys []string) {
		for _, d := range details(t, store, f, asOf) {
			keys = append(keys, d.Key)
		}
		return keys
	}
	require.Equal(t, []string{"P1", "P2", "P3"}, keys(postgres.Filter{}))
	require.Equal(t, []string{"P1"}, keys(postgres.Filter{Late: true}))
	require.Equal(t, []string{"P2"}, keys(postgres.Filter{Phase: casebook.PhaseApproval}))
	require.Equal(t, []string{"P1"}, keys(postgres.Filter{DueBefore: day("2026-05-31")}))
	require.Equal(t, []string{"P1", "P2"}, keys(postgres.Filter{DueBefore: day("2026-06-01")}))
	_, err = store.StatusDetails(ctx, incidentID, postgres.Filter{Practice: "P9"}, noon)
	refused(t, err, "unknown_practice")
}

func TestSummaryCountsWhatTheContractNames(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	ctx := t.Context()
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), person("P1", "a"), person("P2", "b")))
	require.NoError(t, store.SetIncidentPhase(ctx, incidentID, casebook.IncidentLaunching, civil.Date{}))
	approved(t, store, "P1")
	form := func(o casebook.PlannedObligation, form string) casebook.PlannedObligation { o.Form = form; return o }
	immediate, annual := form(duty("hhs", breach.HHSNotice, "US", "2026-05-15"), breach.FormImmediate), form(duty("log", breach.HHSNotice, "US", "2027-03-01"), breach.FormAnnualLog)
	owed := planOf(immediate, duty("media", breach.MediaNotice, "VA", "2026-05-15"), duty("media", breach.MediaNotice, "MD", "2026-05-15"), duty("ag", breach.RegulatorNotice, "VA", "2026-05-15"))
	for _, plan := range []casebook.Plan{planOf(annual), owed} { // the log entry is dropped again
		_, err := store.SavePlan(ctx, incidentID, "P1", plan, casebook.Standing{
			Changes: practice(t, store, "P1").Changes, Phase: casebook.PhaseApproved, Printable: true, LateAt: noon,
		})
		require.NoError(t, err)
	}
	_, err := store.SavePlan(ctx, incidentID, "P2", planOf(annual), casebook.Standing{Phase: casebook.PhaseOpen})
	require.NoError(t, err)
	mailRun(t, store, 1, 10)
	finish(t, store, 1, 1)

	summary, err := store.Summary(ctx, incidentID, noon)
	require.NoError(t, err)
	seconds := summary.Seconds
	require.GreaterOrEqual(t, seconds.Load, 1.5, "validation counts")
	require.Greater(t, seconds.Plan, 0.0)
	require.InDelta(t, 0.5, seconds.Render, 1e-9)
	require.InDelta(t, seconds.Load+seconds.Plan+seconds.Render, seconds.Total, 1e-9)
	summary.Seconds = casebook.Seconds{}
	require.Equal(t, casebook.Summary{
		Incident: incidentID, Practices: 2, People: 2, Letters: 1, Pages: 2, Batches: 1, PracticeNotices: 1,
		HHSImmediate: 1, HHSAnnual: 1, MediaNotices: 2, RegulatorNotices: 1, Late: 1, Phase: casebook.IncidentLaunching,
		Counts: casebook.LetterCounts{Findings: 2, Letters: 1, NotYetApproved: 1, Pages: 2, Batches: 1},
	}, summary)
}

func TestPracticesAreLaunchedInPagesAndClosedOneByOne(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	ctx := t.Context()
	loaded(t, store, caseOf(incident(), practices("d", "A", "c", "B-1", "B"), person("A", "k")))
	page := func(after string, limit int, openOnly bool) []string {
		keys, err := store.PracticeKeys(ctx, incidentID, after, limit, openOnly)
		require.NoError(t, err)
		return keys
	}
	require.Equal(t, []string{"A", "B", "B-1"}, page("", 3, false), "byte by byte, as Go compares them")
	require.Equal(t, []string{"c", "d"}, page("B-1", 3, false))
	for range 2 {
		closed, open, err := store.ClosePractice(ctx, incidentID, "B", practice(t, store, "B").Changes, today, "everything is done")
		require.NoError(t, err)
		require.True(t, closed)
		require.Equal(t, 4, open)
	}
	require.Equal(t, []string{"A", "B-1", "c", "d"}, page("", 10, true))
	require.Equal(t, []string{"A", "B", "B-1", "c", "d"}, page("", 10, false))
	open, err := store.OpenPractices(ctx, incidentID)
	require.NoError(t, err)
	require.Equal(t, 4, open)
	_, _, err = store.ClosePractice(ctx, incidentID, "nobody", 0, today, "")
	refused(t, err, "unknown_practice")

	require.NoError(t, store.SetIncidentPhase(ctx, incidentID, casebook.IncidentClosed, today))
	i, err := store.Incident(ctx, incidentID)
	require.NoError(t, err)
	require.Equal(t, today, i.ClosedOn)
	refused(t, store.SetIncidentPhase(ctx, "NONE", casebook.IncidentClosed, today), "unknown_incident")
}

func TestTheAnnualLogHasItsYearOnly(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	ctx := t.Context()
	loaded(t, store, caseOf(incident(), practices("P1", "P2", "P3", "P4", "P5"), person("P1", "a")))
	log := duty("log", breach.HHSNotice, "US", "2027-03-01")
	log.Form, log.Count = breach.FormAnnualLog, 499
	filed := log
	filed.SettledOn = day("2027-01-10")
	for key, c := range map[string]struct {
		discovered civil.Date
		owed       casebook.PlannedObligation
	}{
		"P1": {day("2026-12-31"), filed}, "P2": {day("2027-01-01"), log}, "P3": {day("2026-01-01"), log}, "P4": {civil.Date{}, log},
	} {
		plan := planOf(c.owed, duty("individual", breach.IndividualNotice, "US", "2026-05-15"))
		plan.Discovered = c.discovered
		_, err := store.SavePlan(ctx, incidentID, key, plan, casebook.Standing{Phase: casebook.PhaseOpen})
		require.NoError(t, err)
	}
	for _, plan := range []casebook.Plan{planOf(log), planOf()} { // P5 grew past the log
		_, err := store.SavePlan(ctx, incidentID, "P5", plan, casebook.Standing{Phase: casebook.PhaseOpen})
		require.NoError(t, err)
	}
	entries, err := store.AnnualLog(ctx, 2026)
	require.NoError(t, err)
	require.Equal(t, []casebook.AnnualEntry{
		{IncidentID: incidentID, PracticeKey: "P1", Practice: "Practice P1, Inc.", Discovered: day("2026-12-31"), Count: 499, Regime: "hipaa",
			Due: day("2027-03-01"), FiledOn: day("2027-01-10"), Delegation: "all"},
		{IncidentID: incidentID, PracticeKey: "P3", Practice: "Practice P3, Inc.", Discovered: day("2026-01-01"), Count: 499, Regime: "hipaa",
			Due: day("2027-03-01"), Delegation: "all"},
	}, entries)
}
