package cli

import (
	"github.com/spf13/cobra"

	"duenotice/internal/accesslog/logs"
	"duenotice/internal/intake/profile"
)

const findingsHelp = `What forensics, an EHR or a clearing house hands over is no case folder. These
commands make its lists of it, offline, and say row by row what they did.`

func (p *program) findingsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "findings", Short: "Make a case's lists of what was handed over", Long: findingsHelp,
		Example: "  duenotice findings import cases/EX-2026-03 people.xlsx clients.csv --dry-run\n  duenotice findings profiles",
		Args:    noSuchCommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.findingsImportCommand(), p.findingsPairsCommand(), p.findingsPracticesCommand(), p.findingsAccessCommand(), p.findingsDiffCommand(), p.findingsTraceCommand(), p.findingsProfilesCommand())
	return cmd
}

const profilesHelp = `Lists the profiles that are shipped. With NAME it prints one as YAML: copy it into
a file, write your own column names in, and give the file to --profile. Those of
logs are for ` + "`duenotice findings access`" + `, the others for ` + "`duenotice findings import`" + `.`

func (p *program) findingsProfilesCommand() *cobra.Command {
	return &cobra.Command{
		Use: "profiles [NAME]", Short: "List the profiles, or print one to copy", Long: profilesHelp,
		Example: "  duenotice findings profiles\n  duenotice findings profiles list > mine.yaml",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 {
				text, isLog := logs.Text(args[0])
				var err error
				if !isLog {
					text, err = profile.Text(args[0])
				}
				if err != nil {
					return err
				}
				_, err = p.Out.Write(text)
				return err
			}
			all, err := profile.Shipped()
			if err != nil {
				return err
			}
			t := p.table("profile", "form", "what it reads")
			for _, shipped := range all {
				t.row(shipped.ID, shipped.Format, shipped.Title)
			}
			ofLogs, err := logs.Shipped()
			if err != nil {
				return err
			}
			for _, shipped := range ofLogs {
				t.row(shipped.ID, "log, "+shipped.Format, shipped.Title)
			}
			t.print()
			return nil
		},
	}
}
