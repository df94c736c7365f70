package cli

import (
	"context"
	"fmt"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/openitems"
)

// printReleasing says which programs are at work while one takes another's place.
func (p *program) printReleasing(watch casebook.Watch) {
	if text := watch.Releasing(); text != "" {
		p.say("%s See: %s", text, p.command("doctor"))
	}
}

// printStatus is the one screen of status.
func (s *session) printStatus(ctx context.Context, status casebook.Status, f statusFlags) error {
	p := s.p
	var lines []casebook.StatusLine
	if f.details() && f.practice == "" {
		filter, err := f.filter(status.AsOf)
		if err != nil {
			return err
		}
		err = s.store.EachStatusLine(ctx, status.Incident, filter, p.Now(), func(part []casebook.StatusLine) error {
			lines = append(lines, part...)
			return nil
		})
		if err != nil {
			return err
		}
	}
	p.printUnwatched(p.unwatched(status.Worker, s.config))
	p.say("%s   %s   %s", p.paint(p.Out, bold, "Incident "+status.Incident), status.AsOf, p.dayBar(status.DayOf60))
	p.say("%s   %s   %s, %s\n", status.Entity, status.Phase, count(status.Practices, "practice", "practices"), count(status.People, "different person", "different people"))
	switch {
	case f.practice != "":
		p.printDetails(status.Details)
	case f.details():
		p.printLines(lines, f.needs)
	default:
		p.printPhases(status)
	}
	p.printLetters(status.Letters)
	p.printHalt(status)
	if status.AddressCheck != "" {
		p.say("%s", p.paint(p.Out, yellow, "ADDRESSES "+status.AddressCheck))
	}
	p.printRecalls(status.Recalls)
	p.printIncidentAccount(status.Incident, status.Account)
	s.printNotices(status)
	s.printPages(status)
	for _, h := range status.Holds {
		p.say("HOLD %s, stated on %s by %s, %s: %s%s", h.Kind, h.StatedOn, h.Official, h.Agency, delays(h), holdEnd(h))
	}
	late := fmt.Sprintf("LATE %d", status.Late)
	if status.Late > 0 {
		late = p.paint(p.Out, red, late) + "   " + p.command("status", status.Incident, "--late")
	}
	p.say("%s", late)
	if status.DoneLate > 0 {
		p.say("DONE LATE %s, by %s in all (45 CFR 160.406)", count(status.DoneLate, "duty", "duties"), count(status.DoneLateDays, "day", "days"))
	}
	p.printTroubles(status.Troubles)
	p.printReleasing(status.Worker)
	p.printHints(status)
	if status.TemporalUI != "" {
		p.say("Temporal UI: %s   (to log in: %s)", status.TemporalUI, p.command("ui", status.Incident))
	}
	return nil
}

// printUnwatched says, before anything else, that nobody watches the days.
func (p *program) printUnwatched(why string) {
	if why != "" {
		p.say("%s", p.paint(p.Out, red, "NOTHING IS WATCHED: "+why))
	}
}

// troublesShown is how many troubles are printed one by one.
const troublesShown = 10

// printTroubles says what the program could not do, and what to do about it.
func (p *program) printTroubles(list []casebook.Trouble) {
	if len(list) == 0 {
		return
	}
	p.say("%s", p.paint(p.Out, red, fmt.Sprintf("TROUBLE %d", len(list))))
	for i, t := range list {
		if i == troublesShown {
			p.say("  and %s more; all of them: status --json", number(len(list)-troublesShown))
			return
		}
		p.say("  %s", troubleText(t))
		p.say("    since %s, %s. Do: %s", t.Since.Format("2006-01-02 15:04 MST"), count(t.Times, "try", "tries"), t.Todo)
	}
}

func holdEnd(h breach.Hold) string {
	if h.ReleasedOn.IsZero() {
		return ""
	}
	return "; released on " + h.ReleasedOn.String()
}

// dayBar says which day of the 60 it is; on a terminal it draws it as well.
func (p *program) dayBar(day int) string {
	text := fmt.Sprintf("day %d of %d", day, breach.NoticeDays)
	if !p.rich(p.Out) {
		return text
	}
	const width = 20
	done := min(max(day, 0), breach.NoticeDays)
	filled := done * width / breach.NoticeDays
	colour := green
	switch {
	case day > breach.NoticeDays:
		colour = red
	case day > breach.NoticeDays-14:
		colour = yellow
	}
	bar := "[" + strings.Repeat("#", filled) + strings.Repeat("-", width-filled) + "]"
	return fmt.Sprintf("%s   %s %d%%", text, p.paint(p.Out, colour, bar), done*100/breach.NoticeDays)
}

func (p *program) printPhases(status casebook.Status) {
	t := p.table("PHASE", "PRACTICES", "PEOPLE", "OLDEST DUE")
	practices, people := 0, 0
	for _, c := range status.Phases {
		t.row(c.Phase, c.Practices, c.People, c.OldestDue)
		practices, people = practices+c.Practices, people+c.People
	}
	t.row("total", practices, people, status.NextDue)
	t.print()
}

