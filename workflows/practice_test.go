package workflows_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"duenotice/activities"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/workflows"
)

var steps *activities.Activities

// desk stands in for the database behind the activities: tests change its
// state as a person or a new list would, and see what the workflow did.
type desk struct {
	env    *testsuite.TestWorkflowEnvironment
	state  activities.PracticeState
	did    []string
	stages []activities.StageCame
	at     []time.Time
	// noting is in how many steps the stages were noted.
	noting int
	close  func(activities.PracticeRef) activities.ClosePracticeResult
	// closing and deciding fail what they say.
	closing, deciding func() error
}

var discovered = civil.MustParse("2026-03-16")

// newDesk is a practice of 600 people whose individual notice is due on day 60.
func newDesk(t *testing.T, start time.Time) *desk {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	d := &desk{env: suite.NewTestWorkflowEnvironment()}
	d.env.SetStartTime(start)
	d.env.SetTestTimeout(time.Minute)
	d.env.RegisterActivity(&activities.Activities{})
	d.state = activities.PracticeState{
		Phase: casebook.PhaseOpen, Name: "Juniper Hollow", Notifiable: true, People: 600,
		PapersSHA256: "hash-1", ApproversNeeded: 2,
		Deadlines: []activities.Deadline{deadline("2026-05-15", start)},
	}
	d.env.OnActivity(steps.PlanPractice, mock.Anything, mock.Anything).Return(
		func(context.Context, activities.PracticeRef) (activities.PracticeState, error) {
			d.did = append(d.did, "plan")
			if d.deciding != nil {
				if err := d.deciding(); err != nil {
					return activities.PracticeState{}, err
				}
			}
			return d.state, nil
		})
	d.env.OnActivity(steps.ReachStages, mock.Anything, mock.Anything).Return(
		func(_ context.Context, in activities.StagesInput) (activities.PracticeState, error) {
			d.noting++
			for _, s := range in.Stages {
				d.stages, d.at = append(d.stages, s), append(d.at, d.env.Now())
			}
			return d.state, nil
		})
	d.close = func(activities.PracticeRef) activities.ClosePracticeResult {
		return activities.ClosePracticeResult{Open: 3}
	}
	d.env.OnActivity(steps.ClosePractice, mock.Anything, mock.Anything).Return(
		func(_ context.Context, in activities.PracticeRef) (activities.ClosePracticeResult, error) {
			if d.closing != nil {
				if err := d.closing(); err != nil {
					return activities.ClosePracticeResult{}, err
				}
			}
			return d.close(in), nil
		})
	return d
}

// deadline has the stages of New York's days, as the plan would give them at now.
func deadline(due string, now time.Time) activities.Deadline {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	day := civil.MustParse(due)
	d := activities.Deadline{ObligationID: "hipaa.164.404.individual", Kind: breach.IndividualNotice,
		Title: "Individual notice due " + due + ", 45 CFR 164.404(b)", Due: day, Open: true}
	for _, s := range []struct {
		name string
		days int
	}{{"30 days", 30}, {"14 days", 14}, {"7 days", 7}, {"3 days", 3}, {"1 day", 1}, {casebook.StageDueToday, 0}, {casebook.StageOverdue, -1}} {
		stage := activities.Stage{Name: s.name, At: day.AddDays(-s.days).Start(zone).UTC()}
		if !stage.At.After(now) {
			d.Stages = nil // only the latest past stage is kept
		}
		d.Stages = append(d.Stages, stage)
	}
	return d
}

// settle makes everything owed done, which lets the workflow end.
func (d *desk) settle() {
	for i := range d.state.Deadlines {
		d.state.Deadlines[i].Open = false
		d.state.Deadlines[i].Stages = nil
	}
	d.state.Finished, d.state.Acknowledged = true, true
}

func (d *desk) after(delay time.Duration, do func()) { d.env.RegisterDelayedCallback(do, delay) }

func (d *desk) tell() {
	d.env.SignalWorkflow(activities.SignalFactsChanged, activities.FactsChanged{Reason: "test"})
}

func (d *desk) run(t *testing.T) {
	t.Helper()
	d.env.ExecuteWorkflow(workflows.Practice, workflows.PracticeInput{IncidentID: "EX-2026-03", PracticeKey: "P1"})
	require.True(t, d.env.IsWorkflowCompleted())
	require.NoError(t, d.env.GetWorkflowError())
}

