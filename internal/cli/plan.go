package cli

import (
	"context"

	"github.com/spf13/cobra"

	"duenotice/internal/civil"
	"duenotice/internal/plan"
	"duenotice/internal/rules"
)

const planHelp = `Works out who is owed what by when, under which law. It needs no server and no
network and changes nothing; read it with counsel before anything is started.

The text shows totals, the practices by what they owe, and every deadline by
day, with up to three practices named and more counted; what is past its day is
marked. The JSON document, and --csv with a row for each, have each obligation
of each practice with its count, its clock, its citation and why it is owed.
--as-of shows the plan of another day.

--diff compares with a plan that was kept from before, as --json wrote it, and
shows which obligations are added, dropped, due on another day or otherwise
changed: after a correction of the case folder, or under a newer rulebook.`

func (p *program) planCommand() *cobra.Command {
	var f planFlags
	cmd := &cobra.Command{
		Use: "plan CASE", Short: "Who is owed what by when, offline", Long: planHelp,
		Example: "  duenotice plan cases/EX-2026-03\n  duenotice plan cases/EX-2026-03 --json --as-of 2026-04-12\n  duenotice plan cases/EX-2026-03 --diff old-plan.json",
		Args:    exactly("CASE, the case folder,"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.plan(cmd.Context(), args[0], f)
		},
	}
	cmd.Flags().BoolVar(&f.asJSON, "json", false, "one JSON document with every obligation")
	cmd.Flags().StringVar(&f.asOf, "as-of", "", "plan as of this day, YYYY-MM-DD (default today)")
	cmd.Flags().StringVar(&f.diff, "diff", "", "show what changed since this plan, a file that plan --json wrote")
	p.ignoreColumnFlag(cmd)
	csvFlag(cmd, &f.asCSV, "every obligation of every practice as CSV; with --diff, every change")
	return cmd
}

// planFlags are the flags of plan.
type planFlags struct {
	asOf, diff    string
	asJSON, asCSV bool
}

func (p *program) plan(ctx context.Context, dir string, f planFlags) error {
	config, err := p.sharedConfig()
	if err != nil {
		return err
	}
	day := p.today(config)
	if f.asOf != "" {
		if day, err = dayFlag("as-of", f.asOf); err != nil {
			return err
		}
	}
	var before *plan.Document
	if f.diff != "" {
		if before, err = readPlan(f.diff); err != nil {
			return err
		}
	}
	c, err := p.readCase(ctx, config, dir)
	if err != nil {
		return err
	}
	progress := p.progress()
	document, err := plan.Of(ctx, plan.Input{
		Incident: c.Incident, Practices: c.Practices, Findings: progress.rows(c.Findings, c.FindingsRows, "Planning:"),
		OpenPairs: c.OpenPairs, OpenPracticePairs: c.OpenPracticePairs,
	}, day, rules.Current())
	progress.end()
	if err != nil {
		return systemError(err)
	}
	if before != nil {
		return p.planDiff(before, document, f)
	}
	if f.asCSV {
		return p.obligationTable(document, c).csv()
	}
	if f.asJSON {
		content, err := document.JSON()
		if err != nil {
			return err
		}
		_, err = p.Out.Write(content)
		return err
	}
	p.printPlan(document, c)
	p.say("\nNothing was started. Next: %s, then: %s", p.command("up"), p.command("start", dir))
	return nil
}

// dayFlag reads a day given on the command line.
func dayFlag(name, value string) (civil.Date, error) {
	day, err := civil.Parse(value)
	if err != nil {
		return day, usage("--%s: %w", name, err)
	}
	return day, nil
}
