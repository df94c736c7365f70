package board

import (
	"fmt"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
)

// A chart is drawn here as SVG, in a width that a telephone shows without making its
// words too small. Nothing in it is told by colour alone: what is late is hatched and
// said, and a table with the same numbers stands beside it.

const (
	chartWidth = 420
	barHeight  = 16
	barGap     = 8
	labelWidth = 178
	valueWidth = 94
	chartTop   = 4
)

// bars is a chart of one bar for each name.
type bars struct {
	// ID begins the names of its parts on the page, Title and Desc are read out.
	ID, Title, Desc string
	Width, Height   int
	// Hatch is what the hatched part means: "late" or "at-once".
	Hatch string
	Bars  []bar
}

// bar is one bar: its whole length, and the part of it that is hatched.
type bar struct {
	Label, Value            string
	Y, TextY, X, Long, Part int
	LabelX, ValueX          int
}

// quantity is what a bar stands for: part is at most whole.
type quantity struct {
	label       string
	whole, part int
	value       string
}

func drawBars(id, hatch, title, desc string, of []quantity) *bars {
	chart := &bars{ID: id, Hatch: hatch, Title: title, Desc: desc, Width: chartWidth, Height: chartTop + len(of)*(barHeight+barGap)}
	most := 1
	for _, q := range of {
		most = max(most, q.whole)
	}
	for i, q := range of {
		y := chartTop + i*(barHeight+barGap)
		long := scale(q.whole, most, chartWidth-labelWidth-valueWidth)
		chart.Bars = append(chart.Bars, bar{
			Label: q.label, Value: q.value, Y: y, TextY: y + barHeight - 4, X: labelWidth, Long: long,
			Part: min(long, scale(q.part, most, chartWidth-labelWidth-valueWidth)), LabelX: labelWidth - 8, ValueX: labelWidth + long + 6,
		})
	}
	return chart
}

// scale is n of most in a length; what is there is seen, however little it is.
func scale(n, most, length int) int {
	if n == 0 {
		return 0
	}
	return max(2, n*length/most)
}

// burnDown is how many practices have patients who are not told, by day.
type burnDown struct {
	ID, Title, Desc          string
	Width, Height            int
	Left, Right, Top, Bottom int
	Area, Line               string
	Limit, Today             int
	LimitWords, TodayWords   string
	LimitAnchor, TodayAnchor string
	LimitTextX, TodayTextX   int
	Grid                     []gridLine
	FirstDay, LastDay        string
	TodayShown               bool
	Late                     bool
	// Late says that somebody was not told after the limit; the rest is where that is.
	OverX, OverWidth, OverTop, OverTall int
}

type gridLine struct {
	Y, TextY int
	Words    string
}

// untold is how many practices still have somebody to tell at the end of a day.
type untold struct {
	On           civil.Date
	Day          int
	Told, Remain int
}

// burning are the days on which practices told the last of their patients, and what
// remained; the first is the day of discovery.
func burning(told []casebook.ToldCount, discovered civil.Date) (days []untold, all int) {
	for _, t := range told {
		all += t.Practices
	}
	remain := all
	days = []untold{{On: discovered, Remain: all}}
	for _, t := range told {
		if t.On.IsZero() {
			continue
		}
		remain -= t.Practices
		on := civil.Later(t.On, discovered)
		if last := &days[len(days)-1]; last.On == on {
			last.Told, last.Remain = last.Told+t.Practices, remain
			continue
		}
		days = append(days, untold{On: on, Day: on.DaysSince(discovered), Told: t.Practices, Remain: remain})
	}
	return days, all
}

func drawBurnDown(days []untold, all int, discovered, today civil.Date) *burnDown {
	c := &burnDown{ID: "told-chart", Width: chartWidth, Height: 236, Left: 58, Right: chartWidth - 12, Top: 42, Bottom: 206}
	now := max(today.DaysSince(discovered), 0)
	last := max(breach.NoticeDays+6, min(now+6, days[len(days)-1].Day+30))
	x := func(day int) int { return c.Left + min(max(day, 0), last)*(c.Right-c.Left)/last }
	y := func(n int) int { return c.Bottom - n*(c.Bottom-c.Top)/max(all, 1) }
	var line strings.Builder
	fmt.Fprintf(&line, "M%d %d", x(0), y(days[0].Remain))
	remain, done := days[0].Remain, 0
	for _, d := range days[1:] {
		if d.Day > now {
			break // recorded ahead of its day: shown when it has come
		}
		fmt.Fprintf(&line, "H%dV%d", x(d.Day), y(d.Remain))
		remain, done = d.Remain, d.Day
	}
	end := x(max(now, done))
	fmt.Fprintf(&line, "H%d", end)
	c.Line = line.String()
	c.Area = fmt.Sprintf("%sV%dH%dZ", c.Line, c.Bottom, x(0))
	c.Limit, c.Today = x(breach.NoticeDays), x(now)
	c.LimitWords = fmt.Sprintf("day %d", breach.NoticeDays)
	c.TodayWords = fmt.Sprintf("today, day %d", now)
	c.LimitTextX, c.LimitAnchor = c.Limit-4, "end"
	c.TodayTextX, c.TodayAnchor = c.Today-4, "end"
	if c.Today < c.Left+90 {
		c.TodayTextX, c.TodayAnchor = c.Today+4, "start"
	}
	if c.Today > c.Limit {
		c.TodayTextX, c.TodayAnchor = c.Today+4, "start"
	}
	if c.TodayAnchor == "start" && c.Today > c.Right-90 {
		c.TodayTextX, c.TodayAnchor = c.Right, "end"
	}
	c.TodayShown = now <= last
	if now > breach.NoticeDays && remain > 0 {
		c.Late, c.OverX, c.OverWidth, c.OverTop, c.OverTall = true, c.Limit, end-c.Limit, y(remain), c.Bottom-y(remain)
	}
	for _, part := range []int{0, 1, 2} {
		n := all * part / 2
		c.Grid = append(c.Grid, gridLine{Y: y(n), TextY: y(n) + 4, Words: number(n)})
	}
	c.FirstDay, c.LastDay = discovered.String(), discovered.AddDays(last).String()
	c.Title = "Practices whose patients are not all told, day by day"
	c.Desc = fmt.Sprintf("Of %s that owe their patients notice, %s had all of them told on %s, day %d. The law's outer limit is day %d, %s.",
		several(all, "practice", "practices"), number(all-remain), today, now, breach.NoticeDays, discovered.AddDays(breach.NoticeDays))
	if c.Late {
		c.Desc += fmt.Sprintf(" %s after it.", several(remain, "is open", "are open"))
	}
	return c
}
