package cli

import (
	"errors"

	"github.com/spf13/cobra"
)

// reportCommand is the group of what is made for people outside.
func (p *program) reportCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "report", Short: "Papers for people, and proof for regulators",
		RunE: func(*cobra.Command, []string) error {
			return usage("%w", errors.New("say which report"))
		},
	}
	cmd.AddCommand(p.reportEvidenceCommand(), p.reportBinderCommand())
	return cmd
}
