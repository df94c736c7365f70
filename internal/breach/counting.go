package breach

import "slices"

// CountingMembers lists, by counting entity, the keys of its practices in key
// order, for those with more than one (45 CFR 164.105). The first of them
// carries the duties they share, whether or not anybody of its own was found:
// who carries them does not change with a later list of people.
func CountingMembers(practices []Practice) map[string][]string {
	members := map[string][]string{}
	for _, p := range practices {
		members[p.CountedAs()] = append(members[p.CountedAs()], p.Key)
	}
	for entity, keys := range members {
		if len(keys) < 2 {
			delete(members, entity)
			continue
		}
		slices.Sort(keys)
	}
	return members
}
