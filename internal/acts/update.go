package acts

import (
	"context"
	"fmt"
	"time"

	"go.temporal.io/sdk/client"

	"duenotice/internal/casebook"
)

// Patience is how long somebody waits before they are told for what.
const Patience = 3 * time.Second

// Update sends an update about an act and waits for its answer. Sent again, by a
// command that was interrupted, it finds the act done.
func (d *Desk) Update(ctx context.Context, act casebook.Act, workflowID, name string, argument, answer any) error {
	temporal, err := d.Temporal(ctx)
	if err != nil {
		return err
	}
	options := d.updating(act, workflowID, name, argument)
	return d.attend(ctx, act, answer, func(ctx context.Context) (client.WorkflowUpdateHandle, error) {
		return temporal.UpdateWorkflow(ctx, options)
	})
}

// updating is an update about an act, whose answer is waited for.
func (d *Desk) updating(act casebook.Act, workflowID, name string, argument any) client.UpdateWorkflowOptions {
	return client.UpdateWorkflowOptions{
		// Not the act's ID alone: a refusal would be answered again for ever, though
		// what it was refused for has changed. The act itself is written once.
		UpdateID: fmt.Sprintf("%s-%d", act.ID, d.Now().UnixNano()), WorkflowID: workflowID, UpdateName: name, Args: []any{argument},
		WaitForStage: client.WorkflowUpdateStageCompleted,
	}
}

// attend sends an update and waits for its answer; meanwhile it tells the person for
// what it waits, and ends when nobody works any more.
func (d *Desk) attend(ctx context.Context, act casebook.Act, answer any, send func(context.Context) (client.WorkflowUpdateHandle, error)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		handle, err := send(ctx)
		if err == nil {
			// The refusal of an act comes only with the answer.
			err = handle.Get(ctx, answer)
		}
		done <- err
	}()
	look := d.Wait(act.IncidentID, act.PracticeKey)
	tick := time.NewTicker(Patience)
	defer tick.Stop()
	for {
		select {
		case err := <-done:
			return err
		case <-tick.C:
			if err := look(ctx); err != nil {
				return err
			}
		}
	}
}
