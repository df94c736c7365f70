package accesslog

import (
	"bytes"
	"slices"
	"time"

	"duenotice/internal/accesslog/baseline"
)

// mostHours is how many hours of the window are kept of one account.
const mostHours = 2000

// hour is what an account did in one hour.
type hour struct {
	// at is counted from 1970 in UTC.
	at                         uint32
	patients, exports, unnamed int
}

// account is what is known of an account: its baseline, and what it did in the window.
type account struct {
	number, role uint32
	// The baselines are of the hours outside the window in which the account was at work.
	patients, exports, unnamed baseline.Baseline
	own                        [3]baseline.Counts
	hours                      baseline.Hours
	// days are those outside the window; laterDays the second half of them, and laterNew
	// the practices that were met first in it.
	days, laterDays, laterNew int
	// window are the hours of the window that count: all of a chosen account, and of the
	// others those that their own baseline does not explain.
	window      []hour
	windowHours baseline.Hours
	windowDays  int
	most        hour
	fresh       int
	total       int
}

// role is the same of all accounts of a role together.
type role struct {
	accounts            int
	counts              [3]baseline.Counts
	hours               baseline.Hours
	laterDays, laterNew int
	of                  [3]baseline.Baseline
}

// ledger makes accounts of the counts as they come out of the sort.
type ledger struct {
	zone     *time.Location
	chosen   map[uint32]bool
	roleOf   func(account uint32) uint32
	accounts []*account
	roles    map[uint32]*role

	current   *account
	window    []hour
	firstMet  map[uint32]int
	inWindow  map[uint32]bool
	lastDay   [2]int
	now       hour
	nowWithin bool
	patient   []byte
	exported  bool
	open      bool
}

func (l *ledger) add(s slot, c cell) {
	if l.current == nil || l.current.number != s.account {
		l.endAccount()
		l.current = &account{number: s.account, role: l.roleOf(s.account), own: [3]baseline.Counts{{}, {}, {}}}
		l.firstMet, l.inWindow, l.lastDay, l.window = map[uint32]int{}, map[uint32]bool{}, [2]int{-1, -1}, l.window[:0]
	}
	if !l.open || l.now.at != s.hour || l.nowWithin != s.within {
		l.endHour()
		l.now, l.nowWithin, l.open = hour{at: s.hour}, s.within, true
		l.patient, l.exported = l.patient[:0], false
		l.day(s)
	}
	l.now.unnamed += int(c.unnamed)
	if len(s.patient) > 0 {
		if !bytes.Equal(l.patient, s.patient) {
			l.patient, l.exported = append(l.patient[:0], s.patient...), false
			l.now.patients++
		}
		if c.exports > 0 && !l.exported {
			l.exported = true
			l.now.exports++
		}
	}
	if s.practice == 0 {
		return
	}
	if s.within {
		l.inWindow[s.practice] = true
	} else if _, met := l.firstMet[s.practice]; !met {
		l.firstMet[s.practice] = l.current.days
	}
}

// day counts the days on which an account was at work, in the zone of the report.
func (l *ledger) day(s slot) {
	at := time.Unix(int64(s.hour)*3600, 0).In(l.zone)
	day := at.Year()*1000 + at.YearDay()
	if within := int(flag(s.within)); l.lastDay[within] != day {
		l.lastDay[within] = day
		if s.within {
			l.current.windowDays++
		} else {
			l.current.days++
		}
	}
	if s.within {
		l.current.windowHours[at.Hour()]++
	} else {
		l.current.hours[at.Hour()]++
	}
}

func (l *ledger) endHour() {
	if !l.open {
		return
	}
	l.open = false
	a := l.current
	if !l.nowWithin {
		for i, n := range []int{l.now.patients, l.now.exports, l.now.unnamed} {
			a.own[i][n]++
		}
		return
	}
	a.total++
	a.most.patients, a.most.exports, a.most.unnamed = max(a.most.patients, l.now.patients), max(a.most.exports, l.now.exports), max(a.most.unnamed, l.now.unnamed)
	l.window = append(l.window, l.now)
}

func (l *ledger) endAccount() {
	l.endHour()
	a := l.current
	if a == nil {
		return
	}
	l.current = nil
	r := l.roles[a.role]
	if r == nil {
		r = &role{counts: [3]baseline.Counts{{}, {}, {}}}
		l.roles[a.role] = r
	}
	r.accounts++
	for i := range a.own {
		r.counts[i].Add(a.own[i])
	}
	a.patients, a.exports, a.unnamed = baseline.Of(a.own[0]), baseline.Of(a.own[1]), baseline.Of(a.own[2])
	half := a.days / 2
	a.laterDays = a.days - half
	for _, day := range l.firstMet {
		if day > half {
			a.laterNew++
		}
	}
	for practice := range l.inWindow {
		if _, met := l.firstMet[practice]; !met {
			a.fresh++
		}
	}
	for i := range a.hours {
		r.hours[i] += a.hours[i]
	}
	r.laterDays += a.laterDays
	r.laterNew += a.laterNew
	chosen := l.chosen[a.number]
	for _, h := range l.window {
		if chosen || a.explains(h) {
			continue
		}
		a.window = append(a.window, h)
	}
	if chosen {
		a.window = slices.Clone(l.window)
	}
	if len(a.window) > mostHours {
		// The fullest hours are kept, in their order.
		slices.SortStableFunc(a.window, func(x, y hour) int { return y.patients + y.unnamed - x.patients - x.unnamed })
		a.window = slices.Clone(a.window[:mostHours])
		slices.SortFunc(a.window, func(x, y hour) int { return int(x.at) - int(y.at) })
	}
	if !chosen {
		if a.total == 0 {
			return // it did nothing in the window: only its role's baseline has use for it
		}
		a.own = [3]baseline.Counts{a.own[0]}
	}
	l.accounts = append(l.accounts, a)
}

// explains reports an hour that does not leave the account's own baseline.
func (a *account) explains(h hour) bool {
	under := func(n int, b baseline.Baseline) bool { return b.Limit > 0 && n < b.Limit || n == 0 }
	return under(h.patients, a.patients) && under(h.exports, a.exports) && under(h.unnamed, a.unnamed)
}
