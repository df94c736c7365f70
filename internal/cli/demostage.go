package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/postgres"
	"duenotice/internal/stack"
)

// Run implements demo.Stage.
func (d *demoRun) Run(ctx context.Context, words ...string) error {
	d.say("\n%s", d.paint(d.Out, bold, "$ "+d.command(words...)))
	typed := &program{IO: d.IO, dir: d.dir}
	root := typed.root()
	root.SetArgs(append(words, "--dir", d.dir))
	root.SetIn(d.In)
	root.SetOut(d.Out)
	root.SetErr(d.Err)
	return root.ExecuteContext(ctx)
}

// Practices implements demo.Stage.
func (d *demoRun) Practices(ctx context.Context, incident string) ([]casebook.PracticeStatus, error) {
	s, err := d.open(ctx)
	if err != nil {
		return nil, err
	}
	defer s.close()
	return s.store.StatusDetails(ctx, incident, postgres.Filter{}, d.Now())
}

// Held implements demo.Stage.
func (d *demoRun) Held(ctx context.Context, incident string) ([]casebook.HeldLetter, error) {
	s, err := d.open(ctx)
	if err != nil {
		return nil, err
	}
	defer s.close()
	return s.store.HeldLetters(ctx, incident)
}

// AwaitClosing implements demo.Stage.
func (d *demoRun) AwaitClosing(ctx context.Context, incident string, done func(casebook.Status) (bool, error)) error {
	s, err := d.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	shown := d.progress()
	defer shown.end()
	return wait(ctx, func() (bool, error) {
		status, err := s.store.Status(ctx, incident, d.Now(), d.today(s.config))
		if err != nil {
			return false, err
		}
		shown.of(status.In(casebook.PhaseClosed), status.Practices, "Closing:", "practices are closed")
		return done(status)
	})
}

// Stuck implements demo.Stage.
func (d *demoRun) Stuck(incident string, practices int) error {
	return systemError(fmt.Errorf("%s did not close; see what is missing after: %s   with: %s",
		count(practices, "practice", "practices"), d.command("up"), d.command("status", incident, "--due", "400d")))
}

// Today implements demo.Stage.
func (d *demoRun) Today() (civil.Date, error) {
	config, err := d.config()
	if err != nil {
		return civil.Date{}, err
	}
	return d.today(config), nil
}

// Now implements demo.Stage.
func (d *demoRun) Now() time.Time { return d.IO.Now() }

// Summary implements demo.Stage.
func (d *demoRun) Summary(incident string) (casebook.Summary, error) {
	var summary casebook.Summary
	config, err := d.config()
	if err != nil {
		return summary, err
	}
	content, err := config.Outputs().ReadFile(context.Background(), d.incidentFolder(config, incident).Summary())
	if errors.Is(err, fs.ErrNotExist) {
		return summary, nil
	}
	if err != nil {
		return summary, systemError(err)
	}
	return summary, json.Unmarshal(content, &summary)
}

// sayEnd prints the summary's counts and where everything lies.
func (d *demoRun) sayEnd(info *stack.Info) error {
	summary, err := d.Summary(d.incident)
	if err != nil {
		return err
	}
	config, err := d.config()
	if err != nil {
		return err
	}
	folder := shortPath(d.incidentFolder(config, d.incident).Dir())
	end := "The incident is closed."
	if summary.Phase != casebook.IncidentClosed {
		end = "Everything is done but for substitute notices that stay up for 90 days; the incident closes after them."
	}
	d.say("\n%s", d.paint(d.Out, bold, end))
	t := d.lines(2)
	for _, line := range []struct {
		what string
		n    int
	}{
		{"practices", summary.Practices}, {"people", summary.People}, {"letters", summary.Letters}, {"pages", summary.Pages},
		{"batches", summary.Batches}, {"notices to practices", summary.PracticeNotices}, {"HHS reports, at once", summary.HHSImmediate},
		{"HHS reports, in the year's log", summary.HHSAnnual}, {"media notices", summary.MediaNotices},
		{"notices to regulators", summary.RegulatorNotices}, {"late", summary.Late},
	} {
		t.row("  "+line.what, line.n)
	}
	t.row("  seconds", fmt.Sprintf("load %.1f, plan %.1f, letters %.1f, in all %.1f",
		summary.Seconds.Load, summary.Seconds.Plan, summary.Seconds.Render, summary.Seconds.Total))
	t.print()
	d.say("\nWhat was written:")
	d.say("  %s/practices/   a folder for each practice: notice, its own people, HHS worksheet, calendar", folder)
	d.say("  %s/mail/        letters to print, with their list and manifest", folder)
	d.say("  %s/media/       press releases", folder)
	d.say("  %s/summary.json these counts", folder)
	d.say("  %d e-mails to practices, which went to mailboxes of the demo's own and nowhere else", len(d.mail.Taken()))
	d.say("  %s   the case folder it came from", d.folder)
	if info.TemporalUI != "" {
		d.say("While the stack runs (%s), every step is at %s (to log in: %s)", d.command("up"), info.TemporalUI, d.command("ui", d.incident))
	}
	d.say("The people, the practices and the two officers are invented, and so is what they recorded: nothing was mailed, filed or sent.")
	d.say("Next, your own: duenotice init cases/EX-2026-03")
	return nil
}
