package activities

import (
	"fmt"
	"time"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

// deadlines lists each obligation's clock: the stages still to come and the
// latest one already past, so that a case that starts late says so at once
// without repeating every warning it missed.
func deadlines(plan casebook.Plan, zone *time.Location, now time.Time) []Deadline {
	list := make([]Deadline, 0, len(plan.Obligations))
	for _, o := range plan.Obligations {
		d := Deadline{ObligationID: o.ID(), Kind: o.Kind, FirstToPractice: o.FirstToPractice(), Due: o.Due, Open: o.SettledOn.IsZero()}
		switch {
		case o.Due.IsZero():
			d.Title = fmt.Sprintf("%s, not due yet: waits for %s, %s", o.Title(), o.Trigger, o.Citation)
		default:
			d.Title = fmt.Sprintf("%s due %s, %s", o.Title(), o.Due, o.Citation)
		}
		if len(o.Reminders) > 0 {
			d.Title = fmt.Sprintf("%s, no set day, %s", o.Title(), o.Citation)
		}
		if d.Open {
			d.Stages = latestAndLater(stagesOf(o, zone), now)
		}
		list = append(list, d)
	}
	return list
}

// clockSkew is how far the clocks of Temporal's server and of a worker may be apart: a
// timer that the one has fired is then not yet due by the other.
const clockSkew = time.Minute

// reachedStage reports whether an open duty's stage is reached by now, and when it was.
func reachedStage(plan casebook.Plan, zone *time.Location, now time.Time, in StageCame) (at time.Time, reached bool) {
	for _, o := range plan.Obligations {
		if o.ID() != in.ObligationID || !o.SettledOn.IsZero() {
			continue
		}
		for _, s := range stagesOf(o, zone) {
			if s.Name == in.Stage && !now.Add(clockSkew).Before(s.At) {
				return s.At, true
			}
		}
	}
	return time.Time{}, false
}

// stagesOf are all stages of a duty, past and to come.
func stagesOf(o casebook.PlannedObligation, zone *time.Location) []Stage {
	if o.Due.IsZero() {
		return reminders(o, zone)
	}
	return stages(o, zone)
}

// stages are those of a duty with a due day.
func stages(o casebook.PlannedObligation, zone *time.Location) []Stage {
	var all []Stage
	for _, days := range breach.WarningDays {
		name := fmt.Sprintf("%d days", days)
		if days == 1 {
			name = "1 day"
		}
		all = append(all, Stage{Name: name, At: o.Due.AddDays(-days).Start(zone).UTC()})
	}
	return append(all,
		Stage{Name: casebook.StageDueToday, At: o.Due.Start(zone).UTC()},
		Stage{Name: casebook.StageOverdue, At: o.DueEnds})
}

// reminders are the stages of a duty without one.
func reminders(o casebook.PlannedObligation, zone *time.Location) []Stage {
	var all []Stage
	for _, r := range o.Reminders {
		all = append(all, Stage{Name: r.Name, At: r.On.Start(zone).UTC()})
	}
	return all
}

// latestAndLater leaves out what is past, but for the latest of it.
func latestAndLater(all []Stage, now time.Time) []Stage {
	first := 0
	for i, s := range all {
		if !s.At.After(now) {
			first = i
		}
	}
	return all[first:]
}
