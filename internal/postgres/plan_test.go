package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

func duty(rule, kind, state, due string) casebook.PlannedObligation {
	o := casebook.PlannedObligation{Obligation: breach.Obligation{
		Rule: rule, Kind: kind, Regime: "hipaa", Jurisdiction: state, Recipient: "somebody", Form: "", Count: 600, Trigger: "discovered",
		Clock: "60 calendar days", Citation: "45 CFR 164.404(b)", Why: "600 people", Confidence: breach.Verified,
	}}
	if due != "" {
		o.Due = civil.MustParse(due)
		o.DueEnds = o.Due.End(time.UTC)
	}
	return o
}

func planOf(obligations ...casebook.PlannedObligation) casebook.Plan {
	return casebook.Plan{
		Discovered: discovered, Notifiable: true, Reason: "presumed breach", Obligations: obligations,
		RulebookVersion: "2026.11", RulebookSHA256: "book",
	}
}

func save(t *testing.T, store *postgres.Store, plan casebook.Plan, standing casebook.Standing) []casebook.Change {
	t.Helper()
	changes, err := store.SavePlan(t.Context(), incidentID, "P1", plan, standing)
	require.NoError(t, err)
	return changes
}

func details(t *testing.T, store *postgres.Store, filter postgres.Filter, asOf civil.Date) []casebook.PracticeStatus {
	t.Helper()
	list, err := store.StatusDetails(t.Context(), incidentID, filter, asOf.Start(time.UTC).Add(17*time.Hour))
	require.NoError(t, err)
	return list
}

// onDay is an instant at which it is that day in every zone of the practices.
func onDay(s string) time.Time { return day(s).Start(time.UTC).Add(17 * time.Hour) }

func day(s string) civil.Date { return civil.MustParse(s) }

// TestALaterPlanKeepsEveryEarlierDay follows obligations as they are added,
// moved, fulfilled, reopened, dropped and owed again.
func TestALaterPlanKeepsEveryEarlierDay(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "a")))
	require.Empty(t, details(t, store, postgres.Filter{}, today)[0].Obligations)

	individual, media := duty("individual", breach.IndividualNotice, "US", "2026-05-15"), duty("media", breach.MediaNotice, "VA", "2026-05-15")
	hhs := duty("hhs", breach.HHSNotice, "US", "")
	standing := casebook.Standing{Phase: casebook.PhaseDelegation, NeedsPerson: "delegate", NextDue: day("2026-05-15")}
	require.Equal(t, []casebook.Change{
		{ObligationID: "individual", What: "added", NewDue: day("2026-05-15")},
		{ObligationID: "media.VA", What: "added", NewDue: day("2026-05-15")},
		{ObligationID: "hhs", What: "added"},
	}, save(t, store, planOf(individual, media, hhs), standing))
	require.Empty(t, save(t, store, planOf(individual, media, hhs), standing), "the same again")

	stage := casebook.StageReached{IncidentID: incidentID, PracticeKey: "P1", ObligationID: "individual", Stage: "30 days", At: noon}
	require.NoError(t, store.SaveStages(t.Context(), stage))
	require.NoError(t, store.SaveStages(t.Context(), stage))
	require.Equal(t, "30 days", details(t, store, postgres.Filter{}, today)[0].Obligations[0].Stage)

	individual.Due, hhs.Due = day("2026-06-14"), day("2026-05-15")
	media.SettledOn = day("2026-05-01")
	require.Equal(t, []casebook.Change{
		{ObligationID: "media.VA", What: "settled", OldDue: day("2026-05-15"), NewDue: day("2026-05-15")},
		{ObligationID: "individual", What: "moved", OldDue: day("2026-05-15"), NewDue: day("2026-06-14")},
		{ObligationID: "hhs", What: "moved", NewDue: day("2026-05-15")},
	}, save(t, store, planOf(media, individual, hhs), standing))
	owed := details(t, store, postgres.Filter{}, today)[0].Obligations
	require.Equal(t, []string{"media.VA", "individual", "hhs"}, []string{owed[0].ID(), owed[1].ID(), owed[2].ID()}, "in the plan's order")
	require.Equal(t, individual.Obligation, owed[1].Obligation)
	require.Equal(t, []civil.Date{day("2026-05-15")}, owed[1].Moved)
	require.Empty(t, owed[1].Stage, "a warning of another day does not count for this one")
	require.Empty(t, owed[2].Moved, "there was no earlier day")
	require.Equal(t, day("2026-05-01"), owed[0].SettledOn)

	media.SettledOn = civil.Date{}
	require.Equal(t, []casebook.Change{
		{ObligationID: "media.VA", What: "reopened", OldDue: day("2026-05-15"), NewDue: day("2026-05-15")},
		{ObligationID: "hhs", What: "dropped", OldDue: day("2026-05-15")},
	}, save(t, store, planOf(media, individual), standing))
	require.Len(t, details(t, store, postgres.Filter{}, today)[0].Obligations, 2)
	require.NoError(t, store.SaveStages(t.Context(), casebook.StageReached{
		IncidentID: incidentID, PracticeKey: "P1", ObligationID: "hhs", Stage: "overdue", At: noon}), "a warning that comes too late")

	individual.Due = day("2026-05-20")
	require.Equal(t, []casebook.Change{
		{ObligationID: "individual", What: "moved", OldDue: day("2026-06-14"), NewDue: day("2026-05-20")},
		{ObligationID: "hhs", What: "added", NewDue: day("2026-05-15")},
	}, save(t, store, planOf(media, individual, hhs), standing))
	owed = details(t, store, postgres.Filter{}, today)[0].Obligations
	require.Equal(t, []civil.Date{day("2026-05-15"), day("2026-06-14")}, owed[1].Moved)
}