func (p *program) printLetters(l casebook.LetterCounts) {
	p.say("\nLETTERS %s on %s in %s, of %s", number(l.Letters), count(l.Pages, "page", "pages"),
		count(l.Batches, "batch", "batches"), count(l.Findings, "finding", "findings"))
	if l.Joined > 0 {
		p.say("  %s joined into another practice's letter", count(l.Joined, "finding", "findings"))
	}
}

// printHalt says that printing pauses, why, and what lets it go on.
func (p *program) printHalt(status casebook.Status) {
	if len(status.Halted) == 0 {
		return
	}
	p.say("%s %s", p.paint(p.Out, red, "PRINTING HAS PAUSED:"), breach.HaltWords(status.Halted))
	p.say("  Find out why, then: %s", p.command("resume", status.Incident, "--reason", "WHAT YOU FOUND", "--by", "YOUR NAME"))
}

// printRecalls lists the letters that were taken back.
func (p *program) printRecalls(recalls []casebook.Recall) {
	for _, r := range recalls {
		p.say("RECALL %d of %s by %s: %s mailed, %s not mailed, because %s%s", r.Number, r.At.Format("2006-01-02"), r.By,
			number(r.Mailed), number(r.Withdrawn), breach.RecallWords(r.Why), disclosed(r.Disclosure))
	}
}

// disclosed says what was answered of a recall.
func disclosed(answer string) string {
	switch answer {
	case casebook.DisclosureYes:
		return "; itself a disclosure, which is an incident of its own"
	case casebook.DisclosureNo:
		return "; no disclosure"
	}
	return ""
}

// printHints says what waits for the person, with the command to give.
func (p *program) printHints(status casebook.Status) {
	if status.NeedsPerson == 0 {
		p.say("WAITING FOR YOU nothing at once")
	} else {
		p.say("WAITING FOR YOU %s", p.paint(p.Out, yellow, count(status.NeedsPerson, "practice", "practices")))
	}
	for _, c := range status.Phases {
		if hint := openitems.Hint(p.command, c.Phase, status.Incident, "KEY", status.AsOf); hint != "" {
			p.say("  %s, %s: %s", c.Phase, number(c.Practices), hint)
		}
	}
	for _, it := range openitems.In(casebook.Incident{Incident: breach.Incident{ID: status.Incident}}, status.AsOf, p.command, openitems.Sources{Posted: status.Posted, Recalls: status.Recalls}) {
		p.say("  %s: %s", it.What, it.Do)
	}
}

// noneListed is said where no practice is to be listed.
const noneListed = "No practice."

// printDetails shows everything that a practice owes.
func (p *program) printDetails(list []casebook.PracticeStatus) {
	if len(list) == 0 {
		p.say(noneListed)
	}
	for _, d := range list {
		p.printPractice(d)
	}
}

// printLines lists practices.
func (p *program) printLines(list []casebook.StatusLine, needs bool) {
	if len(list) == 0 {
		p.say(noneListed)
		return
	}
	t := p.practiceTable(list, false)
	if needs { // then that is the column that was asked for
		t.leaveOut("PEOPLE", "NEXT DUE", "NAME")
	}
	t.print()
}

// practiceTable lists practices; whole has the columns that are for other programs.
func (p *program) practiceTable(list []casebook.StatusLine, whole bool) *table {
	t := p.table("PRACTICE", "PEOPLE", "PHASE", "NEXT DUE", "WAITS FOR", "NAME").leaveOut("WAITS FOR", "PEOPLE")
	if whole {
		t = p.table("PRACTICE KEY", "NAME", "PEOPLE", "PHASE", "NEEDS PERSON", "LATE", "NEXT DUE", "OPEN", "SETTLED", "DELEGATION", "NOTICE", "APPROVED BY")
	}
	t.addPractices(list, whole)
	return t
}

// addPractices adds a row for each to a practiceTable.
func (t *table) addPractices(list []casebook.StatusLine, whole bool) {
	for _, l := range list {
		if whole {
			t.row(l.Key, l.Name, l.People, l.Phase, l.NeedsPerson, l.Late, l.NextDue, l.Open, l.Settled, l.Delegation, l.Notice, strings.Join(l.Approvals, "; "))
			continue
		}
		due := painted{text: dash(l.NextDue.String())}
		if l.Late {
			due = painted{red, "late " + l.NextDue.String()}
		}
		t.row(l.Key, l.People, l.Phase, due, dash(l.NeedsPerson), l.Name)
	}
}

