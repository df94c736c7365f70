package account

import "duenotice/internal/civil"

// Apply makes a move in an account that is kept in memory, and returns the account
// as it then is and how many findings moved. At most n findings move, or any number
// when n is negative. They come from the lines whose state the move takes and for
// which chosen, unless nil, returns true. change, unless nil, completes each new
// line: its reason, its letter, its days. The account it is called on stays as it is.
func (a Account) Apply(m Move, n int, chosen func(Line) bool, change func(*Line)) (moved Account, count int) {
	for _, l := range a {
		take := 0
		if m.Takes(l.State) && (chosen == nil || chosen(l)) {
			take = l.People
			if n >= 0 {
				take = min(take, n-count)
			}
		}
		if rest := l.People - take; rest > 0 {
			kept := l
			kept.People = rest
			moved = moved.plus(kept)
		}
		if take > 0 {
			count += take
			next := l
			next.State, next.Why, next.People = m.To, "", take
			if change != nil {
				change(&next)
			}
			moved = moved.plus(next)
		}
	}
	return moved, count
}

// plus adds a line to the one that has the same state, reason, letter and residence,
// or appends it where there is none.
func (a Account) plus(l Line) Account {
	for i := range a {
		at := &a[i]
		if at.State == l.State && at.Why == l.Why && at.Letter == l.Letter && at.Residence == l.Residence {
			at.People += l.People
			at.MailedOn, at.ToldOn = civil.Later(at.MailedOn, l.MailedOn), civil.Later(at.ToldOn, l.ToldOn)
			return a
		}
	}
	return append(a, l)
}
