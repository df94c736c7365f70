package cli

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/openitems"
	"duenotice/internal/papers"
)

const reportUnopenedHelp = `Lists the practices that were told and say nothing: those that have not opened
their page, and those that opened it and have not answered who writes to their
patients; and those whose notice came back. Where an e-mail came back, nothing further
is sent to that address: write by post, or find another. For each it says since when, how often it was reminded, whom to call, and
what its contract makes of its silence and after which day.

--csv has all of it, for a spreadsheet.`

func (p *program) reportUnopenedCommand() *cobra.Command {
	var asCSV bool
	cmd := &cobra.Command{
		Use: "unopened INCIDENT", Short: "The practices that do not open their page, or do not answer", Long: reportUnopenedHelp,
		Example: "  duenotice report unopened EX-2026-03\n  duenotice report unopened EX-2026-03 --csv > call.csv",
		Args:    exactly("INCIDENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.reportUnopened(cmd.Context(), args[0], asCSV)
		},
	}
	csvFlag(cmd, &asCSV, "all of it as CSV")
	return cmd
}

func (p *program) reportUnopened(ctx context.Context, incident string, asCSV bool) error {
	if err := incidentArgument(incident); err != nil {
		return err
	}
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	in, err := s.store.Incident(ctx, incident)
	if err != nil {
		return err
	}
	if asCSV {
		t := p.unopenedTable(nil, true)
		if err := t.csvHead(); err != nil {
			return err
		}
		return s.eachSilence(ctx, in, func(part []casebook.Silence) error {
			for _, q := range part {
				t.addSilent(q, true)
			}
			return t.csvRows()
		})
	}
	var list []casebook.Silence
	err = s.eachSilence(ctx, in, func(part []casebook.Silence) error {
		list = append(list, part...)
		return nil
	})
	if err != nil {
		return err
	}
	if len(list) == 0 {
		p.say("Incident %s: every practice that was told has answered.", incident)
		return nil
	}
	// Who waits longest is called first.
	slices.SortStableFunc(list, func(a, b casebook.Silence) int { return openitems.ByDay(a.Told, b.Told) })
	p.unopenedTable(list, false).print()
	p.say("\n%s nothing. Letters that remind them: %s", count(len(list), "practice says", "practices say"),
		p.command("notify", incident, "--post", "--reminders", "--by", "YOUR NAME"))
	if slices.ContainsFunc(list, func(q casebook.Silence) bool { return q.Told.IsZero() }) {
		p.say("Notices that did not arrive, by post: %s", p.command("notify", incident, "--post", "--by", "YOUR NAME"))
	}
	if slices.ContainsFunc(list, func(q casebook.Silence) bool { return q.Told.IsZero() || q.EmailStopped != "" }) {
		p.say("To another address: correct it (practice contact). To the same again, if it works after all: %s",
			p.command("notify", incident, "--practice", "KEY", "--by", "YOUR NAME"))
	}
	return nil
}

// eachSilence calls do with the incident's practices that say nothing, some at a time, in
// key order.
func (s *session) eachSilence(ctx context.Context, in casebook.Incident, do func([]casebook.Silence) error) error {
	return s.store.EachHeard(ctx, in.Incident.ID, func(part []casebook.Heard) error { return do(casebook.Silences(in.Incident, part)) })
}

// unopenedTable lists silent practices; whole has the columns that are for other programs.
func (p *program) unopenedTable(list []casebook.Silence, whole bool) *table {
	t := p.table("PRACTICE", "TOLD", "PAGE", "REMINDED", "CALL", "WITHOUT AN ANSWER", "NAME").leaveOut("NAME", "REMINDED")
	if whole {
		t = p.table("PRACTICE KEY", "NAME", "TOLD ON", "PAGE", "OPENED AT", "ANSWERED AT", "REMINDERS", "REMINDED ON", "PRIVACY OFFICER", "PHONE", "EMAIL", "DEFAULT", "DEFAULT AFTER")
	}
	for _, q := range list {
		t.addSilent(q, whole)
	}
	return t
}