func names(stages []activities.StageCame) []string {
	var list []string
	for _, s := range stages {
		list = append(list, s.Stage)
	}
	return list
}

func TestNobodyActsAndEveryWarningComesToTheSecond(t *testing.T) {
	t.Parallel()
	start := discovered.Start(time.UTC).Add(15 * time.Hour)
	d := newDesk(t, start)
	d.after(100*24*time.Hour, func() { d.settle(); d.tell() })
	d.run(t)
	require.Equal(t, []string{"30 days", "14 days", "7 days", "3 days", "1 day", "due today", "overdue"}, names(d.stages))
	want := []string{
		"2026-04-15T04:00:00Z", "2026-05-01T04:00:00Z", "2026-05-08T04:00:00Z", "2026-05-12T04:00:00Z",
		"2026-05-14T04:00:00Z", "2026-05-15T04:00:00Z", "2026-05-16T04:00:00Z",
	}
	for i, at := range d.at {
		require.Equal(t, want[i], at.UTC().Format(time.RFC3339), d.stages[i].Stage)
	}
}

func TestACaseThatStartsLateSaysTheLatestWarningOnce(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	d := newDesk(t, start)
	d.after(time.Hour, func() { d.tell() }) // a plan lists the past stage again
	d.after(2*time.Hour, func() { d.settle(); d.tell() })
	d.run(t)
	require.Equal(t, []string{"overdue"}, names(d.stages))
}

func TestAMovedDeadlineCancelsTheOldTimer(t *testing.T) {
	t.Parallel()
	start := discovered.Start(time.UTC).Add(15 * time.Hour)
	d := newDesk(t, start)
	d.after(20*24*time.Hour, func() { // a hold to June 30 before the first warning
		d.state.Deadlines = []activities.Deadline{deadline("2026-06-30", d.env.Now())}
		d.tell()
	})
	d.after(76*24*time.Hour+14*time.Hour, func() { d.settle(); d.tell() }) // June 1, after the new 30-day warning
	d.run(t)
	require.Equal(t, []string{"30 days"}, names(d.stages))
	require.Equal(t, "2026-05-31T04:00:00Z", d.at[0].UTC().Format(time.RFC3339))
}

func TestALeapDayCountsLikeAnyOther(t *testing.T) {
	t.Parallel()
	start := time.Date(2028, 1, 1, 15, 0, 0, 0, time.UTC)
	d := newDesk(t, start)
	d.state.Deadlines = []activities.Deadline{deadline("2028-03-01", start)} // day 60 of January 1, 2028
	d.after(70*24*time.Hour, func() { d.settle(); d.tell() })
	d.run(t)
	require.Equal(t, "overdue", d.stages[len(d.stages)-1].Stage)
	require.Equal(t, "2028-03-02T05:00:00Z", d.at[len(d.at)-1].UTC().Format(time.RFC3339))
}

