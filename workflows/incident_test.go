package workflows_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"duenotice/activities"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/workflows"
)

func newEnv(t *testing.T) *testsuite.TestWorkflowEnvironment {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	env.SetTestTimeout(time.Minute)
	env.RegisterActivity(&activities.Activities{})
	for name, run := range map[string]any{
		workflows.LaunchType: workflows.Launch, workflows.MailRunType: workflows.MailRun,
		workflows.PracticeType: workflows.Practice, workflows.IncidentType: workflows.Incident,
	} {
		env.RegisterWorkflowWithOptions(run, workflow.RegisterOptions{Name: name})
	}
	return env
}

func TestLaunchPagesAndCarriesOnlyACursor(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	var keys []string
	for n := range 500 {
		keys = append(keys, fmt.Sprintf("P%04d", n))
	}
	env.OnActivity(steps.PageOfPractices, mock.Anything, mock.Anything).Return(activities.PageResult{Keys: keys}, nil)
	env.OnActivity(steps.OpenPractices, mock.Anything, mock.Anything).Return(activities.OpenResult{}, nil)
	env.OnActivity(steps.TellChanged, mock.Anything, mock.Anything).Return(nil)
	started := 0
	env.OnWorkflow(workflows.PracticeType, mock.Anything, mock.Anything).Return(
		func(workflow.Context, workflows.PracticeInput) error { started++; return nil })
	env.ExecuteWorkflow(workflows.Launch, workflows.LaunchInput{IncidentID: "EX"})
	var again *workflow.ContinueAsNewError
	require.ErrorAs(t, env.GetWorkflowError(), &again)
	require.Equal(t, 500, started)
}

func TestLaunchEndsOnAShortPage(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	env.OnActivity(steps.PageOfPractices, mock.Anything, activities.PageInput{IncidentID: "EX", After: "P0499", Limit: 500}).
		Return(activities.PageResult{Keys: []string{"P0500"}}, nil)
	env.OnActivity(steps.OpenPractices, mock.Anything, mock.Anything).Return(activities.OpenResult{}, nil)
	env.OnActivity(steps.TellChanged, mock.Anything, mock.Anything).Return(nil)
	env.OnWorkflow(workflows.PracticeType, mock.Anything, mock.Anything).Return(nil)
	env.ExecuteWorkflow(workflows.Launch, workflows.LaunchInput{IncidentID: "EX", After: "P0499", Started: 500})
	var result workflows.LaunchResult
	require.NoError(t, env.GetWorkflowResult(&result))
	require.Equal(t, 501, result.Started)
}

func TestAMailRunPrintsEveryBatchOnce(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	env.OnActivity(steps.PlanMailRun, mock.Anything, mock.Anything).Return(activities.MailRunPlan{Batches: 23, Pieces: 111_111}, nil)
	printed := map[int]int{}
	env.OnActivity(steps.RenderBatches, mock.Anything, mock.Anything).Return(
		func(_ context.Context, in activities.RenderInput) (activities.RenderResult, error) {
			for n := in.First; n <= in.Last; n++ {
				printed[n]++
			}
			return activities.RenderResult{Pieces: in.Last - in.First + 1}, nil
		})
	env.OnActivity(steps.TellPractices, mock.Anything, mock.Anything).Return(1, nil).Once()
	env.ExecuteWorkflow(workflows.MailRun, workflows.MailRunInput{IncidentID: "EX", Run: 1})
	require.NoError(t, env.GetWorkflowError())
	require.Len(t, printed, 23)
	for n := 1; n <= 23; n++ {
		require.Equal(t, 1, printed[n], n)
	}
}

func TestAnIncidentLaunchesPrintsOnApprovalAndCloses(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	var did []string
	open := 2
	env.OnActivity(steps.AdmitIncident, mock.Anything, mock.Anything).Return(nil).Once()
	env.OnActivity(steps.MarkRunning, mock.Anything, mock.Anything).Return(nil).Once()
	env.OnWorkflow(workflows.LaunchType, mock.Anything, mock.Anything).Return(workflows.LaunchResult{Started: 2}, nil).Once()
	env.OnActivity(steps.RollUpIncident, mock.Anything, mock.Anything).Return(
		func(context.Context, activities.IncidentRef) (activities.RollUp, error) {
			return activities.RollUp{Practices: 2, Open: open}, nil
		})
	env.OnActivity(steps.ActOnIncident, mock.Anything, mock.Anything).Return(
		func(_ context.Context, act casebook.Act) (activities.ActResult, error) {
			did = append(did, act.Kind+" by "+act.Who)
			return activities.ActResult{Fresh: true, Practices: 2}, nil
		})
	env.OnActivity(steps.TellPractices, mock.Anything, mock.Anything).Return(
		func(_ context.Context, in activities.TellInput) (int, error) {
			did = append(did, "tell: "+in.Reason)
			return 2, nil
		})
	env.OnWorkflow(workflows.MailRunType, mock.Anything, mock.Anything).Return(
		func(_ workflow.Context, in workflows.MailRunInput) (workflows.MailRunResult, error) {
			did = append(did, fmt.Sprintf("mail run %d", in.Run))
			return workflows.MailRunResult{Pieces: 5}, nil
		})
	env.OnActivity(steps.CloseIncident, mock.Anything, mock.Anything).Return(activities.CloseIncidentResult{}, nil).Once()
	act := func(who string) {
		env.UpdateWorkflow(workflows.UpdateAct, who, &answer{}, casebook.Act{
			IncidentID: "EX", Kind: casebook.ActApprove, Who: who, Approve: &casebook.ApproveTerms{SHA256: "all"},
		})
	}
	env.RegisterDelayedCallback(func() { act("Ada") }, time.Hour)
	env.RegisterDelayedCallback(func() { act("Grace") }, 2*time.Hour)
	env.RegisterDelayedCallback(func() {
		open = 0
		env.SignalWorkflow(workflows.SignalPracticeClosed, nil)
	}, 50*time.Hour)
	env.ExecuteWorkflow(workflows.Incident, workflows.IncidentInput{IncidentID: "EX", Entity: "Example Health Cloud, Inc."})
	require.NoError(t, env.GetWorkflowError())
	require.Equal(t, []string{
		"approve by Ada", "tell: approve by Ada", "mail run 1",
		"approve by Grace", "tell: approve by Grace", "mail run 2",
	}, did)
}

