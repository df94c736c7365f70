// Package demo plays the officers of the demo: what two invented people decide and
// record, in the commands that a person would type. It types them and looks; the
// commands themselves, and the servers behind them, are the stage's.
package demo

import (
	"context"
	"errors"
	"time"

	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/clerk"
)

// The demo's officers.
const (
	firstOfficer  = "Ada Rivera"
	secondOfficer = "Ben Okafor"
)

// Stage is what the play happens on. What it shows, and how its errors read, is its
// own, as of any command.
type Stage interface {
	// Run carries out a command exactly as if it had been typed, after showing it.
	Run(ctx context.Context, words ...string) error
	// Practices are all practices of the incident with what they owe.
	Practices(ctx context.Context, incident string) ([]casebook.PracticeStatus, error)
	// Held are the letters of the incident that are held back.
	Held(ctx context.Context, incident string) ([]casebook.HeldLetter, error)
	// AwaitClosing looks where the incident stands again and again, and shows how many
	// practices are closed, until done says yes or fails.
	AwaitClosing(ctx context.Context, incident string, done func(casebook.Status) (bool, error)) error
	// AwaitAnswers looks again and again how many practices have not said who writes to
	// their patients, until done says yes or fails.
	AwaitAnswers(ctx context.Context, incident string, done func(waiting int) (bool, error)) error
	// Invitation is what a practice got by e-mail to come to its page: both messages,
	// waited for until a moment. It is ErrNoMail for one that no e-mail reaches.
	Invitation(ctx context.Context, practice string, until time.Time) (clerk.Invitation, error)
	// Clerk is who answers on pages where it can be watched, and how in a few words; it
	// is closed in the end.
	Clerk(ctx context.Context) (by clerk.Clerk, how string, closeIt func(), err error)
	// Rows writes a CSV file for --from and returns its path.
	Rows(name string, rows [][]string) (path string, err error)
	// Say shows a line.
	Say(text string)
	// Stuck is the error that as many practices of the incident do not close.
	Stuck(incident string, practices int) error
	// Summary is the incident's summary.json; the zero value while there is none.
	Summary(incident string) (casebook.Summary, error)
	// Today is the day where the officers are.
	Today() (civil.Date, error)
	// Now is the clock.
	Now() time.Time
}

// ErrNoMail is of a practice that no e-mail reaches.
var ErrNoMail = errors.New("no e-mail reaches this practice")

// Play is one performance, of an invented incident whose case lies in a folder.
type Play struct {
	Stage    Stage
	Incident string
	Folder   string
}

// Perform plays the story from the check of the case folder to its close.
func (p *Play) Perform(ctx context.Context) error {
	if err := p.Stage.Run(ctx, "validate", p.Folder); err != nil {
		return err
	}
	if err := p.Stage.Run(ctx, "start", p.Folder, "--by", firstOfficer); err != nil {
		return err
	}
	if err := p.answer(ctx); err != nil {
		return err
	}
	for _, words := range [][]string{
		{"approve", p.Incident, "--list"},
		{"approve", p.Incident, "--all", "--by", firstOfficer},
		{"approve", p.Incident, "--all", "--by", secondOfficer},
	} {
		if err := p.Stage.Run(ctx, words...); err != nil {
			return err
		}
	}
	// The second approval waited for print: what is recorded as mailed before is
	// not these letters.
	if err := p.record(ctx); err != nil {
		return err
	}
	if err := p.waitClosed(ctx); err != nil {
		return err
	}
	return p.Stage.Run(ctx, "status", p.Incident)
}

// closingLimit is how long the demo waits without any practice moving on.
const closingLimit = 3 * time.Minute

// waitClosed waits until the incident is closed and its last summary is written.
func (p *Play) waitClosed(ctx context.Context) error {
	closed, since := -1, p.Stage.Now()
	return p.Stage.AwaitClosing(ctx, p.Incident, func(status casebook.Status) (bool, error) {
		now := status.In(casebook.PhaseClosed)
		if now != closed {
			closed, since = now, p.Stage.Now()
		}
		// A substitute notice stays up for 90 days, which no demo waits for.
		if posting := status.In(casebook.PhasePosting); posting > 0 && now+posting == status.Practices {
			summary, err := p.Stage.Summary(p.Incident)
			return summary.Counts == status.Letters && summary.Late == status.Late, err
		}
		if status.Phase == casebook.IncidentClosed {
			summary, err := p.Stage.Summary(p.Incident)
			return summary.Phase == casebook.IncidentClosed, err
		}
		if p.Stage.Now().Sub(since) > closingLimit {
			return false, p.Stage.Stuck(p.Incident, status.Practices-now)
		}
		return false, nil
	})
}
