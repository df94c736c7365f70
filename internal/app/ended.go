package app

import (
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
	// Incident says how the incident's own workflow ended, "" while it runs. Tries is
	// how often its code was tried in vain then.
	Incident string
	Tries    int
	// Practices are the open practices without a workflow, by how it ended.
	Practices map[string]string
}

// Any reports whether there is one.
func (e Ended) Any() bool { return e.Incident != "" || len(e.Practices) > 0 }

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

// FindEnded looks which workflows of an open incident do not run. Practices are
// looked for only when every one was started.
func FindEnded(ctx context.Context, store *postgres.Store, c client.Client, incident, phase string) (Ended, error) {
	ended := Ended{Practices: map[string]string{}}
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
			status, _, err := how(ctx, c, id)
			if err != nil {
				return ended, err
			}
			if status != "" {
				ended.Practices[key] = status
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

// how says how a workflow ended, "" while it runs, and how often its code was tried
// in vain since it last did something.
func how(ctx context.Context, c client.Client, id string) (ended string, tries int, err error) {
	found, err := c.DescribeWorkflowExecution(ctx, id, "")
	var missing *serviceerror.NotFound
	switch {
	case errors.As(err, &missing):
		return "gone", 0, nil
	case err != nil:
		return "", 0, err
	}
	switch status := found.GetWorkflowExecutionInfo().GetStatus(); status {
	case enums.WORKFLOW_EXECUTION_STATUS_RUNNING, enums.WORKFLOW_EXECUTION_STATUS_CONTINUED_AS_NEW:
		return "", max(0, int(found.GetPendingWorkflowTask().GetAttempt())-1), nil
	case enums.WORKFLOW_EXECUTION_STATUS_COMPLETED:
		return byItself, 0, nil
	case enums.WORKFLOW_EXECUTION_STATUS_TIMED_OUT:
		return "timed out", 0, nil
	default:
		return strings.ToLower(status.String()), 0, nil
	}
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
		IncidentID: incidentID, Entity: incident.Facts.Entity.Name, NextRun: next,
		Launched: incident.Phase == casebook.IncidentRunning || incident.Phase == casebook.IncidentClosed,
	}
	options := IncidentOptions(incident.Facts, queue)
	options.WorkflowIDReusePolicy = enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE
	_, err = c.SignalWithStartWorkflow(ctx, temporalx.IncidentID(incidentID), workflows.SignalStartAgain, word, options, workflows.IncidentType, in)
	return err
}

// IncidentOptions are how an incident's workflow is started.
func IncidentOptions(incident breach.Incident, queue string) client.StartWorkflowOptions {
	return client.StartWorkflowOptions{
		ID: temporalx.IncidentID(incident.ID), TaskQueue: queue,
		StaticSummary: temporalx.Line("Incident " + incident.ID),
		StaticDetails: fmt.Sprintf("Breach discovered on %s. Day 60 is %s (45 CFR 164.404(b)).",
			incident.Discovered, incident.Discovered.AddDays(60)),
		TypedSearchAttributes: temporal.NewSearchAttributes(
			temporalx.IncidentKey.ValueSet(incident.ID), temporalx.PhaseKey.ValueSet(casebook.IncidentLaunching),
			temporalx.NeedsPersonKey.ValueSet(false), temporalx.LateKey.ValueSet(false),
		),
	}
}

// workflows looks whether an incident and its open practices have workflows. Those
// that ended as they should, and whose case was opened again since, are started
// again; for the others a person decides. It reports whether the incident's own runs.
func (k *keeper) workflows(ctx context.Context, incident, phase string) (runs bool, err error) {
	ended, err := FindEnded(ctx, k.store, k.temporal, incident, phase)
	if err != nil {
		return false, err
	}
	runs = ended.Incident == ""
	if err := k.stuck(ctx, incident, ended.Tries); err != nil {
		return runs, err
	}
	var list []casebook.Trouble
	start := fmt.Sprintf("Find out who ended it, and start it again: start CASE, with the case folder of %s. Nothing that is there is changed.", incident)
	switch ended.Incident {
	case "":
	case "gone":
		if phase == casebook.IncidentLoaded {
			list = append(list, endedTrouble(incident, "", "the findings are loaded and the incident was not started", "Give start CASE again, with the case folder of "+incident+"."))
			break
		}
		fallthrough
	default:
		list = append(list, endedTrouble(incident, "", "the incident's workflow does not run ("+ended.Incident+"): no letters are printed", start))
	}
	var opened []string
	for _, key := range ended.Keys() {
		if ended.Practices[key] == byItself {
			opened = append(opened, key)
			continue
		}
		list = append(list, endedTrouble(incident, key, "the practice's workflow does not run ("+ended.Practices[key]+"): nobody watches its days", start))
	}
	if len(opened) > 0 || ended.Incident == byItself {
		err = StartAgain(ctx, k.store, k.temporal, k.config.Queue(), incident, workflows.StartAgain{Keys: opened[:min(len(opened), launchAtOnce)]})
	}
	if ended.Incident == byItself {
		list = slices.DeleteFunc(list, func(t casebook.Trouble) bool { return t.Practice == "" })
	}
	return runs, errors.Join(err, k.store.ReplaceTroubles(ctx, incident, casebook.TroubleEnded, list))
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

func endedTrouble(incident, practice, what, todo string) casebook.Trouble {
	return casebook.Trouble{Incident: incident, Practice: practice, Kind: casebook.TroubleEnded, Part: practice, What: what, Todo: todo}
}

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
