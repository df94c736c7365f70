package workflows_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"duenotice/activities"
	"duenotice/internal/civil"
	"duenotice/workflows"
)

// TestTheYearEndLogIsNotGivenUp: an answer that is refused, because a stranger gave it,
// is asked for again. The schedule would start the next log a year later.
func TestTheYearEndLogIsNotGivenUp(t *testing.T) {
	t.Parallel()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	start := time.Date(2027, 1, 2, 14, 0, 0, 0, time.UTC)
	env.SetStartTime(start)
	env.RegisterActivity(&activities.Activities{})
	var asked []time.Duration
	env.OnActivity(steps.PrepareAnnualLog, mock.Anything, activities.YearInput{Year: 2026}).Return(
		func(context.Context, activities.YearInput) (activities.YearResult, error) {
			asked = append(asked, env.Now().Sub(start))
			if n := len(asked); n == 1 || n == 2 || n == 4 {
				return activities.YearResult{}, temporal.NewNonRetryableApplicationError("refused", "x", errors.New("refused"))
			}
			return activities.YearResult{Entries: 1, Due: civil.MustParse("2027-03-01"), DueEnds: start.AddDate(0, 0, 59)}, nil
		})
	env.ExecuteWorkflow(workflows.YearEndLog, workflows.YearEndLogInput{})
	require.True(t, env.IsWorkflowCompleted())
	require.NoError(t, env.GetWorkflowError())
	require.Len(t, asked, 5)
	require.GreaterOrEqual(t, asked[1], time.Minute)
	require.GreaterOrEqual(t, asked[2]-asked[1], 2*time.Minute)
}
