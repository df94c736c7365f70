package synthetic

import (
	"fmt"
	"strconv"
	"strings"

	"duenotice/internal/breach"
)

// person makes the number-th person as their home practice knows them,
// without the key of the practice and without data classes.
func (p *plan) person(home *practice, number int, r *random) breach.Person {
	at := number - home.first
	r.at(streamPerson, number)
	b := breach.Person{Key: personKey(p.Seed, number), AcquiredOrViewed: "unknown"}
	family := p.name(home, at, r, &b)
	if p.unprintable(number) {
		odd := pick(r, unprintableNames)
		b.FirstName, b.MiddleName, b.LastName, b.Suffix = odd.first, "", odd.last, ""
		b.Language = "mn"
	}
	p.address(home, at, r, &b)
	p.life(home, at, r, &b, family)
	p.contact(home, r, &b)
	switch n := r.IntN(100); {
	case n < 9:
		b.AcquiredOrViewed = "yes"
	case n < 11:
		b.AcquiredOrViewed = "no"
	}
	return b
}

// keyLetters are sixteen consonants: a key of them spells no word, holds no
// digit and so cannot be taken for a number that means something elsewhere.
const keyLetters = "BCDFGHJKLMNPQRST"

// personKey returns an opaque key of ten letters, different for every number.
func personKey(seed uint64, number int) string {
	const bits, half = 40, 20
	const mask = 1<<bits - 1
	// Each step can be undone, so no two numbers end at one key.
	x := (uint64(number) ^ mix(seed)) & mask
	for _, odd := range []uint64{0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9} {
		x = x * odd & mask
		x ^= x >> half
	}
	var key [10]byte
	for i := range key {
		key[i] = keyLetters[x&15]
		x >>= 4
	}
	return string(key[:])
}

// unprintable spreads the people with an unprintable name evenly.
func (p *plan) unprintable(number int) bool {
	if p.UnprintableNames == 0 {
		return false
	}
	step := p.People / p.UnprintableNames
	return number%step == step/2 && number/step < p.UnprintableNames
}

// name gives the person a name and a language, and returns the pool it is from.
func (p *plan) name(home *practice, at int, r *random, b *breach.Person) *pool {
	family := p.pool(home, r)
	given, last := family.women, family.family
	if r.oneIn(2) {
		given = family.men
	} else if family.feminine != nil {
		last = family.feminine
	}
	b.FirstName, b.LastName = pick(r, given), pick(r, last)
	if family.middleNames && r.oneIn(3) {
		b.MiddleName = middleInitials[r.IntN(len(middleInitials)):][:1]
	}
	if family.language == "en" && r.oneIn(60) {
		b.Suffix = pick(r, []string{"Jr.", "Sr.", "II", "III"})
	}
	if family.language != "en" && r.IntN(100) < family.speakPercent {
		b.Language = family.language
	}
	const specimenAt = 5
	if s := specimens[home.index%len(specimens)]; at == specimenAt && (p.NonLatin || !s.nonLatin) {
		b.FirstName, b.MiddleName, b.LastName, b.Suffix = s.first, s.middle, s.last, s.suffix
	}
	return family
}

const middleInitials = "ABCDEFGHJKLMNPRSTVW"

// pool chooses a family of names; most people of Puerto Rico have Spanish ones.
func (p *plan) pool(home *practice, r *random) *pool {
	n := r.IntN(1000)
	if home.place.state == "PR" && n >= 120 {
		return &pools[1]
	}
	for i := range pools {
		if n -= pools[i].weight; n < 0 {
			if pools[i].nonLatin && !p.NonLatin {
				break
			}
			return &pools[i]
		}
	}
	return &pools[0]
}

// address gives the person a mailing address, a broken one or none.
func (p *plan) address(home *practice, at int, r *random, b *breach.Person) {
	if home.homeExactly == 0 && !home.lacksAddress(at) && r.oneIn(250) {
		a := pick(r, abroad)
		b.Address1 = strconv.Itoa(1+r.IntN(180)) + " " + a.street
		b.City, b.ZIP, b.Country = a.city, a.postalCode, a.country
		return
	}
	where := home.place
	atHome := r.IntN(1000) < home.homeShare
	if home.homeExactly > 0 {
		atHome = at < home.homeExactly
	}
	if !atHome {
		where = placeOf(pick(r, where.neighbours))
	}
	town := pick(r, where.cities)
	b.Address1 = p.street(r, where.state)
	if r.oneIn(4) {
		b.Address2 = "Apt " + strconv.Itoa(1+r.IntN(40)) + string(rune('A'+r.IntN(6)))
	}
	b.City, b.State, b.ZIP = town.name, where.state, zip(r, town)
	if r.oneIn(5) {
		b.ZIP += fmt.Sprintf("-%04d", 1000+r.IntN(9000))
	}
	if r.oneIn(9) {
		b.Country = "US"
	}
	if home.lacksAddress(at) {
		spoil(r, b)
	}
}

// lacksAddress reports whether the practice's own person at a place has no
// usable address. The dead ones come first, the living are spread evenly.
func (q *practice) lacksAddress(at int) bool {
	if at < q.kinMissing {
		return true
	}
	if q.missing == 0 {
		return false
	}
	step := q.own / q.missing
	return at%step == step-1 && at/step < q.missing
}

// spoil takes away what a letter needs, as real lists lack it.
func spoil(r *random, b *breach.Person) {
	switch ways := r.IntN(5); {
	case ways == 0:
		b.Address1, b.Address2, b.City, b.State, b.ZIP = "", "", "", "", ""
	case ways == 1:
		b.Address1, b.Address2 = "", ""
	case ways == 2:
		b.City = ""
	case ways == 3 && strings.HasPrefix(b.ZIP, "0"):
		b.ZIP = b.ZIP[1:5] // a spreadsheet took it for a number
	default:
		b.ZIP = ""
	}
}

