package cli

import (
	"fmt"
	"slices"
	"strings"

	"duenotice/internal/plan"
)

// printChanges says what becomes of obligations: how many of each kind, and
// then alike changes of several practices in one line, in the order in which
// they first come.
func (p *program) printChanges(changes []plan.Change) {
	if len(changes) == 0 {
		p.say("No obligation changes.")
		return
	}
	counts := map[string]int{}
	lines := map[changeLine][]string{} // practices by line
	var order []changeLine
	for _, c := range changes {
		counts[c.What]++
		line := lineOf(c)
		if lines[line] == nil {
			order = append(order, line)
		}
		lines[line] = append(lines[line], c.PracticeKey)
	}
	p.say("%s added, %s dropped, %s moved, %s otherwise changed.\n",
		number(counts[plan.Added]), number(counts[plan.Dropped]), number(counts[plan.Moved]), number(counts[plan.Changed]))
	t := p.table("WHAT", "OBLIGATION", "DUE", "WAS", "UNDER", "PRACTICES")
	for _, line := range order {
		t.row(line.what, line.obligation, line.due, line.was, line.under, practicesOf(lines[line]))
	}
	t.print()
}

// changeTable has every change, a row each.
func (p *program) changeTable(changes []plan.Change) *table {
	t := p.table("PRACTICE KEY", "WHAT", "OBLIGATION", "DUE", "WAS", "UNDER")
	for _, c := range changes {
		line := lineOf(c)
		t.row(c.PracticeKey, line.what, line.obligation, line.due, line.was, line.under)
	}
	return t
}

// changeLine is a change without its practice, as cells of the table.
type changeLine struct{ what, obligation, due, was, under string }

func lineOf(c plan.Change) changeLine {
	what, due, was := c.After, "-", "-"
	if what == nil {
		what = c.Before
	}
	under := what.Citation
	if c.After != nil {
		due = dueCell(c.After.Due.String())
	}
	if c.Before != nil {
		was = dueCell(c.Before.Due.String())
	}
	if c.What == plan.Changed {
		under += ": " + fields(c)
	}
	return changeLine{c.What, what.Title(), due, was, under}
}

func dueCell(day string) string {
	if day == "" {
		return "not begun"
	}
	return day
}

// fields names what is not the same, with counts in numbers.
func fields(c plan.Change) string {
	b, a := c.Before, c.After
	var list []string
	if b.Count != a.Count {
		list = append(list, fmt.Sprintf("count %s, was %s", number(a.Count), number(b.Count)))
	}
	for _, f := range []struct{ name, before, after string }{
		{"kind", b.Kind, a.Kind}, {"regime", b.Regime, a.Regime}, {"recipient", b.Recipient, a.Recipient}, {"form", b.Form, a.Form},
		{"trigger", b.Trigger, a.Trigger}, {"clock", b.Clock, a.Clock}, {"citation", b.Citation, a.Citation}, {"confidence", b.Confidence, a.Confidence},
	} {
		if f.before != f.after {
			list = append(list, fmt.Sprintf("%s %q, was %q", f.name, f.after, f.before))
		}
	}
	if len(list) == 0 {
		return a.Why // only the reason is worded otherwise
	}
	return strings.Join(list, "; ")
}

// practicesOf names up to three practices, and counts more.
func practicesOf(keys []string) string {
	slices.Sort(keys)
	if i := slices.Index(keys, ""); i >= 0 {
		keys[i] = "the incident"
	}
	if len(keys) <= 3 {
		return strings.Join(keys, ", ")
	}
	return number(len(keys)) + " practices"
}
