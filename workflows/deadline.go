package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"duenotice/activities"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
)

// watchDeadlines gives every obligation that has none yet its own timer.
func (p *practice) watchDeadlines() {
	for _, listed := range p.state.Deadlines {
		d, _ := p.deadline(listed.ObligationID)
		if !p.watched[d.ObligationID] && d.Open && len(d.Stages) > 0 {
			p.watched[d.ObligationID] = true
			workflow.Go(p.ctx, func(ctx workflow.Context) { p.watch(ctx, d.ObligationID) })
		}
	}
}

// watch sleeps from stage to stage of one deadline: 30, 14, 7, 3 and 1 days
// before, due, overdue. When the deadline moves, the timer is cancelled and a
// new one set; when the duty is done it ends.
func (p *practice) watch(ctx workflow.Context, id string) {
	// Without this the next plan would start a second timer for a duty that was
	// done and then reopened, or leave it without one.
	defer delete(p.watched, id)
	for ctx.Err() == nil {
		deadline, ok := p.deadline(id)
		if !ok || !deadline.Open || len(deadline.Stages) == 0 {
			return
		}
		next := deadline.Stages[0]
		left := next.At.Sub(workflow.Now(ctx))
		if left <= 0 {
			// A timer of no length leaves no event, so it must not be asked for.
			if !p.reach(ctx, deadline, next) {
				return
			}
			continue
		}
		moved, err := workflow.AwaitWithOptions(ctx, workflow.AwaitOptions{
			Timeout: left, TimerOptions: workflow.TimerOptions{Summary: clip(deadline.Title + ": " + next.Name)},
		}, func() bool {
			now, ok := p.deadline(id)
			return !ok || !now.Open || now.Due != deadline.Due || len(now.Stages) == 0 || now.Stages[0] != next
		})
		if err != nil {
			return
		}
		if !moved && !p.reach(ctx, deadline, next) {
			return
		}
	}
}

// reach notes that a stage became true, for as long as that takes: that a day passed
// is evidence. It reports whether the watch goes on.
func (p *practice) reach(ctx workflow.Context, d activities.Deadline, stage activities.Stage) bool {
	p.reached[d.ObligationID] = reached{due: d.Due, at: stage.At}
	for {
		err := p.step(ctx, short(ctx, d.Title+": "+stage.Name), steps.ReachStage, activities.StageInput{
			PracticeRef: p.ref, ObligationID: d.ObligationID, Stage: stage.Name, At: stage.At,
		})
		if ctx.Err() != nil {
			return false
		}
		if _, refused := activities.RefusalOf(err); refused {
			p.stale = true // it is noted; what is refused is the plan after it, which says so itself
			err = nil
		}
		if err == nil {
			return stage.Name != casebook.StageOverdue
		}
		if workflow.Sleep(ctx, shortestRest) != nil {
			return false
		}
	}
}

// reached is the latest stage noted of a deadline. A moved deadline begins anew.
type reached struct {
	due civil.Date
	at  time.Time
}

// deadline returns an obligation's clock without the stages already noted:
// every plan lists the latest one that is past, since it does not know what
// this workflow has noted.
func (p *practice) deadline(id string) (activities.Deadline, bool) {
	for _, d := range p.state.Deadlines {
		if d.ObligationID != id {
			continue
		}
		noted := p.reached[id]
		for noted.due == d.Due && len(d.Stages) > 0 && !d.Stages[0].At.After(noted.at) {
			d.Stages = d.Stages[1:]
		}
		return d, true
	}
	return activities.Deadline{}, false
}
