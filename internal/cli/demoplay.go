package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/outfolder"
	"duenotice/internal/postgres"
	"duenotice/internal/stack"
)

// The demo's officers.
const (
	firstOfficer  = "Ada Rivera"
	secondOfficer = "Ben Okafor"
)

// play is the story of the demo, in the commands a person would type.
func (d *demo) play(ctx context.Context) error {
	if err := d.run(ctx, "validate", d.folder); err != nil {
		return err
	}
	if err := d.run(ctx, "start", d.folder, "--by", firstOfficer); err != nil {
		return err
	}
	if err := d.delegate(ctx); err != nil {
		return err
	}
	for _, words := range [][]string{
		{"approve", d.incident, "--list"},
		{"approve", d.incident, "--all", "--by", firstOfficer},
		{"approve", d.incident, "--all", "--by", secondOfficer},
	} {
		if err := d.run(ctx, words...); err != nil {
			return err
		}
	}
	// The second approval waited for print: what is recorded as mailed before is
	// not these letters.
	if err := d.record(ctx); err != nil {
		return err
	}
	if err := d.waitClosed(ctx); err != nil {
		return err
	}
	return d.run(ctx, "status", d.incident)
}

// practices are all of the demo's practices with what they owe.
func (d *demo) practices(ctx context.Context) ([]casebook.PracticeStatus, civil.Date, error) {
	s, err := d.open(ctx)
	if err != nil {
		return nil, civil.Date{}, err
	}
	defer s.close()
	today := d.today(s.config)
	list, err := s.store.StatusDetails(ctx, d.incident, postgres.Filter{}, d.Now())
	return list, today, err
}

// delegate answers for the practices that did not.
func (d *demo) delegate(ctx context.Context) error {
	list, _, err := d.practices(ctx)
	if err != nil {
		return err
	}
	for _, practice := range list {
		if practice.Phase != casebook.PhaseDelegation {
			continue
		}
		if err := d.run(ctx, "delegate", d.incident, "--practice", practice.Key, breach.DelegateAll, "--by", firstOfficer); err != nil {
			return err
		}
	}
	return nil
}

// record tells the incident what the invented people did: everything that the
// practices still owe, and nothing that none of them does.
func (d *demo) record(ctx context.Context) error {
	if err := d.sendOutbox(ctx); err != nil {
		return err
	}
	list, today, err := d.practices(ctx)
	if err != nil {
		return err
	}
	type fact struct{ kind, jurisdiction string }
	var facts []fact
	owed := func(f fact) {
		if !slices.Contains(facts, f) {
			facts = append(facts, f)
		}
	}
	record := func(f fact, more ...string) error {
		words := append([]string{"record", d.incident, "--fact", f.kind, "--on", today.String()}, more...)
		if f.jurisdiction != "" {
			words = append(words, "--jurisdiction", f.jurisdiction)
		}
		if f.kind == breach.HHSFiled {
			words = append(words, "--reference", "DEMO-TRACKING-NUMBER")
		}
		return d.run(ctx, append(words, "--by", firstOfficer)...)
	}
	for _, practice := range list {
		for _, o := range practice.Obligations {
			if !o.SettledOn.IsZero() {
				continue
			}
			if o.ToPractice() {
				kind := breach.PracticeNotified
				if o.Form == breach.FormUpdate {
					kind = breach.PracticeUpdated
				}
				if err := record(fact{kind: kind}, "--practice", practice.Key); err != nil {
					return err
				}
				continue
			}
			for _, kind := range settling(o.Obligation) {
				jurisdiction := ""
				switch {
				case o.Kind == breach.HHSNotice && o.Regime == breach.Part2:
					jurisdiction = breach.Part2
				case kind == breach.RegulatorNotified, kind == breach.RegulatorUpdated:
					jurisdiction = breach.AllAgencies
				}
				owed(fact{kind, jurisdiction})
			}
		}
	}
	slices.SortStableFunc(facts, func(a, b fact) int {
		return slices.Index(breach.FactKinds, a.kind) - slices.Index(breach.FactKinds, b.kind)
	})
	for _, f := range facts {
		if err := record(f); err != nil {
			return err
		}
	}
	return record(fact{kind: breach.Acknowledged})
}

