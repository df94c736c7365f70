package simulate

import (
	"cmp"
	"slices"

	"duenotice/internal/breach"
	"duenotice/internal/plan"
)

// partDuties is about how many duties one part of the incident has. The test
// environment's loop takes at most a thousand events of one instant, and most
// duties of an incident come due in the same instants.
const partDuties = 250

// mostDuties is how many one counting entity may have, whose practices cannot
// be told apart.
const mostDuties = 900

// cut divides the practices into parts of about equal work, those of one
// counting entity together, in key order.
func cut(practices []breach.Practice, planned *plan.Document) ([][]breach.Practice, error) {
	duties := map[string]int{}
	for _, p := range planned.Practices {
		duties[p.PracticeKey] = len(p.Obligations) + 1
	}
	entities := map[string][]breach.Practice{}
	var order []string
	for _, p := range slices.SortedFunc(slices.Values(practices), func(a, b breach.Practice) int { return cmp.Compare(a.Key, b.Key) }) {
		entity := p.CountedAs()
		if entities[entity] == nil {
			order = append(order, entity)
		}
		entities[entity] = append(entities[entity], p)
	}
	var parts [][]breach.Practice
	var current []breach.Practice
	load := 0
	for _, entity := range order {
		n := 0
		for _, p := range entities[entity] {
			n += duties[p.Key]
		}
		if n > mostDuties {
			return nil, breach.Refuse("too_large", "Simulate its practices in a folder of their own without the counting entity, or use plan.",
				"counting entity %s has %d practices with %d duties together; a simulation takes up to %d of one entity", entity, len(entities[entity]), n, mostDuties)
		}
		if load > 0 && load+n > partDuties {
			parts, current, load = append(parts, current), nil, 0
		}
		current, load = append(current, entities[entity]...), load+n
	}
	if len(current) > 0 {
		parts = append(parts, current)
	}
	return parts, nil
}
