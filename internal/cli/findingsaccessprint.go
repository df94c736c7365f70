package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"duenotice/internal/accesslog"
	"duenotice/internal/accesslog/baseline"
	"duenotice/internal/accesslog/logs"
)

// How much is printed; the report has all.
const (
	accountsShown = 10
	hoursShown    = 24
	limitsShown   = 12
	barWidth      = 40
)

// printAccess says what the logs say.
func (p *program) printAccess(r accesslog.Report, f findingsAccess) {
	for _, l := range r.Logs {
		p.printLog(l)
	}
	for _, word := range slices.Sorted(maps.Keys(r.UnknownActions)) {
		p.say("  the action %q is not in the profile and counts as a view (%s)", word, count(r.UnknownActions[word], "line", "lines"))
	}
	p.say("Window: %s to %s; hours of the day are those of %s.", r.From.Format(time.RFC3339), r.To.Format(time.RFC3339), r.Zone)
	p.say("%s, %s in the window: %s what is usual for them and for their role.", count(r.Accounts.All, "account", "accounts"), number(r.Accounts.InWindow), count(r.Accounts.Left, "left", "left"))
	if r.Accounts.NotJudged > 0 {
		p.say("%s too little before and after the window to be judged, and so has the role.", count(r.Accounts.NotJudged, "account has", "accounts have"))
	}
	for i, a := range r.Shown {
		if i == accountsShown {
			p.say("and %s more; %s has all.", number(len(r.Shown)-i), accesslog.ReportCSV)
			break
		}
		p.printLogAccount(a)
	}
	p.printCannotShow(r)
	p.sayAccess(r, f)
}

func (p *program) printLog(l accesslog.LogReport) {
	how := "as named"
	if l.Guessed {
		how = "guessed"
	}
	span := "no line could be read"
	if l.First != nil {
		span = l.First.Format(time.RFC3339) + " to " + l.Last.Format(time.RFC3339)
	}
	p.say("%s  %s  %s by the profile %s (%s), %s", l.ID, l.File, count(l.Events, "line", "lines"), l.Profile, how, span)
	for _, problem := range slices.Sorted(maps.Keys(l.Unreadable)) {
		p.say("  %s  %s", p.paint(p.Out, yellow, problem), fmt.Sprintf("%s: %s", count(l.Unreadable[problem], "line", "lines"), logs.Explain(problem)))
	}
}

// signWords are the measures in words.
var signWords = map[string]string{
	accesslog.MeasurePatients:  "different patients in an hour",
	accesslog.MeasureExports:   "patients exported in an hour",
	accesslog.MeasureUnnamed:   "rows in an hour that name no patient",
	accesslog.MeasureHours:     "hours at times of the day at which it does not work",
	accesslog.MeasurePractices: "practices never seen before",
}

// printLogAccount shows one account with the numbers it was judged by.
func (p *program) printLogAccount(a accesslog.AccountReport) {
	verdict := p.paint(p.Out, green, "as usual")
	switch {
	case a.Left:
		verdict = p.paint(p.Out, red, "left what is usual")
	case !a.Judged:
		verdict = p.paint(p.Out, yellow, "too little to judge by")
	}
	role := a.Role
	if role == "" {
		role = "no role"
	}
	p.say("%s (%s): %s", p.paint(p.Out, bold, a.Account), role, verdict)
	limit := 0
	for _, s := range a.Signs {
		mark := " "
		if s.Left {
			mark = "!"
		}
		words := fmt.Sprintf("  %s %s %s", mark, number(s.Value), signWords[s.Measure])
		if s.Own != nil {
			p.say("%s; limits: account %s, role %s", words, limitOf(*s.Own), limitOf(*s.Role))
			if s.Measure == accesslog.MeasurePatients {
				limit = max(s.Own.Limit, s.Role.Limit)
			}
			continue
		}
		p.say("%s, of %s; by chance: account %.2g, role %.2g (limit %.0e)", words, number(s.Of), s.OwnChance, s.RoleChance, baseline.Chance)
	}
	most := 1
	for _, h := range a.Course {
		most = max(most, h.Patients)
	}
	for i, h := range a.Course {
		if i == hoursShown {
			p.say("    and %s more hours", number(len(a.Course)-i))
			break
		}
		bar, colour := strings.Repeat("#", (h.Patients*barWidth+most-1)/most), ""
		if limit > 0 && h.Patients >= limit {
			colour = red
		}
		p.say("    %s %6s %s", h.At.Format("2006-01-02 15:04Z"), number(h.Patients), p.paint(p.Out, colour, bar))
	}
}

func limitOf(b baseline.Baseline) string {
	if b.Limit == 0 {
		return fmt.Sprintf("none (%s)", count(b.Hours, "hour", "hours"))
	}
	return fmt.Sprintf("%s (median %g, MAD %g, %s)", number(b.Limit), b.Median, b.MAD, count(b.Hours, "hour", "hours"))
}

