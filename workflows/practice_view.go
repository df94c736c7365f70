package workflows

import (
	"fmt"
	"strings"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"duenotice/activities"
	"duenotice/internal/temporalx"
)

// show puts where the practice stands into the Temporal UI: columns to sort by
// and a page to read.
func (p *practice) show(ctx workflow.Context) {
	workflow.SetCurrentDetails(ctx, p.details())
	needs := p.needs()
	shown := shownOf(p.state, needs)
	if shown == p.shown {
		return // every upsert is an event in the history
	}
	p.shown = shown
	updates := columns(p.state, needs)
	if p.state.NextDueEnds.IsZero() {
		updates = append(updates, temporalx.NextDueKey.ValueUnset())
	}
	if err := workflow.UpsertTypedSearchAttributes(ctx, updates...); err != nil {
		workflow.GetLogger(ctx).Error("search attributes not set", "error", err)
	}
}

// columns are what the Temporal UI sorts practices by. needs says what a person must do.
func columns(state activities.PracticeState, needs string) []temporal.SearchAttributeUpdate {
	values := []temporal.SearchAttributeUpdate{
		temporalx.PhaseKey.ValueSet(string(state.Phase)),
		temporalx.SizeBandKey.ValueSet(temporalx.SizeBand(state.People)),
		temporalx.NeedsPersonKey.ValueSet(needs != ""),
		temporalx.LateKey.ValueSet(state.Late),
	}
	if !state.NextDueEnds.IsZero() {
		values = append(values, temporalx.NextDueKey.ValueSet(state.NextDueEnds))
	}
	return values
}

// shownOf tells columns apart.
func shownOf(state activities.PracticeState, needs string) string {
	return fmt.Sprint(state.Phase, state.People, needs != "", state.Late, state.NextDueEnds)
}

func (p *practice) needs() string {
	if why := p.rests.why(); why != "" {
		return why
	}
	return p.state.NeedsPerson
}

// details is the practice as Markdown: what stands, what waits, what is owed.
func (p *practice) details() string {
	var text string
	// Not Fprintf: it goes through an io.Writer, behind which workflowcheck cannot see.
	say := func(format string, args ...any) { text += fmt.Sprintf(format, args...) }
	say("**%s** %d people, %s.\n\n", temporalx.Text(p.state.Name), p.state.People, p.state.Phase)
	if p.state.Reason != "" {
		say("Decision: %s.\n\n", temporalx.Text(p.state.Reason))
	}
	if needs := p.needs(); needs != "" {
		say("**A person must act:** %s.\n\n", temporalx.Text(needs))
	}
	for _, d := range p.state.Deadlines {
		mark := "open"
		if !d.Open {
			mark = "done"
		}
		say("- [%s] %s\n", mark, temporalx.Text(d.Title))
	}
	if len(p.state.Approvers) > 0 {
		say("\nApproved by %s (%d of %d).\n", temporalx.Text(strings.Join(p.state.Approvers, ", ")), len(p.state.Approvers), p.state.ApproversNeeded)
	}
	return text
}
