package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"duenotice/activities"
	"duenotice/internal/app"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/temporalx"
	"duenotice/workflows"
)

// actSpace is the namespace of the acts' name-based UUIDs (RFC 9562, version 5).
var actSpace = uuid.MustParse("6d9d4f0e-5a2b-4c43-9f5e-0b1c6a7c3d52")

// act carries out a person's act through the workflow it concerns and returns
// what became of it. repeated is true when the same act was there already.
func (s *session) act(ctx context.Context, act casebook.Act) (result activities.ActResult, repeated bool, err error) {
	act.Who = strings.TrimSpace(act.Who)
	if err := act.Readable(); err != nil {
		return result, false, err
	}
	if _, err := s.closed(ctx, act); err != nil {
		return result, false, err // there is no such incident or practice
	}
	before, err := s.store.Acts(ctx, act.IncidentID, act.PracticeKey)
	if err != nil {
		return result, false, err
	}
	if repeated, err = identify(&act, before); err != nil || repeated {
		return result, repeated, err
	}
	if err := s.dial(ctx); err != nil {
		return result, false, err
	}
	if err := s.request(ctx, act); err != nil {
		return result, false, err
	}
	if err := s.give(ctx, act, &result); err != nil {
		return result, false, err
	}
	return result, !result.Fresh, nil
}

// give hands the act to the workflow it concerns. A practice that is closed gets a
// workflow again to hear it, and goes on with it where the act opens the practice.
func (s *session) give(ctx context.Context, act casebook.Act, result *activities.ActResult) error {
	workflowID := temporalx.IncidentID(act.IncidentID)
	if act.PracticeKey != "" {
		workflowID = temporalx.PracticeID(act.IncidentID, act.PracticeKey)
	}
	// The second time: what ended the workflow may have closed the case a moment ago.
	for tries := 0; ; tries++ {
		closed, err := s.closed(ctx, act)
		if err != nil {
			return err
		}
		if closed && act.PracticeKey != "" {
			return s.giveClosed(ctx, act, result)
		}
		err = s.update(ctx, workflowID, workflows.UpdateAct, act, nil, result)
		var missing *serviceerror.NotFound
		if err == nil || !errors.As(err, &missing) || tries > 0 {
			return gone(err, closed, act)
		}
	}
}

// giveClosed gives an act to a closed practice. The incident goes on with it where
// it is open again.
func (s *session) giveClosed(ctx context.Context, act casebook.Act, result *activities.ActResult) error {
	id := temporalx.PracticeID(act.IncidentID, act.PracticeKey)
	start := s.temporal.NewWithStartWorkflowOperation(client.StartWorkflowOptions{
		ID: id, TaskQueue: s.config.Queue(), StaticSummary: "Practice " + act.PracticeKey,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		TypedSearchAttributes: temporal.NewSearchAttributes(
			temporalx.IncidentKey.ValueSet(act.IncidentID), temporalx.PracticeKey.ValueSet(act.PracticeKey)),
	}, workflows.PracticeType, workflows.PracticeInput{IncidentID: act.IncidentID, PracticeKey: act.PracticeKey})
	if err := s.update(ctx, id, workflows.UpdateAct, act, start, result); err != nil {
		return gone(err, true, act)
	}
	if result.State.Phase == casebook.PhaseClosed {
		return nil
	}
	// It was opened again, and maybe the incident with it.
	return failed(app.StartAgain(ctx, s.store, s.temporal, s.config.Queue(), act.IncidentID, workflows.StartAgain{}))
}

// closed reports whether what the act is about is closed by now.
func (s *session) closed(ctx context.Context, act casebook.Act) (bool, error) {
	incident, err := s.store.Incident(ctx, act.IncidentID)
	if err != nil || act.PracticeKey == "" {
		return incident.Phase == casebook.IncidentClosed, err
	}
	practice, err := s.store.Practice(ctx, act.IncidentID, act.PracticeKey)
	return practice.Phase == casebook.PhaseClosed, err
}

// update sends an update about an act and waits for its answer, with start to a
// workflow that may have ended. Sent again, by a command that was interrupted, it
// finds the act done.
func (s *session) update(ctx context.Context, workflowID, name string, argument any, start client.WithStartWorkflowOperation, answer any) error {
	act, ok := argument.(casebook.Act)
	if amended, is := argument.(workflows.AmendedInput); is {
		act, ok = amended.Act, true
	}
	if !ok {
		return fmt.Errorf("%T is no act", argument)
	}
	options := client.UpdateWorkflowOptions{
		// Not the act's ID alone: a refusal would be answered again for ever, though
		// what it was refused for has changed. The act itself is written once.
		UpdateID: fmt.Sprintf("%s-%d", act.ID, s.p.Now().UnixNano()), WorkflowID: workflowID, UpdateName: name, Args: []any{argument},
		WaitForStage: client.WorkflowUpdateStageCompleted,
	}
	return s.attend(ctx, act, func(ctx context.Context) error {
		var handle client.WorkflowUpdateHandle
		var err error
		if start == nil {
			handle, err = s.temporal.UpdateWorkflow(ctx, options)
		} else {
			handle, err = s.temporal.UpdateWithStartWorkflow(ctx, client.UpdateWithStartWorkflowOptions{StartWorkflowOperation: start, UpdateOptions: options})
		}
		if err != nil {
			return err
		}
		// The refusal of an act comes only with the answer.
		return handle.Get(ctx, answer)
	})
}

