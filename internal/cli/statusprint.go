package cli

import (
	"fmt"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

// printStatus is the one screen of status.
func (s *session) printStatus(status casebook.Status, f statusFlags) error {
	p := s.p
	p.say("%s   %s   %s", p.paint(p.Out, bold, "Incident "+status.Incident), status.AsOf, p.dayBar(status.DayOf60))
	p.say("%s   %s   %s, %s\n", status.Entity, status.Phase, count(status.Practices, "practice", "practices"), count(status.People, "different person", "different people"))
	if f.details() {
		if err := p.printDetails(status.Details, f.practice != ""); err != nil {
			return err
		}
	} else if err := p.printPhases(status); err != nil {
		return err
	}
	p.printLetters(status.Letters)
	for _, h := range status.Holds {
		p.say("HOLD %s, stated on %s by %s, %s%s", h.Kind, h.StatedOn, h.Official, h.Agency, holdEnd(h))
	}
	late := fmt.Sprintf("LATE %d", status.Late)
	if status.Late > 0 {
		late = p.paint(p.Out, red, late) + "   " + p.command("status", status.Incident, "--late")
	}
	p.say("%s", late)
	if status.DoneLate > 0 {
		p.say("DONE LATE %s, by %s in all (45 CFR 160.406)", count(status.DoneLate, "duty", "duties"), count(status.DoneLateDays, "day", "days"))
	}
	p.printHints(status)
	if status.TemporalUI != "" {
		p.say("Temporal UI: %s   (to log in: %s)", status.TemporalUI, p.command("ui", status.Incident))
	}
	return nil
}

func holdEnd(h breach.Hold) string {
	switch {
	case !h.ReleasedOn.IsZero():
		return ", released on " + h.ReleasedOn.String()
	case !h.Until.IsZero():
		return ", until " + h.Until.String()
	}
	return ""
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

func (p *program) printPhases(status casebook.Status) error {
	t := table(p.Out)
	fmt.Fprintln(t, "PHASE\tPRACTICES\tPEOPLE\tOLDEST DUE")
	practices, people := 0, 0
	for _, c := range status.Phases {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", c.Phase, number(c.Practices), number(c.People), dash(c.OldestDue.String()))
		practices, people = practices+c.Practices, people+c.People
	}
	fmt.Fprintf(t, "total\t%s\t%s\t%s\n", number(practices), number(people), dash(status.NextDue.String()))
	return t.Flush()
}

func (p *program) printLetters(l casebook.LetterCounts) {
	p.say("\nLETTERS %s on %s in %s, of %s", number(l.Letters), count(l.Pages, "page", "pages"),
		count(l.Batches, "batch", "batches"), count(l.Findings, "finding", "findings"))
	if l.Returned > 0 {
		p.say("        of them came back: %s", number(l.Returned))
	}
	var rest []string
	for _, part := range []struct {
		n    int
		text string
	}{
		{l.Joined, "joined into another's letter"}, {l.NotYetApproved, "not yet approved"}, {l.NotDelegated, "not delegated"},
		{l.Unaddressable, "without a usable address"}, {l.Held, "held back"}, {l.NotProtected, "dead for more than 50 years"},
	} {
		if part.n > 0 {
			rest = append(rest, number(part.n)+" "+part.text)
		}
	}
	if len(rest) > 0 {
		p.say("        %s", strings.Join(rest, ", "))
	}
}

// printHints says what waits for the person, with the command to give.
func (p *program) printHints(status casebook.Status) {
	if status.NeedsPerson == 0 {
		p.say("WAITING FOR YOU nothing at once")
	} else {
		p.say("WAITING FOR YOU %s", p.paint(p.Out, yellow, count(status.NeedsPerson, "practice", "practices")))
	}
	for _, c := range status.Phases {
		if hint := phaseHint[c.Phase]; hint != nil {
			p.say("  %s, %s: %s", c.Phase, number(c.Practices), hint(p, status.Incident, status.AsOf))
		}
	}
}

// printDetails lists practices; whole shows everything each owes.
func (p *program) printDetails(list []casebook.PracticeStatus, whole bool) error {
	if len(list) == 0 {
		p.say("No practice.")
		return nil
	}
	if whole {
		for _, d := range list {
			if err := p.printPractice(d); err != nil {
				return err
			}
		}
		return nil
	}
	t := table(p.Out)
	fmt.Fprintln(t, "PRACTICE\tPEOPLE\tPHASE\tNEXT DUE\tNAME")
	for _, d := range list {
		next := ""
		for _, o := range d.Obligations {
			if o.SettledOn.IsZero() && !o.Due.IsZero() && (next == "" || o.Due.String() < next) {
				next = o.Due.String()
			}
		}
		if d.Late {
			next = p.paint(p.Out, red, "late ") + next
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", d.Key, number(d.People), d.Phase, dash(next), d.Name)
	}
	return t.Flush()
}

func (p *program) printPractice(d casebook.PracticeStatus) error {
	p.say("%s   %s", p.paint(p.Out, bold, "Practice "+d.Key), d.Name)
	p.say("%s   phase: %s   delegation: %s   notice to it: %s", count(d.People, "person", "people"), d.Phase,
		firstSet(d.Delegation, "not answered"), firstSet(d.Notice, "not yet"))
	if len(d.Approvals) > 0 {
		p.say("Letters approved by: %s", strings.Join(d.Approvals, ", "))
	}
	if d.NeedsPerson != "" {
		p.say("Waits for: %s", d.NeedsPerson)
	}
	p.printDelay(d.Delay)
	for _, w := range d.Warnings {
		p.say("Look at: %s (%s)", w.Message, w.Code)
	}
	t := table(p.Out)
	fmt.Fprintln(t, "\nDUE\tSTANDS\tWHAT\tPEOPLE\tUNDER")
	for _, o := range d.Obligations {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", dueText(o), stands(o), o.Title(), number(o.Count), o.Citation)
	}
	return t.Flush()
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
	if o.Form == breach.FormKept || o.Form == breach.FormAddendum {
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

func (p *program) printIncidents(lines []incidentLine) error {
	if len(lines) == 0 {
		p.say("There is no incident. Start one with: %s", p.command("start", "CASE"))
		return nil
	}
	t := table(p.Out)
	several := lines[0].Environment != ""
	if several {
		fmt.Fprint(t, "ENVIRONMENT\t")
	}
	fmt.Fprintln(t, "INCIDENT\tPHASE\tDISCOVERED\tPRACTICES\tPEOPLE\tLATE\tWAITING\tNEXT DUE\tENTITY")
	for _, l := range lines {
		if several {
			fmt.Fprintf(t, "%s\t", l.Environment)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%d\t%d\t%s\t%s\n", l.Incident, l.Phase, l.Discovered, number(l.Practices), number(l.People),
			l.Late, l.NeedsPerson, dash(l.NextDue.String()), l.Entity)
	}
	return t.Flush()
}
