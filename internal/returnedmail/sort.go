package returnedmail

import (
	"cmp"
	"slices"

	"duenotice/internal/acsfile"
	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// Family and business are the kinds of order to change an address (acsfile.Record.Move).
const (
	family   = 'F'
	business = 'B'
)

// Sorted is what a file says of the letters of an incident.
type Sorted struct {
	// Letters came back, each once, in the file's order.
	Letters []breach.ReturnedLetter
	// Moved are where addressees of letters that came back live now.
	Moved []breach.Moved
	// Forwarded letters went on to another address and reached their addressees.
	Forwarded int
	// Left are the records that were left aside, in the file's order.
	Left []Left
}

// Left is a record that was left aside. It names no person.
type Left struct {
	// Line is the record's, and PieceID its letter's, if it is one's.
	Line    int
	PieceID string
	Why     string
}

// Why a record was left aside.
const (
	// Unknown is a piece that is no letter of the incident: a mailer's file has all of its mail.
	Unknown = "it is no letter of the incident"
	// Early is a piece that was dealt with before the letter was printed or mailed.
	Early = "it is dated before the letter was printed or mailed"
	// Future is a piece that was dealt with after today.
	Future = "it is dated after today"
	// Doubled is a further record of one letter.
	Doubled = "the letter is on an earlier line"
	// TwoAddresses is a letter for which there are two different new addresses, none of which is taken.
	TwoAddresses = "the letter has another new address on an earlier line; neither is taken"
)

// Sort sorts records. pieceOf names a record's letter, "" where it is nobody's; printed has
// the letters that there are, each with the first day on which it may have come back.
func Sort(records []acsfile.Record, pieceOf func(*acsfile.Record) string, printed map[string]civil.Date, today civil.Date) Sorted {
	var s Sorted
	type letter struct {
		back  int // its place in Letters, -1 where it was forwarded only
		moved int // its place in Moved, -1 where there is none
		twice bool
	}
	seen := map[string]*letter{}
	disputed := map[int]bool{} // places in Moved of which two things are said
	for i := range records {
		r := &records[i]
		leave := func(id, why string) { s.Left = append(s.Left, Left{r.Line, id, why}) }
		id := pieceOf(r)
		from, there := printed[id]
		switch {
		case id == "" || !there:
			leave(id, Unknown)
			continue
		case r.On.Before(from):
			leave(id, Early)
			continue
		case r.On.After(today):
			leave(id, Future)
			continue
		}
		l := seen[id]
		if l == nil {
			l = &letter{back: -1, moved: -1}
			seen[id] = l
		} else {
			l.twice = true
		}
		if r.CameBack() && l.back < 0 {
			l.back = len(s.Letters)
			s.Letters = append(s.Letters, breach.ReturnedLetter{PieceID: id, On: r.On, Reason: r.Reason()})
		} else if l.twice && r.New == (acsfile.Address{}) {
			leave(id, Doubled)
		}
		if r.New == (acsfile.Address{}) {
			continue
		}
		is := moved(id, r)
		switch {
		case l.moved < 0:
			l.moved = len(s.Moved)
			s.Moved = append(s.Moved, is)
		case s.Moved[l.moved] != is:
			disputed[l.moved] = true
			leave(id, TwoAddresses)
		case l.twice:
			leave(id, Doubled)
		}
	}
	// Where a letter only went on, it reached its addressee, and nothing is owed.
	var kept []breach.Moved
	for place, m := range s.Moved {
		if seen[m.PieceID].back >= 0 && !disputed[place] {
			kept = append(kept, m)
		}
	}
	s.Moved = kept
	for _, l := range seen {
		if l.back < 0 {
			s.Forwarded++
		}
	}
	slices.SortStableFunc(s.Left, func(a, b Left) int { return cmp.Compare(a.Line, b.Line) })
	return s
}

func moved(id string, r *acsfile.Record) breach.Moved {
	return breach.Moved{
		PieceID: id, LastName: r.LastName, FirstName: r.FirstName, Family: r.Move == family, Business: r.Move == business,
		Address1: r.New.Line1, Address2: r.New.Line2, City: r.New.City, State: r.New.State, ZIP: r.New.ZIP,
	}
}
