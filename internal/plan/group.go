package plan

import "duenotice/internal/breach"

// group counts the people of a counting entity once each, however many of its
// practices know them and in whatever order the rows come.
type group struct {
	key     string
	members []string
	slots   []member
	n       int
}

// member is what is kept of one person of a counting entity.
type member struct {
	hash    uint64 // 0 marks a free slot
	classes breach.DataClassSet
	// rank and state: the State is the one that the first practice in key order
	// to know one has.
	rank  uint32
	state uint8
	flags uint8
}

const (
	flagUsable uint8 = 1 << iota
	flagDeceased
	flagMinor
	flagEmail
)

// add enters one practice's row of a person. Any practice's usable address
// reaches the person, and what one knows of a death or a class of data the
// counting entity knows.
func (g *group) add(h uint64, rank uint32, state, flags uint8, classes breach.DataClassSet) {
	m := g.find(h)
	if state != noState && (m.state == noState || rank < m.rank) {
		m.state, m.rank = state, rank
	}
	m.flags |= flags
	m.classes |= classes
}

func (g *group) find(h uint64) *member {
	if h == 0 {
		h = 1
	}
	if (g.n+1)*4 > len(g.slots)*3 {
		old := g.slots
		g.slots = make([]member, max(64, 2*len(old)))
		for _, m := range old {
			if m.hash != 0 {
				*slot(g.slots, m.hash) = m
			}
		}
	}
	m := slot(g.slots, h)
	if m.hash == 0 {
		*m = member{hash: h}
		g.n++
	}
	return m
}

// slot finds the slot of h, or the free one where it belongs.
func slot(slots []member, h uint64) *member {
	mask := uint64(len(slots) - 1)
	i := h & mask
	for slots[i].hash != 0 && slots[i].hash != h {
		i = (i + 1) & mask
	}
	return &slots[i]
}

// sum returns the counting entity as the rules want it.
func (g *group) sum() *breach.Group {
	var c counts
	for _, m := range g.slots {
		if m.hash != 0 {
			c.add(m.state, m.flags, m.classes)
		}
	}
	return &breach.Group{Key: g.key, Members: g.members, Tally: c.tally()}
}
