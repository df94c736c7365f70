package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/breach"
	"duenotice/internal/givenfile"
	"duenotice/internal/howfar"
	"duenotice/internal/simulate"
)

const simulateHelp = `Runs the incident ahead of its time: the same workflows as after start, with
time skipped, offline and without a server. It prints the calendar of an
incident in which nobody acts: every warning, due day and miss. Nothing is
written, printed or sent. The notices to practices go as they would here: with a
key for SendGrid they are taken as e-mailed, since the program does that by
itself; without one they lie in the outbox, and nobody sends them. --notices
shows the one or the other.

It begins on the last day that the case folder tells of, and --from begins it
later, such as today. It ends when the passing of time changes nothing any
more, or with --until.

--script shows what happens when somebody acts: a YAML file with dated acts,
as on the command line. An act that is not allowed is shown as refused, with
the reason, and the calendar goes on without it.

  acts:
    - {on: 2026-04-12, act: delegate, practice: P1, delegation: all, by: Ada Rivera}
    - {on: 2026-04-14, act: approve, by: Ada Rivera}
    - {on: 2026-04-15, act: approve, by: Ben Okafor}
    - {on: 2026-04-20, act: record, fact: letters_mailed, by: Ada Rivera}`

type simulateFlags struct {
	from, until, script, practice, notices string
	asJSON, asCSV                          bool
}

func (p *program) simulateCommand() *cobra.Command {
	var f simulateFlags
	cmd := &cobra.Command{
		Use: "simulate CASE", Short: "What happens if nobody acts, or somebody with a script; offline", Long: simulateHelp,
		Example: "  duenotice simulate cases/EX-2026-03\n  duenotice simulate cases/EX-2026-03 --script acts.yaml --until 2026-06-30",
		Args:    exactly("CASE, the case folder,"),
		RunE:    func(cmd *cobra.Command, args []string) error { return p.simulate(cmd.Context(), args[0], f) },
	}
	cmd.Flags().StringVar(&f.from, "from", "", "start the incident on this day, YYYY-MM-DD (default: the last day the case tells of)")
	cmd.Flags().StringVar(&f.until, "until", "", "last day of the calendar, YYYY-MM-DD (default: when nothing more happens by itself)")
	p.ignoreColumnFlag(cmd)
	cmd.Flags().StringVar(&f.script, "script", "", "YAML file with dated acts")
	practiceFlag(cmd, &f.practice, "show the calendar of this practice only")
	cmd.Flags().StringVar(&f.notices, "notices", "", "how notices to practices go: sent or outbox (default: as they would here)")
	cmd.Flags().BoolVar(&f.asJSON, "json", false, "one JSON document with every event and what became of every obligation")
	csvFlag(cmd, &f.asCSV, "the calendar as CSV, with every practice of every event")
	return cmd
}

func (p *program) simulate(ctx context.Context, dir string, f simulateFlags) error {
	config, err := p.sharedConfig()
	if err != nil {
		return err
	}
	in := simulate.Input{Zone: config.Zone, Outbox: config.SendGridKey == "" && f.notices == "" || f.notices == "outbox"}
	if f.notices != "" && f.notices != "sent" && f.notices != "outbox" {
		return usage("--notices is sent or outbox, not %q", f.notices)
	}
	if f.from != "" {
		if in.From, err = dayFlag("from", f.from); err != nil {
			return err
		}
	}
	if f.until != "" {
		if in.Until, err = dayFlag("until", f.until); err != nil {
			return err
		}
	}
	if f.script != "" {
		content, err := givenfile.Read(f.script)
		if err != nil {
			return systemError(err)
		}
		if in.Script, err = simulate.ReadScript(f.script, content); err != nil {
			return err
		}
	}
	c, err := p.readCase(ctx, config, dir)
	if err != nil {
		return err
	}
	in.Incident, in.Practices, in.Findings = c.Incident, c.Practices, c.Findings
	known := func(x breach.Practice) bool { return x.Key == f.practice }
	if f.practice != "" && !slices.ContainsFunc(in.Practices, known) {
		return breach.Refuse("unknown_practice", "Check the key against practices.csv.", "the case has no practice %s", f.practice)
	}
	p.note("Simulating %s", count(len(in.Practices), "practice", "practices"))
	progress := p.progress()
	calendar, err := simulate.Run(howfar.With(ctx, func(done, total int) { progress.of(done, total, "Simulating:", "practices") }), in)
	progress.end()
	if err != nil {
		return err
	}
	if f.practice != "" {
		only(calendar, f.practice)
	}
	if f.asJSON {
		return p.printJSON(calendar)
	}
	if f.asCSV {
		t := p.table("DAY", "EVENT", "WHAT HAPPENS", "DUE", "PRACTICE KEYS", "UNDER")
		for _, e := range calendar.Events {
			t.row(e.Day, e.Event, happens(e), e.Due, strings.Join(e.PracticeKeys, " "), e.Citation)
		}
		return t.csv()
	}
	p.printCalendar(calendar, f.script)
	return nil
}

