package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/casefolder"
	"duenotice/internal/civil"
	"duenotice/internal/postgres"
)

var returnsHelp = `Takes in letters that came back from the post office. The file is a CSV with a
row for each letter:

  piece_id     the Reference at the foot of the letter, as in pieces.csv
  returned_on  the day on which it came back, YYYY-MM-DD
  reason       may be empty, or one of: ` + strings.Join(breach.ReturnReasons, ", ") + `

Leave out names and addresses: they are not needed. The file may have the letters
of earlier files too; each counts once. A file with a bad row is refused whole.

A fulfillment file of the Postal Service's Address Change Service (version 02, as it
is downloaded) is taken as it is. Its pieces are known by the Intelligent Mail
barcode (print_run.mailer_id of incident.yaml) or by a keyline that is the letter's
Reference. Letters that were forwarded are no letters that came back. A new address
of the same name is taken as a later list takes one, and another letter is owed;
anything else, such as other mail or two addresses for one letter, is listed and
left aside.

Agreed e-mails that bounced come in the same way, named as report email-list
names them, with the columns practice_key, person_key and bounced_on. No e-mail
then reaches those people until a later list has another one.

A letter that came back did not reach its addressee: the address is out of date.
Until a later list (amend) has another one, its people count as without a usable
address, substitute notice is owed to them (45 CFR 164.404(d)(2)), and with ten
of them it has to be conspicuous. A practice that was closed is open again.`

func (p *program) returnsCommand() *cobra.Command {
	var who string
	cmd := &cobra.Command{
		Use: "returns INCIDENT FILE", Short: "Take in letters that came back, or e-mails that bounced", Long: returnsHelp,
		Example: `  duenotice returns EX-2026-03 came-back.csv --by "Ada Rivera"`,
		Args:    exactly("INCIDENT", "FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := incidentArgument(args[0]); err != nil {
				return err
			}
			s, err := p.openTo(cmd.Context(), purpose{permission: casebook.ActReturns, by: who, incident: args[0]})
			if err != nil {
				return err
			}
			defer s.close()
			return s.returns(cmd.Context(), args[0], args[1], strings.TrimSpace(who))
		},
	}
	p.ignoreColumnFlag(cmd)
	byFlag(cmd, &who)
	return cmd
}

func (s *session) returns(ctx context.Context, incident, path, who string) error {
	if who == "" {
		return breach.Refuse("no_name", "Give the name of the person who decided with --by.", "an act needs the person who did it")
	}
	if acs, err := isACS(path); err != nil {
		return err
	} else if acs {
		return s.acs(ctx, incident, path, who)
	}
	options, err := s.listOptions(ctx, incident)
	if err != nil {
		return err
	}
	shown := newProblems()
	in := postgres.ReturnsInput{By: who, At: s.p.Now()}
	report, err := s.readReturns(ctx, incident, path, options, &in, shown.add)
	if err != nil {
		return err
	}
	if report.Errors+report.Warnings > 0 {
		s.p.printReport(s.p.Err, report, shown)
	}
	if report.Refused() {
		s.p.note("%s: the list has %s. Correct it and give the command again.",
			s.p.paint(s.p.Err, red, "refused"), count(report.Errors, "error", "errors"))
		return &codeError{code: exitRefused}
	}
	// Before the list is recorded: nobody would hear of it.
	if err := s.dial(ctx); err != nil {
		return err
	}
	result, err := s.store.RecordReturns(ctx, incident, in)
	if err != nil {
		return err
	}
	s.sayReturned(incident, result)
	return s.tellAmended(ctx, incident, result.Number, casebook.Act{
		ID: "returns-" + in.SHA256, IncidentID: incident, Kind: casebook.ActReturns, Who: who, At: s.p.Now(),
	})
}

// readReturns reads a list of letters that came back, or of agreed e-mails that bounced.
func (s *session) readReturns(ctx context.Context, incident, path string, options casefolder.ListOptions, in *postgres.ReturnsInput, sink casefolder.Sink) (casefolder.Report, error) {
	bounces, err := casefolder.IsBounces(path)
	if err != nil {
		return casefolder.Report{}, systemError(err)
	}
	if bounces {
		list, report, err := casefolder.ReadBounces(ctx, path, options, s.p.today(s.config), sink)
		if err == nil {
			in.SHA256, in.Emails = list.SHA256, list.Emails
		}
		return report, err
	}
	list, report, err := casefolder.ReadReturns(ctx, path, options, s.p.today(s.config), s.printed(incident), sink)
	if err == nil {
		in.SHA256, in.Letters = list.SHA256, list.Letters
	}
	return report, err
}

// printed looks letters up for a list of those that came back: none can before
// it was printed, nor before the day on which it was recorded as mailed.
func (s *session) printed(incident string) casefolder.Printed {
	return func(ctx context.Context, ids []string) (map[string]civil.Date, error) {
		letters, err := s.store.PrintedLetters(ctx, incident, ids)
		from := make(map[string]civil.Date, len(letters))
		for id, l := range letters {
			from[id] = civil.Later(civil.OfTime(l.PrintedAt.In(s.config.Zone)), l.MailedOn)
		}
		return from, err
	}
}

func (s *session) sayReturned(incident string, r postgres.ReturnsResult) {
	if r.AlreadyRecorded {
		s.p.say("Incident %s: this list was recorded before, as list %d; nothing changed.", incident, r.Number)
		return
	}
	s.p.say("Incident %s: list %d is recorded.", incident, r.Number)
	t := s.p.lines(2)
	t.row("  came back", r.Letters-r.Before)
	t.row("  listed before", r.Before)
	t.row("  addresses out of date", r.OutOfDate)
	t.row("  practices touched", len(r.Practices))
	t.print()
	s.sayPractices(r.Practices)
	if r.OutOfDate > 0 {
		s.p.say("These people are owed substitute notice (45 CFR 164.404(d)(2)), or another letter when a later list has a better address.")
	}
}
