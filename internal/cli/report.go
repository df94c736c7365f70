package cli

import "github.com/spf13/cobra"

// reportCommand is the group of what is made for people to read and to hand on.
func (p *program) reportCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "report", Short: "Papers for people, and proof for regulators",
		Long:    "Writes what is handed to people outside: a binder that tells one practice's case,\nand a signed pack that proves it to whoever has the key. For the officer it lists\neverything that waits for somebody, copies papers and letters out of the workers\nstorage, tells what became of one person, writes the order for a mail house,\nthe list and script for a call centre, and one calendar of all due days and the whole board of an incident as one page.",
		Example: "  duenotice report evidence EX-2026-03 --practice P1\n  duenotice report binder EX-2026-03 --practice P1",
		Args:    noSuchCommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.reportEvidenceCommand(), p.reportBinderCommand(), p.reportAccountingCommand(), p.reportEmailListCommand(), p.reportPersonCommand(),
		p.reportFilesCommand(), p.reportOpenCommand(), p.reportUnopenedCommand(), p.reportCalendarCommand(), p.reportOrderCommand(), p.reportCallcentreCommand(), p.reportBoardCommand())
	return cmd
}