func TestTheSecondRunOfAnIncidentDoesNotLaunchAgain(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	env.OnActivity(steps.RollUpIncident, mock.Anything, mock.Anything).Return(activities.RollUp{Practices: 2, Open: 0}, nil)
	env.OnActivity(steps.CloseIncident, mock.Anything, mock.Anything).Return(activities.CloseIncidentResult{}, nil).Once()
	env.ExecuteWorkflow(workflows.Incident, workflows.IncidentInput{IncidentID: "EX", Launched: true, NextRun: 3})
	require.NoError(t, env.GetWorkflowError())
	env.AssertNotCalled(t, "AdmitIncident")
}

// TestAFurtherListGivesClosedPracticesAWorkflowAgain, after every open one was
// told, and keeps an incident open that was just closing.
func TestAFurtherListGivesClosedPracticesAWorkflowAgain(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	var did []string
	open := 0
	env.OnActivity(steps.RollUpIncident, mock.Anything, mock.Anything).Return(
		func(context.Context, activities.IncidentRef) (activities.RollUp, error) {
			return activities.RollUp{Practices: 2, Open: open}, nil
		})
	env.OnActivity(steps.CloseIncident, mock.Anything, mock.Anything).Return(func(context.Context, activities.IncidentRef) (activities.CloseIncidentResult, error) {
		did = append(did, "close")
		if len(did) == 1 {
			open = 1
			env.UpdateWorkflow(workflows.UpdateAmended, "list", &answer{}, workflows.AmendedInput{List: 2, Act: casebook.Act{Who: "Ada"}})
		}
		return activities.CloseIncidentResult{}, nil
	})
	env.OnActivity(steps.TellPractices, mock.Anything, mock.Anything).Return(func(context.Context, activities.TellInput) (int, error) {
		did = append(did, "tell")
		return 1, nil
	})
	env.OnWorkflow(workflows.LaunchType, mock.Anything, mock.Anything).Return(
		func(_ workflow.Context, in workflows.LaunchInput) (workflows.LaunchResult, error) {
			did = append(did, fmt.Sprintf("launch list %d", in.List))
			return workflows.LaunchResult{Started: 1}, nil
		})
	env.OnActivity(steps.MarkRunning, mock.Anything, mock.Anything).Return(func(context.Context, activities.IncidentRef) error {
		did = append(did, "running")
		return nil
	})
	env.RegisterDelayedCallback(func() {
		open = 0
		env.SignalWorkflow(workflows.SignalPracticeClosed, nil)
	}, 50*time.Hour)
	env.ExecuteWorkflow(workflows.Incident, workflows.IncidentInput{IncidentID: "EX", Launched: true, NextRun: 3})
	require.NoError(t, env.GetWorkflowError())
	require.Equal(t, []string{"close", "tell", "launch list 2", "running", "close"}, did)
}

func TestTheYearEndLogIsReadyEightWeeksEarlyAndLooksAgainAfterTheLastDay(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	env.RegisterWorkflow(workflows.YearEndLog)
	start := time.Date(2024, 1, 2, 14, 0, 0, 0, time.UTC)
	env.SetStartTime(start)
	due := civil.MustParse("2024-02-29")
	looks := 0
	env.OnActivity(steps.PrepareAnnualLog, mock.Anything, activities.YearInput{Year: 2023}).Return(
		func(context.Context, activities.YearInput) (activities.YearResult, error) {
			looks++
			return activities.YearResult{Entries: 40, Filed: 39, Due: due, DueEnds: due.End(time.UTC)}, nil
		})
	env.ExecuteWorkflow(workflows.YearEndLog, workflows.YearEndLogInput{})
	require.NoError(t, env.GetWorkflowError())
	require.Equal(t, 2, looks)
	require.Equal(t, "2024-03-01T00:00:00Z", env.Now().UTC().Truncate(time.Second).Format(time.RFC3339))
}
