package cli

import (
	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/givenfile"
	"duenotice/internal/plan"
)

// readPlan reads a file that plan --json wrote.
func readPlan(path string) (*plan.Document, error) {
	content, err := givenfile.Read(path)
	if err != nil {
		return nil, systemError(err)
	}
	d, err := plan.Parse(content)
	if err != nil {
		return nil, breach.Refuse("old_plan", "Give a file that plan --json wrote.", "%s: %s", path, err)
	}
	return d, nil
}

// planDiffDocument is plan --diff --json.
type planDiffDocument struct {
	Incident string        `json:"incident"`
	Before   planned       `json:"before"`
	After    planned       `json:"after"`
	Changes  []plan.Change `json:"changes"`
}

// planned names a plan, with its counts.
type planned struct {
	AsOf     civil.Date    `json:"as_of"`
	Rulebook plan.Rulebook `json:"rulebook"`
	Totals   plan.Totals   `json:"totals"`
}

func (p *program) planDiff(before, after *plan.Document, f planFlags) error {
	if before.Incident != after.Incident {
		return breach.Refuse("other_incident", "Give the plan of the same incident.",
			"the old plan is of incident %s, and this case is %s", before.Incident, after.Incident)
	}
	d := planDiffDocument{
		Incident: after.Incident,
		Before:   planned{before.AsOf, before.Rulebook, before.Totals},
		After:    planned{after.AsOf, after.Rulebook, after.Totals},
		Changes:  plan.Diff(before, after),
	}
	if f.asJSON {
		return p.printJSON(d)
	}
	if f.asCSV {
		return p.changeTable(d.Changes).csv()
	}
	p.say("Incident %s as of %s, compared with the plan as of %s", d.Incident, d.After.AsOf, d.Before.AsOf)
	if d.Before.Rulebook != d.After.Rulebook {
		p.say("Rulebook %s (SHA-256 %.12s...), was %s (SHA-256 %.12s...)",
			d.After.Rulebook.Version, d.After.Rulebook.SHA256, d.Before.Rulebook.Version, d.Before.Rulebook.SHA256)
	}
	for _, c := range []struct {
		what          string
		before, after int
	}{
		{"practices", d.Before.Totals.Practices, d.After.Totals.Practices}, {"people", d.Before.Totals.People, d.After.Totals.People},
		{"findings", d.Before.Totals.Findings, d.After.Totals.Findings}, {"letters", d.Before.Totals.Letters, d.After.Totals.Letters},
	} {
		if c.before != c.after {
			p.say("%s %s, was %s", number(c.after), c.what, number(c.before))
		}
	}
	p.printChanges(d.Changes)
	return nil
}
