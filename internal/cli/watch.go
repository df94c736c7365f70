package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"duenotice/internal/acts"
	"duenotice/internal/app"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

// unwatched says why nothing is watched, "" when a worker works. It is the first
// line of status, and what an act ends with that nobody would take.
func (p *program) unwatched(watch casebook.Watch, config app.Config) string {
	if watch.Working {
		return ""
	}
	return watch.Text(config.Zone) + " Start it with: " + p.command(starter(config))
}

// watched refuses what nobody would take.
func (s *session) watched(ctx context.Context) error {
	watch, err := s.store.Watch(ctx, s.config.Queue())
	if err != nil {
		return systemError(fmt.Errorf("it cannot be seen whether a worker works: %w", err))
	}
	if text := s.p.unwatched(watch, s.config); text != "" {
		return systemError(errors.New("nothing would happen: " + text))
	}
	return nil
}

// away marks an error that leaves unknown where things stand: with --exit-code it
// is the answer that nothing is watched.
func away(err error, f statusFlags) error {
	if err == nil || !f.exitCode {
		return err
	}
	var coded *codeError
	switch _, refused := breach.AsRefusal(err); {
	case errors.As(err, &coded) && coded.code != exitFailed:
		return err
	case refused && coded == nil:
		return err // there is no such incident
	}
	return &codeError{exitUnwatched, fmt.Errorf("nothing is watched: %w", err)}
}

// pollEvery is how often a waiting command looks again.
const pollEvery = 500 * time.Millisecond

// wait asks done again and again until it says yes or fails, or ctx ends.
func wait(ctx context.Context, done func() (bool, error)) error {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		if ok, err := done(); ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-tick.C:
		}
	}
}

// hopeless is how long a step may fail before a command stops waiting for it.
func (p *program) hopeless() time.Duration { return cmp.Or(p.Hopeless, time.Minute) }

// waiting is a command that waits for the worker.
type waiting struct {
	s        *session
	incident string
	// practice limits what is looked at to one practice's steps and the incident's.
	practice string
	began    time.Time
	looked   time.Time
	said     string
}

func (s *session) waitsFor(incident, practice string) *waiting {
	return &waiting{s: s, incident: incident, practice: practice, began: time.Now(), looked: time.Now()}
}

// look ends the waiting when nobody works any more, or when what is waited for has
// failed for longer than is hopeful; before, it says once what does not go on.
func (w *waiting) look(ctx context.Context) error {
	if time.Since(w.looked) < acts.Patience {
		return nil
	}
	w.looked = time.Now()
	watch, err := w.s.store.Watch(ctx, w.s.config.Queue())
	if err != nil {
		return systemError(fmt.Errorf("the database went away: %w. What was handed over goes on when it is back", err))
	}
	if text := w.s.p.unwatched(watch, w.s.config); text != "" {
		return systemError(fmt.Errorf("%s. What was handed over goes on then; the same command can be given again", text))
	}
	hopeless := w.s.p.hopeless()
	list, err := w.s.store.Troubles(ctx, w.incident)
	if err != nil {
		return systemError(err)
	}
	for _, t := range list {
		if t.Kind != casebook.TroubleAltered && slices.Contains(casebook.Alarms, t.Kind) {
			continue // the alarm stays for a week, and nothing waits for it
		}
		if w.practice != "" && t.Practice != "" && t.Practice != w.practice {
			continue
		}
		text := troubleText(t)
		if w.said != text {
			w.said = text
			w.s.p.note("Waiting: %s Do: %s", text, t.Todo)
		}
		if time.Since(w.began) > hopeless && t.LastSeen.Sub(t.Since) > hopeless {
			why := fmt.Sprintf("it does not go on: %s Do: %s It goes on by itself then; see it with: %s", text, t.Todo, w.s.p.command("status", w.incident))
			if t.Practice != "" {
				return systemError(&acts.Unheard{Why: why})
			}
			return systemError(errors.New(why))
		}
	}
	return nil
}

// troubleText is a trouble in a sentence, but for what to do.
func troubleText(t casebook.Trouble) string {
	t.Step = app.StepWords(t)
	return t.Text()
}