func (p *program) printPractice(d casebook.PracticeStatus) {
	p.say("%s   %s", p.paint(p.Out, bold, "Practice "+d.Key), d.Name)
	p.say("%s   phase: %s   delegation: %s   notice to it: %s", count(d.People, "person", "people"), d.Phase,
		firstSet(d.Delegation, "not answered"), casebook.NoticeWords(d.Notice))
	if len(d.Approvals) > 0 {
		from := ""
		if d.OneAccount {
			from = " (from one account)"
		}
		p.say("Letters approved by: %s%s", strings.Join(d.Approvals, ", "), from)
	}
	if d.NeedsPerson != "" {
		p.prose("Waits for:", d.NeedsPerson)
	}
	p.printSilence(d)
	p.printDelay(d.Delay)
	p.printAccount(d.Account, d.Findings, d.AddsUp)
	for _, w := range d.Warnings {
		p.prose("Look at:", w.Message+" ("+w.Code+")")
	}
	p.say("")
	p.dutyTable([]casebook.PracticeStatus{d}, false).print()
}

// dutyTable lists everything that practices owe or did; whole has the columns that
// are for other programs.
func (p *program) dutyTable(list []casebook.PracticeStatus, whole bool) *table {
	t := p.table("DUE", "STANDS", "WHAT", "PEOPLE", "UNDER").leaveOut("PEOPLE", "UNDER")
	if whole {
		t = p.table("PRACTICE KEY", "NAME", "DUE", "SETTLED ON", "DAYS LATE", "STAGE", "LATE", "WHAT", "KIND", "REGIME", "JURISDICTION", "RECIPIENT", "FORM",
			"COUNT", "TRIGGER", "CLOCK", "NOT BEFORE", "CITATION", "CONFIDENCE", "RULE", "WHY")
	}
	for _, d := range list {
		for _, o := range d.Obligations {
			if whole {
				t.row(d.Key, d.Name, o.Due, o.SettledOn, o.DaysLate, o.Stage, o.Late, o.Title(), o.Kind, o.Regime, o.Jurisdiction, o.Recipient, o.Form,
					o.Count, o.Trigger, o.Clock, o.NotBefore, o.Citation, o.Confidence, o.Rule, o.Why)
				continue
			}
			now := painted{text: stands(o)}
			if o.SettledOn.IsZero() && (o.Late || o.DaysLate > 0) {
				now.colour = red
			}
			t.row(dueText(o), now, o.Title(), o.Count, o.Citation)
		}
	}
	return t
}

// printDelay says how long approved letters waited, and which days still want a reason.
func (p *program) printDelay(delay *casebook.Delay) {
	if delay == nil || delay.Days == 0 {
		return
	}
	text := fmt.Sprintf("Letters approved %s, not mailed yet: %s between", delay.ReadyOn, count(delay.Days, "day", "days"))
	if !delay.SentOn.IsZero() {
		text = fmt.Sprintf("Letters approved %s, mailed %s: %s between", delay.ReadyOn, delay.SentOn, count(delay.Days, "day", "days"))
	}
	if n := len(delay.Unexplained); n > 0 {
		text += fmt.Sprintf(", %d without a reason from %s on (record delay_reason)", n, delay.Unexplained[0])
	}
	p.say("%s", text)
	for _, r := range delay.Reasons {
		days := r.From.String()
		if r.To.After(r.From) {
			days += " to " + r.To.String()
		}
		p.say("  %s: %s (%s)", days, r.Text, r.By)
	}
}

func dueText(o casebook.ObligationStatus) string {
	if o.NoSetDay() {
		return "no set day"
	}
	if o.Due.IsZero() {
		return "not begun"
	}
	return o.Due.String()
}

func stands(o casebook.ObligationStatus) string {
	switch {
	case !o.SettledOn.IsZero() && o.DaysLate > 0:
		return "done " + o.SettledOn.String() + ", " + count(o.DaysLate, "day late", "days late")
	case !o.SettledOn.IsZero():
		return "done " + o.SettledOn.String()
	case o.DaysLate > 0:
		return count(o.DaysLate, "day late", "days late")
	case o.Late:
		return "late"
	case o.Stage != "":
		return "open, " + o.Stage
	}
	return "open"
}

func (p *program) printIncidents(lines []incidentLine, asCSV bool) error {
	if len(lines) == 0 && !asCSV {
		p.say("There is no incident. Start one with: %s", p.command("start", "CASE"))
		return nil
	}
	columns := []string{"INCIDENT", "PHASE", "DISCOVERED", "PRACTICES", "PEOPLE", "LATE", "WAITING", "NEXT DUE", "ENTITY"}
	several := len(lines) > 0 && lines[0].Environment != ""
	if several {
		columns = append([]string{"ENVIRONMENT"}, columns...)
	}
	t := p.table(columns...).leaveOut("DISCOVERED", "PEOPLE", "ENTITY", "PHASE")
	for _, l := range lines {
		cells := []any{l.Incident, l.Phase, l.Discovered, l.Practices, l.People, l.Late, l.NeedsPerson, l.NextDue, l.Entity}
		if several {
			cells = append([]any{l.Environment}, cells...)
		}
		t.row(cells...)
	}
	return t.write(asCSV)
}
