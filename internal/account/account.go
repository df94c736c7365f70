package account

import (
	"slices"

	"duenotice/internal/civil"
)

// Line is how many findings of one State of residence stand in one state for one reason.
type Line struct {
	State State `json:"state"`
	// Why is the reason for Held and NoAddress, and how they were Told.
	Why    string `json:"why,omitempty"`
	Letter Letter `json:"letter,omitempty"`
	// Residence is the State of the mailing address, "" when unknown or none.
	Residence string `json:"residence,omitempty"`
	People    int    `json:"people"`
	// MailedOn and ToldOn are the latest days on which one of them was written to
	// by letter, and told otherwise.
	MailedOn civil.Date `json:"mailed_on,omitzero"`
	ToldOn   civil.Date `json:"told_on,omitzero"`
}

// Account is a practice's, or an incident's, findings by state.
type Account []Line

// Sum counts the findings of the lines that is says.
func (a Account) Sum(is func(Line) bool) int {
	n := 0
	for _, l := range a {
		if is(l) {
			n += l.People
		}
	}
	return n
}

// In counts the findings in any of the states.
func (a Account) In(states ...State) int {
	return a.Sum(func(l Line) bool { return slices.Contains(states, l.State) })
}

// Total is everybody who ever was on a list of the practice.
func (a Account) Total() int { return a.Sum(func(Line) bool { return true }) }

// Untold counts those who are owed a letter, or an e-mail that they agreed to where
// none reaches them, and to whom none was sent, of one State of residence or with
// "" of all: they wait, are printed, held back, or the practice was to tell them
// and has not said that it did.
func (a Account) Untold(residence string) int {
	return a.Sum(func(l Line) bool { return l.of(residence) && l.untold() })
}

// ToldOn is the latest day on which one of them was written to, by a letter,
// agreed e-mail, the practice or by hand; zero when nobody was.
func (a Account) ToldOn(residence string) civil.Date {
	var on civil.Date
	for _, l := range a {
		if !l.of(residence) || l.People == 0 {
			continue
		}
		on = civil.Later(on, l.MailedOn)
		if l.State == Told && l.Why != BySubstitute {
			on = civil.Later(on, l.ToldOn)
		}
	}
	return on
}

// Unreached counts those of a State, or with "" of all, whom neither letter nor
// agreed e-mail reaches and who were told in no other way: they are owed
// substitute notice (45 CFR 164.404(d)(2)), next of kin never.
func (a Account) Unreached(residence string) int {
	return a.Sum(func(l Line) bool {
		return l.of(residence) && (l.State == NoAddress || l.State == Returned) && l.Why != Kin && l.Why != ByEmail
	})
}

// SubstituteOn is the latest day on which one of them was told by substitute
// notice; zero when nobody was.
func (a Account) SubstituteOn(residence string) civil.Date {
	var on civil.Date
	for _, l := range a {
		if l.of(residence) && l.State == Told && l.Why == BySubstitute && l.People > 0 {
			on = civil.Later(on, l.ToldOn)
		}
	}
	return on
}

// AnyLetter reports whether a letter of the practice is in a mail run or printed.
func (a Account) AnyLetter() bool {
	return a.Sum(func(l Line) bool { return l.State == Printing || l.Letter != NoLetter }) > 0
}

func (l Line) of(residence string) bool { return residence == "" || l.Residence == residence }

func (l Line) untold() bool {
	switch l.State {
	case Waiting, Printing, Printed, Held, PracticeTells:
		return true
	case NoAddress, Returned:
		return l.Why == ByEmail // an e-mail is their written notice
	}
	return false
}

// Plus adds up accounts, dropping residence: an incident's is that of its practices.
func (a Account) Plus(others ...Account) Account {
	var sum Account
	for _, account := range append([]Account{a}, others...) {
		for _, l := range account {
			l.Residence = ""
			sum = sum.plus(l)
		}
	}
	return sum
}
