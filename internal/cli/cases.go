package cli

import (
	"context"

	"github.com/spf13/cobra"

	"duenotice/internal/app"
	"duenotice/internal/casefolder"
	"duenotice/internal/howfar"
)

// readCase reads a case folder; a refused one is shown on standard error as
// validate shows it, and ends the command with its code.
func (p *program) readCase(ctx context.Context, config app.Config, dir string) (*casefolder.Case, error) {
	return p.readCaseOr(ctx, config, dir, "Correct the files, then: "+p.command("validate", dir))
}

// readCaseOr is readCase with what to do where the case has errors.
func (p *program) readCaseOr(ctx context.Context, config app.Config, dir, otherwise string) (*casefolder.Case, error) {
	shown := newProblems()
	options, err := p.caseOptions(config)
	if err != nil {
		return nil, err
	}
	progress := p.progress()
	c, report, err := casefolder.ReadWith(howfar.With(ctx, progress.teller("Reading "+dir)), dir, options, shown.add)
	progress.end()
	if err != nil {
		return nil, err
	}
	if report.Refused() {
		p.printReport(p.Err, report, shown)
		p.note("%s: the case has %s. %s", p.paint(p.Err, red, "refused"), count(report.Errors, "error", "errors"), otherwise)
		return nil, &codeError{code: exitRefused}
	}
	return c, nil
}

// caseOptions are by what a case folder is read in this installation.
func (p *program) caseOptions(config app.Config) (casefolder.Options, error) {
	forms, err := config.Envelopes()
	return casefolder.Options{Today: p.today(config), IgnoreColumns: p.ignoreColumns, Envelopes: forms}, configProblem(err)
}

// ignoreColumnFlag adds --ignore-column, which every command that reads a list has.
func (p *program) ignoreColumnFlag(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&p.ignoreColumns, "ignore-column", nil, "leave out the column of this name, though it looks like one that is read; may be given again")
}

// listOptions are what a further list of a running incident is read by.
func (s *session) listOptions(ctx context.Context, incident string) (casefolder.ListOptions, error) {
	there, err := s.store.Incident(ctx, incident)
	if err != nil {
		return casefolder.ListOptions{}, err
	}
	return casefolder.ListOptions{Incident: there.Incident, IgnoreColumns: s.p.ignoreColumns}, nil
}