func TestPapersThenNoticeThenLettersInThatOrder(t *testing.T) {
	t.Parallel()
	d := newDesk(t, discovered.Start(time.UTC).Add(15*time.Hour))
	d.state.PapersStale, d.state.NoticeDue = true, true
	d.env.OnActivity(steps.PreparePapers, mock.Anything, mock.Anything).Return(
		func(_ context.Context, in activities.PapersInput) (activities.PracticeState, error) {
			require.Equal(t, discovered.Start(time.UTC).Add(15*time.Hour), in.At.UTC(), "the day of it is the officers' to say")
			d.did = append(d.did, "papers")
			d.state.PapersStale = false
			return d.state, nil
		})
	d.env.OnActivity(steps.SendNotice, mock.Anything, mock.Anything).Return(
		func(context.Context, activities.PracticeRef) (activities.PracticeState, error) {
			d.did = append(d.did, "notice")
			d.state.NoticeDue = false
			return d.state, nil
		})
	d.env.OnActivity(steps.ActOnPractice, mock.Anything, mock.Anything).Return(
		func(_ context.Context, act casebook.Act) (activities.ActResult, error) {
			d.did = append(d.did, "approve by "+act.Who)
			d.state.Approvers = append(d.state.Approvers, act.Who)
			d.state.LettersReady = len(d.state.Approvers) == 2
			return activities.ActResult{Fresh: true, State: d.state}, nil
		})
	d.env.OnSignalExternalWorkflow(mock.Anything, "incident:EX-2026-03", "", workflows.SignalLettersApproved, mock.Anything).Return(
		func(string, string, string, string, any) error {
			d.did = append(d.did, "tell incident")
			return nil
		}).Once()
	approve := func(who, hash string) *answer {
		a := &answer{}
		d.env.UpdateWorkflow(workflows.UpdateAct, who+hash, a, casebook.Act{
			IncidentID: "EX-2026-03", PracticeKey: "P1", Kind: casebook.ActApprove, Who: who, Approve: &casebook.ApproveTerms{SHA256: hash},
		})
		return a
	}
	var other, stale *answer
	d.after(time.Hour, func() { stale = approve("Ada", "hash-0"); approve("Ada", "hash-1") })
	d.after(2*time.Hour, func() { other = approve("Grace", "hash-1") })
	d.after(3*time.Hour, func() { d.settle(); d.state.LettersReady = false; d.tell() })
	d.run(t)
	require.Equal(t, []string{"plan", "papers", "notice", "approve by Ada", "approve by Grace", "tell incident", "plan"}, d.did)
	require.ErrorContains(t, stale.rejected, "changed since you looked")
	require.NoError(t, other.rejected)
	require.True(t, other.accepted)
}

// records has the desk take acts, each of which changes what papers say, and make papers.
func (d *desk) records(first activities.PracticeState, waiting ...bool) {
	d.state = first
	d.env.OnActivity(steps.ActOnPractice, mock.Anything, mock.Anything).Return(
		func(_ context.Context, act casebook.Act) (activities.ActResult, error) {
			d.did = append(d.did, act.ID)
			d.state.PapersStale = true
			d.state.AnswersWait = len(waiting) > 0 && waiting[0]
			waiting = waiting[min(1, len(waiting)):]
			return activities.ActResult{Fresh: true, State: d.state}, nil
		})
	d.env.OnActivity(steps.PreparePapers, mock.Anything, mock.Anything).Return(
		func(_ context.Context, in activities.PapersInput) (activities.PracticeState, error) {
			d.did = append(d.did, "papers after "+in.At.Sub(discovered.Start(time.UTC)).String())
			d.state.PapersStale = false
			return d.state, nil
		}).After(3 * time.Second)
}

// acts gives the practice an act after a while.
func (d *desk) acts(t *testing.T, after time.Duration, id string) {
	t.Helper()
	d.after(after, func() {
		d.env.UpdateWorkflow(workflows.UpdateAct, id, &answer{}, casebook.Act{
			ID: id, IncidentID: "EX-2026-03", PracticeKey: "P1", Kind: casebook.ActRecord, Who: "Ada", Record: &casebook.RecordTerms{},
		})
	})
}

// TestActsThatComeTogetherGetTheirPapersOnce: those that wait while papers are made, and
// those that a practice answered and nobody has come to yet.
func TestActsThatComeTogetherGetTheirPapersOnce(t *testing.T) {
	t.Parallel()
	now := activities.PracticeState{Phase: casebook.PhaseOpen, Notifiable: true, PapersSHA256: "hash-1", ActsFirst: true}
	for name, c := range map[string]struct {
		before  bool // as a program before this one began it
		acts    []time.Duration
		waiting []bool
		want    []string
	}{
		"two while papers are made": {
			acts: []time.Duration{time.Second, 2 * time.Second, 2100 * time.Millisecond},
			want: []string{"plan", "1", "papers after 1s", "2", "3", "papers after 4s"},
		},
		"an answer that comes at once": {
			acts: []time.Duration{time.Second, 4 * time.Second}, waiting: []bool{true},
			want: []string{"plan", "1", "2", "papers after 4s"},
		},
		"an answer that cannot be carried out": {
			acts: []time.Duration{time.Second, 40 * time.Second}, waiting: []bool{true, true},
			want: []string{"plan", "1", "papers after 11s", "2", "papers after 40s"},
		},
		"as it was recorded before": {
			before: true,
			acts:   []time.Duration{time.Second, 2 * time.Second, 2100 * time.Millisecond},
			want:   []string{"plan", "1", "papers after 1s", "2", "papers after 4s", "3", "papers after 7s"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, discovered.Start(time.UTC))
			first := now
			first.ActsFirst = !c.before
			d.records(first, c.waiting...)
			for i, after := range c.acts {
				d.acts(t, after, strconv.Itoa(i+1))
			}
			d.after(time.Hour, func() {
				require.Equal(t, c.want, d.did)
				d.settle()
				d.tell()
			})
			d.run(t)
		})
	}
}

