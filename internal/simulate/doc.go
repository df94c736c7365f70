// Package simulate runs an incident before it is run: the same workflows and
// the same activities as a worker's, with time skipped, over a store in memory
// and without a server. What comes of it is a calendar: every warning, due day
// and miss of an incident in which nobody acts, or somebody with a script.
//
// Temporal's own test environment is the clock and the engine. It runs one
// workflow with its children in one goroutine, so a large incident is cut into
// parts that share nothing, each an incident of its own with some of the
// practices (those of one counting entity together), and the calendars are
// put together again. Nothing is typeset, written or sent (activities.Rehearsal);
// patients are counted once and not kept.
package simulate
