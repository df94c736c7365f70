package cli

import (
	"github.com/spf13/cobra"

	"duenotice/internal/casefolder"
)

const initHelp = `Writes a case folder to fill in: incident.yaml with a comment for every key, and
practices.csv and findings.csv with a first row that shows the form. Replace
everything in <angle brackets>: validate finds what is left.

It never overwrites a file that is there.`

func (p *program) initCommand() *cobra.Command {
	return &cobra.Command{
		Use: "init CASE", Short: "Write a case folder to fill in", Long: initHelp,
		Example: "  duenotice init cases/EX-2026-03", Args: exactly("CASE, the folder to make,"),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := casefolder.WriteTemplate(args[0]); err != nil {
				return err
			}
			p.say("Written: %s, %s and %s in %s", casefolder.IncidentFile, casefolder.PracticesFile, casefolder.FindingsFile, args[0])
			p.say("Anybody who can read this folder can read your patients' names: keep it where only you can.")
			p.say("Fill them in, then: %s", p.command("validate", args[0]))
			return nil
		},
	}
}
