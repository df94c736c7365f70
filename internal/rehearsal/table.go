package rehearsal

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// largestProcess is what no process but PostgreSQL and Temporal may have in memory.
const largestProcess = 1 << 30

// looksWithin is how long an officer's look at an incident may take, in milliseconds.
const looksWithin = 200

// slowest is how many of the officers' commands the table has.
const slowest = 12

// exempt are the programs that may be larger: servers that keep what they are given room for.
var exempt = []string{"postgres", "temporal"}

// Table is everything that was measured, as Markdown.
func (r Result) Table() string {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s: %s practices, %s people\n\n", r.Size, number(r.Practices), number(r.People))
	fmt.Fprintf(&b, "%s, %s, %d cores; %s, commit %s. %s\n\n", r.Began.Format("2006-01-02"), r.Machine.OS, r.Machine.Cores, r.Program, r.Commit, r.Machine.note())
	programs := r.programs()
	fmt.Fprintf(&b, "| part | items | seconds | items a second | of processor time | load | %s |\n|---|---|---|---|---|---|%s\n",
		strings.Join(programs, " | "), strings.Repeat("---|", len(programs)))
	row := func(name, items, rate string, seconds, cpu float64, load string, by map[string]float64) {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |", name, items, short(seconds), rate, short(cpu), load)
		for _, p := range programs {
			fmt.Fprintf(&b, " %s |", short(by[p]))
		}
		b.WriteString("\n")
	}
	sum := map[string]float64{}
	cut := false
	for _, p := range r.Phases {
		rate, name := "", p.Name
		if p.Seconds > 0 && p.Items > 0 {
			rate = short(float64(p.Items) / p.Seconds)
		}
		if p.Sittings > 1 {
			name, cut = fmt.Sprintf("%s (%d sittings)", name, p.Sittings), true
		}
		row(name, number(p.Items)+" "+p.Unit, rate, p.Seconds, p.CPUSeconds(), short(p.Load), p.CPU)
		for program, cpu := range p.CPU {
			sum[program] += cpu
		}
	}
	row("**all**", "", "", r.Seconds(), r.CPUSeconds(), "", sum)
	if cut {
		b.WriteString("\nWhat took several sittings was cut in between and went on; what it took in all of them is in it, with what was begun in one and done again in the next.\n")
	}
	b.WriteString("\nSeconds are by the clock; the columns after the load are seconds of processor time, by program.\n\n")
	r.memory(&b)
	r.slowest(&b)
	r.amounts(&b)
	return b.String()
}

func (m Machine) note() string {
	if m.Note == "" {
		return "Nothing was said of the machine."
	}
	return strings.ToUpper(m.Note[:1]) + m.Note[1:] + "."
}

