package cli

import (
	"os"
	"path/filepath"

	"duenotice/internal/intake"
)

// pairsShown is how many pairs are printed; --csv has all.
const pairsShown = 50

// pairsDocument is findings pairs --json, in which the pairs stand under their own key.
type pairsDocument struct {
	Counts intake.PairCounts `json:"counts"`
	File   string            `json:"file"`
}

func (p *program) listPairs(of intake.Kind, dir string, f pairsFlags) error {
	wanted := func(row *intake.PairRow) bool { return f.all || row.Standing == intake.Open }
	file := filepath.Join(dir, of.PairsFile())
	if f.asJSON {
		counts, err := intake.Pairs(of, dir, func(*intake.PairRow) error { return nil })
		if err != nil {
			return err
		}
		return p.printJSONList(pairsDocument{counts, of.PairsFile()}, "pairs", "counts", func(add func(any) error) error {
			_, err := intake.Pairs(of, dir, func(row *intake.PairRow) error {
				if !wanted(row) {
					return nil
				}
				return add(row)
			})
			return err
		})
	}
	t := p.table("PAIR", "STANDS", "WHY", "AT", "ROWS", "DECIDED").leaveOut("AT", "DECIDED")
	if of == intake.Practices {
		t = p.table("PAIR", "STANDS", "WHY", "PRACTICES", "NAMES", "DECIDED").leaveOut("NAMES", "DECIDED")
	}
	if f.asCSV {
		t = p.table("PAIR", "STANDS", "FOUND", "RULE", "WHY", "A", "B", "PRACTICE A", "PRACTICE B", "ROWS A", "ROWS B", "NPI A", "NPI B", "DECISION", "REASON", "BY", "ON")
		if err := t.csvHead(); err != nil {
			return err
		}
	}
	shown := 0
	counts, err := intake.Pairs(of, dir, func(row *intake.PairRow) error {
		switch {
		case !wanted(row):
		case f.asCSV:
			t.row(row.ID, string(row.Standing), row.Found, row.Rule, row.Why, row.A.Key, row.B.Key, row.A.Practice, row.B.Practice, row.A.Source, row.B.Source,
				row.A.NPI, row.B.NPI, row.Decision, row.Reason, row.By, row.On)
			return t.csvRows()
		default:
			if shown++; shown <= pairsShown {
				where, which := both(row.A.Practice, row.B.Practice), both(row.A.Source, row.B.Source)
				if of == intake.Practices {
					where, which = row.A.Key+" | "+row.B.Key, where
				}
				t.row(row.ID, standingOf(row), row.Why, where, which, decidedBy(row))
			}
		}
		return nil
	})
	if err != nil || f.asCSV {
		return err
	}
	if shown > 0 {
		t.print()
	}
	if more := shown - pairsShown; more > 0 {
		p.say("and %s more: --csv has all.", number(more))
	}
	p.say("%s together, %s apart by decision, %s open.", number(counts.Together), number(counts.Apart), number(counts.Open))
	switch {
	case counts == (intake.PairCounts{}):
		p.say("The last import found no %s who may be one. Where none was made: %s", of.Many(), p.command("findings", "import", dir, "LIST"))
	case counts.Open > 0:
		p.say("Both of each stand in %s, with what they are called. Decide: %s", file,
			p.command("findings", of.Command(), dir, "PAIR", "--same", "--reason", "WHY", "--by", "YOUR NAME"))
		p.say("What it changes in counts and duties: %s", p.command("findings", of.Command(), dir, "--counts"))
	}
	return nil
}

func standingOf(row *intake.PairRow) painted {
	if row.Standing == intake.Open {
		return painted{yellow, string(row.Standing)}
	}
	return painted{"", string(row.Standing)}
}

func both(a, b string) string {
	if a == b || b == "" {
		return a
	}
	return a + " | " + b
}

func decidedBy(row *intake.PairRow) string {
	if row.Decision == "" {
		return ""
	}
	return row.Decision + " by " + row.By + " on " + row.On + ": " + row.Reason
}

func (p *program) sayDecided(of intake.Kind, dir string, done intake.Decided) {
	for i, line := range done.New {
		if i == pairsShown {
			p.say("and %s more", number(len(done.New)-i))
			break
		}
		p.say("%s: %s", line.Pair, map[string]string{
			intake.DecideSame: "one " + of.One(), intake.DecideApart: "two " + of.Many(), intake.DecideUndone: "the earlier decision is taken back",
		}[line.Decision])
	}
	if done.Known > 0 {
		p.say("%s before as given; nothing changed by it.", count(done.Known, "pair was decided", "pairs were decided"))
	}
	if len(done.New) > 0 {
		p.say("The case has %s in %s now. %s", count(done.People, "person", "people"), count(done.Findings, "finding", "findings"),
			"A case that was started before takes the list by `duenotice amend`.")
	}
	if _, err := os.Stat(filepath.Join(dir, intake.UnplacedFile)); of == intake.Practices && len(done.New) > 0 && err == nil {
		p.say("%s has rows without a practice: those that could be of either find theirs when the sources are imported again.", intake.UnplacedFile)
	}
	if done.Pairs.Open > 0 {
		p.say("%s still open. Next: %s", count(done.Pairs.Open, "pair is", "pairs are"), p.command("findings", of.Command(), dir))
		return
	}
	p.say("Nothing is open. Next: %s", p.command("validate", dir))
}
