package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

const notifyHelp = `Sends the notices to practices that do not go out by themselves: those that
start --no-notices kept back, and again those that were refused or came back,
once their cause is mended. The e-mail that failed stays on record, and the new
one is another.

Without --practice it is for all of the incident: what was kept back, was
refused, came back or had no address. A notice of which nobody knows whether it
arrived is sent again only by its practice's name, since the practice may have it.
A notice that a law-enforcement hold covers waits until that ends.

Where a reminder came back, nothing further is e-mailed to that address: write by
post (--post --reminders), correct the address (practice contact), or say with
--practice that e-mail goes there again; the next reminder then does.

--post prints the notices of those who cannot be told by e-mail, for the post: to
mail/notices-001/ with a letter over each, its address where the window of a #10
envelope shows it, and where there are pages with the way to the practice's page as
a square for a telephone, and a code. With --practice it is for those that are
named, also once more. --reminders prints letters that remind practices which say
nothing. Mail them, then record it with record --batch notices-001.

--list shows what became of each notice, with what the provider said, and
changes nothing.`

func (p *program) notifyCommand() *cobra.Command {
	var practices practiceKeys
	var all, list, post, reminders bool
	var m *many
	cmd := &cobra.Command{
		Use: "notify INCIDENT", Short: "Send notices that were kept back, refused or came back", Long: notifyHelp,
		Example: `  duenotice notify EX-2026-03 --list
  duenotice notify EX-2026-03 --by "Ada Rivera"
  duenotice notify EX-2026-03 --practice P1 --by "Ada Rivera"
  duenotice notify EX-2026-03 --post --by "Ada Rivera"
  duenotice notify EX-2026-03 --post --reminders --by "Ada Rivera"`,
		Args: func(cmd *cobra.Command, args []string) error { return m.args(exactly("INCIDENT"))(cmd, args) },
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case list:
				return p.listNotices(cmd.Context(), args[0])
			case reminders && !post:
				return usage("--reminders goes with --post")
			case post:
				return m.post(cmd.Context(), args[0], reminders)
			case !practices.named() && m.from == "" && !m.template && !m.dryRun:
				return m.notifyAll(cmd.Context(), args[0])
			}
			return m.run(cmd.Context(), args)
		},
	}
	practicesFlag(cmd, &practices, "send this practice's notice, or several (default: all of the incident)")
	cmd.Flags().BoolVar(&all, "all", false, "all of the incident, as without --practice")
	cmd.Flags().BoolVar(&list, "list", false, "show what became of each notice")
	cmd.Flags().BoolVar(&post, "post", false, "print the notices that e-mail cannot bring, for the post")
	cmd.Flags().BoolVar(&reminders, "reminders", false, "with --post: print reminders for practices that say nothing")
	m = p.manyPractices(cmd, &practices)
	m.build = notifyOrder
	cmd.MarkFlagsMutuallyExclusive("practice", "all", "list", "from", "template")
	cmd.MarkFlagsMutuallyExclusive("post", "list", "from", "template")
	return cmd
}

// notifyOrder asks for a practice's notice as its next attempt.
func notifyOrder(incident, practice string, _ func(string) string) (order, error) {
	return order{
		act: casebook.Act{Kind: casebook.ActNotify}, did: "Practice " + practice + ": its notice is to be sent",
		complete: func(ctx context.Context, s *session, act *casebook.Act) error {
			p, err := s.store.Practice(ctx, incident, practice)
			if err != nil {
				return err
			}
			if step, m, back := p.CameBack(); back && !p.ToldOn().IsZero() {
				act.Notify = &casebook.NotifyTerms{Step: step, Attempt: m.Attempt}
				return nil
			}
			switch p.Notice.State {
			case casebook.MessageIntended, casebook.MessageSending:
				return errDone // it is on its way
			case casebook.MessageSent, casebook.MessageRecorded:
				if done, err := s.notifiedBefore(ctx, incident, practice); done || err != nil {
					return orDone(err)
				}
			}
			act.Notify = &casebook.NotifyTerms{Attempt: p.Notice.Attempt + 1}
			return nil
		},
	}, noPractice(practice)
}

func orDone(err error) error {
	if err != nil {
		return err
	}
	return errDone
}

