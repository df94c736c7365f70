package plan

import (
	"slices"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/envelope"
	"duenotice/internal/papers"
)

// Tallier adds up the findings of an incident: by practice, by counting entity
// and in all. It keeps counts and hashes, never a person.
type Tallier struct {
	discovered, asOf civil.Date
	// lettersOn is the day the letters are dated.
	lettersOn civil.Date
	// envelope is the form that the letters are set for.
	envelope envelope.Form
	// languages are those that the letters can be in.
	languages breach.Languages
	practices map[string]*practice
	groups    map[string]*group

	people, pieces  hashSet
	findings        int
	letters         int
	longDead        int
	keyBuf, nameBuf []byte
}

type practice struct {
	counts counts
	group  *group // nil when it is counted alone
	rank   uint32 // its place among the group's members in key order
	// longDead are its people dead for more than 50 years by stateNumber, who are
	// in no count; few practices have any.
	longDead map[uint8]int
}

// NewTallier returns a Tallier for the incident's practices. People are
// minors, or not, on asOf.
func NewTallier(incident breach.Incident, practices []breach.Practice, asOf civil.Date) *Tallier {
	t := &Tallier{
		discovered: incident.Discovered, asOf: asOf,
		lettersOn: civil.Later(incident.Letters.MailBy, asOf), envelope: incident.Letters.Envelope, languages: incident.Languages(),
		practices: make(map[string]*practice, len(practices)), groups: map[string]*group{},
	}
	for entity, members := range breach.CountingMembers(practices) {
		t.groups[entity] = &group{key: entity, members: members}
	}
	for _, p := range practices {
		entry := &practice{group: t.groups[p.CountedAs()]}
		if entry.group != nil {
			rank, _ := slices.BinarySearch(entry.group.members, p.Key)
			entry.rank = uint32(rank)
		}
		t.practices[p.Key] = entry
	}
	return t
}

// Add counts one row. Rows are one for each person and practice, as a valid
// case folder has them. A practice that is not the incident's is an error.
func (t *Tallier) Add(p *breach.Person) error {
	_, err := t.add(p)
	return err
}

// add is Add, and says why the row's letter will be held back, if it will be.
func (t *Tallier) add(p *breach.Person) (*papers.HeldBack, error) {
	entry, known := t.practices[p.PracticeKey]
	if !known {
		return nil, breach.Refuse("unknown_practice", "Add it to practices.csv, or correct the row.",
			"a finding names practice %q, which the incident does not have", p.PracticeKey)
	}
	if !p.ProtectedOn(t.discovered) {
		t.longDead++
		if entry.longDead == nil {
			entry.longDead = map[uint8]int{}
		}
		entry.longDead[stateNumber(p.Residence())]++
		return nil, nil
	}
	state, flags, classes := stateNumber(p.Residence()), t.flags(p), classSet(p.DataClasses)
	entry.counts.add(state, flags, classes)

	t.findings++
	t.keyBuf = append(t.keyBuf[:0], p.Key...)
	person := hash(1, t.keyBuf)
	t.people.add(person)
	if entry.group != nil {
		entry.group.add(person, entry.rank, state, flags, classes)
	}
	if flags&flagUsable == 0 {
		return nil, nil
	}
	held := papers.HoldsBack(p, t.lettersOn, t.envelope, t.languages)
	if held == nil {
		t.letter(person, p)
	}
	return held, nil
}

// letter counts the piece that the row would get, or joins it to another's.
func (t *Tallier) letter(person uint64, p *breach.Person) {
	var joinable bool
	t.nameBuf, joinable = p.AppendMailKey(t.nameBuf[:0])
	if !joinable || t.pieces.add(hash(person, t.nameBuf)) {
		t.letters++
	}
}

func (t *Tallier) flags(p *breach.Person) uint8 {
	var flags uint8
	if p.HasUsableAddress() {
		flags |= flagUsable
	}
	if p.AgreedToEmail() {
		flags |= flagEmail
	}
	switch p.ReaderOn(t.asOf) {
	case breach.NextOfKin:
		flags |= flagDeceased
	case breach.ForMinor:
		flags |= flagMinor
	}
	return flags
}

// Practice returns the tally of one practice's own people.
func (t *Tallier) Practice(key string) breach.Tally {
	if entry, ok := t.practices[key]; ok {
		return entry.counts.tally()
	}
	return (&counts{}).tally()
}

// Account returns where one practice's people stand before anything was done;
// ours says that its letters are ours to write.
func (t *Tallier) Account(key string, ours bool) account.Account {
	entry, ok := t.practices[key]
	if !ok {
		return nil
	}
	lines := entry.counts.account(ours)
	state, why := account.Person{}.Begins()
	for number, code := range stateCodes {
		if n := entry.longDead[uint8(number)]; n > 0 {
			lines = append(lines, account.Line{State: state, Why: why, Residence: code, People: n})
		}
	}
	return lines
}

// Groups returns the counting entities with more than one practice, by key.
func (t *Tallier) Groups() map[string]*breach.Group {
	groups := make(map[string]*breach.Group, len(t.groups))
	for key, g := range t.groups {
		groups[key] = g.sum()
	}
	return groups
}

// People is the number of different people in all practices together.
func (t *Tallier) People() int { return t.people.n }

// Findings is the number of rows counted.
func (t *Tallier) Findings() int { return t.findings }

// Letters is the number of pieces that would be printed if every practice
// delegated and law enforcement held nothing: rows with a usable address, less
// those whose letter is held back and those that share another row's letter.
func (t *Tallier) Letters() int { return t.letters }

// LongDead is the number of rows left out everywhere because the person was
// dead for more than 50 years on the day of discovery (45 CFR 160.103).
func (t *Tallier) LongDead() int { return t.longDead }
