package account

import (
	"slices"

	"duenotice/internal/civil"
)

// Line counts the findings of one State of residence that are in one state for
// one reason.
type Line struct {
	State State `json:"state"`
	// Why is the reason of Held, NoAddress and Returned, or the way in which they were Told.
	Why    string `json:"why,omitempty"`
	Letter Letter `json:"letter,omitempty"`
	// Residence is the State of the mailing address, "" when unknown or none.
	Residence string `json:"residence,omitempty"`
	People    int    `json:"people"`
	// MailedOn is the latest day on which a letter to one of them was mailed, ToldOn
	// the latest on which one of them was told in another way.
	MailedOn civil.Date `json:"mailed_on,omitzero"`
	ToldOn   civil.Date `json:"told_on,omitzero"`
}

// Account counts the findings of a practice, or of an incident, by state.
type Account []Line

// Sum counts the findings in the lines for which is returns true.
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

// AddsUpTo reports whether the account has everybody: its lines, without those who
// left a list, are as many as the findings on the lists.
func (a Account) AddsUpTo(findings int) bool { return a.Total()-a.In(Left) == findings }

// Untold counts those who are owed written notice and have not been sent it. Their
// letter is waiting, printed or held back; or the practice is to tell them and has
// not said that it did; or no letter reaches them and the e-mail that they agreed to
// is not sent. residence limits the count to one State of residence, unless it is "".
func (a Account) Untold(residence string) int {
	return a.Sum(func(l Line) bool { return l.of(residence) && l.untold() })
}

// ToldOn is the latest day on which somebody was told by a letter, by an agreed
// e-mail, by the practice or by hand. It is zero when nobody was. Substitute notice
// has its own day, SubstituteOn. residence is as in Untold.
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

// ToldFrom is the first of the days that ToldOn is the latest of, as far as the account
// has them: of each line it keeps the latest day only. It is zero when nobody was told.
func (a Account) ToldFrom(residence string) civil.Date {
	var first civil.Date
	for _, l := range a {
		first = civil.Earlier(first, Account{l}.ToldOn(residence))
	}
	return first
}

// AllMailedOn is the latest day on which a letter was mailed. It is zero while one waits
// to be printed or lies printed, and when none was mailed.
func (a Account) AllMailedOn() civil.Date {
	var on civil.Date
	if a.In(Waiting, Printing, Printed) > 0 {
		return on
	}
	for _, l := range a {
		on = civil.Later(on, l.MailedOn)
	}
	return on
}

// Unreached counts those who are owed substitute notice (45 CFR 164.404(d)(2)):
// neither a letter nor an agreed e-mail reaches them, and they were not told in
// another way. Next of kin are never among them. residence is as in Untold.
func (a Account) Unreached(residence string) int {
	return a.Sum(func(l Line) bool {
		return l.of(residence) && (l.State == NoAddress || l.State == Returned) && l.Why != Kin && l.Why != ByEmail
	})
}

// OwedEmail counts those whom no letter reaches and who are to be sent an e-mail,
// to which they agreed (45 CFR 164.404(d)(1)(i)).
func (a Account) OwedEmail() int {
	return a.Sum(func(l Line) bool { return (l.State == NoAddress || l.State == Returned) && l.Why == ByEmail })
}

// SubstituteOn is the latest day on which somebody was told by substitute notice.
// It is zero when nobody was. residence is as in Untold.
func (a Account) SubstituteOn(residence string) civil.Date {
	var on civil.Date
	for _, l := range a {
		if l.of(residence) && l.State == Told && l.Why == BySubstitute && l.People > 0 {
			on = civil.Later(on, l.ToldOn)
		}
	}
	return on
}

// ToCorrect counts those who were told by a letter that another one is to correct, which
// is not mailed yet.
func (a Account) ToCorrect() int {
	return a.Sum(func(l Line) bool {
		return l.Why == ToldBefore && (l.State == Waiting || l.State == Printing || l.State == Printed)
	})
}

// AnyLetter reports whether a letter of the practice is in a mail run or printed, or was
// mailed and told somebody though it was recalled.
func (a Account) AnyLetter() bool {
	return a.Sum(func(l Line) bool { return l.State == Printing || l.Letter != NoLetter || l.Why == ToldBefore }) > 0
}

func (l Line) of(residence string) bool { return residence == "" || l.Residence == residence }

func (l Line) untold() bool {
	switch l.State {
	case Waiting, Printing, Printed:
		return l.Why != ToldBefore
	case Held, PracticeTells:
		return true
	case NoAddress, Returned:
		return l.Why == ByEmail // an e-mail is their written notice
	}
	return false
}

// Plus adds up accounts and leaves out the residence. An incident's account is the
// sum of those of its practices.
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
