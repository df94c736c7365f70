package account

import "duenotice/internal/civil"

// Apply moves findings in an account that is kept in memory: at most n of those
// whom the move takes and which chosen says, or with a negative n all. why, letter
// and on are what the new lines have. It returns the account and how many moved.
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

// plus adds a line to the one of its name.
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
