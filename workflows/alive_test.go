package workflows_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"duenotice/activities"
	"duenotice/internal/casebook"
	"duenotice/workflows"
)

func errRefused() error {
	return temporal.NewNonRetryableApplicationError("the program refuses it", activities.ErrTypeRefused, nil)
}

// TestDeadlinesAndActsGoOnWhileAStepIsTriedAgain: a full disk keeps the papers from
// being made for hours, and nothing else.
func TestDeadlinesAndActsGoOnWhileAStepIsTriedAgain(t *testing.T) {
	t.Parallel()
	// Two hours before the warning of 30 days.
	d := newDesk(t, time.Date(2026, 4, 15, 2, 0, 0, 0, time.UTC))
	d.state.PapersStale = true
	full := true
	d.env.OnActivity(steps.PreparePapers, mock.Anything, mock.Anything).Return(
		func(context.Context, activities.PapersInput) (activities.PracticeState, error) {
			if full {
				return activities.PracticeState{}, errors.New("no space left on device")
			}
			d.state.PapersStale = false
			return d.state, nil
		})
	d.env.OnActivity(steps.ActOnPractice, mock.Anything, mock.Anything).Return(
		func(_ context.Context, act casebook.Act) (activities.ActResult, error) {
			d.state.Delegation = act.Delegate.Delegation
			return activities.ActResult{Fresh: true, State: d.state}, nil
		})
	told := &answer{}
	d.after(time.Hour, func() {
		d.env.UpdateWorkflow(workflows.UpdateAct, "delegate", told, casebook.Act{
			IncidentID: "EX-2026-03", PracticeKey: "P1", Kind: casebook.ActDelegate, Who: "Ada", Delegate: &casebook.DelegateTerms{Delegation: "all"},
		})
	})
	d.after(time.Hour+time.Minute, func() {
		require.NotNil(t, told.result, "the person has their answer")
		require.NoError(t, told.rejected)
	})
	plans := 0
	d.after(90*time.Minute, func() { plans = len(d.did); d.tell() })
	d.after(91*time.Minute, func() { require.Greater(t, len(d.did), plans, "and what changes is heard") })
	d.after(3*time.Hour, func() {
		require.Contains(t, names(d.stages), "30 days")
		full = false
	})
	d.after(4*time.Hour, func() {
		require.False(t, d.state.PapersStale)
		d.settle()
		d.tell()
	})
	d.run(t)
	require.Equal(t, "2026-04-15T04:00:00Z", d.at[0].UTC().Format(time.RFC3339), "to the second")
}

// TestAPracticeThatCannotBeClosedLivesOn.
func TestAPracticeThatCannotBeClosedLivesOn(t *testing.T) {
	t.Parallel()
	d := newDesk(t, discovered.Start(time.UTC))
	d.settle()
	tries := 0
	d.closing = func() error {
		if tries++; tries < 3 {
			return errRefused()
		}
		return nil
	}
	d.run(t)
	require.Equal(t, 3, tries)
}

// TestNewEvidenceOpensAClosedPractice: the workflow that an act to a closed practice
// starts goes on where the act opened it, and ends where it did not.
func TestNewEvidenceOpensAClosedPractice(t *testing.T) {
	t.Parallel()
	for name, opens := range map[string]bool{"opened": true, "kept closed": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, discovered.Start(time.UTC))
			open := d.state
			open.Deadlines = slices.Clone(open.Deadlines)
			d.settle()
			closed := d.state
			closed.Phase = casebook.PhaseClosed
			d.state = closed
			d.env.OnActivity(steps.ActOnPractice, mock.Anything, mock.Anything).Return(
				func(context.Context, casebook.Act) (activities.ActResult, error) {
					if opens {
						d.state = open
					}
					return activities.ActResult{Fresh: true, State: d.state}, nil
				})
			told := &answer{}
			d.after(0, func() {
				d.env.UpdateWorkflow(workflows.UpdateAct, "assess", told, casebook.Act{
					IncidentID: "EX-2026-03", PracticeKey: "P1", Kind: casebook.ActAssess, Who: "Ada",
				})
			})
			closings := 0
			d.closing = func() error { closings++; return nil }
			d.after(45*24*time.Hour, func() { d.settle(); d.tell() })
			d.run(t)
			require.NotNil(t, told.result)
			require.Equal(t, opens, closings == 1)
			require.Equal(t, opens, len(d.stages) > 0, "its days are watched again")
		})
	}
}

// front is an incident whose practices and mail runs are what a test says.
type front struct {
	env  *testsuite.TestWorkflowEnvironment
	did  []string
	open int
	tell func() error
	mail func(workflows.MailRunInput) error
	// launch starts workflows, closing closes; prints is how long a mail run takes.
	launch  func() error
	closing func() activities.CloseIncidentResult
	prints  time.Duration
}

