package workflows_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"duenotice/activities"
	"duenotice/workflows"
)

// TestEveryIncidentsPostingsAreLookedAt, part by part; an incident whose pages cannot be
// looked at keeps no other one, and a long one goes on in a further run.
func TestEveryIncidentsPostingsAreLookedAt(t *testing.T) {
	t.Parallel()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	env.RegisterActivity(&activities.Activities{})
	env.OnActivity(steps.PostingIncidents, mock.Anything).Return([]string{"BROKEN", "LONG", "SMALL"}, nil)
	looked := map[string]int{}
	look := func(_ context.Context, in activities.LooksInput) (activities.LooksResult, error) {
		looked[in.IncidentID]++
		switch in.IncidentID {
		case "BROKEN":
			return activities.LooksResult{}, temporal.NewNonRetryableApplicationError("refused", "x", errors.New("refused"))
		case "LONG":
			return activities.LooksResult{After: in.After + "x", More: looked["LONG"] < 201, Looked: 500, Missed: 1}, nil
		}
		return activities.LooksResult{After: "P9", Looked: 9}, nil
	}
	env.OnActivity(steps.LookAtPostings, mock.Anything, mock.Anything).Return(look)
	env.ExecuteWorkflow(workflows.PostingLooks, workflows.PostingLooksInput{})
	require.True(t, env.IsWorkflowCompleted())
	var again *workflow.ContinueAsNewError
	require.ErrorAs(t, env.GetWorkflowError(), &again)
	require.Equal(t, map[string]int{"BROKEN": 1, "LONG": 200, "SMALL": 1}, looked)

	env = suite.NewTestWorkflowEnvironment()
	env.RegisterActivity(&activities.Activities{})
	env.OnActivity(steps.LookAtPostings, mock.Anything, mock.Anything).Return(look)
	env.ExecuteWorkflow(workflows.PostingLooks, workflows.PostingLooksInput{
		At: []activities.LooksInput{{IncidentID: "LONG", After: "x"}}, Done: workflows.PostingLooksResult{Looked: 100_009, Missed: 200},
	})
	require.NoError(t, env.GetWorkflowError())
	var done workflows.PostingLooksResult
	require.NoError(t, env.GetWorkflowResult(&done))
	require.Equal(t, workflows.PostingLooksResult{Looked: 100_509, Missed: 201}, done)
}

func TestWhereNothingIsPostedNothingIsDone(t *testing.T) {
	t.Parallel()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	env.RegisterActivity(&activities.Activities{})
	env.OnActivity(steps.PostingIncidents, mock.Anything).Return(nil, nil)
	env.ExecuteWorkflow(workflows.PostingLooks, workflows.PostingLooksInput{})
	require.NoError(t, env.GetWorkflowError())
	var done workflows.PostingLooksResult
	require.NoError(t, env.GetWorkflowResult(&done))
	require.Equal(t, workflows.PostingLooksResult{}, done)
}
