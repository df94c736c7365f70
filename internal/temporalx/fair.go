package temporalx

import (
	"time"

	"go.temporal.io/sdk/temporal"
)

// Fair is the priority of everything that is done for an incident. Where more waits than
// can be done, each incident has the same share of the work, however large it is: one of
// twelve people does not wait for the forty-five thousand practices of another. Child
// workflows and steps have it from the workflow that starts them.
func Fair(incidentID string) temporal.Priority { return temporal.Priority{FairnessKey: incidentID} }

// Asked is the priority of a step for whose end a person waits: before all others.
func Asked() temporal.Priority { return temporal.Priority{PriorityKey: 1} }

// Near is the priority of a practice's step by what is left until its nearest duty is
// late, zero where nothing is due: of its incident's share and more of it the nearer that
// is. It is a weight and no order, so that an incident whose every day is near does not
// keep all others from theirs.
func Near(due, now time.Time) temporal.Priority {
	const week = 7 * 24 * time.Hour
	switch left := due.Sub(now); {
	case due.IsZero(), left > 2*week:
		return temporal.Priority{}
	case left > week:
		return temporal.Priority{FairnessWeight: 2}
	default:
		return temporal.Priority{FairnessWeight: 4}
	}
}
