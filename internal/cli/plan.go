package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/plan"
	"duenotice/internal/rules"
)

const planHelp = `Works out who is owed what by when, under which law. It needs no server and no
network and changes nothing; read it with counsel before anything is started.

The text shows totals, the practices by what they owe, and every deadline by
day. The JSON document has each obligation of each practice with its count, its
clock, its citation and why it is owed. --as-of shows the plan of another day.

--diff compares with a plan that was kept from before, as --json wrote it, and
shows which obligations are added, dropped, due on another day or otherwise
changed: after a correction of the case folder, or under a newer rulebook.`

func (p *program) planCommand() *cobra.Command {
	var asJSON bool
	var asOf, old string
	cmd := &cobra.Command{
		Use: "plan CASE", Short: "Who is owed what by when, offline", Long: planHelp,
		Example: "  duenotice plan cases/EX-2026-03\n  duenotice plan cases/EX-2026-03 --json --as-of 2026-04-12\n  duenotice plan cases/EX-2026-03 --diff old-plan.json",
		Args:    exactly("CASE, the case folder,"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.plan(cmd.Context(), args[0], asOf, old, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON document with every obligation")
	cmd.Flags().StringVar(&asOf, "as-of", "", "plan as of this day, YYYY-MM-DD (default today)")
	p.ignoreColumnFlag(cmd)
	cmd.Flags().StringVar(&old, "diff", "", "show what changed since this plan, a file that plan --json wrote")
	return cmd
}

func (p *program) plan(ctx context.Context, dir, asOf, old string, asJSON bool) error {
	config, err := p.sharedConfig()
	if err != nil {
		return err
	}
	day := p.today(config)
	if asOf != "" {
		if day, err = dayFlag("as-of", asOf); err != nil {
			return err
		}
	}
	var before *plan.Document
	if old != "" {
		if before, err = readPlan(old); err != nil {
			return err
		}
	}
	c, err := p.readCase(ctx, config, dir)
	if err != nil {
		return err
	}
	document, err := plan.Of(ctx, plan.Input{Incident: c.Incident, Practices: c.Practices, Findings: c.Findings}, day, rules.Current())
	if err != nil {
		return failed(err)
	}
	if before != nil {
		return p.planDiff(before, document, asJSON)
	}
	if asJSON {
		content, err := document.JSON()
		if err != nil {
			return err
		}
		_, err = p.Out.Write(content)
		return err
	}
	p.printPlan(document)
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

func (p *program) printPlan(d *plan.Document) {
	p.say("Incident %s as of %s   rulebook %s (SHA-256 %.12s...)", d.Incident, d.AsOf, d.Rulebook.Version, d.Rulebook.SHA256)
	p.say("%s, %s, %s, %s, %s\n", count(d.Totals.Practices, "practice", "practices"), count(d.Totals.People, "person", "people"),
		count(d.Totals.Findings, "finding", "findings"), count(d.Totals.Letters, "letter", "letters"),
		count(d.Totals.Obligations, "obligation", "obligations"))
	p.printBranches(d)
	p.printDeadlines(d)
	if len(d.Warnings) > 0 {
		p.say("\nLOOK AT")
		for _, w := range d.Warnings {
			p.say("  %s  %s", w.Code, w.Message)
		}
	}
}

// printBranches counts the practices by which way of the law they go.
func (p *program) printBranches(d *plan.Document) {
	var large, small, media, none int
	for _, practice := range d.Practices {
		switch {
		case !practice.Notifiable:
			none++
		case practice.People >= 500:
			large++
		default:
			small++
		}
		if slices.ContainsFunc(practice.Obligations, func(o breach.Obligation) bool { return o.Kind == breach.MediaNotice }) {
			media++
		}
	}
	t := table(p.Out)
	fmt.Fprintln(t, "PRACTICES BY BRANCH\t")
	for _, line := range []struct {
		text string
		n    int
	}{
		{"500 people or more", large}, {"fewer than 500", small}, {"more than 500 residents of a State: media", media}, {"nothing owed", none},
	} {
		fmt.Fprintf(t, "  %s\t%s\n", line.text, number(line.n))
	}
	_ = t.Flush() // nobody could be told
}

// dueGroup is what is due on one day, by kind.
type dueGroup struct {
	due       civil.Date
	title     string
	clock     string
	citation  string
	practices int
}

// printDeadlines lists every deadline by day; duties whose clock has not begun come last.
func (p *program) printDeadlines(d *plan.Document) {
	groups := map[string]*dueGroup{}
	add := func(o breach.Obligation) {
		key := strings.Join([]string{o.Due.String(), o.Rule, o.Form, o.Jurisdiction}, "|")
		if groups[key] == nil {
			groups[key] = &dueGroup{due: o.Due, title: o.Title(), clock: o.Clock, citation: o.Citation}
		}
		groups[key].practices++
	}
	for _, o := range d.IncidentObligations {
		add(o)
	}
	for _, practice := range d.Practices {
		for _, o := range practice.Obligations {
			add(o)
		}
	}
	list := make([]*dueGroup, 0, len(groups))
	for _, g := range groups {
		list = append(list, g)
	}
	slices.SortFunc(list, func(a, b *dueGroup) int {
		if a.due.IsZero() != b.due.IsZero() {
			if a.due.IsZero() {
				return 1
			}
			return -1
		}
		if c := a.due.Compare(b.due); c != 0 {
			return c
		}
		return strings.Compare(a.title+a.citation, b.title+b.citation)
	})
	t := table(p.Out)
	fmt.Fprintln(t, "\nDUE\tWHAT\tPRACTICES\tCLOCK\tUNDER")
	for _, g := range list {
		due := g.due.String()
		if g.due.IsZero() {
			due = "not begun"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", due, g.title, number(g.practices), g.clock, g.citation)
	}
	_ = t.Flush() // nobody could be told
}
