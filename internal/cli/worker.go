package cli

import (
	"github.com/spf13/cobra"

	"duenotice/internal/app"
)

const workerHelp = `Runs the worker in the foreground until it is told to stop. up starts it for
you; in production the program worker does the same.`

func (p *program) workerCommand() *cobra.Command {
	return &cobra.Command{
		Use: "worker", Short: "Run the worker in the foreground", Long: workerHelp, Example: "  duenotice worker",
		Hidden: true, Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			config, err := p.config()
			if err != nil {
				return err
			}
			return failed((&app.Worker{Config: config, Log: p.Err}).Run(cmd.Context()))
		},
	}
}
