package board

import (
	"fmt"
	"net/url"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

func (l look) table(id, caption, empty string, names ...string) *table {
	return &table{ID: id, Caption: caption, Empty: empty, Columns: columns(names...), CSV: l.csv(id)}
}

// headed is a table whose caption the heading above it says already.
func (t *table) headed() *table {
	t.Headed = true
	return t
}

func (l look) phases() (*table, *bars) {
	t := l.table("phases", "Practices by phase", "There is no practice.", "Phase", "Practices#", "Late#", "People#", "Oldest due")
	var of []quantity
	for _, c := range l.numbers.Status.Phases {
		t.row(named(string(c.Phase), l.filtered("phase="+url.QueryEscape(string(c.Phase)))), count(c.Practices), lateCount(c.Late), count(c.People), day(c.OldestDue, false))
		q := quantity{label: string(c.Phase), whole: c.Practices, part: c.Late, value: number(c.Practices)}
		if c.Late > 0 {
			q.value += fmt.Sprintf(" (%s late)", number(c.Late))
		}
		of = append(of, q)
	}
	s := l.numbers.Status
	desc := fmt.Sprintf("%s on day %d of %d; %s late. The table beside it has the numbers.", several(s.Practices, "practice", "practices"), s.DayOf60, breach.NoticeDays, number(s.Late))
	return t, drawBars("phases-chart", "late", "Practices by phase", desc, of)
}

func (l look) told() (*table, *burnDown) {
	t := l.table("told", "Practices whose patients are all told, by day", "No practice owes its patients notice.", "Day#", "On", "Told on that day#", "Still to tell#")
	days, all := burning(l.numbers.Told, l.numbers.Status.Discovered)
	if all == 0 {
		return t, nil
	}
	for _, d := range days {
		t.row(count(d.Day), day(d.On, false), count(d.Told), count(d.Remain))
	}
	return t, drawBurnDown(days, all, l.numbers.Status.Discovered, l.numbers.Status.AsOf)
}

func (l look) waits() *table {
	t := l.table("waits", "For whom it waits", "Nothing waits for anybody.", "Waits for", "What", "How many#", "Late#", "First due", "(Kind)").headed()
	for _, g := range l.groups() {
		link := ""
		if g.Phase != "" {
			link = l.filtered("phase=" + url.QueryEscape(string(g.Phase)))
		}
		what := words(g.What)
		what.Link = link
		t.row(named(g.Whom, ""), what, count(g.Count), lateCount(g.Late), day(g.Due, false), named(g.Kind, ""))
	}
	return t
}

func (l look) ladder() (*table, *bars, *table) {
	steps := l.table("ladder", "Practices by the number of people HHS is told of", "No practice owes HHS a notice.", "People", "Practices#", "With the letters#", "By the yearly log#", "(From)")
	near := l.table("near-500", fmt.Sprintf("Closest to %d people", ladder.Line), fmt.Sprintf("No practice has from %d through %d people.", ladder.Least, ladder.Most),
		"Practice", "Name", "People#", "HHS is told", "Due", "Done")
	var of []quantity
	for i, step := range l.numbers.Ladder {
		if step.Practices == 0 && !nearLine(step.From) {
			continue
		}
		label := number(step.From) + " and more"
		if i+1 < len(l.numbers.Ladder) {
			label = number(step.From) + " to " + number(l.numbers.Ladder[i+1].From-1)
		}
		steps.row(words(label), count(step.Practices), count(step.Immediate), count(step.Practices-step.Immediate), count(step.From))
		of = append(of, quantity{label: label, whole: step.Practices, part: step.Immediate, value: number(step.Practices)})
	}
	for _, n := range l.numbers.Near {
		how := "by the yearly log"
		if n.Immediate {
			how = "with the letters"
		}
		near.row(named(n.PracticeKey, l.practice(n.PracticeKey)), words(n.Name), count(n.Count), words(how), day(n.Due, false), day(n.SettledOn, false))
	}
	if len(of) == 0 || sum(l.numbers.Ladder) == 0 {
		steps.Rows = nil
		return steps, nil, near
	}
	desc := fmt.Sprintf("From %d people on, HHS is told with the letters; below, by the log after the year's end. The hatched part is told with the letters.", ladder.Line)
	return steps, drawBars("ladder-chart", "at-once", fmt.Sprintf("The ladder of practices around %d people", ladder.Line), desc, of), near
}

func sum(steps []casebook.LadderStep) (practices int) {
	for _, s := range steps {
		practices += s.Practices
	}
	return practices
}

// nearLine reports whether a step is shown also when nobody stands on it.
func nearLine(from int) bool { return from >= ladder.Least && from <= ladder.Most }

func (l look) media() *table {
	t := l.table("media", "States with a media duty", "In no State is there a duty to tell the media.", "State", "Duties#", "Open#", "Late#", "First due", "Most people#").headed()
	for _, m := range l.numbers.Media {
		t.row(named(m.State, ""), count(m.Duties), count(m.Open), lateCount(m.Late), day(m.Due, false), count(m.Most))
	}
	return t
}

func (l look) account() *table {
	t := l.table("account", "Where everybody stands", "Nobody is on a list.", "State", "People#", "Why", "(Code)").headed()
	for _, row := range casebook.RowsOf(l.numbers.Status.Account.Lines) {
		t.row(words(row.State.Words()), count(row.People), words(row.Why(number)), named(string(row.State), ""))
	}
	return t
}

func (l look) letters() *table {
	t := l.table("letters", "Letters", "", "What", "How many#")
	c := l.numbers.Status.Letters
	t.row(words("findings on the lists"), count(c.Findings))
	t.row(words(fmt.Sprintf("letters printed, %s in %s", several(c.Pages, "page", "pages"), several(c.Batches, "batch", "batches"))), count(c.Letters))
	for _, line := range []struct {
		words string
		n     int
	}{
		{"joined into another practice's letter", c.Joined}, {"held back, and still owed", c.Held}, {"without a usable address", c.Unaddressable},
		{"the practice writes itself, or has not said", c.NotDelegated}, {"not yet approved, or being printed", c.NotYetApproved},
		{"not protected (dead for more than 50 years)", c.NotProtected}, {"told in another way", c.ToldOtherwise}, {"of the letters, came back", c.Returned},
	} {
		t.row(words(line.words), count(line.n))
	}
	return t
}

func (l look) returns() *table {
	t := l.table("returns", "Letters that came back, by reason", "No letter came back.", "Reason", "Letters#")
	for _, r := range l.numbers.Returns {
		reason := r.Reason
		if reason == "" {
			reason = "not given"
		}
		t.row(words(reason), count(r.Letters))
	}
	return t
}

func (l look) notices() *table {
	t := l.table("notices", "Notices to practices that a person must see to", "Every notice to a practice is on its way or arrived.", "What became of it", "Practices#").headed()
	c := l.numbers.Status.Notices
	for _, line := range []struct {
		words string
		n     int
	}{
		{"kept back until notify is given", c.KeptBack}, {casebook.NoticeWords(casebook.MessageToSend), c.ToSend}, {"cannot be handed over: " + c.StoppedBy, c.Stopped},
		{casebook.NoticeWords(casebook.MessageRejected), c.Refused}, {casebook.NoticeWords(casebook.MessageBounced), c.Bounced},
		{casebook.NoticeWords(casebook.MessageUnknown), c.Unknown}, {casebook.NoticeWords(casebook.MessageNoEmail), c.NoEmail},
	} {
		if line.n > 0 {
			t.row(words(line.words), count(line.n))
		}
	}
	return t
}

func (l look) troubleTable() *table {
	t := l.table("troubles", "What the program could not do", "Nothing.", "What", "Since", "Tries#", "Do").headed()
	t.List = true
	for _, trouble := range l.troubles {
		t.row(words(trouble.Text()), moment(l.moment(trouble.Since)), count(trouble.Times), words(trouble.Todo))
	}
	return t
}

// urgentTable are the practices that are first in the order of due days.
func (l look) urgentTable() *table {
	t := practiceTable(l.places, l.urgent)
	t.ID, t.Caption, t.Empty, t.CSV = "urgent", "Late, or due within seven days: the first", "Nothing is late or due within seven days.", ""
	return t
}

// practiceTable lists practices.
func practiceTable(at places, lines []casebook.PracticeLine) *table {
	t := &table{
		Headed: true, List: true, ID: "practices", Caption: "Practices", Empty: "No practice is like that.", CSV: at.csv("practices"),
		Columns: columns("Practice", "Name", "Phase", "Next due", "Waits for", "People#", "(Late)", "(Delegation)", "(Notice)"),
	}
	for _, p := range lines {
		needs := words(p.NeedsPerson)
		if p.NeedsPerson == "" {
			needs.Text = "–"
		}
		t.row(named(p.Key, at.practice(p.Key)), words(p.Name), named(string(p.Phase), ""), day(p.NextDue, p.Late), needs, count(p.People),
			yes(p.Late), named(p.Delegation, ""), named(p.Notice, ""))
	}
	return t
}

// heldTable lists letters that are held back or came back, by practice.
func heldTable(at places, lines []casebook.HeldLine) *table {
	t := &table{
		Headed: true, List: true, ID: "held", Caption: "Letters held back and returned, by practice", Empty: "No letter is held back, and none came back.", CSV: at.csv("held"),
		Columns: columns("Practice", "Name", "State", "Why", "People#", "(Code)"),
	}
	for _, h := range lines {
		why := ""
		for _, row := range casebook.RowsOf(account.Account{{State: h.State, Why: h.Why, People: h.People}}) {
			why = row.Why(number)
		}
		t.row(named(h.PracticeKey, at.practice(h.PracticeKey)), words(h.Name), words(h.State.Words()), words(why), count(h.People), named(string(h.State), ""))
	}
	return t
}