func TestAPlanThatChangedNothingWritesNothing(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "a")))
	plan, standing := planOf(duty("individual", breach.IndividualNotice, "US", "2026-05-15")), casebook.Standing{Phase: casebook.PhaseOpen}
	save(t, store, plan, standing)
	pool := testkit.Pool(t, url)
	versions := func() (row string) {
		require.NoError(t, pool.QueryRow(t.Context(),
			"SELECT concat(p.xmin, ' ', p.ctid, ' ', o.xmin) FROM practice p JOIN obligation o ON o.practice_id = p.id").Scan(&row))
		return row
	}
	before := versions()
	require.Empty(t, save(t, store, plan, standing))
	require.Equal(t, before, versions())

	standing.NeedsPerson = "look"
	require.Empty(t, save(t, store, plan, standing), "only its place in status changed")
	require.NotEqual(t, before, versions())
	require.Equal(t, "look", details(t, store, postgres.Filter{}, today)[0].NeedsPerson)
}

// TestADutyThatIsAsItWasKeepsItsRow: another standing, and what the row does not keep
// of a duty, write none of it again.
func TestADutyThatIsAsItWasKeepsItsRow(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "a")))
	owed := duty("individual", breach.IndividualNotice, "US", "2026-05-15")
	owed.Emails, owed.Told, owed.SettledOn = 3, 2, day("2026-05-01")
	save(t, store, planOf(owed), casebook.Standing{Phase: casebook.PhaseOpen})
	pool := testkit.Pool(t, url)
	version := func() (row string) {
		require.NoError(t, pool.QueryRow(t.Context(), "SELECT concat(xmin, ' ', ctid) FROM obligation").Scan(&row))
		return row
	}
	before := version()
	save(t, store, planOf(owed), casebook.Standing{Phase: casebook.PhaseOpen, NeedsPerson: "look"})
	require.Equal(t, before, version())

	owed.Why = "601 people"
	save(t, store, planOf(owed), casebook.Standing{Phase: casebook.PhaseOpen, NeedsPerson: "look"})
	require.NotEqual(t, before, version())
}

func TestOnePlanAtATime(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "a")))
	plan := planOf(duty("individual", breach.IndividualNotice, "US", "2026-05-15"))
	changes := make([][]casebook.Change, 6)
	var all errgroup.Group
	for i := range changes {
		all.Go(func() (err error) {
			changes[i], err = store.SavePlan(t.Context(), incidentID, "P1", plan, casebook.Standing{Phase: casebook.PhaseOpen})
			return err
		})
	}
	require.NoError(t, all.Wait())
	said := 0
	for _, c := range changes {
		said += len(c)
	}
	require.Equal(t, 1, said, "the obligation was added once")
	var recorded int
	require.NoError(t, testkit.Pool(t, url).QueryRow(t.Context(), "SELECT count(*) FROM obligation_change").Scan(&recorded))
	require.Equal(t, 1, recorded)
}