// programs are all that took processor time, by name.
func (r Result) programs() []string {
	all := map[string]bool{}
	for _, p := range r.Phases {
		for name := range p.CPU {
			all[name] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// TooLarge are the programs that had more memory than they may.
func (r Result) TooLarge() []string {
	var names []string
	for _, p := range r.Processes {
		if p.PeakBytes > largestProcess && !slices.Contains(exempt, p.Name) {
			names = append(names, p.Name)
		}
	}
	return names
}

func (r Result) memory(b *strings.Builder) {
	b.WriteString("| program | memory at most, MB |\n|---|---|\n")
	for _, p := range r.Processes {
		fmt.Fprintf(b, "| %s | %s |\n", p.Name, megabytes(p.PeakBytes))
	}
	b.WriteString("\nOf commands it is the largest of them, and at least what the rehearsal itself has, with which the kernel begins their account.\n")
	switch large := r.TooLarge(); len(large) {
	case 0:
		b.WriteString("\nNo process had more than 1 GB but what PostgreSQL and Temporal may have.\n\n")
	default:
		fmt.Fprintf(b, "\n**More than 1 GB: %s.**\n\n", strings.Join(large, ", "))
	}
}

// slowest lists the looks that took longest; commands that wait for work are told apart,
// since what they take is the work's.
func (r Result) slowest(b *strings.Builder) {
	byTime := slices.SortedStableFunc(slices.Values(r.Commands), func(x, y Command) int {
		switch {
		case x.Seconds > y.Seconds:
			return -1
		case x.Seconds < y.Seconds:
			return 1
		}
		return strings.Compare(x.Words+x.When, y.Words+y.When)
	})
	looks, over, busy := 0, 0, 0
	for _, c := range byTime {
		if !c.Look {
			continue
		}
		looks++
		if c.Seconds*1000 > looksWithin {
			over++
		}
		if c.CPUSeconds*1000 > looksWithin {
			busy++
		}
	}
	fmt.Fprintf(b, "Of %d looks (a command at a part of the story), %d took more than %d ms by the clock at their slowest, and %d more than that of processor time. The slowest:\n\n", looks, over, looksWithin, busy)
	b.WriteString("| look | while | times | ms | ms of processor time | MB |\n|---|---|---|---|---|---|\n")
	list := func(look bool, most int) {
		for _, c := range byTime {
			if c.Look == look && most > 0 {
				most--
				fmt.Fprintf(b, "| `%s` | %s | %d | %s | %s | %s |\n", c.Words, c.When, c.Times, short(c.Seconds*1000), short(c.CPUSeconds*1000), megabytes(c.PeakBytes))
			}
		}
	}
	list(true, slowest)
	b.WriteString("\n| command that waits for its work | while | times | ms | ms of processor time of its own | MB |\n|---|---|---|---|---|---|\n")
	list(false, slowest)
	b.WriteString("\n")
}

func (r Result) amounts(b *strings.Builder) {
	b.WriteString("| Temporal, for each practice | actions | events | bytes of history |\n|---|---|---|---|\n")
	for _, t := range []struct {
		name string
		Temporal
	}{{"until it waits for people", r.Waiting}, {"its whole life", r.Life}} {
		actions, events, bytes := t.PerPractice()
		fmt.Fprintf(b, "| %s (%d histories read) | %s | %s | %s |\n", t.name, t.Sampled, short(actions), short(events), number(int(bytes)))
		n := float64(max(r.Practices, 1))
		fmt.Fprintf(b, "| beside it, its share of all other workflows | %s | %s | %s |\n",
			short(float64(t.Others.Actions)/n), short(float64(t.Others.Events)/n), number(int(float64(t.Others.Bytes)/n)))
	}
	n := int64(max(r.Practices, 1))
	fmt.Fprintf(b, "\n| on disk in the end | MB | KB for each practice |\n|---|---|---|\n| files | %s | %s |\n| database | %s | %s |\n| Temporal's state | %s | %s |\n\n",
		megabytes(r.Disk.Files), short(float64(r.Disk.Files/n)/1000), megabytes(r.Disk.Database), short(float64(r.Disk.Database/n)/1000),
		megabytes(r.Disk.Engine), short(float64(r.Disk.Engine/n)/1000))
	o := r.Outcome
	adds := "The account adds up."
	if !o.AddsUp {
		adds = "**The account does not add up.**"
	}
	fmt.Fprintf(b, "%s letters of %s pages, %s e-mails; %s practices answered on their pages; %s letters came back. %s practices are closed, and %s wait for nothing but the 90 days of a posting. %s\n\n",
		number(o.Letters), number(o.Pages), number(o.Emails), number(o.OnPages), number(o.Returned), number(o.Closed), number(o.Posting), adds)
}

// recorded are the parts that run into each other: a command that records something
// ends when that is written, and what the practices make of it goes on in the next part.
var recorded = []string{"mail", "returns", "record", "close"}

// growthTable is how each part grows over all results.
func growthTable(results []Result) string {
	var b strings.Builder
	b.WriteString("| part | exponent | standard error | sizes |\n|---|---|---|---|\n")
	row := func(name string, phases ...string) {
		if g := GrowthOf(results, phases...); g.Points >= 2 {
			fmt.Fprintf(&b, "| %s | %s | %s | %d |\n", name, exponent(g.Exponent), exponent(g.Error), g.Points)
		}
	}
	for _, name := range phaseNames(results) {
		row(name, name)
	}
	row("**mail to close, together**", recorded...)
	row("**all that an incident has**", slices.DeleteFunc(phaseNames(results), func(name string) bool { return notWork[name] })...)
	return b.String()
}

// phaseNames are the parts of the largest result, in their order.
func phaseNames(results []Result) []string {
	var names []string
	if len(results) > 0 {
		for _, p := range results[len(results)-1].Phases {
			names = append(names, p.Name)
		}
	}
	return names
}

func exponent(x float64) string {
	if math.IsNaN(x) {
		return "needs a third size"
	}
	return fmt.Sprintf("%.2f", x)
}

// number writes 3400000 as 3,400,000.
func number(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// short writes three figures of a number, and all of a larger one before its point.
func short(x float64) string {
	switch {
	case x == 0:
		return "0"
	case math.Abs(x) >= 100:
		return number(int(math.Round(x)))
	case math.Abs(x) >= 10:
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.2f", x)
}

func megabytes(n int64) string { return short(float64(n) / 1e6) }
