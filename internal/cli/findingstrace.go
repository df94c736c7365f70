package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/intake"
)

const traceHelp = `Says from which rows of which files a row of the case's list was made, with what
was repaired and merged on the way. ROW is a line of findings.csv, as validate
names it; PERSON_KEY finds all rows of a person, also those without a known
practice. It shows nobody's name or data: look into the source for those.`

func (p *program) findingsTraceCommand() *cobra.Command {
	var practice string
	var asJSON, asCSV bool
	cmd := &cobra.Command{
		Use: "trace CASE ROW|PERSON_KEY", Short: "From which source rows a row of the list was made", Long: traceHelp,
		Example: "  duenotice findings trace cases/EX-2026-03 44\n  duenotice findings trace cases/EX-2026-03 PQ7KD2XHRVYMQ5SJTA3GA",
		Args:    exactly("CASE, the case folder,", "ROW or PERSON_KEY"),
		RunE: func(_ *cobra.Command, args []string) error {
			trace, err := intake.TraceOf(args[0], args[1], practice)
			switch {
			case err != nil:
				return err
			case asJSON:
				return p.printJSON(trace)
			case asCSV:
				return p.traceTable(trace).csv()
			}
			p.printTrace(trace)
			return nil
		},
	}
	cmd.Flags().StringVar(&practice, "practice", "", "only at the practice with this practice_key")
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON document")
	csvFlag(cmd, &asCSV, "every source row as CSV")
	return cmd
}

func (p *program) traceTable(trace intake.Trace) *table {
	t := p.table("LIST", "LINE", "PERSON KEY", "PRACTICE KEY", "SOURCE", "FILE", "SHEET", "ROW", "SHA256", "PROFILES", "DONE")
	for _, f := range trace.Findings {
		for _, r := range f.Rows {
			var done []string
			for _, e := range r.Done {
				done = append(done, strings.TrimSpace(e.Column+" "+e.What+" "+e.Rule))
			}
			t.row(f.File, f.Line, f.PersonKey, f.PracticeKey, r.Source, r.File, r.Sheet, r.Row, r.SHA256, strings.Join(r.Profiles, "; "), strings.Join(done, "; "))
		}
	}
	return t
}

func (p *program) printTrace(trace intake.Trace) {
	if trace.ListChanged {
		p.say("findings.csv was changed after it was imported: what follows is what the import wrote of rows with these keys.")
	}
	if trace.ReportChanged {
		p.say("%s was changed after it was written.", intake.ReportCSV)
	}
	files, titles := map[string]string{}, repairTitles()
	var order []string
	for _, f := range trace.Findings {
		at := f.PracticeKey
		if at == "" {
			at = "no known practice"
		}
		p.say("%s line %d: person %s at %s", f.File, f.Line, f.PersonKey, at)
		if len(f.Rows) == 0 {
			p.say("  its cell source names no row of a source")
		}
		for _, r := range f.Rows {
			if files[r.Source] == "" {
				files[r.Source] = r.File + "  SHA-256 " + r.SHA256
				order = append(order, r.Source)
			}
			place := inSheet(r.File, r.Sheet)
			p.say("  %s %s, row %d, read as %s", r.Source, place, r.Row, strings.Join(r.Profiles, ", "))
			for _, e := range r.Done {
				what := e.What + " " + e.Rule
				if e.Rule == e.What {
					what = e.What
				}
				if e.Column != "" {
					what = e.Column + ": " + what
				}
				if meaning := firstSet(e.Detail, titles[e.Rule], intake.Explain(e.Rule)); meaning != "" {
					what += " (" + meaning + ")"
				}
				p.say("      %s", what)
			}
		}
	}
	for _, source := range order {
		p.say("%s  %s", source, files[source])
	}
}
