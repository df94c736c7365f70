package cli

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	"duenotice/internal/breach"
	"duenotice/internal/howfar"
)

const (
	// progressAfter is how long something may take on a terminal without a word.
	progressAfter = time.Second
	// progressEvery is how often the line on a terminal is drawn.
	progressEvery = 200 * time.Millisecond
	// progressLogged is how often a line is written where nobody watches: enough to see
	// in a log that something moves. What takes less is done in silence there.
	progressLogged = 30 * time.Second
	// progressWindow is the time over which the rate is taken: what went fast an hour ago
	// says little of what is left.
	progressWindow = 30 * time.Second
)

// progress shows on standard error how far something is, how fast it goes and when it
// will be done: one line written over on a terminal, now and then a line elsewhere.
// It may be told by several goroutines.
type progress struct {
	p     *program
	mu    sync.Mutex
	began time.Time
	last  time.Time
	shown string
	// seen is how far it was and when, over the last progressWindow.
	seen []progressMark
}

type progressMark struct {
	at   time.Time
	done int
}

func (p *program) progress() *progress { return &progress{p: p, began: p.Now()} }

// of tells that so much of a total is done, in a sentence: before, "3 of 8", after. It
// is called as often as one likes. A total of 0 is not known.
func (g *progress) of(done, total int, before, after string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.p.Now()
	text := number(done)
	if total > 0 {
		text += " of " + number(total)
	}
	g.write(now, before+" "+text+" "+after+g.pace(now, done, total))
}

// share tells the same as a part of a hundred, where the units say nothing to a person.
func (g *progress) share(done, total int, doing string) {
	if total <= 0 {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.p.Now()
	text := doing + ": " + strconv.Itoa(min(100, done*100/total)) + "%"
	if left := g.left(now, done, total); left != "" {
		text += ", " + left
	}
	g.write(now, text)
}

// teller is share for work that knows no terminal.
func (g *progress) teller(doing string) howfar.Teller {
	return func(done, total int) { g.share(done, total, doing) }
}

// rows gives the rows of a list on, and shows how many of them there were.
func (g *progress) rows(findings findings, total int, doing string) findings {
	return func(ctx context.Context, each func(row int, p *breach.Person) error) error {
		n := 0
		return findings(ctx, func(row int, p *breach.Person) error {
			n++
			g.of(n, total, doing, "findings")
			return each(row, p)
		})
	}
}

// findings calls each for every row of a list of people.
type findings = func(ctx context.Context, each func(row int, p *breach.Person) error) error

// pace is how fast it goes and how long it will take, ", 12 a second, 3 minutes left".
func (g *progress) pace(now time.Time, done, total int) string {
	left, rate := g.left(now, done, total), g.rate()
	switch {
	case rate <= 0:
		return ""
	case rate >= 10:
		left = join(number(int(rate))+" a second", left)
	case rate >= 1:
		left = join(strconv.FormatFloat(rate, 'f', 1, 64)+" a second", left)
	default:
		left = join(strconv.FormatFloat(rate*60, 'f', 0, 64)+" a minute", left)
	}
	return ", " + left
}

func join(a, b string) string {
	if b == "" {
		return a
	}
	return a + ", " + b
}

// rate is how much was done in a second, 0 where it cannot be said yet.
func (g *progress) rate() float64 {
	if len(g.seen) < 2 {
		return 0
	}
	first, last := g.seen[0], g.seen[len(g.seen)-1]
	if last.at.Sub(first.at) < progressAfter {
		return 0
	}
	return float64(last.done-first.done) / last.at.Sub(first.at).Seconds()
}

// left notes how far it is, and says how long the rest will take; "" where nobody
// can say.
func (g *progress) left(now time.Time, done, total int) string {
	if n := len(g.seen); n > 0 && done < g.seen[n-1].done {
		g.seen = g.seen[:0] // it begins anew
	}
	if n := len(g.seen); n < 2 || now.Sub(g.seen[n-2].at) >= progressEvery {
		g.seen = append(g.seen, progressMark{now, done})
	} else {
		g.seen[n-1] = progressMark{now, done}
	}
	for len(g.seen) > 2 && now.Sub(g.seen[1].at) >= progressWindow {
		g.seen = g.seen[1:]
	}
	rate := g.rate()
	if rate <= 0 || done >= total {
		return ""
	}
	return lasting(time.Duration(float64(total-done)/rate*float64(time.Second))) + " left"
}

// lasting says a time that is only guessed: no finer than that.
func lasting(d time.Duration) string {
	switch {
	case d < 90*time.Second:
		return count(max(1, int(d.Round(time.Second).Seconds())), "second", "seconds")
	case d < 90*time.Minute:
		return count(int(d.Round(time.Minute).Minutes()), "minute", "minutes")
	}
	return count(int(d.Round(time.Hour).Hours()), "hour", "hours")
}

func (g *progress) write(now time.Time, text string) {
	live := g.p.rich(g.p.Err)
	every, after := progressLogged, progressLogged
	if live {
		every, after = progressEvery, progressAfter
	}
	if text == g.shown || now.Sub(g.began) < after || !g.last.IsZero() && now.Sub(g.last) < every {
		return
	}
	g.last, g.shown = now, text
	if live {
		// No longer than the line, or what is written over would stay above it.
		if width := g.p.width(g.p.Err); width > 0 && len([]rune(text)) >= width {
			text = string([]rune(text)[:width-1])
		}
		fmt.Fprintf(g.p.Err, "\r\x1b[K%s", text)
		return
	}
	fmt.Fprintln(g.p.Err, text)
}

// end leaves standard error at the beginning of a line.
func (g *progress) end() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shown != "" && g.p.rich(g.p.Err) {
		fmt.Fprint(g.p.Err, "\r\x1b[K")
	}
	g.shown, g.last, g.seen = "", time.Time{}, nil
}

// step writes one finished step.
func (p *program) step(text string) { fmt.Fprintln(p.Err, text) }
