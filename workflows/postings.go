package workflows

import (
	"fmt"

	"go.temporal.io/sdk/workflow"

	"duenotice/activities"
	"duenotice/internal/temporalx"
)

// postingParts is how many parts of one incident a run looks at: a run that goes on with
// the next ones keeps its history short.
const postingParts = 200

// PostingLooks looks at the postings that are up, of all incidents: at each once a day,
// and again at those that missed their notice. A schedule starts it every hour; a step
// looks at hundreds of postings, so that a practice costs Temporal nothing. Each incident
// has its share of the work, so that a small one does not wait for a large one.
func PostingLooks(ctx workflow.Context, in PostingLooksInput) (PostingLooksResult, error) {
	at := in.At
	if at == nil {
		var incidents []string
		err := workflow.ExecuteActivity(short(ctx, "Which incidents have postings to look at"), steps.PostingIncidents).Get(ctx, &incidents)
		if err != nil {
			return PostingLooksResult{}, err
		}
		for _, incident := range incidents {
			at = append(at, activities.LooksInput{IncidentID: incident})
		}
	}
	left := make([]*activities.LooksInput, len(at))
	var done PostingLooksResult
	var all []workflow.Future
	for i, from := range at {
		future, settable := workflow.NewFuture(ctx)
		all = append(all, future)
		workflow.Go(ctx, func(ctx workflow.Context) {
			result, next, err := lookAtIncident(ctx, from)
			done.Looked, done.Missed, left[i] = done.Looked+result.Looked, done.Missed+result.Missed, next
			settable.Set(nil, err)
		})
	}
	for _, future := range all {
		// An incident whose pages cannot be looked at keeps no other one; what could not
		// be done is among the troubles, and the next run tries it again.
		_ = future.Get(ctx, nil)
	}
	done.Looked, done.Missed = done.Looked+in.Done.Looked, done.Missed+in.Done.Missed
	workflow.SetCurrentDetails(ctx, fmt.Sprintf("Looked at **%d** postings; **%d** are without their notice, 45 CFR 164.404(d)(2)(ii).", done.Looked, done.Missed))
	var more []activities.LooksInput
	for _, next := range left {
		if next != nil {
			more = append(more, *next)
		}
	}
	if len(more) == 0 || ctx.Err() != nil {
		return done, ctx.Err()
	}
	return done, workflow.NewContinueAsNewError(ctx, PostingLooksType, PostingLooksInput{At: more, Done: done})
}

// lookAtIncident looks at an incident's postings part by part, and returns from where the
// next run goes on, nil where nothing is left.
func lookAtIncident(ctx workflow.Context, from activities.LooksInput) (done PostingLooksResult, next *activities.LooksInput, err error) {
	looking := workflow.WithPriority(looked(ctx, temporalx.Line("Look at postings of incident "+from.IncidentID)), temporalx.Fair(from.IncidentID))
	for range postingParts {
		var result activities.LooksResult
		if err := workflow.ExecuteActivity(looking, steps.LookAtPostings, from).Get(ctx, &result); err != nil {
			return done, nil, err
		}
		done.Looked, done.Missed = done.Looked+result.Looked, done.Missed+result.Missed
		if !result.More {
			return done, nil, nil
		}
		from.After = result.After
	}
	return done, &from, nil
}
