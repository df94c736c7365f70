package breach

import "strings"

// Later is what a later list of the investigation does with one of its rows.
type Later string

// What becomes of a row.
const (
	// LaterTakes: the person is on the list from now on, with what the row says.
	LaterTakes Later = "takes"
	// LaterLeaves: it was not known whether anybody had seen the person's data, and now it
	// is known that nobody did. The person leaves the practice with that reason.
	LaterLeaves Later = "leaves"
	// LaterPasses: nobody saw the data of somebody who is on no list: they come on none.
	LaterPasses Later = "passes"
)

// NotAcquired is the reason why somebody left a list whose data turned out not to have
// been acquired or viewed (45 CFR 164.402(2)(iii)).
const NotAcquired = "not_acquired"

// OfLaterRow decides what becomes of a row of a later list that the investigation's
// sources gave. known: the person is on the practice's list, where acquired_or_viewed
// says before. An empty cell says as little as unknown.
//
// Who was on the list with yes, or with no from the beginning, stays: the first is a
// contradiction and the second was somebody's decision, and neither is for a program to
// settle. A row with removed takes them out.
func OfLaterRow(known bool, before, now string) Later {
	switch {
	case !strings.EqualFold(now, string(No)):
		return LaterTakes
	case !known:
		return LaterPasses
	case before == "" || strings.EqualFold(before, "unknown"):
		return LaterLeaves
	}
	return LaterTakes
}