// attend waits for do, says for what it waits, and ends when nobody works any more.
func (s *session) attend(ctx context.Context, act casebook.Act, do func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- do(ctx) }()
	waits := s.waitsFor(act.IncidentID, act.PracticeKey)
	tick := time.NewTicker(patience)
	defer tick.Stop()
	for {
		select {
		case err := <-done:
			return err
		case <-tick.C:
			if err := waits.look(ctx); err != nil {
				return err
			}
		}
	}
}

// gone explains an act to a workflow that does not run.
func gone(err error, closed bool, act casebook.Act) error {
	what := "incident " + act.IncidentID
	if act.PracticeKey != "" {
		what = "practice " + act.PracticeKey
	}
	var stuck *serviceerror.WorkflowNotReady
	if errors.As(err, &stuck) {
		return failed(fmt.Errorf("the workflow of %s cannot hear it, because its own code fails; status says more. Give the command again when that is mended", what))
	}
	var missing *serviceerror.NotFound
	if !errors.As(err, &missing) {
		return err
	}
	if closed && act.PracticeKey == "" {
		return activities.ClosedIncident(act.IncidentID)
	}
	return failed(fmt.Errorf("the workflow of %s does not run. Give start with its case folder again, which starts it and changes nothing that is there", what))
}

// identify gives the act its ID: a hash of its content and of the last act of
// its series, so that the same act twice is one act, and the same words after
// something else was decided are another. repeated is true when the last act of
// the series already says this.
func identify(act *casebook.Act, before []casebook.Act) (repeated bool, err error) {
	content, err := act.Content()
	if err != nil {
		return false, err
	}
	last := ""
	for i := len(before) - 1; i >= 0; i-- {
		if before[i].Kind == casebook.ActReturns && isSubstitute(*act) {
			last = before[i].ID // there are others to tell since
			break
		}
		if !sameSeries(*act, before[i]) {
			continue
		}
		earlier, err := before[i].Content()
		if err != nil {
			return false, err
		}
		if string(earlier) == string(content) {
			act.ID = before[i].ID
			return true, nil
		}
		last = before[i].ID
		break
	}
	act.ID = uuid.NewSHA1(actSpace, append([]byte(last+"\n"), content...)).String()
	return false, nil
}

// isSubstitute reports whether the act records substitute notice.
func isSubstitute(act casebook.Act) bool {
	return act.Kind == casebook.ActRecord && act.Record != nil && act.Record.Fact.Kind == breach.PostingStarted
}

// aboutNotice: the fact says whether a practice was told.
func aboutNotice(f breach.Fact) bool {
	return f.Kind == breach.PracticeNotified || f.Kind == breach.NoticeBounced
}

// sameSeries reports whether a later act of one kind takes the place of the
// earlier one: acts between them that decided otherwise make a repetition count.
func sameSeries(a, b casebook.Act) bool {
	holds := func(kind string) bool { return kind == casebook.ActHold || kind == casebook.ActRelease }
	switch {
	case holds(a.Kind):
		return holds(b.Kind)
	case a.Kind != b.Kind:
		return false
	case a.Kind == casebook.ActRecord && a.Record != nil && b.Record != nil:
		if aboutNotice(a.Record.Fact) {
			return aboutNotice(b.Record.Fact) // told, not told after all, told again
		}
		f, g := a.Record.Fact, b.Record.Fact
		return f.Kind == g.Kind && f.Jurisdiction == g.Jurisdiction && f.Batch == g.Batch
	}
	return true
}

// perform carries out an act and says what became of it. did is the sentence
// that is true afterwards: "Practice P1: delegation all".
func (p *program) perform(ctx context.Context, act casebook.Act, did string) error {
	if err := incidentArgument(act.IncidentID); err != nil {
		return err
	}
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	return s.perform(ctx, act, did)
}

func (s *session) perform(ctx context.Context, act casebook.Act, did string) error {
	result, repeated, err := s.act(ctx, act)
	if err != nil {
		return err
	}
	if repeated {
		s.p.say("%s: already done; nothing changed.", did)
		return nil
	}
	s.p.say("%s, by %s.", did, act.Who)
	if result.State.Phase != "" {
		s.p.say("Practice %s is now in: %s.", act.PracticeKey, result.State.Phase)
	}
	if result.State.NeedsPerson != "" {
		s.p.say("It waits for: %s.", result.State.NeedsPerson)
	}
	return nil
}