// printCannotShow names what the logs cannot show.
func (p *program) printCannotShow(r accesslog.Report) {
	if len(r.CannotShow) == 0 {
		p.say("Nothing was found that the logs could not show.")
		return
	}
	p.say("What the logs cannot show:")
	limits := slices.Clone(r.CannotShow)
	slices.SortStableFunc(limits, func(a, b accesslog.Limit) int {
		switch {
		case a.Within == b.Within:
			return 0
		case a.Within:
			return -1
		}
		return 1
	})
	for i, l := range limits {
		if i == limitsShown {
			p.say("  and %s more; %s has all", number(len(limits)-i), accesslog.ReportJSON)
			break
		}
		var parts []string
		if l.Log != "" {
			parts = append(parts, l.Log)
		}
		if l.From != nil && l.To != nil {
			parts = append(parts, l.From.Format(time.RFC3339)+" to "+l.To.Format(time.RFC3339))
		}
		if l.Count > 0 {
			parts = append(parts, fmt.Sprintf("%s, the first is line %d", count(l.Count, "line", "lines"), l.Line))
		}
		if l.Seconds > 0 {
			parts = append(parts, "by up to "+(time.Duration(l.Seconds)*time.Second).String())
		}
		colour, where := "", "outside the window"
		if l.Within {
			colour, where = yellow, "in the window"
		}
		p.say("  %s  %s: %s (%s)", p.paint(p.Out, colour, l.Code), strings.Join(parts, ", "), l.Explain(), where)
	}
}

// sayAccess says what came of it and what is next.
func (p *program) sayAccess(r accesslog.Report, f findingsAccess) {
	o := f.options
	people := r.People
	if people == nil {
		p.say("Written: %s, %s, %s.", accesslog.ReportJSON, accesslog.ReportCSV, accesslog.ReportSVG)
		if r.Accounts.Left > 0 {
			p.say("Next, when you know which accounts to follow: %s", p.command(accessAgain(f, r.Shown[0].Account)...))
		}
		return
	}
	p.say("%s reached %s (%s viewed, %s changed, %s exported), by %s.", strings.Join(people.Accounts, ", "), count(people.Touched, "person", "people"),
		number(people.Viewed), number(people.Changed), number(people.Exported), count(people.Lines, "line", "lines"))
	p.say("The list's rows: %s yes, %s no, %s unknown.", number(people.Yes), number(people.No), number(people.Unknown))
	for _, reason := range slices.Sorted(maps.Keys(people.Reasons)) {
		p.say("  %s  %s: %s", reason, number(people.Reasons[reason]), accesslog.ExplainReason(reason))
	}
	if people.NoLeftOut {
		p.say("The rows with no are left out of the list: nobody writes to those people.")
	} else if people.No > 0 {
		p.say("Who stands in findings.csv is told, whatever the answer; --leave-out-no leaves the rows with no out.")
	}
	if people.NotInList > 0 {
		p.say("%s not in the list: they stand in %s, and nobody of them is told until the list has them.", p.paint(p.Out, yellow, count(people.NotInList, "person of the logs is", "people of the logs are")), accesslog.UnknownFile)
	}
	if people.AtOtherPractice > 0 {
		p.say("%s in the list, but not at the practice that the log names: see %s.", count(people.AtOtherPractice, "person is", "people are"), accesslog.UnknownFile)
	}
	p.say("For the third factor of the risk assessment (acquired_or_viewed), in your own words or these:")
	p.say("  %s", people.ThirdFactor)
	if o.Write {
		p.say("Written: findings.csv with the answers, and the list as it was in %s.", accesslog.BeforeFile)
		p.say("Next: %s", p.command("validate", o.Dir))
		return
	}
	p.say("Written: %s, %s, %s. findings.csv is as it was.", accesslog.FindingsFile, accesslog.PeopleFile, accesslog.LinesFile)
	p.say("Next, to write the answers into findings.csv: %s", p.command(append(accessAgain(f), "--write")...))
}

// accessAgain is the command once more, with further accounts.
func accessAgain(f findingsAccess, accounts ...string) []string {
	o := f.options
	words := append(append([]string{"findings", "access", o.Dir}, o.Logs...), "--from", f.from, "--to", f.to)
	for _, flag := range []struct{ name, value string }{{"--zone", f.zone}, {"--ids", o.IDs}, {"--roles", o.Roles}} {
		if flag.value != "" {
			words = append(words, flag.name, flag.value)
		}
	}
	for _, name := range o.Profiles {
		words = append(words, "--profile", name)
	}
	if o.LeaveOutNo {
		words = append(words, "--leave-out-no")
	}
	for _, name := range append(slices.Clone(o.Accounts), accounts...) {
		words = append(words, "--account", name)
	}
	return words
}
