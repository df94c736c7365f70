package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"duenotice/internal/intake"
	"duenotice/internal/intake/repair"
)

// eventsShown is how many rows of each rule are printed.
const eventsShown = 3

// shownEvents keeps the first few events of each rule; there may be millions.
type shownEvents struct {
	first map[string][]intake.Event
}

func newShownEvents() *shownEvents { return &shownEvents{first: map[string][]intake.Event{}} }

func (s *shownEvents) add(e intake.Event) error {
	key := e.What + " " + e.Rule
	if list := s.first[key]; e.Rule != "" && len(list) < eventsShown {
		s.first[key] = append(list, e)
	}
	return nil
}

// printImport says what an import did, or why it did nothing. command is the one of
// findings that is given again when something was lacking.
func (p *program) printImport(r intake.Report, shown *shownEvents, o intake.Options, command string) {
	for _, s := range r.Sources {
		p.printSource(s)
	}
	for _, problem := range r.Problems {
		p.say("  %s  %s: %s.", p.paint(p.Out, red, problem.Rule), inSheet(problem.File, problem.Sheet), problem.Message)
		p.say("        Fix: %s", problem.Fix)
	}
	titles := repairTitles()
	p.printEvents(r, shown, intake.Needs, r.Needed, red, titles)
	p.printEvents(r, shown, intake.Refused, r.RefusedValues, red, nil)
	p.printEvents(r, shown, intake.Repaired, r.Repaired, green, titles)
	p.printEvents(r, shown, intake.Offered, r.Offered, "", titles)
	for _, what := range []string{intake.LeftOut, intake.Unplaced, intake.Merged, intake.Noted} {
		of := map[string]int{}
		for rule, n := range r.Notes {
			if len(shown.first[what+" "+rule]) > 0 {
				of[rule] = n
			}
		}
		p.printEvents(r, shown, what, of, yellow, nil)
	}
	p.printUnknownPractices(r.UnknownPractices)
	p.sayImported(r, o, command)
}

// repairTitles say what each repair mends.
func repairTitles() map[string]string {
	titles := map[string]string{}
	for _, rule := range repair.Rules() {
		titles[rule.ID] = rule.Title
	}
	return titles
}

func inSheet(file, sheet string) string {
	if sheet == "" {
		return file
	}
	return file + ", " + sheet
}

// printSource says by which profile each table of a source is read.
func (p *program) printSource(s intake.SourceReport) {
	p.say("%s  %s  %s", s.ID, s.File, p.paint(p.Out, bold, s.Format))
	for _, t := range s.Tables {
		name := ""
		if t.Sheet != "" {
			name = t.Sheet + ": "
		}
		if t.Profile == "" {
			p.say("    %snothing is read from it", name)
			continue
		}
		how := "as named"
		if t.Guessed {
			how = fmt.Sprintf("guessed, %d of 100", t.Score)
		}
		p.say("    %s%s of %s by the profile %s (%s)", name, count(t.Rows, "row", "rows"), t.Role, t.Profile, how)
		for _, u := range t.Unmapped {
			near := ""
			if u.Nearest != "" {
				near = "; the nearest is " + u.Nearest
			}
			p.say("      column %q is not read%s", u.Column, near)
		}
		for _, column := range slices.Sorted(maps.Keys(t.DateOrders)) {
			p.say("      %s: dates with slashes are %s", column, map[string]string{"mdy": "month first", "dmy": "day first", "open": "open"}[t.DateOrders[column]])
		}
	}
}

// printEvents shows what was done or is wrong by rule, with the first rows of each.
func (p *program) printEvents(r intake.Report, shown *shownEvents, what string, counts map[string]int, colour string, titles map[string]string) {
	words := map[string]string{
		intake.Needs: "to repair", intake.Refused: "cannot be read", intake.Repaired: "repaired", intake.Offered: "could be repaired", intake.LeftOut: "left out",
		intake.Unplaced: "without a practice", intake.Merged: "merged", intake.Noted: "noted",
	}[what]
	for _, rule := range slices.Sorted(maps.Keys(counts)) {
		title := titles[rule]
		if title == "" {
			title = intake.Explain(rule)
		}
		name := rule
		if colour != "" {
			name = p.paint(p.Out, colour, rule)
		}
		p.say("  %s  %s %s: %s", name, number(counts[rule]), words, title)
		if what == intake.Offered {
			continue
		}
		list := shown.first[what+" "+rule]
		for _, e := range list {
			p.say("        %s", eventPlace(r, e))
		}
		if more := counts[rule] - len(list); more > 0 {
			p.say("        and %s more", number(more))
		}
	}
}

// eventPlace says where an event is.
func eventPlace(r intake.Report, e intake.Event) string {
	var parts []string
	for _, s := range r.Sources {
		if s.ID == e.Source {
			parts = append(parts, s.File)
		}
	}
	if e.Sheet != "" {
		parts = append(parts, e.Sheet)
	}
	if e.Row > 0 {
		parts = append(parts, fmt.Sprintf("row %d", e.Row))
	}
	if e.Column != "" {
		parts = append(parts, e.Column)
	}
	if e.Detail != "" {
		parts = append(parts, e.Detail)
	}
	return strings.Join(parts, ", ")
}

