package cli

import (
	"context"

	"duenotice/internal/app"
	"duenotice/internal/casefolder"
)

// readCase reads a case folder; a refused one is shown on standard error as
// validate shows it, and ends the command with its code.
func (p *program) readCase(ctx context.Context, config app.Config, dir string) (*casefolder.Case, error) {
	shown := newProblems()
	c, report, err := casefolder.Read(ctx, dir, p.today(config), shown.add)
	if err != nil {
		return nil, err
	}
	if report.Refused() {
		p.printReport(p.Err, report, shown)
		p.note("%s: the case has %s. Correct the files, then: %s",
			p.paint(p.Err, red, "refused"), count(report.Errors, "error", "errors"), p.command("validate", dir))
		return nil, &codeError{code: exitRefused}
	}
	return c, nil
}