func newFront(t *testing.T) *front {
	t.Helper()
	f := &front{env: newEnv(t), open: 2, tell: func() error { return nil }, launch: func() error { return nil }, mail: func(workflows.MailRunInput) error { return nil }}
	did := func(what string) { f.did = append(f.did, what) }
	f.env.OnActivity(steps.RollUpIncident, mock.Anything, mock.Anything).Return(
		func(context.Context, activities.IncidentRef) (activities.RollUp, error) {
			return activities.RollUp{Practices: 2, Open: f.open}, nil
		})
	f.env.OnActivity(steps.MarkRunning, mock.Anything, mock.Anything).Return(nil)
	f.env.OnActivity(steps.ActOnIncident, mock.Anything, mock.Anything).Return(activities.ActResult{Fresh: true}, nil)
	f.closing = func() activities.CloseIncidentResult { return activities.CloseIncidentResult{} }
	f.env.OnActivity(steps.CloseIncident, mock.Anything, mock.Anything).Return(
		func(context.Context, activities.IncidentRef) (activities.CloseIncidentResult, error) {
			return f.closing(), nil
		})
	f.env.OnActivity(steps.TellPractices, mock.Anything, mock.Anything).Return(
		func(_ context.Context, in activities.TellInput) (int, error) {
			if err := f.tell(); err != nil {
				return 0, err
			}
			did("tell: " + in.Reason)
			return 2, nil
		})
	f.env.OnWorkflow(workflows.LaunchType, mock.Anything, mock.Anything).Return(
		func(_ workflow.Context, in workflows.LaunchInput) (workflows.LaunchResult, error) {
			if err := f.launch(); err != nil {
				return workflows.LaunchResult{}, err
			}
			switch {
			case in.Again:
				did("start again")
			case in.List > 0:
				did("launch list")
			}
			return workflows.LaunchResult{}, nil
		})
	f.env.OnWorkflow(workflows.MailRunType, mock.Anything, mock.Anything).Return(
		func(ctx workflow.Context, in workflows.MailRunInput) (workflows.MailRunResult, error) {
			if err := f.mail(in); err != nil {
				return workflows.MailRunResult{}, err
			}
			if f.prints > 0 {
				if err := workflow.Sleep(ctx, f.prints); err != nil {
					return workflows.MailRunResult{}, err
				}
			}
			did("print")
			return workflows.MailRunResult{Pieces: 1}, nil
		})
	return f
}

func (f *front) act(kind, who string) {
	f.env.UpdateWorkflow(workflows.UpdateAct, kind+who, &answer{}, casebook.Act{IncidentID: "EX", Kind: kind, Who: who})
}

func (f *front) close() {
	f.open = 0
	f.env.SignalWorkflow(workflows.SignalPracticeClosed, nil)
}

func TestAMailRunThatFailsNeverEndsTheIncident(t *testing.T) {
	t.Parallel()
	f := newFront(t)
	var runs []int
	f.mail = func(in workflows.MailRunInput) error {
		if runs = append(runs, in.Run); len(runs) < 3 {
			return errRefused()
		}
		return nil
	}
	f.env.RegisterDelayedCallback(func() { f.act(casebook.ActApprove, "Ada") }, time.Hour)
	// Meanwhile the practices hear of a hold.
	f.env.RegisterDelayedCallback(func() { f.act(casebook.ActHold, "Ben") }, time.Hour+30*time.Second)
	f.env.RegisterDelayedCallback(f.close, 5*time.Hour)
	f.env.ExecuteWorkflow(workflows.Incident, workflows.IncidentInput{IncidentID: "EX", Launched: true, NextRun: 4})
	require.NoError(t, f.env.GetWorkflowError())
	require.Equal(t, []int{4, 4, 4}, runs, "the run that failed goes on, under its own number")
	require.Equal(t, []string{"tell: approve by Ada", "tell: hold by Ben", "print"}, f.did)
}

// TestLettersThatTakeLongKeepNobodyWaiting: a mail run of two days, and a hold heard
// in the middle of it.
func TestLettersThatTakeLongKeepNobodyWaiting(t *testing.T) {
	t.Parallel()
	f := newFront(t)
	f.prints = 48 * time.Hour
	f.env.RegisterDelayedCallback(func() { f.act(casebook.ActApprove, "Ada") }, time.Hour)
	f.env.RegisterDelayedCallback(func() { f.act(casebook.ActHold, "Ben") }, 2*time.Hour)
	f.env.RegisterDelayedCallback(func() { require.Contains(t, f.did, "tell: hold by Ben") }, 3*time.Hour)
	f.env.RegisterDelayedCallback(f.close, 72*time.Hour)
	f.env.ExecuteWorkflow(workflows.Incident, workflows.IncidentInput{IncidentID: "EX", Launched: true})
	require.NoError(t, f.env.GetWorkflowError())
}

