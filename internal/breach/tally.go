package breach

import (
	"cmp"
	"slices"
)

// Tally is what the law counts in one practice's list, or in one counting
// entity's: counts only, no person. People dead for more than 50 years are in
// none of them.
type Tally struct {
	// People is the number of individuals.
	People int `json:"people"`
	// Residents is the number of individuals by State of mailing address.
	Residents map[string]int `json:"residents"`
	// UnknownResidence is the number whose State is not known or is none.
	UnknownResidence int `json:"unknown_residence"`
	// NoUsableAddress is the number no letter can be mailed to.
	NoUsableAddress int `json:"no_usable_address"`
	// NoUsableAddressKin is the part of NoUsableAddress who are dead: their next
	// of kin are owed no substitute notice (45 CFR 164.404(d)(2)).
	NoUsableAddressKin int `json:"no_usable_address_kin"`
	// EmailOnly is the part of NoUsableAddress who agreed to electronic notice and
	// whose e-mail did not bounce: it reaches them in writing, and they are owed no
	// substitute notice (45 CFR 164.404(d)(1)(i), (d)(2)).
	EmailOnly int `json:"email_only,omitempty"`
	// Minors and Deceased are people whose letter goes to somebody else.
	Minors   int `json:"minors"`
	Deceased int `json:"deceased"`
	// Classes is the number of individuals by data class.
	Classes map[DataClass]int `json:"classes"`
	// Sets is the number of individuals by State and by exactly which classes
	// of theirs are in the breach, which is what State law asks; by State and
	// set, and in sum People.
	Sets []ClassCount `json:"sets"`
}

// ClassCount is how many people of one State have exactly one set of data
// classes in the breach.
type ClassCount struct {
	// State is empty for people whose State is not known or is none.
	State  string       `json:"state"`
	Set    DataClassSet `json:"classes"`
	People int          `json:"people"`
}

// ClassCounter adds up ClassCounts. It keeps sixteen bytes for each different
// pair of State and set: a few hundred in a real incident, never more than rows.
type ClassCounter struct{ n map[uint64]uint32 }

// Add counts one person.
func (c *ClassCounter) Add(state string, set DataClassSet) {
	if c.n == nil {
		c.n = map[uint64]uint32{}
	}
	key := uint64(set)
	if len(state) == 2 {
		key |= uint64(state[0])<<40 | uint64(state[1])<<32
	}
	c.n[key]++
}

// Counts lists what was added, by State and set.
func (c *ClassCounter) Counts() []ClassCount {
	list := make([]ClassCount, 0, len(c.n))
	for key, n := range c.n {
		state := ""
		if key>>32 != 0 {
			state = string([]byte{byte(key >> 40), byte(key >> 32)})
		}
		list = append(list, ClassCount{State: state, Set: DataClassSet(key), People: int(n)})
	}
	slices.SortFunc(list, func(a, b ClassCount) int {
		return cmp.Or(cmp.Compare(a.State, b.State), cmp.Compare(a.Set, b.Set))
	})
	return list
}

// Of returns the counts of one State, "" for people of none.
func (t Tally) Of(state string) []ClassCount {
	by := func(c ClassCount, state string) int { return cmp.Compare(c.State, state) }
	first, found := slices.BinarySearchFunc(t.Sets, state, by)
	if !found {
		return nil
	}
	last := first
	for last < len(t.Sets) && t.Sets[last].State == state {
		last++
	}
	return t.Sets[first:last]
}

// Group is a counting entity with more than one practice (45 CFR 164.105): the
// practices counted as one, and their people counted once.
type Group struct {
	Key string `json:"key"`
	// Members are the practices' keys in order; the first carries the group's duties.
	Members []string `json:"members"`
	Tally   Tally    `json:"tally"`
}

// Lead is the practice under which the group's duties stand.
func (g Group) Lead() string { return g.Members[0] }
