package synthetic

import (
	"math/bits"
	"slices"
	"strings"

	"duenotice/internal/breach"
)

// Made counts what a folder holds, for tests and the demo to reconcile with.
// People are counted once however many practices they are patients of; counts
// of "people" include those dead for more than 50 years unless they say not.
type Made struct {
	IncidentID string
	Practices  int
	People     int
	// Findings is the number of rows of findings.csv.
	Findings int
	// InSeveralPractices are people with more than one row.
	InSeveralPractices int
	// Minors and Deceased are people whose letter goes to somebody else; Deceased has LongDead in it.
	Minors, Deceased int
	// LongDead are people dead for more than 50 years, who count nowhere.
	LongDead int
	// NoUsableAddress are people no letter can be mailed to, of whom
	// NoUsableAddressKin are dead.
	NoUsableAddress, NoUsableAddressKin int
	// Foreign are people with an address abroad.
	Foreign int
	// EmailAgreed are people who agreed to electronic notice.
	EmailAgreed int
	// UnprintableNames are people whose name the letters' font cannot print.
	UnprintableNames int
	// ConfidentialRows are findings with a confidential address (45 CFR 164.522(b)).
	ConfidentialRows int
	// Delegations is the number of practices by answer; "" is not answered.
	Delegations map[string]int
	// HHSImmediate and HHSAnnual are the counting entities with 500 people or
	// more, and with fewer but some (45 CFR 164.408), long dead left out.
	HHSImmediate, HHSAnnual int
	// Media are the counting entities' States with more than 500 residents (45 CFR 164.406).
	Media []Media
	// Boundaries are the practices at a boundary; empty when the folder had no room for them.
	Boundaries map[Boundary]Counted
	// Shared counts SharedFirst and SharedSecond as one, each person once; it
	// has no Classes, because a person's rows differ in them.
	Shared breach.Tally
}

// Media is one State in which a practice, or the counting entity it leads, owes media notice.
type Media struct {
	PracticeKey, State string
	Residents          int
}

// Counted is a practice and its counts.
type Counted struct {
	PracticeKey string
	Tally       breach.Tally
}

// counter counts people as they are written.
type counter struct {
	*plan
	total  Made
	shared tally
	// repeated has a bit for every person who is a guest somewhere.
	repeated []uint64
}

func newCounter(p *plan) *counter {
	c := &counter{plan: p, shared: newTally(), repeated: make([]uint64, (p.People+63)/64)}
	c.total = Made{
		IncidentID: p.IncidentID, Practices: p.Practices, Delegations: map[string]int{}, Boundaries: map[Boundary]Counted{},
	}
	for i := range p.practices {
		c.total.Delegations[p.practices[i].delegation]++
		for _, number := range p.practices[i].guestIDs {
			c.repeated[number/64] |= 1 << (number % 64)
		}
	}
	return c
}

// person counts somebody in their home practice.
func (c *counter) person(b *breach.Person) {
	m := &c.total
	m.People++
	dead := b.Dead()
	if dead {
		m.Deceased++
	}
	if !b.ProtectedOn(c.Discovered) {
		m.LongDead++
	}
	if b.ReaderOn(c.Discovered) == breach.ForMinor {
		m.Minors++
	}
	if !b.HasUsableAddress() {
		m.NoUsableAddress++
		if dead {
			m.NoUsableAddressKin++
		}
	}
	if !b.InUnitedStates() {
		m.Foreign++
	}
	if !b.EmailAgreedOn.IsZero() {
		m.EmailAgreed++
	}
}

// practice counts a finished practice; t has its people.
func (c *counter) practice(q *practice, t *tally) {
	if q.name != "" {
		c.total.Boundaries[q.name] = Counted{PracticeKey: q.key(), Tally: t.Tally()}
	}
	switch q.name {
	case SharedFirst:
		return // counted with SharedSecond, under this practice's key
	case SharedSecond:
		c.entity(c.total.Boundaries[SharedFirst].PracticeKey, &c.shared)
	default:
		c.entity(q.key(), t)
	}
}

// entity counts what one counting entity owes.
func (c *counter) entity(lead string, t *tally) {
	switch {
	case t.people >= 500:
		c.total.HHSImmediate++
	case t.people > 0:
		c.total.HHSAnnual++
	}
	for i, residents := range t.residents {
		if residents > 500 {
			c.total.Media = append(c.total.Media, Media{PracticeKey: lead, State: places[i].state, Residents: residents})
		}
	}
}

func (c *counter) made() Made {
	m := c.total
	for _, word := range c.repeated {
		m.InSeveralPractices += bits.OnesCount64(word)
	}
	m.UnprintableNames = c.UnprintableNames
	m.Shared = c.shared.Tally()
	m.Shared.Classes = nil
	slices.SortFunc(m.Media, func(a, b Media) int {
		if order := strings.Compare(a.PracticeKey, b.PracticeKey); order != 0 {
			return order
		}
		return strings.Compare(a.State, b.State)
	})
	return m
}

// tally is a breach.Tally while it is being counted, in arrays that cost little for each person.
type tally struct {
	people, unknownResidence, noAddress, noAddressKin, minors, deceased int
	residents                                                           []int // by index in places
	sets                                                                []int // by index in classSets
}

func newTally() tally {
	return tally{residents: make([]int, len(places)), sets: make([]int, len(classSets))}
}

// reset empties t for the next practice.
func (t *tally) reset() {
	residents, sets := t.residents, t.sets
	clear(residents)
	clear(sets)
	*t = tally{residents: residents, sets: sets}
}

// add counts a person; set is the index of their data classes.
func (c *counter) add(t *tally, b *breach.Person, set int) {
	if !b.ProtectedOn(c.Discovered) {
		return
	}
	t.people++
	t.sets[set]++
	if state := b.Residence(); state == "" {
		t.unknownResidence++
	} else {
		t.residents[placeIndex[state]]++
	}
	dead := b.Dead()
	if dead {
		t.deceased++
	}
	if b.ReaderOn(c.Discovered) == breach.ForMinor {
		t.minors++
	}
	if !b.HasUsableAddress() {
		t.noAddress++
		if dead {
			t.noAddressKin++
		}
	}
}

// Tally returns the counts in the domain's form.
func (t *tally) Tally() breach.Tally {
	out := breach.Tally{
		People: t.people, UnknownResidence: t.unknownResidence, NoUsableAddress: t.noAddress, NoUsableAddressKin: t.noAddressKin,
		Minors: t.minors, Deceased: t.deceased, Residents: map[string]int{}, Classes: map[breach.DataClass]int{},
	}
	for i, n := range t.residents {
		if n > 0 {
			out.Residents[places[i].state] = n
		}
	}
	for i, n := range t.sets {
		for _, class := range classSets[i].classes {
			if n > 0 {
				out.Classes[class] += n
			}
		}
	}
	return out
}
