package synthetic

import "duenotice/internal/breach"

// Boundary names a practice made to stand exactly at a line the law draws.
type Boundary string

// The practices at a boundary. A folder has all of them when it has room
// (Params.Boundaries), as its first practices and in this order.
const (
	// People499, People500 and People501 have that many people and in no State
	// more than 500 (45 CFR 164.408: 500 or more; 164.406: more than 500).
	People499 Boundary = "499 people"
	People500 Boundary = "500 people"
	People501 Boundary = "501 people"
	// Residents501 and Residents500 have that many residents of their own State
	// and some of others (45 CFR 164.406).
	Residents501 Boundary = "501 residents of one State"
	Residents500 Boundary = "500 residents of one State"
	// NoAddress9 and NoAddress10 have that many people without a usable address (45 CFR 164.404(d)(2)).
	NoAddress9  Boundary = "9 people without a usable address"
	NoAddress10 Boundary = "10 people without a usable address"
	// SharedFirst and SharedSecond are counted as one (45 CFR 164.105), each
	// under 500 and together over it, with some patients in both.
	SharedFirst  Boundary = "first of a shared counting entity"
	SharedSecond Boundary = "second of a shared counting entity"
	// LicensedFacility is licensed in California (Health & Safety Code 1280.15).
	LicensedFacility Boundary = "licensed facility in California"
	// Part2Program treats substance use disorders (42 CFR part 2) and is not the vendor's agent.
	Part2Program Boundary = "42 CFR part 2 program"
	// KinWithoutAddress has nine living people without a usable address and one
	// dead, whose next of kin are owed no substitute notice; and one person dead
	// for more than 50 years, who counts nowhere (45 CFR 160.103).
	KinWithoutAddress Boundary = "9 living and 1 dead person without a usable address"
)

// SharedCountingEntity is the counting_entity of SharedFirst and SharedSecond.
const SharedCountingEntity = "ACE-01"

// boundary is how a practice at a boundary is made.
type boundary struct {
	name   Boundary
	state  string
	kind   string // what the clinic does; another kind could owe more than the boundary is about
	own    int    // people whose home practice it is
	guests int    // patients of the practice before it who are patients here too
	// homeShare is how many of a thousand people live in the practice's State.
	homeShare int
	// homeExactly, if not 0, is how many do, and then nobody lives abroad or lacks an address.
	homeExactly int
	missing     int
	kinMissing  int
	longDead    int
}

var boundaries = []boundary{
	{name: People499, state: "OH", kind: "Orthopedics", own: 499, homeShare: 600},
	{name: People500, state: "OH", kind: "Urgent Care", own: 492, guests: 8, homeShare: 600},
	{name: People501, state: "VA", kind: "Imaging", own: 501, homeShare: 400},
	{name: Residents501, state: "TX", kind: "Cardiology", own: 540, homeExactly: 501},
	{name: Residents500, state: "FL", kind: "Internal Medicine", own: 560, homeExactly: 500},
	{name: NoAddress9, state: "NY", kind: "Dermatology", own: 120, homeShare: 940, missing: 9},
	{name: NoAddress10, state: "NJ", kind: "Allergy and Asthma", own: 130, homeShare: 940, missing: 10},
	{name: SharedFirst, state: "MN", kind: "Women's Health", own: 290, homeShare: 985},
	{name: SharedSecond, state: "MN", kind: "Eye Care", own: 250, guests: 20, homeShare: 985},
	{name: LicensedFacility, state: "CA", kind: "Community Hospital", own: 60, homeShare: 940},
	{name: Part2Program, state: "MA", kind: "Recovery Center", own: 75, homeShare: 940},
	{name: KinWithoutAddress, state: "IL", kind: "Family Medicine", own: 90, homeShare: 940, missing: 9, kinMissing: 1, longDead: 1},
}

// boundaryPeople is how many people have a practice at a boundary as their home.
var boundaryPeople = func() int {
	sum := 0
	for _, b := range boundaries {
		sum += b.own
	}
	return sum
}()

// Boundaries reports whether the folder has the practices at a boundary: at
// least 12 practices, and people for them (3,607) and at least one for each
// of the others.
func (p Params) Boundaries() bool {
	return p.Practices >= len(boundaries) && p.People >= boundaryPeople+p.Practices-len(boundaries)
}

// boundaryAnswers are the columns in which practices at a boundary differ from the pattern of the others.
func boundaryAnswers(name Boundary, row *breach.Practice) {
	row.Agent, row.Insurer, row.NotifiedOn = breach.Yes, breach.No, noDate
	switch name {
	case SharedFirst, SharedSecond:
		row.CountingEntity = SharedCountingEntity
	case NoAddress10:
		row.Agent = breach.Unknown
	case Part2Program:
		row.Agent = breach.No
	}
}
