package cli

import "duenotice/internal/listdiff"

// linesShown is how many practices and States are shown to people; --csv has all.
const linesShown = 30

func (p *program) diffTable(lines []listdiff.Line) *table {
	t := p.table("PRACTICE", "STATE", "BEFORE", "ADDED", "REMOVED", "LEAVING", "PASSED OVER", "MOVED IN", "MOVED OUT", "AFTER", "KINDS", "ADDRESS", "OTHER").
		leaveOut("OTHER", "MOVED IN", "MOVED OUT", "PASSED OVER")
	for _, l := range lines {
		t.row(l.PracticeKey, l.State, l.Before, l.Added, l.Removed, l.Leaving, l.Passed, l.MovedIn, l.MovedOut, l.After, l.Kinds, l.Address, l.Other)
	}
	return t
}

// printListDiff shows a comparison to people.
func (p *program) printListDiff(d diffDocument, people string) {
	for _, side := range []struct {
		name string
		diffSide
	}{{"old", d.Before}, {"new", d.After}} {
		p.say("%s  %s: %s (SHA-256 %.12s...)", side.name, side.Path, count(side.Rows, "row", "rows"), side.SHA256)
	}
	if !d.Total.Changes() {
		p.say("The lists say the same of the same people.")
	} else {
		p.printCounts(d)
	}
	if people != "" {
		p.say("Everybody who changed stands in %s.", people)
	}
	p.say("")
	if d.Duties == nil {
		p.say("What is owed is not known from lists alone: give a case folder with a complete incident.yaml for one of them.")
		return
	}
	p.printChanges(d.Duties)
}

func (p *program) printCounts(d diffDocument) {
	p.say("%s added, %s removed, %s leaving, %s of other kinds of data, %s at another address, %s otherwise changed.\n",
		number(d.Total.Added), number(d.Total.Removed), number(d.Total.Leaving), number(d.Total.Kinds), number(d.Total.Address), number(d.Total.Other))
	var changed []listdiff.Line
	for _, l := range d.Lines {
		if l.Changes() {
			changed = append(changed, l)
		}
	}
	shown := changed[:min(len(changed), linesShown)]
	for i := range shown {
		shown[i].State = dash(shown[i].State)
	}
	p.diffTable(shown).print()
	if more := len(changed) - linesShown; more > 0 {
		p.say("and %s more; --csv has all", number(more))
	}
	if n := d.Total.Leaving; n > 0 {
		p.say("Leaving: of %s it was unknown whether anybody had seen their data, and now it is known that nobody did.", count(n, "row", "rows"))
	}
	if n := d.Total.Passed; n > 0 {
		p.say("Passed over: nobody saw the data of %s that the old list does not have.", count(n, "row", "rows"))
	}
	if n := d.Total.Removed; n > 0 {
		p.say("Removed: %s in the old list only. In a running incident they stay until a list takes them out.", count(n, "row is", "rows are"))
	}
}