// only leaves in the calendar what concerns one practice, or the incident as a
// whole. The totals stay the incident's.
func only(c *simulate.Calendar, practice string) {
	c.Practices = slices.DeleteFunc(c.Practices, func(x simulate.Practice) bool { return x.PracticeKey != practice })
	c.Events = slices.DeleteFunc(c.Events, func(e simulate.Event) bool {
		return e.Practices > 0 && !slices.Contains(e.PracticeKeys, practice)
	})
	for i := range c.Events {
		if c.Events[i].Practices > 0 {
			c.Events[i].Practices, c.Events[i].PracticeKeys = 1, []string{practice}
		}
	}
}

func (p *program) printCalendar(c *simulate.Calendar, script string) {
	p.say("Incident %s, simulated from %s until %s   rulebook %s (SHA-256 %.12s...)", c.Incident, c.From, c.Until, c.Rulebook.Version, c.Rulebook.SHA256)
	if c.Acts == 0 {
		p.say("Nobody acts.")
	} else {
		p.say("%s of %s; %s refused.", count(c.Acts, "act", "acts"), script, number(c.Totals.Refused))
	}
	p.say("%s, %s: %s, %s missed, %s settled, %s whose clock has not begun. %s closed.\n",
		count(c.Totals.Practices, "practice", "practices"), count(c.Totals.Obligations, "obligation", "obligations"),
		count(c.Totals.Warnings, "warning", "warnings"), number(c.Totals.Missed), number(c.Totals.Settled), number(c.Totals.NotDue),
		count(c.Totals.Closed, "practice", "practices"))
	t := p.table("DAY", "WHAT HAPPENS", "DUE", "PRACTICES", "UNDER").leaveOut("UNDER", "DUE")
	for _, e := range c.Events {
		t.row(e.Day, happens(e), e.Due, whose(e), dash(e.Citation))
	}
	t.print()
	p.printMissed(c)
}

// happens says an event in words.
func happens(e simulate.Event) string {
	detail := ""
	if e.Text != "" {
		detail = ", " + e.Text
	}
	switch e.Event {
	case simulate.EventOwed:
		return e.Title + " is owed" + detail
	case simulate.EventMoved:
		return e.Title + " is due on another day" + detail
	case simulate.EventDropped:
		return e.Title + " is no longer owed" + detail
	case simulate.EventSettled:
		return e.Title + " is done" + detail
	case simulate.EventWarning:
		return e.Title + ": " + e.Stage + " left"
	case simulate.EventDue:
		return e.Title + ": DUE TODAY"
	case simulate.EventMissed:
		return e.Title + ": MISSED"
	case simulate.EventPhase:
		return "now in: " + e.Text
	case simulate.EventAct:
		return e.Title
	case simulate.EventRefused:
		return "REFUSED: " + e.Title + ": " + e.Text
	case simulate.EventClosed:
		return "closed" + detail
	}
	return e.Text
}

// whose names up to three practices, and counts more.
func whose(e simulate.Event) string {
	switch {
	case e.Practices == 0:
		return "-"
	case e.Practices <= 3:
		return strings.Join(e.PracticeKeys, ", ")
	}
	return number(e.Practices)
}

// printMissed sums up what was not done in time, by duty and day.
func (p *program) printMissed(c *simulate.Calendar) {
	t := p.table("MISSED", "DUE", "PRACTICES", "UNDER").leaveOut("UNDER")
	for _, e := range c.Events {
		if e.Event != simulate.EventMissed {
			continue
		}
		t.row(e.Title, e.Due, whose(e), e.Citation)
	}
	if len(t.rows) == 0 {
		p.say("\nNothing is missed.")
		return
	}
	p.say("")
	t.print()
}
