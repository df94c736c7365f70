package synthetic

import (
	"fmt"
	"strings"
	"time"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// Labelled is a row of a list of which it is known whom it is about: what finds one person
// in two systems is measured by it.
type Labelled struct {
	// Who is the person, System the system whose list has the row, 1 or 2.
	Who, System int
	breach.Person
	// Number is an invented Social Security number (those of 000 were never issued); empty
	// where the system has none.
	Number string
}

// Shares of every thousand people in a labelled list. They are what makes the measured
// rates mean something: a list without twins finds no mistake about twins.
const (
	// LabelledTwice are in both systems.
	LabelledTwice = 400
	// Of those in both systems: what happened to the second row.
	labelledNickname     = 80
	labelledLastSlip     = 40
	labelledFirstSlip    = 30
	labelledMoved        = 120
	labelledMarried      = 30
	labelledDoubleName   = 15
	labelledSwapped      = 20
	labelledBirthSlip    = 15
	labelledBirthMissing = 30
	labelledNumber       = 350
	labelledEmail        = 300
	// Of all: who has a twin or sibling of one day in the same house, and who has a son of
	// the same name there.
	labelledTwins   = 20
	labelledJuniors = 20
	// labelledShared live in one house of many flats.
	labelledShared = 100
)

// called are names and what somebody of that name is called.
var called = []struct{ whole, short string }{
	{"William", "Bill"}, {"Robert", "Bob"}, {"Elizabeth", "Beth"}, {"Margaret", "Peggy"}, {"James", "Jim"}, {"Richard", "Rick"}, {"Katherine", "Kate"},
	{"Michael", "Mike"}, {"Jennifer", "Jenny"}, {"Christopher", "Chris"}, {"Patricia", "Pat"}, {"Joseph", "Joe"}, {"Deborah", "Debbie"}, {"Thomas", "Tom"},
	{"Samantha", "Sam"}, {"Daniel", "Danny"}, {"Rebecca", "Becky"}, {"Francisco", "Paco"}, {"Guadalupe", "Lupe"}, {"Anthony", "Tony"},
}

// WriteLabelled gives the rows of so many people, system by system's row of one person
// after the other. The same seed gives the same rows.
func WriteLabelled(people int, seed uint64, discovered civil.Date, each func(*Labelled) error) error {
	p := &plan{Params: Params{Seed: seed, Discovered: discovered}}
	r := newRandom(seed)
	for who := 0; who < people; {
		r.at(streamLabelled, who)
		one := p.labelled(who, r)
		family := []Labelled{one}
		switch n := r.IntN(1000); {
		case n < labelledTwins:
			twin := one
			twin.Who, twin.FirstName, twin.Number, twin.Email = who+1, other(r, one.FirstName), number(who+1), ""
			family = append(family, twin)
		case n < labelledTwins+labelledJuniors:
			son := one
			son.Who, son.BirthDate, son.Number, son.Email = who+1, one.BirthDate.AddDays(20*yearDays+r.IntN(15*yearDays)), number(who+1), ""
			if r.oneIn(2) {
				family[0].Suffix, son.Suffix = "Sr.", "Jr."
			}
			family = append(family, son)
		}
		for i := range family[:min(len(family), people-who)] {
			if err := p.both(r, &family[i], each); err != nil {
				return err
			}
		}
		who += len(family)
	}
	return nil
}

// streamLabelled is apart from the streams of case folders.
const streamLabelled = 1 << 60

// number is an invented number, another for each person.
func number(who int) string { return fmt.Sprintf("000-%02d-%04d", 1+who/9999%99, 1+who%9999) }

func other(r *random, first string) string {
	for {
		if name := pick(r, pick(r, [][]string{pools[0].women, pools[0].men})); name != first {
			return name
		}
	}
}

func (p *plan) labelled(who int, r *random) Labelled {
	l := Labelled{Who: who, System: 1}
	family := &pools[0]
	if r.oneIn(6) {
		family = &pools[1]
	}
	l.FirstName, l.LastName = pick(r, pick(r, [][]string{family.women, family.men})), pick(r, family.family)
	if r.oneIn(4) {
		l.FirstName = pick(r, called).whole
	}
	if r.oneIn(3) {
		l.MiddleName = middleInitials[r.IntN(len(middleInitials)):][:1]
	}
	l.BirthDate = p.Discovered.AddDays(-r.IntN(adultFrom + adultDays))
	p.settleAt(r, &l)
	if r.IntN(1000) < labelledShared {
		// One house of many flats: whoever lives there shares its address with strangers.
		l.Address1, l.City, l.State, l.ZIP = "500 Harbor Tower Road", "Boston", "MA", "02101"
	}
	l.Phone = phone(r, placeOf(l.State))
	if r.IntN(1000) < labelledEmail {
		l.Email = fmt.Sprintf("person%d@example.org", who)
	}
	l.Number = number(who)
	return l
}

func (p *plan) settleAt(r *random, l *Labelled) {
	where := byWeight(r.IntN(totalWeight))
	town := pick(r, where.cities)
	l.Address1, l.City, l.State, l.ZIP = p.street(r, where.state), town.name, where.state, zip(r, town)
}

// both gives a person's row in the first system and, for some, the damaged one in the
// second.
func (p *plan) both(r *random, l *Labelled, each func(*Labelled) error) error {
	has := func(share int) bool { return r.IntN(1000) < share }
	first, second := *l, *l
	if !has(labelledNumber) {
		first.Number = ""
	}
	if !has(labelledNumber) {
		second.Number = ""
	}
	twice := has(LabelledTwice)
	second.System = 2
	p.damage(r, &second, has)
	if err := each(&first); err != nil || !twice {
		return err
	}
	return each(&second)
}

// damage is what the second system has otherwise.
func (p *plan) damage(r *random, l *Labelled, has func(share int) bool) {
	l.LastName, l.Address1 = strings.ToUpper(l.LastName), strings.ReplaceAll(l.Address1, "Street", "St.")
	for _, c := range called {
		if c.whole == l.FirstName && has(labelledNickname*4) { // a quarter have such a name
			l.FirstName = c.short
		}
	}
	if has(labelledLastSlip) {
		l.LastName = slip(r, l.LastName)
	}
	if has(labelledFirstSlip) {
		l.FirstName = slip(r, l.FirstName)
	}
	switch {
	case has(labelledMarried):
		l.LastName = pick(r, pools[0].family)
	case has(labelledDoubleName):
		l.LastName += "-" + pick(r, pools[0].family)
	}
	if has(labelledMoved) {
		p.settleAt(r, l)
		if r.oneIn(2) {
			l.Phone = phone(r, placeOf(l.State))
		}
	}
	if has(1000 - labelledEmail) {
		l.Email = ""
	}
	day := l.BirthDate
	switch {
	case has(labelledSwapped) && day.Day <= 12:
		l.BirthDate = civil.Of(day.Year, time.Month(day.Day), int(day.Month))
	case has(labelledBirthSlip):
		l.BirthDate = civil.Of(day.Year, day.Month, 1+day.Day%9)
	case has(labelledBirthMissing):
		l.BirthDate = noDate
	}
}

// slip is a word with two neighbouring letters swapped, one missing or one too many.
func slip(r *random, word string) string {
	letters := []rune(word)
	if len(letters) < 4 {
		return word
	}
	at := 1 + r.IntN(len(letters)-2)
	switch r.IntN(3) {
	case 0:
		letters[at], letters[at+1] = letters[at+1], letters[at]
	case 1:
		letters = append(letters[:at], letters[at+1:]...)
	default:
		letters = append(letters[:at], append([]rune{letters[at]}, letters[at:]...)...)
	}
	return string(letters)
}
