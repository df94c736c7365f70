package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/casebook"
)

const reprintHelp = `Lets letters be printed again that printing itself held back: a letter that did not read
back from the page as it should, a name in letters that the fonts did not have, an
address that did not fit the envelope's window. Give it when what kept them back is
mended: another build with its fonts, other templates, another form of envelope.

They wait like any letter and are printed with the next run of their practices, whose
approvals stay where the papers say the same. What still cannot be printed is held back
again. A letter that is disputed, or waits for an address, stays where it is: correct its
row with amend.`

func (p *program) reprintCommand() *cobra.Command {
	var who, reason string
	cmd := &cobra.Command{
		Use: "reprint INCIDENT", Short: "Print letters again that printing held back", Long: reprintHelp,
		Example: `  duenotice reprint EX-2026-03 --reason "The worker has the fonts for Korean names now." --by "Ada Rivera"`,
		Args:    exactly("INCIDENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := incidentArgument(args[0]); err != nil {
				return err
			}
			if err := noName(who); err != nil {
				return err
			}
			if strings.TrimSpace(reason) == "" {
				return usage("--reason is missing: say what was mended")
			}
			s, err := p.openTo(cmd.Context(), purpose{permission: casebook.ActReprint, by: who, incident: args[0]})
			if err != nil {
				return err
			}
			defer s.close()
			return s.reprint(cmd.Context(), args[0], who, strings.TrimSpace(reason))
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "what was mended since")
	byFlag(cmd, &who)
	return cmd
}

func (s *session) reprint(ctx context.Context, id, who, reason string) error {
	// Before anything is written: nobody would hear of it.
	if err := s.dial(ctx); err != nil {
		return err
	}
	result, err := s.store.Reprint(ctx, id, reason, who, s.p.Now())
	if err != nil {
		return err
	}
	if result.Letters == 0 {
		s.p.say("Incident %s: no letter is held back that could be printed again.", id)
	} else {
		s.p.say("Incident %s: %s wait again, of %s.", id, count(result.Letters, "letter", "letters"), count(len(result.Practices), "practice", "practices"))
		s.sayPractices(result.Practices)
	}
	if result.List == 0 {
		return nil
	}
	return s.tellAmended(ctx, id, result.List, casebook.Act{Kind: casebook.ActReprint, IncidentID: id, ID: "reprint", Who: who, At: s.p.Now()})
}
