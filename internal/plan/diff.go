package plan

import (
	"cmp"
	"fmt"
	"slices"

	"duenotice/internal/breach"
)

// What happened to an obligation between two plans.
const (
	Added   = "added"
	Dropped = "dropped"
	// Moved: it is due on another day, or may be done from another day on.
	Moved = "moved"
	// Changed: the days are the same, something else about it is not.
	Changed = "changed"
)

// Change is what became of one obligation from one plan to another.
type Change struct {
	What string `json:"what"`
	// PracticeKey is empty for the incident's own obligations.
	PracticeKey string `json:"practice_key"`
	// Before is null when it was added, After when it was dropped.
	Before *breach.Obligation `json:"before"`
	After  *breach.Obligation `json:"after"`
}

// String says the change in a line: "P1: moved Individual notice: due 2026-05-15, was 2026-05-01".
func (c Change) String() string {
	at := c.PracticeKey
	if at == "" {
		at = "incident"
	}
	switch c.What {
	case Added:
		return fmt.Sprintf("%s: added %s: due %s (%s)", at, c.After.Title(), due(c.After), c.After.Why)
	case Dropped:
		return fmt.Sprintf("%s: dropped %s: was due %s", at, c.Before.Title(), due(c.Before))
	case Moved:
		return fmt.Sprintf("%s: moved %s: due %s, was %s", at, c.After.Title(), due(c.After), due(c.Before))
	}
	return fmt.Sprintf("%s: changed %s: %s; was: %s", at, c.After.Title(), c.After.Why, c.Before.Why)
}

func due(o *breach.Obligation) string {
	switch {
	case o.Due.IsZero():
		return "on a day not known yet"
	case o.NotBefore.IsZero():
		return o.Due.String()
	}
	return fmt.Sprintf("%s, not before %s", o.Due, o.NotBefore)
}

// Diff lists what changed from an old plan to a new one, by practice in key
// order, the incident's own obligations first. An obligation is the same one
// when practice, rule and State are.
func Diff(old, current *Document) []Change {
	before, after := owedBy(old), owedBy(current)
	changes := []Change{}
	for _, id := range slices.SortedFunc(keysOf(before, after), compareIDs) {
		b, a := before[id], after[id]
		if what := became(b, a); what != "" {
			changes = append(changes, Change{What: what, PracticeKey: id.practice, Before: b, After: a})
		}
	}
	return changes
}

func became(before, after *breach.Obligation) string {
	switch {
	case before == nil:
		return Added
	case after == nil:
		return Dropped
	case before.Due != after.Due || before.NotBefore != after.NotBefore:
		return Moved
	case *before != *after:
		return Changed
	}
	return ""
}

type obligationID struct{ practice, obligation string }

func compareIDs(a, b obligationID) int {
	return cmp.Or(cmp.Compare(a.practice, b.practice), cmp.Compare(a.obligation, b.obligation))
}

func owedBy(d *Document) map[obligationID]*breach.Obligation {
	owed := map[obligationID]*breach.Obligation{}
	for i := range d.IncidentObligations {
		o := &d.IncidentObligations[i]
		owed[obligationID{"", o.ID()}] = o
	}
	for _, p := range d.Practices {
		for i := range p.Obligations {
			o := &p.Obligations[i]
			owed[obligationID{p.PracticeKey, o.ID()}] = o
		}
	}
	return owed
}

func keysOf(maps ...map[obligationID]*breach.Obligation) func(func(obligationID) bool) {
	all := map[obligationID]bool{}
	for _, m := range maps {
		for id := range m {
			all[id] = true
		}
	}
	return func(yield func(obligationID) bool) {
		for id := range all {
			if !yield(id) {
				return
			}
		}
	}
}
