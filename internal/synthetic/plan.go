package synthetic

import (
	"math/rand/v2"
	"sort"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

var noDate civil.Date

// plan is who is a patient where: everything needed to make any row again, in
// memory that grows with practices only.
type plan struct {
	Params
	practices []practice
}

// practice is one practice's part of the plan. Its people are the own ones,
// numbered from first, and then its guests.
type practice struct {
	boundary
	index      int
	place      *place
	first      int
	delegation string
	clinic     clinic
	minorShare int     // of a thousand people
	guestIDs   []int32 // numbers of people whose home is another practice
}

// Streams of random numbers; each row has its own, so that any can be made alone.
const (
	streamPlan uint64 = (iota + 1) << 48
	streamPractice
	streamPerson
	streamRow
)

// random returns the generator of one row of a stream.
type random struct {
	*rand.Rand
	source *rand.PCG
	seed   uint64
}

func newRandom(seed uint64) *random {
	source := rand.NewPCG(0, 0)
	return &random{Rand: rand.New(source), source: source, seed: seed}
}

// at restarts r for the n-th row of a stream.
func (r *random) at(stream uint64, n int) *random {
	r.source.Seed(r.seed, mix(stream+uint64(n)))
	return r
}

// oneIn is true once in n times.
func (r *random) oneIn(n int) bool { return r.IntN(n) == 0 }

func pick[T any](r *random, from []T) T { return from[r.IntN(len(from))] }

// mix spreads neighbouring numbers over all 64 bits (the finalizer of
// SplitMix64, public domain); it maps no two numbers to one.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func newPlan(params Params) *plan {
	p := &plan{Params: params, practices: make([]practice, params.Practices)}
	special := 0
	if params.Boundaries() {
		for i, b := range boundaries {
			p.practices[i].boundary = b
		}
		special = len(boundaries)
	}
	r := newRandom(params.Seed).at(streamPlan, 0)
	p.placeAndSize(r, special)
	p.answer(r, special)
	p.shareGuests(r)
	return p
}

// placeAndSize gives every practice its State, clinic and own people. Sizes
// are heavy-tailed, as real ones are: many small practices and a few large.
func (p *plan) placeAndSize(r *random, special int) {
	const largest = 2000 // a practice's weight: largest/u for a uniform u up to largest
	weights := make([]uint64, len(p.practices))
	var total uint64
	for i := special; i < len(weights); i++ {
		weights[i] = largest / uint64(1+r.IntN(largest))
		total += weights[i]
	}
	spare := p.People - (len(p.practices) - special)
	if special > 0 {
		spare -= boundaryPeople
	}
	left := spare
	for i := range p.practices {
		q := &p.practices[i]
		q.index = i
		q.clinic = clinicOf(i, q.kind)
		if i < special {
			q.place = placeOf(q.state)
		} else {
			q.place = p.placeOfOrdinary(r, i-special)
			share := int(uint64(spare) * weights[i] / total)
			q.own = 1 + share
			left -= share
			q.homeShare = 940
		}
		q.minorShare = 120
		if q.clinic.kind == "Pediatrics" {
			q.minorShare = 750
		}
	}
	// Rounding down left fewer people than there are ordinary practices; where
	// there is none, the last practice at a boundary takes everybody else, which
	// moves it off no line.
	for i := special; i < len(p.practices) && left > 0; i++ {
		p.practices[i].own++
		left--
	}
	p.practices[len(p.practices)-1].own += left
	first := 0
	for i := range p.practices {
		q := &p.practices[i]
		q.first = first
		first += q.own
		if i >= special {
			q.missing = q.own / 400
		}
	}
}

// placeOfOrdinary is where the n-th ordinary practice is: two in each State of
// the tour, and after it by population.
func (p *plan) placeOfOrdinary(r *random, n int) *place {
	weighted := byWeight(r.IntN(totalWeight))
	if n/2 < len(tour) {
		return placeOf(tour[n/2])
	}
	return weighted
}

// answer gives every practice its delegation. Practices that have to produce
// everything because they stand at a boundary are left at `all`.
func (p *plan) answer(r *random, special int) {
	var open []int
	for i := range p.practices {
		q := &p.practices[i]
		q.delegation = breach.DelegateAll
		if i >= special {
			open = append(open, i)
		}
	}
	r.Shuffle(len(open), func(i, j int) { open[i], open[j] = open[j], open[i] })
	give := func(perThousand int, delegation string) {
		n := min(len(p.practices)*perThousand/1000, len(open))
		for _, i := range open[:n] {
			p.practices[i].delegation = delegation
		}
		open = open[n:]
	}
	give(p.Delegations.Letters, breach.DelegateLetters)
	give(p.Delegations.None, breach.DelegateNone)
	give(p.Delegations.Unanswered, "")
}

// shareGuests makes some people patients of several practices: each practice
// with twenty people or more takes in some patients of the last practice
// before it in the same State.
func (p *plan) shareGuests(r *random) {
	last := map[string]*practice{}
	seen := map[string]int{}
	for i := range p.practices {
		q := &p.practices[i]
		state := q.place.state
		from, nth := last[state], seen[state]
		if last[state] = q; q.name == NoAddress9 || q.name == NoAddress10 || q.name == KinWithoutAddress {
			delete(last, state) // their people without an address would be guests elsewhere too
		}
		seen[state]++
		if from == nil {
			continue
		}
		wanted := q.guests
		if q.name == "" && q.own >= 20 {
			wanted = 1 + q.own/30
			wanted = min(wanted, (from.own+2)/3)
		}
		q.takeGuests(r, from, wanted, nth%3 == 2)
	}
}

// takeGuests takes wanted people of from, evenly spaced, and with chain also
// somebody who is already a guest there.
func (q *practice) takeGuests(r *random, from *practice, wanted int, chain bool) {
	if wanted == 0 {
		return
	}
	q.guestIDs = make([]int32, 0, wanted)
	if chain && len(from.guestIDs) > 0 && q.name == "" {
		q.guestIDs = append(q.guestIDs, from.guestIDs[0])
		wanted--
	}
	if wanted == 0 {
		return
	}
	step := from.own / wanted
	offset := r.IntN(step)
	for i := range wanted {
		q.guestIDs = append(q.guestIDs, int32(from.first+offset+i*step))
	}
}

// home returns the practice whose own person has the number.
func (p *plan) home(person int) *practice {
	after := sort.Search(len(p.practices), func(i int) bool { return p.practices[i].first > person })
	return &p.practices[after-1]
}
