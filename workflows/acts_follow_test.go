package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"

	"duenotice/activities"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/workflows"
)

// TestAWorkflowStartedForAnActWaitsForIt: a closed practice's workflow would else have
// ended when the act comes, and does not wait for ever.
func TestAWorkflowStartedForAnActWaitsForIt(t *testing.T) {
	t.Parallel()
	for name, comes := range map[string]bool{"it comes": true, "it does not come": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := discovered.Start(time.UTC)
			d := newDesk(t, start)
			d.state.Phase = casebook.PhaseClosed
			d.env.OnActivity(steps.ActOnPractice, mock.Anything, mock.Anything).Return(
				func(_ context.Context, act casebook.Act) (activities.ActResult, error) {
					d.did = append(d.did, "act by "+act.Who)
					return activities.ActResult{Fresh: true, State: d.state}, nil
				})
			if comes {
				d.after(30*time.Second, func() {
					d.env.UpdateWorkflow(workflows.UpdateAct, "u", &answer{}, casebook.Act{
						IncidentID: "EX-2026-03", PracticeKey: "P1", Kind: casebook.ActRecord, Who: "Ada",
						Record: &casebook.RecordTerms{Fact: breach.Fact{Kind: breach.Acknowledged, On: discovered}},
					})
				})
			}
			d.env.ExecuteWorkflow(workflows.Practice, workflows.PracticeInput{IncidentID: "EX-2026-03", PracticeKey: "P1", ActFollows: true})
			require.NoError(t, d.env.GetWorkflowError())
			if comes {
				require.Contains(t, d.did, "act by Ada")
				require.Less(t, d.env.Now().Sub(start), time.Minute)
			} else {
				require.Equal(t, []string{"plan"}, d.did)
				require.GreaterOrEqual(t, d.env.Now().Sub(start), time.Minute)
			}
		})
	}
}
