package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres"
	"duenotice/internal/temporalx"
	"duenotice/workflows"
)

func incidentWorkflow(incident string) string { return temporalx.IncidentID(incident) }

// Ended are the workflows of an open incident that do not run.
type Ended struct {
	// Incident says how the incident's own workflow ended. Tries is how often its code
	// was tried in vain, if it runs.
	Incident End
	Tries    int
	// Practices are the open practices without a workflow, by how it ended.
	Practices map[string]End
}

// End is how a workflow ended.
type End struct {
	// How is "completed", "terminated", "gone" and such, "" while it runs.
	How string
	// Run is the run that ended, "" of one that is gone.
	Run string
}

// Any reports whether there is one.
func (e Ended) Any() bool { return e.Incident.How != "" || len(e.Practices) > 0 }

// Keys are the practices' keys in order.
func (e Ended) Keys() []string {
	keys := make([]string, 0, len(e.Practices))
	for key := range e.Practices {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// byItself is a workflow that ended as it should and whose case was opened again.
const byItself = "completed"

// gone is a workflow of which Temporal knows nothing.
const gone = "gone"

// FindEnded looks which workflows of an open incident do not run. Practices are
// looked for only when every one was started.
func FindEnded(ctx context.Context, store *postgres.Store, c client.Client, incident, phase string) (Ended, error) {
	ended := Ended{Practices: map[string]End{}}
	err := own(ctx, c, temporalx.IncidentID(incident))
	if err != nil {
		return ended, err
	}
	if ended.Incident, ended.Tries, err = how(ctx, c, temporalx.IncidentID(incident)); err != nil || phase != casebook.IncidentRunning {
		return ended, err
	}
	open, err := store.OpenPractices(ctx, incident)
	if err != nil {
		return ended, err
	}
	query := fmt.Sprintf("WorkflowType = '%s' AND %s = '%s' AND ExecutionStatus = 'Running'", workflows.PracticeType, temporalx.IncidentKey.GetName(), incident)
	counted, err := c.CountWorkflow(ctx, &workflowservice.CountWorkflowExecutionsRequest{Query: query})
	if err != nil || int(counted.GetCount()) >= open {
		return ended, err
	}
	running, err := listed(ctx, c, query)
	if err != nil {
		return ended, err
	}
	const page = 1000
	for after := ""; ; {
		keys, err := store.PracticeKeys(ctx, incident, after, page, true)
		if err != nil || len(keys) == 0 {
			return ended, err
		}
		for _, key := range keys {
			id := temporalx.PracticeID(incident, key)
			if running[id] {
				continue
			}
			// The list may be a moment behind.
			end, _, err := how(ctx, c, id)
			if err != nil {
				return ended, err
			}
			if end.How != "" {
				ended.Practices[key] = end
			}
		}
		after = keys[len(keys)-1]
	}
}

// own refuses a workflow that was started with other keys: another installation or
// environment has an incident of the same id, and this one was led to its Temporal.
func own(ctx context.Context, c client.Client, id string) error {
	found, err := c.DescribeWorkflow(ctx, id, "")
	var missing *serviceerror.NotFound
	if errors.As(err, &missing) {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := found.GetStaticSummary(); err != nil {
		return fmt.Errorf("the workflow %s in the Temporal that is configured here is another's: %w", id, err)
	}
	return nil
}

// how says how a workflow ended, and how often its code was tried in vain since it
// last did something.
func how(ctx context.Context, c client.Client, id string) (end End, tries int, err error) {
	found, err := c.DescribeWorkflowExecution(ctx, id, "")
	var missing *serviceerror.NotFound
	switch {
	case errors.As(err, &missing):
		return End{How: gone}, 0, nil
	case err != nil:
		return End{}, 0, err
	}
	end.Run = found.GetWorkflowExecutionInfo().GetExecution().GetRunId()
	switch status := found.GetWorkflowExecutionInfo().GetStatus(); status {
	case enums.WORKFLOW_EXECUTION_STATUS_RUNNING, enums.WORKFLOW_EXECUTION_STATUS_CONTINUED_AS_NEW:
		return End{}, max(0, int(found.GetPendingWorkflowTask().GetAttempt())-1), nil
	case enums.WORKFLOW_EXECUTION_STATUS_COMPLETED:
		end.How = byItself
	case enums.WORKFLOW_EXECUTION_STATUS_TIMED_OUT:
		end.How = "timed out"
	default:
		end.How = strings.ToLower(status.String())
	}
	return end, 0, nil
}

func listed(ctx context.Context, c client.Client, query string) (map[string]bool, error) {
	running := map[string]bool{}
	var next []byte
	for {
		page, err := c.ListWorkflow(ctx, &workflowservice.ListWorkflowExecutionsRequest{Query: query, PageSize: 1000, NextPageToken: next})
		if err != nil {
			return nil, err
		}
		for _, w := range page.GetExecutions() {
			running[w.GetExecution().GetWorkflowId()] = true
		}
		if next = page.GetNextPageToken(); len(next) == 0 {
			return running, nil
		}
	}
}

// StartAgain gives an incident a workflow where it has none, and lets it look after
// practices whose own have ended.
func StartAgain(ctx context.Context, store *postgres.Store, c client.Client, queue, incidentID string, word workflows.StartAgain) error {
	incident, err := store.Incident(ctx, incidentID)
	if err != nil {
		return err
	}
	next, err := store.NextMailRun(ctx, incidentID)
	if err != nil {
		return err
	}
	in := workflows.IncidentInput{
		IncidentID: incidentID, Entity: incident.Incident.Entity.Name, NextRun: next,
		Launched: incident.Phase == casebook.IncidentRunning || incident.Phase == casebook.IncidentClosed,
	}
	options := IncidentOptions(incident.Incident, queue)
	options.WorkflowIDReusePolicy = enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE
	_, err = c.SignalWithStartWorkflow(ctx, temporalx.IncidentID(incidentID), workflows.SignalStartAgain, word, options, workflows.IncidentType, in)
	return err
}

// IncidentOptions are how an incident's workflow is started.
func IncidentOptions(incident breach.Incident, queue string) client.StartWorkflowOptions {
	return client.StartWorkflowOptions{
		ID: temporalx.IncidentID(incident.ID), TaskQueue: queue,
		Priority:      temporalx.Fair(incident.ID),
		StaticSummary: temporalx.Line("Incident " + incident.ID),
		StaticDetails: fmt.Sprintf("Breach discovered on %s. Day 60 is %s (45 CFR 164.404(b)).",
			incident.Discovered, incident.Discovered.AddDays(60)),
		TypedSearchAttributes: temporal.NewSearchAttributes(
			temporalx.IncidentKey.ValueSet(incident.ID), temporalx.PhaseKey.ValueSet(casebook.IncidentLaunching),
			temporalx.NeedsPersonKey.ValueSet(false), temporalx.LateKey.ValueSet(false),
		),
	}
}

// workflows looks whether an incident and its open practices have workflows, and
// starts those again that have ended. Where one was ended from outside, that is an
// alarm and an entry of the ledger. It reports whether the incident's own runs.
//
// An incident of which Temporal knows nothing is left to a person: this may be another
// Temporal than the one in which it runs.
func (k *keeper) workflows(ctx context.Context, incident, phase string) (runs bool, err error) {
	ended, err := FindEnded(ctx, k.store, k.temporal, incident, phase)
	if err != nil {
		return false, err
	}
	runs = ended.Incident.How == ""
	if err := k.stuck(ctx, incident, ended.Tries); err != nil {
		return runs, err
	}
	if ended.Incident.How == gone {
		return runs, k.store.ReplaceTroubles(ctx, incident, casebook.TroubleGone, []casebook.Trouble{goneTrouble(incident, phase)})
	}
	if err := k.store.ReplaceTroubles(ctx, incident, casebook.TroubleGone, nil); err != nil || !ended.Any() {
		return runs, err
	}
	keys := ended.Keys()
	keys = keys[:min(len(keys), launchAtOnce)]
	// Before it is started: the run that was ended is not found any more afterwards.
	if err := k.noteEnd(ctx, incident, "", ended.Incident); err != nil {
		return runs, err
	}
	for _, key := range keys {
		if err := k.noteEnd(ctx, incident, key, ended.Practices[key]); err != nil {
			return runs, err
		}
	}
	return runs, StartAgain(ctx, k.store, k.temporal, k.config.Queue(), incident, workflows.StartAgain{Keys: keys})
}

// noteEnd raises the alarm of a workflow that did not end by itself.
func (k *keeper) noteEnd(ctx context.Context, incident, practice string, end End) error {
	if end.How == "" || end.How == byItself {
		return nil
	}
	whose := "the incident's"
	if practice != "" {
		whose = "the practice's"
	}
	return k.store.NoteRestarted(ctx, cmp.Or(end.Run, end.How), end.How, casebook.Trouble{
		Incident: incident, Practice: practice, Part: practice,
		What: fmt.Sprintf("%s workflow was ended from outside (%s), and is started again", whose, end.How),
		Todo: "Find out who ended it: no command of this program does. Nothing was lost; this is shown for a week.",
	})
}

// goneTrouble is an incident of which Temporal knows nothing.
func goneTrouble(incident, phase string) casebook.Trouble {
	t := casebook.Trouble{
		Incident: incident, Kind: casebook.TroubleGone,
		What: "Temporal knows nothing of it: no letters are printed, and nobody watches its days",
		Todo: fmt.Sprintf("See that this is the Temporal in which it was started, and start it again: start CASE, with the case folder of %s. Nothing that is there is changed.", incident),
	}
	if phase == casebook.IncidentLoaded {
		t.What, t.Todo = "the findings are loaded and the incident was not started", "Give start CASE again, with the case folder of "+incident+"."
	}
	return t
}

// stuck notes an incident whose workflow's code has failed again and again, unless
// the log has said why already.
func (k *keeper) stuck(ctx context.Context, incident string, tries int) error {
	id := temporalx.IncidentID(incident)
	noted, err := k.store.TroublesOfKind(ctx, casebook.TroubleTask)
	if err != nil || tries < 2 || slices.ContainsFunc(noted, func(t casebook.Trouble) bool { return t.Part == id }) {
		return err
	}
	return k.store.NoteTrouble(ctx, taskTrouble(id, fmt.Errorf("its own code has failed %d times", tries)))
}

// launchAtOnce is how many practices are named in one message.
const launchAtOnce = 500

// taskTrouble is a workflow whose own code fails.
func taskTrouble(workflowID string, err error) casebook.Trouble {
	t := casebook.Trouble{Kind: casebook.TroubleTask, Part: workflowID}
	t.Incident, t.Practice = temporalx.Subject(workflowID)
	t.What, _ = Explain(err)
	t.Todo = "Run the version of the program that it was begun with, or one that mends it; it then goes on by itself. The worker's log has more."
	return t
}

// tasks forgets workflows whose code does what it should again.
func (k *keeper) tasks(ctx context.Context) error {
	noted, err := k.store.TroublesOfKind(ctx, casebook.TroubleTask)
	if err != nil {
		return err
	}
	for _, t := range noted {
		_, tries, err := how(ctx, k.temporal, t.Part)
		if err != nil {
			return err
		}
		if tries > 0 {
			err = k.store.NoteTrouble(ctx, t)
		} else {
			err = k.store.ClearTrouble(ctx, t.Incident, t.Practice, t.Kind, t.Part)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