func (p *program) printUnknownPractices(list []intake.UnknownPractice) {
	if len(list) == 0 {
		return
	}
	p.say("Practices that rows name and the list does not have:")
	t := p.table("name", "NPI", "id", "rows", "what is known")
	for i, u := range list {
		if i == 20 {
			break
		}
		known := intake.Explain(u.Rule)
		if u.Hint != "" {
			known = u.Hint
		}
		t.row(u.Name, u.NPI, u.ID, u.Rows, known)
	}
	t.print()
	if len(list) > 20 {
		p.say("and %s more; %s has all", number(len(list)-20), intake.ReportJSON)
	}
}

// sayImported says what came of it and what is next.
func (p *program) sayImported(r intake.Report, o intake.Options, command string) {
	if o.EventsFile != "" {
		p.say("Every row stands in %s.", o.EventsFile)
	}
	switch {
	case len(r.Problems) > 0:
		p.say("REFUSED: %s. Nothing was written.", count(len(r.Problems), "source cannot be read as it is", "sources cannot be read as they are"))
	case r.Refused:
		p.sayRefusedValues(r, o, command)
	case r.DryRun:
		p.say("It would write %s, %s, %s. Nothing was written.", count(r.Written.Practices, "practice", "practices"), count(r.Written.People, "person", "people"), count(r.Written.Findings, "finding", "findings"))
	default:
		p.say("Written: %s, %s, %s. %s says what was done, row by row.", count(r.Written.Practices, "practice", "practices"),
			count(r.Written.People, "person", "people"), count(r.Written.Findings, "finding", "findings"), intake.ReportCSV)
		if r.Written.Unplaced > 0 {
			p.say("%s without a known practice: they stand in %s, and nobody in them is told until the practice is in %s and the import is given again.",
				count(r.Written.Unplaced, "row is", "rows are"), intake.UnplacedFile, "practices.csv")
		}
		if r.Rows.LeftOut > 0 {
			p.say("%s left out as asked: nobody in them is told.", count(r.Rows.LeftOut, "row is", "rows are"))
		}
		if pairs := r.Pairs; pairs.Together > 0 {
			p.say("%s put together, each with its reason: %s", count(pairs.Together, "pair of people is", "pairs of people are"), p.command("findings", "pairs", o.Dir, "--all"))
		}
		if r.PracticePairs.Open > 0 {
			p.say("%s one covered entity and count as two until you decide: %s", count(r.PracticePairs.Open, "pair of practices may be", "pairs of practices may be"), p.command("findings", "practices", o.Dir))
		}
		if r.Pairs.Open > 0 {
			p.say("%s one person and count as two until you decide. Next: %s", count(r.Pairs.Open, "pair of people may be", "pairs of people may be"), p.command("findings", "pairs", o.Dir))
			return
		}
		p.say("Next: %s", p.command("validate", o.Dir))
	}
}

// sayRefusedValues says what to do about values that need a repair or cannot be read.
func (p *program) sayRefusedValues(r intake.Report, o intake.Options, command string) {
	p.say("REFUSED. Nothing was written.")
	open := r.RefusedValues[repair.DateOpen]
	if open > 0 {
		p.say("Say in which order the dates are: --date-order mdy (month first) or --date-order dmy (day first).")
	}
	others := 0
	for _, n := range r.RefusedValues {
		others += n
	}
	if others -= open; others > 0 {
		p.say("What cannot be read has to be corrected at its source and exported again. Or --leave-out leaves those rows out: nobody in them is told.")
	}
	if len(r.Needed) > 0 {
		p.say("Next, when the repairs are right: %s", p.command(importAgain(r, o, command)...))
	}
}

// importAgain is the command with the repairs that it lacked.
func importAgain(r intake.Report, o intake.Options, command string) []string {
	words := append([]string{"findings", command, o.Dir}, o.Sources...)
	for _, name := range o.Profiles {
		words = append(words, "--profile", name)
	}
	for _, flag := range []struct{ name, value string }{{"--date-order", string(o.DateOrder)}, {"--practice", o.Practice}, {"--report", o.EventsFile}} {
		if flag.value != "" {
			words = append(words, flag.name, flag.value)
		}
	}
	for _, flag := range []struct {
		name string
		set  bool
	}{{"--add-practices", o.AddPractices}, {"--leave-out", o.LeaveOut}, {"--replace", o.Replace}, {"--dry-run", o.DryRun}} {
		if flag.set {
			words = append(words, flag.name)
		}
	}
	repairs := slices.Concat(o.Repairs, slices.Collect(maps.Keys(r.Needed)))
	slices.Sort(repairs)
	return append(words, "--repair="+strings.Join(slices.Compact(repairs), ","))
}