func TestPlansThatCannotBeSaved(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "a")))
	twice := planOf(duty("media", breach.MediaNotice, "VA", "2026-05-15"), duty("media", breach.MediaNotice, "VA", "2026-05-16"))
	_, err := store.SavePlan(t.Context(), incidentID, "P1", twice, casebook.Standing{Phase: casebook.PhaseOpen})
	require.ErrorContains(t, err, "media.VA")

	_, err = store.SavePlan(t.Context(), incidentID, "P9", planOf(), casebook.Standing{Phase: casebook.PhaseOpen})
	refused(t, err, "unknown_practice")

	_, open, err := store.ClosePractice(t.Context(), incidentID, "P1", practice(t, store, "P1").Changes, today, "nothing is owed")
	require.NoError(t, err)
	require.Zero(t, open)
	_, err = store.SavePlan(t.Context(), incidentID, "P1", planOf(), casebook.Standing{Phase: casebook.PhaseOpen})
	refused(t, err, "closed")
	require.Equal(t, casebook.PhaseClosed, practice(t, store, "P1").Phase)
	require.Equal(t, today, practice(t, store, "P1").ClosedOn)
}

// TestWhoLeavesACountingEntityIsCountedOutOfIt: the others' count is without
// its people, each still once, and that they are to be told is kept until they are.
func TestWhoLeavesACountingEntityIsCountedOutOfIt(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	list := practices("P1", "P2", "P3", "P4")
	for i := range 3 {
		list[i].CountingEntity = "ACE"
	}
	loaded(t, store, caseOf(incident(), list, person("P1", "a"), person("P1", "b"), person("P2", "b"), person("P2", "c"), person("P3", "d")))
	leaves := planOf()
	leaves.LeavesGroup = true
	require.Equal(t, 4, practice(t, store, "P2").Group.Tally.People)
	with, err := store.CountedWith(t.Context(), incidentID, "P1")
	require.NoError(t, err)
	require.Equal(t, []string{"P2", "P3"}, with)

	save(t, store, leaves, casebook.Standing{})
	left := practice(t, store, "P1")
	require.Nil(t, left.Group)
	require.True(t, left.LeftGroup)
	require.True(t, left.GroupUntold)
	require.Equal(t, []string{"P2", "P3"}, practice(t, store, "P2").Group.Members)
	require.Equal(t, 3, practice(t, store, "P3").Group.Tally.People, "b is still one of P2's")

	require.NoError(t, store.GroupTold(t.Context(), incidentID, "P1"))
	require.NoError(t, store.GroupTold(t.Context(), incidentID, "P1"))
	save(t, store, leaves, casebook.Standing{NeedsPerson: "something"})
	require.False(t, practice(t, store, "P1").GroupUntold, "another plan that leaves it says nothing new")

	_, err = store.SavePlan(t.Context(), incidentID, "P2", leaves, casebook.Standing{})
	require.NoError(t, err)
	require.Nil(t, practice(t, store, "P3").Group, "one practice is counted as itself")

	save(t, store, planOf(), casebook.Standing{})
	back := practice(t, store, "P1")
	require.True(t, back.GroupUntold)
	require.Equal(t, []string{"P1", "P3"}, back.Group.Members)
	require.Equal(t, 3, back.Group.Tally.People)
}

func TestAReminderOfADutyWithoutADayIsKeptOnce(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "a")))
	save(t, store, planOf(duty("addendum", breach.HHSNotice, "US", "")), casebook.Standing{})
	stage := casebook.StageReached{IncidentID: incidentID, PracticeKey: "P1", ObligationID: "addendum", Stage: "30 days after the report", At: noon}
	require.NoError(t, store.SaveStages(t.Context(), stage))
	require.NoError(t, store.SaveStages(t.Context(), stage))
	require.Equal(t, "30 days after the report", details(t, store, postgres.Filter{}, today)[0].Obligations[0].Stage)
}
