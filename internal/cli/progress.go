package cli

import (
	"fmt"
	"time"
)

// progressEvery is how often progress is written where nobody watches: enough
// to see in a log that something moves.
const progressEvery = 10 * time.Second

// progress shows on standard error how far something is: one line written over
// on a terminal, now and then a line elsewhere.
type progress struct {
	p     *program
	last  time.Time
	shown string
}

func (p *program) progress() *progress { return &progress{p: p} }

// show is called as often as one likes.
func (g *progress) show(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	every := progressEvery
	live := g.p.rich(g.p.Err)
	if live {
		every = 200 * time.Millisecond
	}
	now := g.p.Now()
	if text == g.shown || (!g.last.IsZero() && now.Sub(g.last) < every) {
		return
	}
	g.last, g.shown = now, text
	if live {
		fmt.Fprintf(g.p.Err, "\r\x1b[K%s", text)
		return
	}
	fmt.Fprintln(g.p.Err, text)
}

// end leaves standard error at the beginning of a line.
func (g *progress) end() {
	if g.shown != "" && g.p.rich(g.p.Err) {
		fmt.Fprint(g.p.Err, "\r\x1b[K")
	}
	g.shown, g.last = "", time.Time{}
}

// step writes one finished step.
func (p *program) step(text string) { fmt.Fprintln(p.Err, text) }
