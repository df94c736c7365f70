package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"
)

// A case runs for months and its workflow is replayed by every later release. Whatever
// makes a workflow take other steps, or in another order, than it did before is a
// Change: a run that took the earlier path goes on by it to its end, and both paths
// stay in the code as long as a run may be on the earlier one (ADR 0247).

// Change is one change of the workflows' course. Its name is in histories and never
// changes its meaning.
type Change string

// changes are all there were since the first release, the oldest first. A release
// appends its own and never takes one out before no run can be older than it.
var changes = []Change{openTogether}

// openTogether: a launch opens practices many at a time, and their workflows begin from
// where they then stand (ADR 0252).
const openTogether Change = "practices-opened-together"

// Taken reports whether this run goes by the change. It is decided when the run first
// asks, and then stands: not before every worker that lives knows the change, so that
// an earlier program never meets a run that it cannot carry on (app.Releases).
func (c Change) Taken(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, string(c), workflow.DefaultVersion, 1) == 1
}

// Changes is how many changes of the workflows' course this program knows.
func Changes() int { return len(changes) }

// Before are the runs, in Temporal's list filter, that still go by the path from before
// the change: those that asked and were not given it.
func (c Change) Before() string {
	// The SDK writes the change's name and the version, DefaultVersion being -1.
	return "TemporalChangeVersion = '" + string(c) + "--1' AND ExecutionStatus = 'Running'"
}

// AllChanges are the changes that this program knows, the oldest first.
func AllChanges() []Change { return slices.Clone(changes) }

// Number says which change of the course it is, from 1; 0 for none that this program knows.
func (c Change) Number() int { return slices.Index(changes, c) + 1 }
