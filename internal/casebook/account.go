package casebook

import (
	"strings"

	"duenotice/internal/account"
	"duenotice/internal/breach"
)

// AccountRow is one state of an account as people read it: on the screen and in the binder.
type AccountRow struct {
	State  account.State
	People int
	// Reasons are the reasons within the state, in words and in the account's order.
	Reasons []AccountReason
}

// AccountReason is a reason in words, and of how many people of the row it is the reason.
type AccountReason struct {
	Words  string
	People int
}

// RowsOf are the states of an account in which there is anybody, in the order in
// which they are shown.
func RowsOf(a account.Account) []AccountRow {
	var rows []AccountRow
	for _, state := range account.States {
		row := AccountRow{State: state, People: a.In(state)}
		if row.People == 0 {
			continue
		}
		for _, l := range a {
			if l.State == state && l.Why != "" && l.People > 0 {
				row.add(reasonWords(l.Why), l.People)
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func (r *AccountRow) add(words string, people int) {
	for i := range r.Reasons {
		if r.Reasons[i].Words == words {
			r.Reasons[i].People += people
			return
		}
	}
	r.Reasons = append(r.Reasons, AccountReason{words, people})
}

// Why names the reasons, with how many each has unless one is everybody's. number
// writes a number as the reader's medium does. It is "" where there are none.
func (r AccountRow) Why(number func(int) string) string {
	if len(r.Reasons) == 1 && r.Reasons[0].People == r.People {
		return r.Reasons[0].Words
	}
	words := make([]string, len(r.Reasons))
	for i, reason := range r.Reasons {
		words[i] = number(reason.People) + " " + reason.Words
	}
	return strings.Join(words, "; ")
}

func reasonWords(why string) string {
	if words, known := account.ReasonWords(why); known {
		return words
	}
	return breach.HeldReason(why).Words()
}