// notifiedBefore reports whether the last that was said of the practice's notice
// is that it be sent, which it was.
func (s *session) notifiedBefore(ctx context.Context, incident, practice string) (bool, error) {
	acts, err := s.store.Acts(ctx, incident, practice)
	if err != nil {
		return false, err
	}
	asked := false
	for _, act := range acts {
		switch {
		case act.Kind == casebook.ActNotify:
			asked = true
		case act.Kind == casebook.ActRecord && act.Record != nil && act.Record.Fact.Kind == breach.NoticeBounced:
			asked = false
		}
	}
	return asked, nil
}

// again are the states in which notify for the whole incident sends a notice again.
var again = map[string]bool{casebook.MessageRejected: true, casebook.MessageBounced: true, casebook.MessageAgain: true, casebook.MessageNoEmail: true}

// notifyAll lets go what was kept back, and sends again what failed.
func (m *many) notifyAll(ctx context.Context, incident string) error {
	if err := incidentArgument(incident); err != nil {
		return err
	}
	if err := m.missing([]string{"by"}); err != nil {
		return err
	}
	s, err := m.p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	in, err := s.store.Incident(ctx, incident)
	if err != nil {
		return err
	}
	notices, err := s.store.Notices(ctx, incident)
	if err != nil {
		return err
	}
	kept := 0
	var rows []row
	for _, n := range notices {
		switch {
		case !n.Owed:
		case n.Message.State == casebook.MessageNone:
			kept++
		case again[n.Message.State] && n.Practice.Email != "":
			rows = append(rows, row{practice: n.Practice.Key})
		}
	}
	if in.NoticesKeptBack {
		err := s.perform(ctx, casebook.Act{IncidentID: incident, Kind: casebook.ActNotify, Who: m.who, Notify: &casebook.NotifyTerms{}},
			fmt.Sprintf("Incident %s: %s, kept back until now, may go out", incident, count(kept, "notice", "notices")))
		if err != nil {
			return err
		}
	}
	if len(rows) > 0 {
		return m.each(ctx, incident, rows)
	}
	if !in.NoticesKeptBack {
		m.p.say("Incident %s: no notice waits to be sent; nothing changed.", incident)
	}
	return nil
}

func (p *program) listNotices(ctx context.Context, incident string) error {
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
	notices, err := s.store.Notices(ctx, incident)
	if err != nil {
		return err
	}
	t := p.table("PRACTICE", "E-MAIL", "SINCE OR WHY", "PRACTICE TOLD", "NAME").leaveOut("NAME")
	for _, n := range notices {
		state, why := casebook.NoticeWords(n.Message.State), strings.ReplaceAll(n.Message.Detail, "\n", ". It said: ")
		if n.Message.State == casebook.MessageNone && in.NoticesKeptBack {
			state = "kept back"
		}
		switch n.Message.State {
		case casebook.MessageSent:
			why = n.Message.SentOn.String()
		case casebook.MessageToSend:
			why = n.Message.ProviderID
		}
		told := "yes, or nothing is owed"
		if n.Owed {
			told = "no"
		}
		if n.Message.Attempt > 1 {
			state += fmt.Sprintf(" (attempt %d)", n.Message.Attempt)
		}
		t.row(n.Practice.Key, state, dash(why), told, n.Practice.Name())
	}
	t.print()
	return s.printPosted(ctx, incident)
}

// printNotices says what notices to practices wait for, each with what to do.
func (s *session) printNotices(status casebook.Status) {
	n, p := status.Notices, s.p
	say := func(count int, what string, words ...string) {
		if count > 0 {
			p.say("NOTICES %s %s: %s", p.paint(p.Out, yellow, number(count)), what, p.command(append([]string{words[0], status.Incident}, words[1:]...)...))
		}
	}
	if n.Stopped > 0 {
		p.say("NOTICES %s cannot be handed over, and are tried again by themselves: %s", p.paint(p.Out, red, number(n.Stopped)), strings.TrimSuffix(n.StoppedBy, "."))
	}
	outbox := shortPath(s.config.Outputs().Outbox())
	say(n.ToSend, "lie in "+outbox+" and are not sent. Send them, then record it", "record", "--outbox", "--fact", breach.PracticeNotified,
		"--on", status.AsOf.String(), "--by", "YOUR NAME")
	say(n.KeptBack, "are kept back", "notify", "--by", "YOUR NAME")
	say(n.Refused+n.Bounced, "were refused or did not arrive. Mend the cause, then", "notify", "--list")
	say(n.Unknown, "may or may not have arrived. Ask, then record it", "notify", "--list")
	say(n.NoEmail, "have no e-mail address. Print them for the post", "notify", "--post", "--by", "YOUR NAME")
}
