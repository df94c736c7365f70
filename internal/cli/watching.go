package cli

import (
	"bytes"
	"context"
	"io"
	"strings"
	"time"

	"duenotice/internal/casebook"
	"duenotice/internal/logging"
)

const (
	// watchEvery is how often what is watched is read.
	watchEvery = 2 * time.Second
	// usualHeight is that of a terminal that does not say it.
	usualHeight = 24
	// enterScreen keeps what stands on the terminal for later and hides the cursor;
	// leaveScreen is the way back.
	enterScreen, leaveScreen = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"
)

// watching draws something again and again until it is over or somebody ends it.
type watching struct {
	p     *program
	title string
	zone  *time.Location
	// read returns the text, and whether this was the last: it will not change any more.
	read func(ctx context.Context) (text string, over bool, err error)
}

// run watches. What was last seen stays on the terminal afterwards. The first reading's
// error ends it; a later one is said, and tried again.
func (w *watching) run(ctx context.Context) error {
	text, over, err := w.read(ctx)
	if err != nil || over {
		_, _ = io.WriteString(w.p.Out, text) // to the person's terminal
		return err
	}
	s := &screen{title: w.title, read: w.p.Now()}
	s.lines = strings.Split(strings.TrimRight(text, "\n"), "\n")
	keys, restore, err := w.keys()
	if err != nil {
		return err
	}
	defer func() {
		_, _ = io.WriteString(w.p.Out, leaveScreen)
		restore()
		_, _ = io.WriteString(w.p.Out, strings.Join(s.lines, "\n")+"\n")
	}()
	_, _ = io.WriteString(w.p.Out, enterScreen)
	clock := time.NewTicker(time.Second)
	defer clock.Stop()
	for {
		w.draw(s)
		var now bool
		select {
		case <-ctx.Done():
			return nil // the person has seen enough
		case k, open := <-keys:
			if !open {
				keys = nil
				continue
			}
			var quit bool
			if quit, now = s.press(k, w.height()); quit {
				return nil
			}
		case <-clock.C:
			now = !s.paused && w.p.Now().Sub(s.read) >= watchEvery
		}
		if now && w.again(ctx, s) {
			return nil
		}
	}
}

// again reads what is watched once more, and reports whether it is over.
func (w *watching) again(ctx context.Context, s *screen) (over bool) {
	text, over, err := w.read(ctx)
	if ctx.Err() != nil {
		return true
	}
	if err != nil {
		s.problem = strings.ReplaceAll(logging.WithoutRows(err), "\n", " ")
		return false
	}
	s.problem, s.read = "", w.p.Now()
	s.lines = strings.Split(strings.TrimRight(text, "\n"), "\n")
	return over
}

func (w *watching) draw(s *screen) {
	bright, plain := "", ""
	if w.p.rich(w.p.Out) {
		bright, plain = "\x1b[7m", "\x1b[0m"
	}
	width := w.p.width(w.p.Out)
	if width == 0 {
		width = 80
	}
	_, _ = io.WriteString(w.p.Out, s.draw(w.p.Now().In(w.zone), width, w.height(), bright, plain))
}

func (w *watching) height() int {
	if w.p.Height != nil {
		if h := w.p.Height(w.p.Out); h > 0 {
			return h
		}
	}
	return usualHeight
}

// keys are those that somebody presses; nil where nobody sits there. restore gives the
// terminal back as it was.
func (w *watching) keys() (keys chan key, restore func(), err error) {
	if w.p.Keys == nil {
		return nil, func() {}, nil
	}
	if restore, err = w.p.Keys(); err != nil {
		return nil, nil, systemError(err)
	}
	keys = make(chan key)
	go readKeys(w.p.In, keys) // reading cannot be cancelled; what is typed afterwards is nobody's
	return keys, restore, nil
}

// watchStatus draws status again and again, until the incident is closed. The exit code
// is that of the status that was seen last.
func (s *session) watchStatus(ctx context.Context, incident string, f statusFlags) error {
	var last casebook.Status
	w := &watching{p: s.p, title: "Incident " + incident, zone: s.config.Zone, read: func(ctx context.Context) (string, bool, error) {
		status, err := s.read(ctx, incident, f)
		if err != nil {
			return "", false, err
		}
		last = status
		text, err := s.drawn(ctx, status, f)
		return text, status.Phase == casebook.IncidentClosed, err
	}}
	if err := w.run(ctx); err != nil {
		return away(err, f)
	}
	return statusAnswer(last, f)
}

// drawn is what status prints.
func (s *session) drawn(ctx context.Context, status casebook.Status, f statusFlags) (string, error) {
	var text bytes.Buffer
	p, drawing := *s.p, *s
	p.Out, p.Err = &text, &text
	p.IsTerminal = func(io.Writer) bool { return s.p.IsTerminal(s.p.Out) }
	p.Width = func(io.Writer) int { return s.p.width(s.p.Out) }
	drawing.p = &p
	err := drawing.printStatus(ctx, status, f)
	return text.String(), err
}