// addSilent adds the row of one to an unopenedTable.
func (t *table) addSilent(q casebook.Silence, whole bool) {
	of := q.Practice.Practice
	if whole {
		t.row(of.Key, papers.Inert(of.Name()), q.Told, q.Words(), at(q.Practice.Page.OpenedAt), at(q.Practice.Page.AnsweredAt), q.Reminders, q.RemindedOn,
			papers.Inert(of.PrivacyOfficer), papers.Inert(of.Phone), papers.Inert(of.Email), q.Default, q.DefaultAfter)
		return
	}
	reminded := "-"
	if q.Reminders > 0 {
		reminded = fmt.Sprintf("%d, last %s", q.Reminders, q.RemindedOn)
	}
	without := "nothing is sent"
	switch {
	case q.Default != "":
		without = fmt.Sprintf("%s after %s", q.Default, q.DefaultAfter)
	case of.Delegation != "":
		without = of.Delegation
	}
	t.row(of.Key, q.Told, q.Words(), reminded, dash(firstSet(of.Phone, of.Email)), without, of.Name())
}

// at is an instant as other programs read it, "" for none.
func at(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// printPages says how many practices came to their pages.
func (s *session) printPages(status casebook.Status) {
	n, p := status.Pages, s.p
	if n.EmailStopped > 0 {
		p.say("E-MAIL to %s came back and is stopped. By post, or to another address: %s", p.paint(p.Out, yellow, count(n.EmailStopped, "practice", "practices")),
			p.command("report", "unopened", status.Incident))
	}
	if n.Pages == 0 {
		return
	}
	text := fmt.Sprintf("PAGES %s: %s opened, %s answered", count(n.Pages, "practice has one", "practices have one"), number(n.Opened), number(n.Answered))
	if n.Unopened > 0 {
		text += fmt.Sprintf("; %s told and not opened: %s", p.paint(p.Out, yellow, number(n.Unopened)), p.command("report", "unopened", status.Incident))
	}
	p.say("%s", text)
	if n.CodesEnded > 0 {
		p.say("PAGES %s tried too many codes and need another: %s", p.paint(p.Out, yellow, number(n.CodesEnded)), p.command("report", "unopened", status.Incident))
	}
}

// addSilence adds where one practice is with its page, and what becomes of its silence.
func (s *session) addSilence(ctx context.Context, incident string, d *casebook.PracticeStatus) error {
	in, err := s.store.Incident(ctx, incident)
	if err != nil {
		return err
	}
	heard, err := s.store.Heard(ctx, incident, d.Key)
	if err != nil || len(heard) == 0 {
		return err
	}
	h := heard[0]
	page, day := h.Practice.Page, func(t time.Time) civil.Date { return civil.OfTime(t.In(s.config.Zone)) }
	switch {
	case page.MadeAt.IsZero():
	case page.OpenedAt.IsZero():
		d.Page = "not opened"
	case page.AnsweredAt.IsZero():
		d.Page = "opened on " + day(page.OpenedAt).String() + ", not answered"
	default:
		d.Page = "opened on " + day(page.OpenedAt).String() + ", answered on " + day(page.AnsweredAt).String()
	}
	if h.Reminders > 0 {
		d.Page += fmt.Sprintf("; reminded %s, last on %s", count(h.Reminders, "time", "times"), h.RemindedOn)
	}
	d.Default, d.DefaultAfter = h.Practice.DefaultAfter(in.Incident)
	return nil
}

// printSilence says that of one practice.
func (p *program) printSilence(d casebook.PracticeStatus) {
	if d.Page != "" {
		p.say("Page: %s", d.Page)
	}
	if d.Default != "" {
		p.say("Without an answer through %s: %s, by its contract", d.DefaultAfter, d.Default)
	}
}