// TestWordsThatComeTogetherGetOneLook: those that come while papers are made, which a
// look lets go first.
func TestWordsThatComeTogetherGetOneLook(t *testing.T) {
	t.Parallel()
	d := newDesk(t, discovered.Start(time.UTC))
	first := d.state
	first.PapersStale = true
	d.records(first)
	for n := range 4 {
		d.after(time.Duration(n+1)*500*time.Millisecond, d.tell)
	}
	d.after(time.Hour, func() {
		require.Equal(t, []string{"plan", "papers after 0s", "plan"}, d.did)
		d.settle()
		d.tell()
	})
	d.run(t)
}

// TestTheWorksheetIsBroughtUpToDateBeforeTheCaseIsClosed.
func TestTheWorksheetIsBroughtUpToDateBeforeTheCaseIsClosed(t *testing.T) {
	t.Parallel()
	d := newDesk(t, discovered.Start(time.UTC).Add(15*time.Hour))
	d.env.OnActivity(steps.UpdateWorksheet, mock.Anything, mock.Anything).Return(
		func(context.Context, activities.PapersInput) (activities.PracticeState, error) {
			d.did = append(d.did, "worksheet")
			d.state.WorksheetStale = false
			return d.state, nil
		}).Once()
	d.after(time.Hour, func() { d.settle(); d.state.WorksheetStale = true; d.tell() })
	d.run(t)
	require.Equal(t, []string{"plan", "plan", "worksheet"}, d.did)
}

// TestARefusalByTheProgramRestsAndDeadlinesGoOn: it is tried again less and less
// often, at once when something changed, and at last by itself.
func TestARefusalByTheProgramRestsAndDeadlinesGoOn(t *testing.T) {
	t.Parallel()
	d := newDesk(t, discovered.Start(time.UTC).Add(15*time.Hour))
	d.state.PapersStale = true
	tries, mended := 0, false
	d.env.OnActivity(steps.PreparePapers, mock.Anything, mock.Anything).Return(
		func(context.Context, activities.PapersInput) (activities.PracticeState, error) {
			tries++
			if !mended {
				return activities.PracticeState{}, temporal.NewNonRetryableApplicationError("no", activities.ErrTypeRefused, nil)
			}
			d.state.PapersStale = false
			return d.state, nil
		}).Maybe()
	d.after(12*time.Hour, func() {
		require.Greater(t, tries, 5)
		require.Less(t, tries, 20, "once an hour in the end")
	})
	var before int
	d.after(20*24*time.Hour+time.Minute, func() { before = tries; d.tell() })
	d.after(20*24*time.Hour+2*time.Minute, func() { require.Equal(t, before+1, tries, "at once when it was told") })
	d.after(41*24*time.Hour, func() { mended = true })
	d.after(41*24*time.Hour+2*time.Hour, func() {
		require.False(t, d.state.PapersStale, "nobody had to tell it that it is mended")
		d.settle()
		d.tell()
	})
	d.run(t)
	require.Equal(t, []string{"30 days"}, names(d.stages), "the warning came although the papers could not be made")
}

func TestAHoldEndsByItself(t *testing.T) {
	t.Parallel()
	d := newDesk(t, discovered.Start(time.UTC).Add(15*time.Hour))
	ends := civil.MustParse("2026-04-10").Start(time.UTC)
	d.state.WakeAt, d.state.WakeReason = ends, "Law-enforcement hold ends 2026-04-10, 45 CFR 164.412"
	var woken time.Time
	plans := 0
	d.after(time.Minute, func() {
		d.state.WakeAt = time.Time{}
		d.settle()
	})
	d.env.SetOnActivityStartedListener(func(info *activityInfo, _ context.Context, _ encoded) {
		if info.ActivityType.Name == "PlanPractice" {
			plans++
			woken = d.env.Now()
		}
	})
	d.run(t)
	require.Equal(t, 2, plans)
	require.Equal(t, ends.UTC(), woken.UTC().Truncate(time.Second))
}

