package cli

import (
	"os"

	"github.com/spf13/cobra"

	"duenotice/internal/app"
)

const pagesHelp = `Serves the practices' pages in the foreground until it is told to stop. This is the
one program that faces the internet: it has a database login of its own, no key
file and no way to Temporal, and refuses to start where it could reach more. It
reads DUENOTICE_PAGES_ADDRESS, _LISTEN, _DATABASE_URL, _CERTIFICATE and _KEY or
_PROXY, _SCAN, _FORGET, and DUENOTICE_LOG_LEVEL, _FORMAT and _FILE, and no duenotice.yaml
(docs/deployment.md). In the stack of up it is started by that.`

func (p *program) pagesCommand() *cobra.Command {
	var check bool
	cmd := &cobra.Command{
		Use: "pages", Short: "Serve the practices' pages in the foreground", Long: pagesHelp, Example: "  duenotice pages\n  duenotice worker pages",
		Hidden: true, Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			p.serving = true
			environ := os.Environ
			if p.Environ != nil {
				environ = p.Environ
			}
			config, err := app.LoadPagesConfig(environ())
			if err != nil {
				return err
			}
			server := &app.Pages{Config: config, Log: p.Err, Now: p.Now, Anew: p.Environ == nil}
			if check {
				return systemError(server.Check(cmd.Context()))
			}
			return systemError(server.Run(cmd.Context()))
		},
	}
	cmd.Flags().BoolVar(&check, "check", false, "ask the one that serves here whether it does")
	return cmd
}
