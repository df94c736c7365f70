package cli

import (
	"context"

	"github.com/spf13/cobra"

	"duenotice/internal/app"
	"duenotice/internal/logging"
)

const workerHelp = `Runs the worker in the foreground until it is told to stop. up starts it for
you; in production the program duenotice-worker does the same.

Where duenotice.yaml names environments it works in the one that --environment or
DUENOTICE_ENVIRONMENT names, or in all of them: one that cannot be served is
reported, tried again, and stops no other.

The log goes to standard error as one JSON document a line, warnings and errors
only, unless the flags, the environment (DUENOTICE_LOG_LEVEL, _FORMAT, _FILE) or
duenotice.yaml (log_level, log_format, log_file) say otherwise.`

func (p *program) workerCommand() *cobra.Command {
	var log logging.Options
	command := &cobra.Command{
		Use: "worker", Short: "Run the worker in the foreground", Long: workerHelp, Example: "  duenotice worker --log-level info",
		Hidden: true, Args: exactly(), Version: hasVersion,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.worker(cmd.Context(), log)
		},
	}
	command.Flags().StringVar(&log.Level, "log-level", "", "debug, info, warn or error")
	command.Flags().StringVar(&log.Format, "log-format", "", "json or text")
	command.Flags().StringVar(&log.File, "log-file", "", "append to this file instead of standard error")
	command.AddCommand(p.pagesCommand()) // duenotice-worker pages
	return command
}

func (p *program) worker(ctx context.Context, log logging.Options) error {
	p.serving = true
	load := p.config
	names, err := p.environments()
	if err != nil {
		return err
	}
	if len(names) > 0 {
		load = p.sharedConfig
	}
	config, err := load()
	if err != nil {
		return err
	}
	config.Log = logging.Options{
		Level: firstSet(log.Level, config.Log.Level), Format: firstSet(log.Format, config.Log.Format), File: firstSet(log.File, config.Log.File),
	}
	if len(names) == 0 {
		return systemError((&app.Worker{Config: config, Log: p.Err, Build: buildText()}).Run(ctx))
	}
	return systemError((&app.Workers{
		Names: names, LogOptions: config.Log, Seeing: config.Seeing, Log: p.Err, Build: buildText(),
		Load: func(name string) (app.Config, error) { return p.in(name).config() },
	}).Run(ctx))
}

const viewerHelp = `Serves the page on which officers read Temporal's UI, in the foreground until it
is told to stop. In the stack of up the worker does it; in production it is a
service of its own, with the key file, in front of Temporal's UI.`

func (p *program) viewerCommand() *cobra.Command {
	var check bool
	cmd := &cobra.Command{
		Use: "viewer", Short: "Serve the page for Temporal's UI in the foreground", Long: viewerHelp, Example: "  duenotice viewer",
		Hidden: true, Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			p.serving = true
			config, err := p.config()
			if err != nil {
				return err
			}
			page := &app.Viewer{Config: config, Log: p.Err, Now: p.Now}
			if check {
				return systemError(page.Check(cmd.Context()))
			}
			return systemError(page.Run(cmd.Context()))
		},
	}
	cmd.Flags().BoolVar(&check, "check", false, "ask the one that serves here whether it does")
	return cmd
}
