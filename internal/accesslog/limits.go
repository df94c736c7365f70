package accesslog

import (
	"maps"
	"slices"
	"time"
)

// limitsOf tells what one file cannot show.
func (r *run) limitsOf(id string, w *watch) {
	for _, one := range []struct {
		code string
		s    steps
	}{{LimitUnreadable, w.damage}, {LimitClock, w.disorder()}, {LimitFuture, w.future}, {LimitHour, w.hours}} {
		if one.s.count > 0 {
			r.report.CannotShow = append(r.report.CannotShow, Limit{Code: one.code, Log: id, Line: one.s.first, Count: one.s.count, Seconds: int(one.s.largest / time.Second), Within: one.s.within})
		}
	}
}

// cannotShow tells what the logs together cannot show.
func (r *run) cannotShow() {
	for _, profile := range slices.Sorted(maps.Keys(r.coverage)) {
		c := r.coverage[profile]
		if c.first.IsZero() {
			r.report.CannotShow = append(r.report.CannotShow, Limit{Code: LimitEnds, Log: profile, Within: true})
			continue
		}
		first, last := c.first.UTC(), c.last.UTC()
		if first.After(r.o.From.Add(Edge)) {
			r.report.CannotShow = append(r.report.CannotShow, Limit{Code: LimitBegins, Log: profile, From: &r.report.From, To: &first, Within: true})
		}
		if last.Before(r.o.To.Add(-Edge)) {
			r.report.CannotShow = append(r.report.CannotShow, Limit{Code: LimitEnds, Log: profile, From: &last, To: &r.report.To, Within: true})
		}
		for _, gap := range c.gaps(r.o.Zone) {
			r.report.CannotShow = append(r.report.CannotShow, Limit{Code: LimitGap, Log: profile, From: &gap[0], To: &gap[1], Within: r.window.meets(gap[0], gap[1])})
		}
	}
	if r.unnamed.count > 0 {
		r.report.CannotShow = append(r.report.CannotShow, Limit{Code: LimitUnnamed, Log: r.unnamedIn, Line: r.unnamed.first, Count: r.unnamed.count, Within: true})
	}
	if len(r.report.CannotShow) > mostLimits {
		r.report.CannotShow = fewer(r.report.CannotShow)
	}
}

// mostLimits bounds the list: a log with a gap every night has a gap in its making.
const mostLimits = 500

// fewer keeps those that concern the window, and of the others the first.
func fewer(all []Limit) []Limit {
	slices.SortStableFunc(all, func(a, b Limit) int { return int(flag(b.Within)) - int(flag(a.Within)) })
	return all[:mostLimits]
}
