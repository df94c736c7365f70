package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/workflow"

	"duenotice/activities"
	"duenotice/internal/civil"
)

// day is one stage of one duty: 30, 14, 7, 3 and 1 days before its day, the day
// itself, overdue, or a reminder of a duty without one.
type day struct {
	activities.Deadline
	stage activities.Stage
}

func (d day) String() string { return d.Title + ": " + d.stage.Name }

// days are the stages of every open duty that were not noted yet, in the plan's order.
// Those already noted are left out: every plan lists the latest one that is past, since
// it does not know what this workflow has noted.
func (p *practice) days(each func(day)) {
	for _, d := range p.state.Deadlines {
		if !d.Open {
			continue
		}
		noted := p.noted[d.ObligationID]
		for _, stage := range d.Stages {
			if noted.due != d.Due || stage.At.After(noted.at) {
				each(day{d, stage})
			}
		}
	}
}

// came are the days that have come by now.
func (p *practice) came(now time.Time) (came []day) {
	p.days(func(d day) {
		if !d.stage.At.After(now) {
			came = append(came, d)
		}
	})
	return came
}

// nextDay is the nearest instant at which a day comes, and what comes then; zero when
// none does. The practice has one timer, for the nearest of all that it waits for: one
// for each duty would be set, fire and lie in Temporal for each.
func (p *practice) nextDay(now time.Time) (at time.Time, what string) {
	more := 0
	p.days(func(d day) {
		switch {
		case !d.stage.At.After(now), !at.IsZero() && d.stage.At.After(at):
		case d.stage.At.Equal(at):
			more++
		default:
			at, what, more = d.stage.At, d.String(), 0
		}
	})
	return at, andMore(what, more)
}

func andMore(what string, more int) string {
	if more == 0 {
		return what
	}
	return fmt.Sprintf("%s, and %d more", what, more)
}

// noteDays notes what came, all of it in one step, for as long as that takes: that a
// day passed is evidence.
func (p *practice) noteDays(ctx workflow.Context) {
	came := p.came(workflow.Now(ctx))
	in := activities.StagesInput{PracticeRef: p.ref}
	for _, d := range came {
		in.Stages = append(in.Stages, activities.StageCame{ObligationID: d.ObligationID, Stage: d.stage.Name})
	}
	err := p.step(ctx, short(ctx, andMore(came[0].String(), len(came)-1)), steps.ReachStages, in)
	_, refused := activities.RefusalOf(err)
	if err != nil && !refused {
		p.inTrouble(ctx, stepDays, err)
		return
	}
	for _, d := range came {
		p.noted[d.ObligationID] = noted{due: d.Due, at: d.stage.At}
	}
	// It is noted; what is refused is the plan after it, which says so itself.
	p.stale = p.stale || refused
	p.rests.done(stepDays)
}

// noted is the latest stage noted of a deadline. A moved deadline begins anew.
type noted struct {
	due civil.Date
	at  time.Time
}