// Ages in days. Nobody becomes eighteen between a year before and a year after
// discovery, so that a count of minors does not depend on the day it is made.
const (
	minorDays      = 16 * 365
	ownCareDays    = 14 * 365 // old enough, in this demo, for care of one's own (45 CFR 164.502(g)(3))
	adultFrom      = 20 * 365
	adultDays      = 74 * 365
	yearDays       = 365
	longDeadDays   = 53 * 366 // more than 50 years
	deceasedOneIn  = 45
	birthUnknownIn = 250
)

// life decides whether the person is a child, dead or represented by another.
func (p *plan) life(home *practice, at int, r *random, b *breach.Person, family *pool) {
	minor := r.IntN(1000) < home.minorShare
	dead := r.oneIn(deceasedOneIn)
	if home.lacksAddress(at) {
		// A living adult: who lacks an address and is owed a substitute notice is counted exactly.
		minor, dead = false, at < home.kinMissing
	}
	relative := pick(r, [][]string{family.women, family.men}[r.IntN(2)]) + " " + b.LastName
	longDead := at >= home.kinMissing && at < home.kinMissing+home.longDead
	switch {
	case longDead:
		b.DeceasedDate = p.Discovered.AddDays(-longDeadDays - r.IntN(2*yearDays))
		b.BirthDate = b.DeceasedDate.AddDays(-adultFrom - r.IntN(adultDays))
	case dead:
		b.DeceasedDate = p.Discovered.AddDays(-30 - r.IntN(8*yearDays))
		b.BirthDate = b.DeceasedDate.AddDays(-adultFrom - r.IntN(adultDays))
		represent(r, b, relative, 75, "next_of_kin", "next_of_kin", "personal_representative")
	case minor:
		b.BirthDate = p.Discovered.AddDays(-r.IntN(minorDays))
		represent(r, b, relative, 80, "parent", "parent", "parent", "guardian")
		if b.RepresentativeRelation == "" && b.BirthDate.Before(p.Discovered.AddDays(-ownCareDays)) {
			b.RepresentativeRelation = breach.ActsForSelf
		}
	default:
		if !r.oneIn(birthUnknownIn) {
			b.BirthDate = p.Discovered.AddDays(-adultFrom - r.IntN(adultDays))
		}
		if r.oneIn(150) {
			represent(r, b, relative, 100, "guardian", "personal_representative", "parent")
		}
	}
}

// represent names somebody who acts for the person, for percent of them.
func represent(r *random, b *breach.Person, name string, percent int, relations ...string) {
	relation := pick(r, relations)
	if r.IntN(100) < percent {
		b.RepresentativeName, b.RepresentativeRelation = name, relation
	}
}

// contact gives the person telephone and e-mail, and some of them an agreement
// to electronic notice or a confidential address.
func (p *plan) contact(home *practice, r *random, b *breach.Person) {
	if r.IntN(100) < 70 {
		b.Phone = phone(r, home.place)
	}
	hasEmail, agreed, agreedDays := r.IntN(100) < 35, r.oneIn(4), 30+r.IntN(5*yearDays)
	confidential := r.oneIn(400)
	if b.Dead() {
		return
	}
	if hasEmail {
		b.Email = strings.ToLower(b.Key) + pick(r, []string{"@example.org", "@example.com"})
		if agreed && b.ReaderOn(p.Discovered) == breach.Adult {
			b.EmailAgreedOn = p.Discovered.AddDays(-agreedDays)
		}
	}
	if confidential && b.HasUsableAddress() {
		b.ConfidentialAddress = breach.Yes
	}
}

// elsewhere changes the person's row in a practice they are a guest of: some
// asked this one to write to another address (45 CFR 164.522(b)), some gave an
// older one. The State stays, so that residents are counted the same.
func (p *plan) elsewhere(q *practice, number int, r *random, b *breach.Person) {
	if !b.HasUsableAddress() || !b.InUnitedStates() || b.ConfidentialAddress == breach.Yes {
		return
	}
	r.at(streamRow+uint64(q.index)<<25, number)
	change := r.IntN(100)
	if change >= 20 {
		return
	}
	town := pick(r, placeOf(b.State).cities)
	b.Address2, b.City, b.ZIP = "", town.name, zip(r, town)
	if change < 8 {
		b.Address1 = "PO Box " + strconv.Itoa(100+r.IntN(9000))
		b.ConfidentialAddress = breach.Yes
		return
	}
	b.Address1 = p.street(r, b.State)
}

// street returns a numbered street.
func (p *plan) street(r *random, state string) string {
	if state == "PR" {
		return strconv.Itoa(1+r.IntN(400)) + " " + pick(r, islandStreets)
	}
	return strconv.Itoa(10+r.IntN(9800)) + " " + pick(r, streets)
}

// zip returns a five-digit ZIP code of the city.
func zip(r *random, where city) string {
	n := 1 + r.IntN(99)
	return where.zip3 + string([]byte{byte('0' + n/10), byte('0' + n%10)})
}

// phone returns one of the numbers kept for fiction.
func phone(r *random, where *place) string {
	n := r.IntN(100)
	return where.areaCode + "-555-01" + string([]byte{byte('0' + n/10), byte('0' + n%10)})
}

// officer returns the name of a privacy officer.
func officer(r *random) string {
	family := &pools[r.IntN(2)]
	return pick(r, pick(r, [][]string{family.women, family.men})) + " " + pick(r, family.family)
}