// sendOutbox plays the officer who sends the notices that lie in the outbox, and
// says so of all of them.
func (d *demo) sendOutbox(ctx context.Context) error {
	config, err := d.config()
	if err != nil {
		return err
	}
	return d.run(ctx, "record", d.incident, "--outbox", "--fact", breach.PracticeNotified, "--on", d.today(config).String(), "--by", firstOfficer)
}

// settling lists the facts that fulfil an obligation to others than the practice.
func settling(o breach.Obligation) []string {
	switch o.Kind {
	case breach.IndividualNotice, breach.StateIndividualNotice, breach.CreditMonitoringDuty:
		return []string{breach.LettersMailed}
	case breach.SubstituteNotice:
		if o.Form == breach.FormKept {
			return nil // not before its 90 days
		}
		if o.Form == breach.FormConspicuous {
			return []string{breach.PostingStarted, breach.TollFreeStarted}
		}
		return []string{breach.PostingStarted}
	case breach.MediaNotice:
		return []string{breach.MediaSent}
	case breach.HHSNotice:
		if o.Form == breach.FormAddendum {
			return []string{breach.HHSAddendum}
		}
		return []string{breach.HHSFiled}
	case breach.RegulatorNotice, breach.FacilityNotice:
		if o.Form == breach.FormUpdate {
			return []string{breach.RegulatorUpdated}
		}
		if o.Form == breach.FormPatient {
			return []string{breach.LettersMailed}
		}
		return []string{breach.RegulatorNotified}
	case breach.CRANotice:
		return []string{breach.CRANotified}
	}
	return nil
}

// closingLimit is how long the demo waits without any practice moving on.
const closingLimit = 3 * time.Minute

// waitClosed waits until the incident is closed and its last summary is written.
func (d *demo) waitClosed(ctx context.Context) error {
	s, err := d.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	shown := d.progress()
	defer shown.end()
	closed, since := -1, d.Now()
	return wait(ctx, func() (bool, error) {
		status, err := s.store.Status(ctx, d.incident, d.Now(), d.today(s.config))
		if err != nil {
			return false, err
		}
		now := inPhase(status, casebook.PhaseClosed)
		shown.show("Closing: %s of %s practices are closed", number(now), number(status.Practices))
		if now != closed {
			closed, since = now, d.Now()
		}
		// A substitute notice stays up for 90 days, which no demo waits for.
		if posting := inPhase(status, casebook.PhasePosting); posting > 0 && now+posting == status.Practices {
			summary, err := d.summary()
			return summary.Counts == status.Letters && summary.Late == status.Late, err
		}
		if status.Phase == casebook.IncidentClosed {
			summary, err := d.summary()
			return summary.Phase == casebook.IncidentClosed, err
		}
		if d.Now().Sub(since) > closingLimit {
			return false, failed(fmt.Errorf("%s did not close; see what is missing after: %s   with: %s",
				count(status.Practices-now, "practice", "practices"), d.command("up"), d.command("status", d.incident, "--due", "400d")))
		}
		return false, nil
	})
}

func (d *demo) summary() (casebook.Summary, error) {
	var summary casebook.Summary
	content, err := os.ReadFile(outfolder.New(d.out).Incident(d.incident).Summary())
	if errors.Is(err, fs.ErrNotExist) {
		return summary, nil
	}
	if err != nil {
		return summary, failed(err)
	}
	return summary, json.Unmarshal(content, &summary)
}

// sayEnd prints the summary's counts and where everything lies.
func (d *demo) sayEnd(info *stack.Info) error {
	summary, err := d.summary()
	if err != nil {
		return err
	}
	folder := shortPath(outfolder.New(d.out).Incident(d.incident).Dir())
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
	d.say("  %s   e-mail to practices, which nobody has really sent", shortPath(outfolder.New(d.out).Outbox()))
	d.say("  %s   the case folder it came from", d.folder)
	if info.TemporalUI != "" {
		d.say("While the stack runs (%s), every step is at %s (to log in: %s)", d.command("up"), info.TemporalUI, d.command("ui", d.incident))
	}
	d.say("The people, the practices and the two officers are invented, and so is what they recorded: nothing was mailed, filed or sent.")
	d.say("Next, your own: duenotice init cases/EX-2026-03")
	return nil
}
