package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

const resumeHelp = `Lets printing go on that has paused at the halt line: so many letters came back,
did not read back from the page as they should, or are of people who practices say
are not their patients, that something may be wrong with all of them. The limits
are print_run.halt in incident.yaml; status says which of them was reached.

Find out why first, and correct it with amend where it can be corrected. The reason
is kept with the act. From then on the limits count anew: printing pauses again when
as many more have come.`

func (p *program) resumeCommand() *cobra.Command {
	var who, reason string
	var yes bool
	cmd := &cobra.Command{
		Use: "resume INCIDENT", Short: "Let printing go on that has paused at the halt line", Long: resumeHelp,
		Example: "  duenotice resume EX-2026-03 --reason \"The old addresses were all of one practice; its list is corrected.\" --by \"Ada Rivera\"",
		Args:    exactly("INCIDENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := incidentArgument(args[0]); err != nil {
				return err
			}
			if strings.TrimSpace(reason) == "" {
				return usage("--reason is missing: say what was found out")
			}
			s, err := p.open(cmd.Context())
			if err != nil {
				return err
			}
			defer s.close()
			return s.resume(cmd.Context(), args[0], who, reason, yes)
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "what was found out, and why printing may go on")
	byFlag(cmd, &who)
	yesFlag(cmd, &yes)
	return cmd
}

func (s *session) resume(ctx context.Context, id, who, reason string, yes bool) error {
	status, err := s.store.Status(ctx, id, s.p.Now(), s.p.today(s.config))
	if err != nil {
		return err
	}
	if len(status.Halted) == 0 {
		return breach.Refuse("not_halted", "Run status to see where it stands.", "printing of incident %s has not paused", id)
	}
	s.p.say("Printing has paused: %s.", breach.HaltWords(status.Halted))
	if err := s.p.sure(ctx, yes, "letters are printed again as soon as they can be."); err != nil {
		return err
	}
	act := casebook.Act{IncidentID: id, Kind: casebook.ActResume, Who: who, Resume: &casebook.ResumeTerms{Seen: status.HaltCounts, Reason: strings.TrimSpace(reason)}}
	if _, err := s.desk().Ask(ctx, act); err != nil {
		return err
	}
	s.p.say("Incident %s: printing goes on, by %s.", id, who)
	return nil
}
