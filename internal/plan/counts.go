package plan

import (
	"slices"

	"duenotice/internal/account"
	"duenotice/internal/breach"
)

// counts is a breach.Tally that is cheap to add to.
type counts struct {
	people, unusable, unusableKin, emailOnly, minors, deceased int
	states                                                     [64]int // by stateNumber; noState counts unknown residence
	classes                                                    [32]int // by the class's bit
	sets                                                       breach.ClassCounter
	// unusableIn are those of unusable by stateNumber; few have any.
	unusableIn map[uint8]*unusable
}

// unusable counts people of one State without a usable address: those nothing
// reaches, those an agreed e-mail does, and the dead with their next of kin.
type unusable struct{ own, email, kin int }

func (c *counts) add(state, flags uint8, classes breach.DataClassSet) {
	c.people++
	c.states[state]++
	c.sets.Add(stateCodes[state], classes)
	if flags&flagUsable == 0 {
		c.unusable++
		if c.unusableIn == nil {
			c.unusableIn = map[uint8]*unusable{}
		}
		in := c.unusableIn[state]
		if in == nil {
			in = &unusable{}
			c.unusableIn[state] = in
		}
		if flags&flagDeceased != 0 {
			c.unusableKin++
			in.kin++
		} else if flags&flagEmail != 0 {
			c.emailOnly++
			in.email++
		} else {
			in.own++
		}
	}
	if flags&flagMinor != 0 {
		c.minors++
	}
	if flags&flagDeceased != 0 {
		c.deceased++
	}
	for bit := 0; classes != 0; bit++ {
		if classes&1 != 0 {
			c.classes[bit]++
		}
		classes >>= 1
	}
}

func (c *counts) tally() breach.Tally {
	t := breach.Tally{
		People: c.people, Residents: map[string]int{}, UnknownResidence: c.states[noState],
		NoUsableAddress: c.unusable, NoUsableAddressKin: c.unusableKin, EmailOnly: c.emailOnly,
		Minors: c.minors, Deceased: c.deceased, Classes: map[breach.DataClass]int{},
		Sets: c.sets.Counts(),
	}
	for number, code := range stateCodes {
		if n := c.states[number]; n > 0 && number != noState {
			t.Residents[code] = n
		}
	}
	for bit, class := range breach.DataClasses() {
		if n := c.classes[bit]; n > 0 {
			t.Classes[class] = n
		}
	}
	return t
}

// account is where the people stand before anything was done.
func (c *counts) account(ours bool) account.Account {
	var lines account.Account
	add := func(who account.Person, code string, people int) {
		if people > 0 {
			state, why := who.Begins()
			lines = append(lines, account.Line{State: state, Why: why, Residence: code, People: people})
		}
	}
	for number, code := range stateCodes {
		without := c.unusableIn[uint8(number)] // as many as there are States
		if without == nil {
			without = &unusable{}
		}
		add(account.Person{Protected: true, Usable: true, Ours: ours}, code, c.states[number]-without.own-without.email-without.kin)
		add(account.Person{Protected: true, Ours: ours}, code, without.own)
		add(account.Person{Protected: true, ByEmail: true, Ours: ours}, code, without.email)
		add(account.Person{Protected: true, Dead: true, Ours: ours}, code, without.kin)
	}
	return lines
}

// noState is the number of "not known, or none".
const noState = 0

// stateCodes numbers the States from 1, in the order of their codes.
var stateCodes = func() []string {
	codes := []string{""}
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			if code := string([]rune{a, b}); breach.IsState(code) {
				codes = append(codes, code)
			}
		}
	}
	return codes
}()

func stateNumber(code string) uint8 {
	if i, ok := slices.BinarySearch(stateCodes, code); ok {
		return uint8(i)
	}
	return noState
}

// classBits finds a class's bit without going through the whole vocabulary.
var classBits = func() map[breach.DataClass]breach.DataClassSet {
	bits := map[breach.DataClass]breach.DataClassSet{}
	for _, class := range breach.DataClasses() {
		bits[class] = breach.SetOf(class)
	}
	return bits
}()

func classSet(classes []breach.DataClass) breach.DataClassSet {
	var set breach.DataClassSet
	for _, class := range classes {
		set |= classBits[class]
	}
	return set
}
