package cli

import (
	"fmt"
	"io"

	"duenotice/internal/casefolder"
)

// problemsShown is how many rows of each rule are printed.
const problemsShown = 3

// problems keeps the first few problems of each rule; there may be millions.
type problems struct {
	first map[string][]casefolder.Problem
}

func newProblems() *problems { return &problems{first: map[string][]casefolder.Problem{}} }

func (ps *problems) add(x casefolder.Problem) error {
	if list := ps.first[x.Rule]; len(list) < problemsShown {
		ps.first[x.Rule] = append(list, x)
	}
	return nil
}

// printReport shows the files' counts and, rule by rule, what is wrong.
func (p *program) printReport(w io.Writer, report casefolder.Report, shown *problems) {
	t := p.lines(5).to(w)
	for _, f := range report.Files {
		t.row(f.Name, count(f.Rows, "row", "rows"), number(f.OK)+" ok", number(f.Warned)+" with warnings", number(f.Refused)+" refused")
	}
	t.print()
	for _, rule := range casefolder.Rules() {
		n := report.ByRule[rule.ID]
		if n == 0 {
			continue
		}
		colour := red
		if rule.Severity == casefolder.SeverityWarning {
			colour = yellow
		}
		fmt.Fprintf(w, "  %s  %s  %s\n", p.paint(w, colour, rule.ID), count(n, string(rule.Severity), string(rule.Severity)+"s"), rule.Title)
		fix := ""
		for _, x := range shown.first[rule.ID] {
			fmt.Fprintf(w, "        %s%s\n", place(x), x.Message)
			fix = x.Fix
		}
		if more := n - len(shown.first[rule.ID]); more > 0 {
			fmt.Fprintf(w, "        and %s more\n", number(more))
		}
		if fix == "" {
			fix = rule.Fix
		}
		fmt.Fprintf(w, "        Fix: %s\n", fix)
	}
	for _, u := range report.UnknownColumns {
		fmt.Fprintf(w, "  column %q of %s is not used\n", u.Column, u.File)
	}
}

// place says where a problem is: "findings.csv line 44, state: ".
func place(x casefolder.Problem) string {
	text := x.File
	if x.Line > 0 {
		text += fmt.Sprintf(" line %d", x.Line)
	}
	if x.Column != "" {
		text += ", " + x.Column
	}
	return text + ": "
}
