package workflows

import (
	"slices"
	"time"

	"duenotice/activities"
)

const (
	// shortestRest and longestRest bound how long a step that failed for good rests
	// before it is tried again: longer each time, since what a person has to mend
	// takes hours, and never for ever, since nobody tells a workflow that a disk has
	// room again.
	shortestRest = time.Minute
	longestRest  = time.Hour
)

// rests are the steps that failed for good: refused by the program, or tried as
// often as its retry policy lets it. Each is tried again after a while, and at once
// when something changed. Meanwhile everything else goes on.
type rests []rest

type rest struct {
	step  string
	tries int
	until time.Time
	why   string
}

// failed lets a step rest.
func (r *rests) failed(now time.Time, step string, err error) {
	i := slices.IndexFunc(*r, func(x rest) bool { return x.step == step })
	if i < 0 {
		*r = append(*r, rest{step: step})
		i = len(*r) - 1
	}
	pause := longestRest
	if tries := (*r)[i].tries; tries < 6 {
		pause = min(shortestRest<<tries, longestRest)
	}
	why := err.Error()
	if refusal, ok := activities.RefusalOf(err); ok {
		why = refusal.Error()
	}
	(*r)[i] = rest{step, (*r)[i].tries + 1, now.Add(pause), why}
}

// done ends a step's rest.
func (r *rests) done(step string) {
	*r = slices.DeleteFunc(*r, func(x rest) bool { return x.step == step })
}

// over lets every step be tried at once: something changed.
func (r rests) over() {
	for i := range r {
		r[i].until = time.Time{}
	}
}

// may reports whether a step can be tried now.
func (r rests) may(now time.Time, step string) bool {
	return !slices.ContainsFunc(r, func(x rest) bool { return x.step == step && now.Before(x.until) })
}

// next is when the next rest ends; zero when none is left.
func (r rests) next(now time.Time) time.Time {
	var next time.Time
	for _, x := range r {
		if x.until.After(now) && (next.IsZero() || x.until.Before(next)) {
			next = x.until
		}
	}
	return next
}

// why says what keeps the first of the resting steps from being done, "" when none rests.
func (r rests) why() string {
	if len(r) == 0 {
		return ""
	}
	return "stopped: " + r[0].why
}
