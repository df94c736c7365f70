package cli

import (
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/civil"
	"duenotice/internal/plan"
	"duenotice/internal/rules"
)

// practicesNamed is how many practices a plan lists with their names; of more it
// gives the counts, and --csv the list.
const practicesNamed = 20

func (p *program) printPlan(d *plan.Document, c *casefolder.Case) {
	p.say("Incident %s as of %s   rulebook %s (SHA-256 %.12s...)", d.Incident, d.AsOf, d.Rulebook.Version, d.Rulebook.SHA256)
	p.say("%s, %s, %s, %s, %s\n", count(d.Totals.Practices, "practice", "practices"), count(d.Totals.People, "person", "people"),
		count(d.Totals.Findings, "finding", "findings"), count(d.Totals.Letters, "letter", "letters"),
		count(d.Totals.Obligations, "obligation", "obligations"))
	p.printBranches(d)
	p.printPractices(d, c)
	p.printDeadlines(d, c)
	p.printMail(d, c)
	if len(d.Warnings) > 0 {
		p.say("\nLOOK AT")
		t := p.lines(2)
		for _, w := range d.Warnings {
			t.row("  "+w.Code, w.Message)
		}
		t.print()
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
	p.say("PRACTICES BY BRANCH")
	t := p.lines(2)
	t.row("  500 people or more", large)
	t.row("  fewer than 500", small)
	t.row("  more than 500 residents of a State: media", media)
	t.row("  nothing owed", none)
	t.print()
}

// printPractices lists the practices with their names, where there are not too many.
func (p *program) printPractices(d *plan.Document, c *casefolder.Case) {
	if len(d.Practices) > practicesNamed {
		return
	}
	byKey := practicesByKey(c)
	p.say("")
	t := p.table("PRACTICE", "NAME", "PEOPLE", "DISCOVERED", "OWED", "OVERDUE", "NEXT DUE").leaveOut("DISCOVERED", "OWED")
	for _, practice := range d.Practices {
		var next civil.Date
		overdue := 0
		for _, o := range practice.Obligations {
			switch standing(d, c, byKey[practice.PracticeKey], o) {
			case overdueWord:
				overdue++
			case "":
				if !o.Due.IsZero() && (next.IsZero() || o.Due.Before(next)) {
					next = o.Due
				}
			}
		}
		late := painted{text: number(overdue)}
		if overdue > 0 {
			late.colour = red
		}
		t.row(practice.PracticeKey, byKey[practice.PracticeKey].LegalName, practice.People, practice.Discovered, len(practice.Obligations), late, next)
	}
	t.print()
}

func practicesByKey(c *casefolder.Case) map[string]breach.Practice {
	byKey := make(map[string]breach.Practice, len(c.Practices))
	for _, practice := range c.Practices {
		byKey[practice.Key] = practice
	}
	return byKey
}

// What a plan marks at a day.
const (
	overdueWord = "overdue"
	doneWord    = "done"
)

// standing marks an obligation that the case folder says is done, or whose day has
// passed; an open one has no mark. A plan knows nothing of what is recorded in a
// running incident: status does.
func standing(d *plan.Document, c *casefolder.Case, practice breach.Practice, o breach.Obligation) string {
	var told breach.Facts
	if !practice.NotifiedOn.IsZero() {
		told = append(told, breach.Fact{Kind: breach.PracticeNotified, On: practice.NotifiedOn})
	}
	if _, done := rules.Settled(o, rules.Progress{Discovered: c.Incident.Discovered, Facts: told}); done {
		return doneWord
	}
	if !o.Due.IsZero() && d.AsOf.After(o.Due) {
		return overdueWord
	}
	return ""
}

// dueGroup is what is due on one day, by kind.
type dueGroup struct {
	due       civil.Date
	mark      string
	title     string
	clock     string
	citation  string
	practices []string
}

// dueCell is the group's day with its mark.
func (g dueGroup) dueCell() painted {
	cell := painted{text: dueCell(g.due.String())}
	if g.mark != "" {
		cell.text += " " + g.mark
	}
	if g.mark == overdueWord {
		cell.colour = red
	}
	return cell
}

// printDeadlines lists every deadline by day; duties whose clock has not begun come last.
func (p *program) printDeadlines(d *plan.Document, c *casefolder.Case) {
	byKey := practicesByKey(c)
	groups := map[string]*dueGroup{}
	add := func(o breach.Obligation, practice string) {
		mark := standing(d, c, byKey[practice], o)
		key := strings.Join([]string{o.Due.String(), mark, o.Rule, o.Form, o.Jurisdiction}, "|")
		if groups[key] == nil {
			groups[key] = &dueGroup{due: o.Due, mark: mark, title: o.Title(), clock: o.Clock, citation: o.Citation}
		}
		groups[key].practices = append(groups[key].practices, practice)
	}
	for _, o := range d.IncidentObligations {
		add(o, "")
	}
	for _, practice := range d.Practices {
		for _, o := range practice.Obligations {
			add(o, practice.PracticeKey)
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
		return strings.Compare(a.title+a.citation+a.mark, b.title+b.citation+b.mark)
	})
	p.say("")
	t := p.table("DUE", "WHAT", "PRACTICES", "CLOCK", "UNDER").leaveOut("CLOCK", "UNDER")
	for _, g := range list {
		t.row(g.dueCell(), g.title, practicesOf(g.practices), g.clock, g.citation)
	}
	t.print()
}

// obligationTable has everything that is owed, a row each.
func (p *program) obligationTable(d *plan.Document, c *casefolder.Case) *table {
	byKey := practicesByKey(c)
	t := p.table("PRACTICE KEY", "NAME", "PEOPLE", "DUE", "STANDS", "WHAT", "KIND", "REGIME", "JURISDICTION", "RECIPIENT", "FORM", "COUNT",
		"TRIGGER", "CLOCK", "NOT BEFORE", "CITATION", "CONFIDENCE", "RULE", "WHY")
	add := func(o breach.Obligation, practice plan.Practice) {
		of := byKey[practice.PracticeKey]
		t.row(practice.PracticeKey, of.LegalName, practice.People, o.Due, firstSet(standing(d, c, of, o), "open"), o.Title(), o.Kind, o.Regime, o.Jurisdiction,
			o.Recipient, o.Form, o.Count, o.Trigger, o.Clock, o.NotBefore, o.Citation, o.Confidence, o.Rule, o.Why)
	}
	for _, o := range d.IncidentObligations {
		add(o, plan.Practice{People: d.Totals.People})
	}
	for _, practice := range d.Practices {
		for _, o := range practice.Obligations {
			add(o, practice)
		}
	}
	return t
}
