package accesslog

import (
	"slices"
	"time"

	"duenotice/internal/accesslog/logs"
)

// What a log cannot show is told by these.
const (
	// Tolerance is how far times of one log may go back, because several processes write
	// into it, and how far around a damaged line it may have been written.
	Tolerance = 5 * time.Minute
	// UsualLines is how many lines an hour of the week usually has, by the median, for an
	// hour without any to be a gap.
	UsualLines = 10
	// Weeks and Days are how much of a log it takes to know what is usual: for each hour of
	// the week, or at least of the day.
	Weeks = 4
	Days  = 4
	// Edge is how far within the window a log may begin or end.
	Edge = time.Hour
)

// coverage is what is known of the logs of one profile together: files of one log that
// was rotated are one.
type coverage struct {
	span
	hours map[int64]int
}

func (c *coverage) add(at time.Time) {
	c.hours[at.Unix()/3600]++
	c.span.add(at)
}

// span is from the first time to the last.
type span struct{ first, last time.Time }

func (s *span) add(at time.Time) {
	if s.first.IsZero() || at.Before(s.first) {
		s.first = at
	}
	if at.After(s.last) {
		s.last = at
	}
}

// gaps are hours without a line where there usually are some.
func (c *coverage) gaps(zone *time.Location) [][2]time.Time {
	if c.first.IsZero() {
		return nil
	}
	from, to := c.first.Unix()/3600, c.last.Unix()/3600
	slots := 0
	switch days := (to - from) / 24; {
	case days >= Weeks*7:
		slots = 7 * 24
	case days >= Days:
		slots = 24
	default:
		return nil
	}
	slotOf := func(hour int64) int {
		at := time.Unix(hour*3600, 0).In(zone)
		return (int(at.Weekday())*24 + at.Hour()) % slots
	}
	counts := make([][]int, slots)
	for hour := from; hour <= to; hour++ {
		slot := slotOf(hour)
		counts[slot] = append(counts[slot], c.hours[hour])
	}
	usual := make([]int, slots)
	for slot, list := range counts {
		if len(list) > 0 {
			slices.Sort(list)
			usual[slot] = list[(len(list)-1)/2]
		}
	}
	var gaps [][2]time.Time
	for hour := from; hour <= to; hour++ {
		if c.hours[hour] > 0 || usual[slotOf(hour)] < UsualLines {
			continue
		}
		begin, end := time.Unix(hour*3600, 0).UTC(), time.Unix((hour+1)*3600, 0).UTC()
		if n := len(gaps); n > 0 && gaps[n-1][1].Equal(begin) {
			gaps[n-1][1] = end
			continue
		}
		gaps = append(gaps, [2]time.Time{begin, end})
	}
	return gaps
}

// watch looks at the order of one file's times, and at lines that are none.
type watch struct {
	window          window
	began, previous time.Time
	// back and forth are the steps against and along the order of an ascending file; many
	// exports have the newest line first.
	back, forth steps
	// broken are lines that could not be read and whose neighbour is still to come.
	broken []int
	damage steps
	future steps
	hours  steps
}

// window is a time from and to, the end not being in it.
type window struct{ from, to time.Time }

func (w window) has(at time.Time) bool { return !at.Before(w.from) && at.Before(w.to) }

// meets reports a stretch of time that has some of the window in it.
func (w window) meets(from, to time.Time) bool { return !to.Before(w.from) && from.Before(w.to) }

// steps are things of one kind, with the first line and whether one concerns the window.
type steps struct {
	count, first int
	largest      time.Duration
	within       bool
}

func (s *steps) add(line int, size time.Duration, within bool) {
	if s.count == 0 {
		s.first = line
	}
	s.count++
	s.largest = max(s.largest, size)
	s.within = s.within || within
}

// line looks at a line that was read.
func (w *watch) line(e *logs.Event, now time.Time) {
	if !w.previous.IsZero() {
		step := e.Time.Sub(w.previous)
		earlier, later := w.previous, e.Time
		if step < 0 {
			earlier, later = later, earlier
		}
		switch within := w.window.meets(earlier, later); {
		case step < -Tolerance:
			w.back.add(e.Line, -step, within)
		case step > Tolerance:
			w.forth.add(e.Line, step, within)
		}
	}
	if len(w.broken) > 0 {
		earlier, later := w.previous, e.Time
		if later.Before(earlier) {
			earlier, later = later, earlier
		}
		if w.previous.IsZero() {
			earlier, later = logs.Earliest, logs.Latest
		}
		w.settle(earlier, later)
	}
	if w.previous = e.Time; w.began.IsZero() {
		w.began = e.Time
	}
	if e.Time.After(now.Add(Edge)) {
		w.future.add(e.Line, e.Time.Sub(now), true)
	}
	if e.Unclear {
		w.hours.add(e.Line, 0, w.window.meets(e.Time.Add(-Edge), e.Time.Add(Edge)))
	}
}

// settle says of damaged lines between which times they stand.
func (w *watch) settle(earlier, later time.Time) {
	within := w.window.meets(earlier.Add(-Tolerance), later.Add(Tolerance))
	for _, line := range w.broken {
		w.damage.add(line, 0, within)
	}
	w.broken = w.broken[:0]
}

// mostBroken is how many damaged lines in a row are remembered one by one.
const mostBroken = 1000

// unread looks at a line that could not be read.
func (w *watch) unread(line int) {
	if len(w.broken) == mostBroken {
		w.settle(logs.Earliest, logs.Latest)
	}
	w.broken = append(w.broken, line)
}

// end is called behind the last line.
func (w *watch) end() {
	if len(w.broken) > 0 {
		w.settle(logs.Earliest, logs.Latest)
	}
}

// disorder are the steps against the order of the file: a log that ends before it began
// has its newest line first.
func (w *watch) disorder() steps {
	if w.previous.Before(w.began) {
		return w.forth
	}
	return w.back
}
