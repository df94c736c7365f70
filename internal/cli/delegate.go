package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

const delegateHelp = `Records who does a practice's duties, as the practice answered:

  all       you prepare its letters, HHS report and media release
  letters   you write to its patients and nothing else
  none      it does everything itself

No letter is printed for a practice that has not delegated its letters. The
practice stays responsible either way, and its days run while it thinks.`

func (p *program) delegateCommand() *cobra.Command {
	var practice, who string
	cmd := &cobra.Command{
		Use: "delegate INCIDENT --practice KEY all|letters|none", Short: "Record who writes to a practice's patients", Long: delegateHelp,
		Example: `  duenotice delegate EX-2026-03 --practice P1 all --by "Ada Rivera"`,
		Args: func(cmd *cobra.Command, args []string) error {
			if err := exactly("INCIDENT", "all, letters or none")(cmd, args); err != nil {
				return err
			}
			if !slices.Contains(breach.Delegations, args[1]) {
				return fmt.Errorf("a delegation is %s, not %q", strings.Join(breach.Delegations, ", "), args[1])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := practiceArgument(practice); err != nil {
				return err
			}
			return p.perform(cmd.Context(), casebook.Act{
				IncidentID: args[0], PracticeKey: practice, Kind: casebook.ActDelegate, Who: who,
				Delegate: &casebook.DelegateTerms{Delegation: args[1]},
			}, "Practice "+practice+": delegation "+args[1])
		},
	}
	practiceFlag(cmd, &practice, "the practice's key")
	byFlag(cmd, &who)
	required(cmd, "practice")
	return cmd
}
