package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"
)

// screen is a text on a terminal that may be longer than it, with a clock above and the
// keys below.
type screen struct {
	// title is the command, as it stands above.
	title string
	lines []string
	// top is the first line that is shown.
	top          int
	paused, help bool
	// read is when the text was, problem why it could not be read again since.
	read    time.Time
	problem string
}

// bars is how many lines of a terminal are not the text's.
const bars = 2

// screenHelp is what ? shows.
var screenHelp = []string{
	"", "  q, Ctrl-C          end",
	"  space, p           stop reading, and go on",
	"  r                  read now",
	"  down, j; up, k     a line down or up",
	"  PgDn, f; PgUp, b   a page down or up",
	"  Home, g; End, G    to the top, to the end",
	"  ?                  this, and back", "",
	"  It ends by itself when the incident is closed.",
}

// press does what a key says. quit ends the watching; now has it read at once.
func (s *screen) press(k key, height int) (quit, now bool) {
	page := max(1, height-bars)
	switch k {
	case keyQuit:
		return true, false
	case keyPause:
		s.paused = !s.paused
		return false, !s.paused
	case keyRefresh:
		return false, true
	case keyHelp:
		s.help = !s.help
	case keyBack:
		s.help = false
	case keyUp:
		s.top--
	case keyDown:
		s.top++
	case keyPageUp:
		s.top -= page
	case keyPageDown:
		s.top += page
	case keyHome:
		s.top = 0
	case keyEnd:
		s.top = len(s.lines) * longestWrap
	}
	return false, false
}

// longestWrap is more lines than one is ever folded into; drawing knows how many it is.
const longestWrap = 1000

// draw is the whole screen at a moment, as it is written over the one before; bright
// and plain begin and end what stands out, "" where colours are not wanted.
func (s *screen) draw(now time.Time, width, height int, bright, plain string) string {
	var folded []string
	for _, line := range s.lines {
		folded = append(folded, strings.Split(text.WrapHard(line, max(1, width)), "\n")...)
	}
	room := max(1, height-bars)
	s.top = max(0, min(s.top, len(folded)-room))
	shown := folded[s.top:min(len(folded), s.top+room)]
	place := ""
	if len(folded) > room {
		place = fmt.Sprintf("   lines %d to %d of %d", s.top+1, s.top+len(shown), len(folded))
	}
	if s.help {
		shown = screenHelp[:min(len(screenHelp), room)]
	}
	var b strings.Builder
	b.WriteString("\x1b[H")
	row := func(line string) {
		b.WriteString(line)
		b.WriteString("\x1b[K\r\n")
	}
	bar := func(line string) string { return bright + text.Pad(text.Trim(line, width), width, ' ') + plain }
	row(bar(now.Format("15:04:05 MST") + "   " + s.title + "   " + s.age(now)))
	for i := range room {
		if i < len(shown) {
			row(shown[i])
		} else {
			row("")
		}
	}
	// No line break after the last line, or the terminal would move everything up.
	b.WriteString(bar("q end   space pause   r now   up/down move   ? help"+place) + "\x1b[K\x1b[J")
	return b.String()
}

// age says how old what is shown is.
func (s *screen) age(now time.Time) string {
	switch {
	case s.problem != "":
		return "NOT READ since " + s.read.In(now.Location()).Format("15:04:05") + ": " + s.problem
	case s.paused:
		return "PAUSED, as of " + s.read.In(now.Location()).Format("15:04:05")
	}
	return "as of " + s.read.In(now.Location()).Format("15:04:05")
}