func TestAPracticeThatNeverAcknowledgesClosesAfterThirtyDays(t *testing.T) {
	t.Parallel()
	start := discovered.Start(time.UTC).Add(15 * time.Hour)
	d := newDesk(t, start)
	d.settle()
	d.state.Acknowledged = false
	d.run(t)
	require.Equal(t, start.AddDate(0, 0, 30), d.env.Now().UTC().Truncate(time.Second))
}

// answer takes what an update comes back with.
type answer struct {
	accepted bool
	rejected error
	result   any
}

func (a *answer) Accept()          { a.accepted = true }
func (a *answer) Reject(err error) { a.rejected = err }
func (a *answer) Complete(result any, err error) {
	a.result = result
	if err != nil {
		a.rejected = err
	}
}

// TestAFurtherListKeepsAClosingPracticeAlive: it comes while the practice is
// being closed in the database, or when that is done and the workflow is not.
func TestAFurtherListKeepsAClosingPracticeAlive(t *testing.T) {
	t.Parallel()
	for name, later := range map[string]bool{"before it was closed": true, "after it was closed": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, discovered.Start(time.UTC))
			d.settle()
			closings := 0
			d.close = func(in activities.PracticeRef) activities.ClosePracticeResult {
				closings++
				if closings == 2 {
					return activities.ClosePracticeResult{Open: 3}
				}
				if !later {
					d.env.SignalWorkflow(activities.SignalFactsChanged, activities.FactsChanged{Reason: "list 2", List: 2})
				}
				return activities.ClosePracticeResult{Open: 3, Later: later}
			}
			d.run(t)
			require.Equal(t, 2, closings)
			require.Equal(t, []string{"plan", "plan"}, d.did)
		})
	}
}

// TestAnInstantThatCameMeanwhileIsLookedAt: what the state waits for may come while
// the state is on its way, and nothing else would ever wake the practice.
func TestAnInstantThatCameMeanwhileIsLookedAt(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)
	d := newDesk(t, start)
	d.state.WakeAt, d.state.WakeReason = start.Add(-time.Second), "tried again"
	d.after(500*time.Millisecond, func() {
		d.state.WakeAt = time.Time{}
		d.settle()
	})
	d.run(t)
	require.Equal(t, []string{"plan", "plan"}, d.did)
	require.Equal(t, time.Second, d.env.Now().Sub(start), "and not in a circle")
}

// TestANoticeThatWaitsKeepsNobodyFromActing: the step that could not hand it over
// ends, so that a person's act is not behind it.
func TestANoticeThatWaitsKeepsNobodyFromActing(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)
	d := newDesk(t, start)
	d.state.NoticeDue = true
	d.env.OnActivity(steps.SendNotice, mock.Anything, mock.Anything).Return(
		func(context.Context, activities.PracticeRef) (activities.PracticeState, error) {
			d.did = append(d.did, "send")
			d.state.NoticeDue, d.state.WakeAt = false, d.env.Now().Add(5*time.Minute)
			return d.state, nil
		})
	d.env.OnActivity(steps.ActOnPractice, mock.Anything, mock.Anything).Return(
		func(context.Context, casebook.Act) (activities.ActResult, error) {
			d.did = append(d.did, "act")
			d.settle()
			return activities.ActResult{Fresh: true, Practices: 1, State: d.state}, nil
		})
	d.after(time.Minute, func() {
		d.env.UpdateWorkflow(workflows.UpdateAct, "told", &testsuite.TestUpdateCallback{
			OnAccept: func() {}, OnReject: func(err error) { require.NoError(t, err) },
			OnComplete: func(_ any, err error) { require.NoError(t, err) },
		}, casebook.Act{ID: "told", IncidentID: "EX-2026-03", PracticeKey: "P1", Kind: casebook.ActRecord, Who: "Ada", Record: &casebook.RecordTerms{}})
	})
	d.run(t)
	require.Equal(t, []string{"plan", "send", "act"}, d.did)
}
