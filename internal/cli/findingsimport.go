package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/app"
	"duenotice/internal/howfar"
	"duenotice/internal/intake"
	"duenotice/internal/intake/repair"
)

const importHelp = `Reads what was handed over and writes findings.csv and practices.csv of the case
folder, with import-report.json and import-report.csv, which say for every source
what was mapped, repaired and left out, and why. It needs no server.

A source is CSV in any usual encoding, an XLSX workbook, FHIR R4 as JSON or NDJSON,
or X12 270, 271, 837 or 835. A profile says what its columns mean; it is guessed
from header and content unless you name it with --profile: a shipped one
(` + "`duenotice findings profiles`" + `) or a file of your own. Give lists of people, of
visits and of practices together; their order makes no difference.

What a spreadsheet damaged is repaired only with --repair: alone it does all
repairs, --repair=lost_zero,slashed_date those. Without it the import is refused
and says which are needed. What cannot be repaired with certainty refuses the
import too, unless --leave-out leaves such rows out: nobody in them is told, and
the report lists them. Rows whose practice is not in the list of practices stand
in import-unplaced.csv.

Social Security and card numbers are never written: they become kinds of data.`

// findingsImport is one import as it was asked for.
type findingsImport struct {
	options intake.Options
	order   string
	asJSON  bool
}

func (p *program) findingsImportCommand() *cobra.Command {
	var f findingsImport
	cmd := &cobra.Command{
		Use: "import CASE SOURCE...", Short: "Write findings.csv and practices.csv from what was handed over", Long: importHelp,
		Example: "  duenotice findings import cases/EX-2026-03 entity-report.xlsx clients.csv --dry-run\n" +
			"  duenotice findings import cases/EX-2026-03 patients.csv encounters.csv organizations.csv --profile ehr --repair",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 2 {
				return errors.New([]string{"CASE, the case folder, is missing", "SOURCE, a file that was handed over, is missing"}[len(args)])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			f.options.Dir, f.options.Sources = args[0], args[1:]
			return p.findingsImport(cmd.Context(), f)
		},
	}
	importFlags(cmd, &f)
	flags, o := cmd.Flags(), &f.options
	flags.BoolVar(&o.Replace, "replace", false, "write over a findings.csv that no import wrote")
	flags.BoolVar(&o.DryRun, "dry-run", false, "say what would be done and write nothing")
	flags.StringVar(&o.EventsFile, "report", "", "write the report row by row to this CSV file, also when nothing else is written")
	flags.BoolVar(&f.asJSON, "json", false, "one JSON document: what stands in import-report.json")
	return cmd
}

// importFlags adds the flags that say how sources are read.
func importFlags(cmd *cobra.Command, f *findingsImport) {
	flags, o := cmd.Flags(), &f.options
	flags.StringSliceVar(&o.Profiles, "profile", nil, "profile to read by: a name or a file; several let each table have its own")
	flags.StringSliceVar(&o.Repairs, "repair", nil, "repair what is damaged: all of it, or the ids after =")
	flags.Lookup("repair").NoOptDefVal = repair.All
	flags.StringVar(&f.order, "date-order", "", "order of dates such as 1/2/1980 where nothing shows it: mdy or dmy")
	flags.StringVar(&o.Practice, "practice", "", "practice_key of rows that name no practice")
	flags.BoolVar(&o.AddPractices, "add-practices", false, "add practices that the sources describe and the list does not have")
	flags.BoolVar(&o.LeaveOut, "leave-out", false, "leave rows out that cannot be read, in place of refusing the import")
}

func (p *program) findingsImport(ctx context.Context, f findingsImport) error {
	config, err := p.sharedConfig()
	if err != nil {
		return err
	}
	if err := p.completeImport(config, &f); err != nil {
		return err
	}
	shown := newShownEvents()
	f.options.Sink = shown.add
	progress := p.progress()
	report, err := intake.Import(howfar.With(ctx, progress.teller("Reading the sources")), f.options)
	progress.end()
	if err != nil {
		return err
	}
	if f.asJSON {
		err = p.printJSON(report)
	} else {
		p.printImport(report, shown, f.options, "import")
	}
	if err == nil && report.Refused {
		return &codeError{code: exitRefused}
	}
	return err
}

// completeImport completes the options of an import by the day, and by whom can be asked.
func (p *program) completeImport(config app.Config, f *findingsImport) error {
	switch f.options.DateOrder = repair.Order(f.order); f.options.DateOrder {
	case repair.Open, repair.MDY, repair.DMY:
	default:
		return usage("--date-order is mdy or dmy, not %q", f.order)
	}
	f.options.Today = p.today(config)
	if p.CanAsk && !f.asJSON {
		f.options.AskOrder = p.askDateOrder
	}
	return nil
}

// askDateOrder asks a person in which order dates are that could be read either way.
func (p *program) askDateOrder(file, column string, dates int) (repair.Order, error) {
	p.prompt(fmt.Sprintf("%s, %s: %s such as 1/2/1980 could be read either way. Month first or day first? [m/d] ", file, column, count(dates, "date", "dates")))
	line, err := bufio.NewReader(p.In).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return repair.Open, err
	}
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "m", "month", "mdy":
		return repair.MDY, nil
	case "d", "day", "dmy":
		return repair.DMY, nil
	}
	return repair.Open, nil
}
