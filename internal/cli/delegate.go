package cli

import (
	"errors"
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
	var practices practiceKeys
	var m *many
	cmd := &cobra.Command{
		Use: "delegate INCIDENT --practice KEY all|letters|none", Short: "Record who writes to a practice's patients", Long: delegateHelp,
		Example: `  duenotice delegate EX-2026-03 --practice P1 all --by "Ada Rivera"
  duenotice delegate EX-2026-03 --practice "north-*,P7" all --by "Ada Rivera"
  duenotice delegate EX-2026-03 --from answers.csv --by "Ada Rivera"`,
		Args: func(cmd *cobra.Command, args []string) error {
			if m.template || m.from != "" && len(args) == 1 {
				return nil
			}
			if err := exactly("INCIDENT", "all, letters or none")(cmd, args); err != nil {
				return err
			}
			m.arguments["delegation"] = args[1]
			return knownDelegation(args[1])
		},
		RunE: func(cmd *cobra.Command, args []string) error { return m.run(cmd.Context(), args, "practice") },
	}
	practicesFlag(cmd, &practices, "the practice's key, or several")
	m = p.manyPractices(cmd, &practices, "delegation")
	m.build = func(_, practice string, said func(string) string) (order, error) {
		answer := said("delegation")
		return order{
			act: casebook.Act{Kind: casebook.ActDelegate, Delegate: &casebook.DelegateTerms{Delegation: answer}},
			did: "Practice " + practice + ": delegation " + answer,
		}, errors.Join(noPractice(practice), knownDelegation(answer))
	}
	return cmd
}

func knownDelegation(answer string) error {
	if !slices.Contains(breach.Delegations, answer) {
		return usage("a delegation is %s, not %q", strings.Join(breach.Delegations, ", "), answer)
	}
	return nil
}