// TestContinueAsNewCarriesWhatIsPending: of an incident whose every step fails at
// the moment, the next run does each.
func TestContinueAsNewCarriesWhatIsPending(t *testing.T) {
	t.Parallel()
	f := newFront(t)
	f.tell = errRefused
	f.mail = func(workflows.MailRunInput) error { return errRefused() }
	f.launch = errRefused
	f.env.RegisterDelayedCallback(func() {
		f.env.SignalWorkflow(workflows.SignalLettersApproved, nil)
		f.env.SignalWorkflow(workflows.SignalStartAgain, workflows.StartAgain{Keys: []string{"P2"}})
		f.env.UpdateWorkflow(workflows.UpdateAmended, "list", &answer{}, workflows.AmendedInput{List: 2, Act: casebook.Act{Who: "Ada"}})
	}, time.Hour)
	f.env.RegisterDelayedCallback(func() {
		f.act(casebook.ActHold, "Ben")
		f.env.SetContinueAsNewSuggested(true)
	}, time.Hour+20*time.Second)
	f.env.ExecuteWorkflow(workflows.Incident, workflows.IncidentInput{IncidentID: "EX", Launched: true, NextRun: 4})
	var again *workflow.ContinueAsNewError
	require.ErrorAs(t, f.env.GetWorkflowError(), &again)
	var next workflows.IncidentInput
	require.NoError(t, converter.GetDefaultDataConverter().FromPayloads(again.Input, &next))
	require.Equal(t, workflows.IncidentInput{
		IncidentID: "EX", Launched: true, NextRun: 4, MailDue: true, Tell: "hold by Ben", Lists: []int{2},
		Again: []workflows.StartAgain{{Keys: []string{"P2"}}},
	}, next)

	second := newFront(t)
	second.env.RegisterDelayedCallback(second.close, time.Hour)
	second.env.ExecuteWorkflow(workflows.Incident, next)
	require.NoError(t, second.env.GetWorkflowError())
	require.Equal(t, []string{"tell: hold by Ben", "launch list", "start again", "print"}, second.did)
}

// TestAPracticesWaitGoesOnInTheNextRun: the thirty days for its acknowledgment are
// counted from when everything was done, however often it continues as new.
func TestAPracticesWaitGoesOnInTheNextRun(t *testing.T) {
	t.Parallel()
	start := discovered.Start(time.UTC).Add(15 * time.Hour)
	in := workflows.PracticeInput{IncidentID: "EX-2026-03", PracticeKey: "P1"}
	for days := range 3 {
		d := newDesk(t, start.AddDate(0, 0, 9*days))
		d.settle()
		d.state.Acknowledged = false
		d.after(9*24*time.Hour, func() { d.env.SetContinueAsNewSuggested(true); d.tell() })
		d.env.ExecuteWorkflow(workflows.Practice, in)
		var again *workflow.ContinueAsNewError
		require.ErrorAs(t, d.env.GetWorkflowError(), &again)
		require.NoError(t, converter.GetDefaultDataConverter().FromPayloads(again.Input, &in))
		require.Equal(t, start.AddDate(0, 0, 30), in.Lapses.UTC().Truncate(time.Second))
	}
	last := newDesk(t, start.AddDate(0, 0, 27))
	last.settle()
	last.state.Acknowledged = false
	last.env.ExecuteWorkflow(workflows.Practice, in)
	require.NoError(t, last.env.GetWorkflowError())
	require.Equal(t, start.AddDate(0, 0, 30), last.env.Now().UTC().Truncate(time.Second))
}

// TestAnIncidentStaysOpenBesideAPracticeThatWasOpenedAgain just as it was to be closed.
func TestAnIncidentStaysOpenBesideAPracticeThatWasOpenedAgain(t *testing.T) {
	t.Parallel()
	f := newFront(t)
	f.open = 0
	closings := 0
	f.closing = func() activities.CloseIncidentResult {
		if closings++; closings == 1 {
			f.open = 1
		}
		return activities.CloseIncidentResult{Open: closings == 1}
	}
	f.env.RegisterDelayedCallback(func() { require.Equal(t, 1, closings) }, time.Hour)
	f.env.RegisterDelayedCallback(f.close, 5*time.Hour)
	f.env.ExecuteWorkflow(workflows.Incident, workflows.IncidentInput{IncidentID: "EX", Launched: true})
	require.NoError(t, f.env.GetWorkflowError())
	require.Equal(t, 2, closings)
}
