package cli

import (
	"context"
	"maps"
	"slices"

	"duenotice/internal/app"
	"duenotice/internal/civil"
	"duenotice/internal/intake"
	"duenotice/internal/plan"
	"duenotice/internal/rules"
)

// countedAs is one way of counting a case.
type countedAs struct {
	supposing intake.Supposing
	document  *plan.Document
}

// pairCountsDocument is --counts --json.
type pairCountsDocument struct {
	AsOf   civil.Date  `json:"as_of"`
	Counts []countLine `json:"counts"`
	// Together is what is owed otherwise when every open pair is one, Apart when nobody is
	// put together.
	Together []plan.Change `json:"changes_all_open_together"`
	Apart    []plan.Change `json:"changes_nobody_together"`
}

// countLine is one count in each of the ways.
type countLine struct {
	// PracticeKey is empty for the whole incident.
	PracticeKey string `json:"practice_key"`
	What        string `json:"what"`
	AsItStands  int    `json:"as_it_stands"`
	AllOpen     int    `json:"all_open_together"`
	Nobody      int    `json:"nobody_together"`
}

func (p *program) pairCounts(ctx context.Context, of intake.Kind, dir string, f pairsFlags) error {
	config, err := p.sharedConfig()
	if err != nil {
		return err
	}
	ways := []*countedAs{{supposing: intake.AsDecided}, {supposing: intake.AllOpenTogether}, {supposing: intake.NobodyTogether}}
	for _, way := range ways {
		count := func(folder string) (err error) {
			way.document, err = p.countFolder(ctx, config, folder)
			return err
		}
		if way.supposing == intake.AsDecided {
			err = count(dir)
		} else {
			err = intake.Suppose(ctx, of, dir, way.supposing, count)
		}
		if err != nil {
			return err
		}
	}
	asIs, all, nobody := ways[0].document, ways[1].document, ways[2].document
	d := pairCountsDocument{AsOf: asIs.AsOf, Counts: countLines(asIs, all, nobody), Together: plan.Diff(asIs, all), Apart: plan.Diff(asIs, nobody)}
	if f.asJSON {
		return p.printJSON(d)
	}
	t := p.table("PRACTICE", "COUNT", "AS IT STANDS", "ALL OPEN AS ONE", "NOBODY TOGETHER")
	for _, line := range d.Counts {
		t.row(firstSet(line.PracticeKey, "all"), line.What, line.AsItStands, line.AllOpen, line.Nobody)
	}
	if f.asCSV {
		return t.csv()
	}
	t.print()
	p.say("\nWHAT WOULD BE OWED IF EVERY OPEN PAIR WERE ONE")
	p.printChanges(d.Together)
	p.say("\nWHAT WOULD BE OWED IF NOBODY WERE PUT TOGETHER")
	p.printChanges(d.Apart)
	return nil
}

func (p *program) countFolder(ctx context.Context, config app.Config, folder string) (*plan.Document, error) {
	c, err := p.readCase(ctx, config, folder)
	if err != nil {
		return nil, err
	}
	progress := p.progress()
	defer progress.end()
	d, err := plan.Of(ctx, plan.Input{Incident: c.Incident, Practices: c.Practices, Findings: progress.rows(c.Findings, c.FindingsRows, "Counting:")}, p.today(config), rules.Current())
	return d, systemError(err)
}

// countLines are the counts of the whole incident, and of each practice those by which the
// law decides and that are not the same in every way of counting.
func countLines(asIs, all, nobody *plan.Document) []countLine {
	lines := []countLine{
		{"", "people", asIs.Totals.People, all.Totals.People, nobody.Totals.People},
		{"", "findings", asIs.Totals.Findings, all.Totals.Findings, nobody.Totals.Findings},
		{"", "letters", asIs.Totals.Letters, all.Totals.Letters, nobody.Totals.Letters},
		{"", "obligations", asIs.Totals.Obligations, all.Totals.Obligations, nobody.Totals.Obligations},
	}
	byKey := func(d *plan.Document) map[string]plan.Practice {
		of := map[string]plan.Practice{}
		for _, practice := range d.Practices {
			of[practice.PracticeKey] = practice
		}
		return of
	}
	a, b, c := byKey(asIs), byKey(all), byKey(nobody)
	keys := map[string]bool{}
	for _, of := range []map[string]plan.Practice{a, b, c} {
		for key := range of {
			keys[key] = true
		}
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		add := func(what string, get func(plan.Practice) int) {
			line := countLine{key, what, get(a[key]), get(b[key]), get(c[key])}
			if line.AsItStands != line.AllOpen || line.AsItStands != line.Nobody {
				lines = append(lines, line)
			}
		}
		add("people", func(p plan.Practice) int { return p.People })
		add("without a usable address", func(p plan.Practice) int { return p.NoUsableAddress })
		states := map[string]bool{}
		for _, of := range []plan.Practice{a[key], b[key], c[key]} {
			for state := range of.Residents {
				states[state] = true
			}
		}
		for _, state := range slices.Sorted(maps.Keys(states)) {
			add("residents of "+state, func(p plan.Practice) int { return p.Residents[state] })
		}
		add("of no known State", func(p plan.Practice) int { return p.UnknownResidence })
	}
	return lines
}
