package acts

import (
	"context"
	"errors"
	"fmt"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"duenotice/activities"
	"duenotice/internal/casebook"
	"duenotice/internal/temporalx"
	"duenotice/workflows"
)

// Give carries out an act that was asked for elsewhere: in an answer of a practice, which
// asks for the act of this ID and no other. The activity believes it from there.
func (d *Desk) Give(ctx context.Context, act casebook.Act) (result activities.ActResult, err error) {
	return result, d.give(ctx, act, &result)
}

// give hands the act to the workflow it concerns. A practice that is closed gets a
// workflow again to hear it, and goes on with it where the act opens the practice.
func (d *Desk) give(ctx context.Context, act casebook.Act, result *activities.ActResult) error {
	workflowID := temporalx.IncidentID(act.IncidentID)
	if act.PracticeKey != "" {
		workflowID = temporalx.PracticeID(act.IncidentID, act.PracticeKey)
	}
	// The second time: what ended the workflow may have closed the case a moment ago.
	for tries := 0; ; tries++ {
		closed, err := d.Closed(ctx, act)
		if err != nil {
			return err
		}
		if closed && act.PracticeKey != "" {
			return d.giveClosed(ctx, act, result)
		}
		err = d.Update(ctx, act, workflowID, workflows.UpdateAct, act, result)
		var missing *serviceerror.NotFound
		if err == nil || !errors.As(err, &missing) || tries > 0 {
			return Gone(err, closed, act)
		}
	}
}

// giveClosed gives an act to a closed practice. The incident goes on with it where
// it is open again.
//
// The start and the update are two calls: in one, the SDK encrypts what the workflow
// starts with before anybody knows for which workflow (docs/adr/0165). The workflow waits
// for the act that it was started for.
func (d *Desk) giveClosed(ctx context.Context, act casebook.Act, result *activities.ActResult) error {
	connection, err := d.Temporal(ctx)
	if err != nil {
		return err
	}
	id := temporalx.PracticeID(act.IncidentID, act.PracticeKey)
	start := client.StartWorkflowOptions{
		ID: id, TaskQueue: d.Queue, Priority: temporalx.Fair(act.IncidentID), StaticSummary: temporalx.Line("Practice " + act.PracticeKey),
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		TypedSearchAttributes: temporal.NewSearchAttributes(
			temporalx.IncidentKey.ValueSet(act.IncidentID), temporalx.PracticeKey.ValueSet(act.PracticeKey)),
	}
	in := workflows.PracticeInput{IncidentID: act.IncidentID, PracticeKey: act.PracticeKey, ActFollows: true}
	// The second time: one that ran already may have ended before the act came.
	for tries := 0; ; tries++ {
		err = d.attend(ctx, act, result, func(ctx context.Context) (client.WorkflowUpdateHandle, error) {
			if _, err := connection.ExecuteWorkflow(ctx, start, workflows.PracticeType, in); err != nil {
				return nil, err
			}
			return connection.UpdateWorkflow(ctx, d.updating(act, id, workflows.UpdateAct, act))
		})
		var missing *serviceerror.NotFound
		if !errors.As(err, &missing) || tries > 0 {
			break
		}
	}
	if err != nil {
		return Gone(err, true, act)
	}
	if result.State.Phase == casebook.PhaseClosed {
		return nil
	}
	// It was opened again, and maybe the incident with it.
	return d.StartAgain(ctx, act.IncidentID)
}

// Unheard is an act that the workflow it concerns could not be given. Nothing was done.
// What other practices' workflows hear is another matter, so that whoever asks for many
// acts goes on with theirs.
type Unheard struct{ Why string }

func (e *Unheard) Error() string { return e.Why }

func unheard(format string, args ...any) error { return &Unheard{fmt.Sprintf(format, args...)} }

// Gone explains an act to a workflow that does not run.
func Gone(err error, closed bool, act casebook.Act) error {
	what := "incident " + act.IncidentID
	if act.PracticeKey != "" {
		what = "practice " + act.PracticeKey
	}
	var stuck *serviceerror.WorkflowNotReady
	if errors.As(err, &stuck) {
		return unheard("the workflow of %s cannot hear it, because its own code fails; status says more. Give the command again when that is mended", what)
	}
	var missing *serviceerror.NotFound
	if !errors.As(err, &missing) {
		return err
	}
	if closed && act.PracticeKey == "" {
		return activities.ClosedIncident(act.IncidentID)
	}
	return unheard("the workflow of %s does not run. The worker starts it again within a minute: look with status, then give the command again", what)
}
