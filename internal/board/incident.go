package board

import (
	"fmt"
	"time"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/openitems"
)

// frame is what every page has.
type frame struct {
	Title string
	// Crumbs lead back, the outermost first.
	Crumbs []Link
	Menu   []Link
	// AsOf is the moment of which the page tells.
	AsOf string
	// Alone says that the page is a file by itself, with its style in it.
	Alone bool
	Body  string
}

func (b *Board) frame(title string, crumbs ...Link) frame {
	return frame{Title: title, Crumbs: append([]Link{{"Incidents", base}}, crumbs...), Menu: b.Menu, AsOf: b.moment(b.Now())}
}

func (s Surroundings) moment(at time.Time) string {
	return at.In(s.Zone).Format("2006-01-02 15:04:05 MST")
}

// places are the addresses of an incident's pages; in a file there
// are only those within it.
type places struct {
	incident string
	alone    bool
	// within are the practices of which a file tells the story.
	within map[string]bool
}

func (p places) page(name string) string {
	if p.alone {
		return ""
	}
	return base + p.incident + "/" + name
}

func (p places) practice(key string) string {
	if p.within[key] {
		return "#p-" + key
	}
	return p.page("practice/" + key)
}

func (p places) csv(name string) string { return p.page("csv/" + name + ".csv") }

// alarm is what has to be seen before anything else.
type alarm struct{ Words, Detail, Do string }

// figure is a number to be seen at a glance.
type figure struct{ Name, Value, Note, Class, Link string }

// incidentPage is one incident's board.
type incidentPage struct {
	frame
	Incident, Entity, Phase string
	Discovered, Limit       civil.Date
	Alarms                  []alarm
	Figures                 []figure
	Holds                   []string
	PhaseChart, LadderChart *bars
	ToldChart               *burnDown
	// ToldOpen shows the days beside their chart at once, where they are few or in a file.
	ToldOpen                bool
	Phases, Told, Urgent    *table
	Waits, Ladder, Near     *table
	Media, Account, Letters *table
	Returns, Notices        *table
	Opened                  *table
	Troubles                *table
	Practices, Open, Held   string
	Temporal                string
	// AccountWrong says that the account does not have everybody, AccountSum what it is of.
	AccountWrong bool
	AccountSum   string
	// All and Items are in a file: its practices, and what waits. Stories are those of
	// each practice, and LeftOut says what they do not tell.
	All, Items *table
	Stories    []story
	LeftOut    string
	// AllLeft and ItemsLeft say where the rest of All and of Items is, "" where they are all.
	AllLeft, ItemsLeft string
}

// tables are those that have an address as CSV.
func (p *incidentPage) tables() []*table {
	return []*table{p.Phases, p.Told, p.Waits, p.Ladder, p.Near, p.Media, p.Account, p.Letters, p.Returns, p.Notices, p.Opened, p.Troubles}
}

// look is what a page of an incident is made from.
type look struct {
	Surroundings
	places
	numbers  casebook.Board
	watch    casebook.Watch
	troubles []casebook.Trouble
	urgent   []casebook.PracticeLine
}

func (l look) page() *incidentPage {
	s := l.numbers.Status
	page := &incidentPage{
		Incident: s.Incident, Entity: s.Entity, Phase: s.Phase, Discovered: s.Discovered, Limit: s.Discovered.AddDays(breach.NoticeDays),
		Practices: l.places.page("practices"), Open: l.places.page("open"), Held: l.places.page("held"),
		AccountWrong: !s.Account.AddsUp, AccountSum: several(s.Account.Findings, "finding", "findings"),
	}
	page.Title, page.AsOf, page.Alone = "Incident "+s.Incident, l.moment(l.numbers.At), l.alone
	page.Alarms, page.Figures = l.alarms(), l.figures()
	for _, h := range s.Holds {
		page.Holds = append(page.Holds, holdWords(h))
	}
	page.Phases, page.PhaseChart = l.phases()
	page.Told, page.ToldChart = l.told()
	page.ToldOpen = l.alone || len(page.Told.Rows) <= 12
	page.Urgent = l.urgentTable()
	page.Waits = l.waits()
	page.Ladder, page.LadderChart, page.Near = l.ladder()
	page.Media = l.media()
	page.Account, page.Letters, page.Returns = l.account(), l.letters(), l.returns()
	page.Notices, page.Opened, page.Troubles = l.notices(), l.opened(), l.troubleTable()
	return page
}

func holdWords(h breach.Hold) string {
	text := fmt.Sprintf("%s, stated on %s by %s, %s", h.Kind, h.StatedOn, h.Official, h.Agency)
	if !h.Until.IsZero() {
		text += ", until " + h.Until.String()
	}
	if !h.ReleasedOn.IsZero() {
		text += "; released on " + h.ReleasedOn.String()
	}
	return text
}

func (l look) alarms() []alarm {
	var list []alarm
	s := l.numbers.Status
	if text := l.watch.Text(l.Zone); text != "" {
		list = append(list, alarm{"Nothing is watched", text, l.Command("doctor")})
	}
	if !s.Account.AddsUp {
		accounted := s.Account.Lines.Total() - s.Account.Lines.In("left")
		list = append(list, alarm{
			"The account does not add up",
			fmt.Sprintf("%s on the lists, %s accounted for. Mail nothing and record nothing for: %s. Restore the last backup, or report this: it is a fault of the program.",
				several(s.Account.Findings, "finding is", "findings are"), number(accounted), listed(s.Account.DoNotAddUp)),
			l.Command("status", s.Incident),
		})
	}
	return list
}

// listed names keys; the store names twenty at most.
func listed(keys []string) string {
	text := ""
	for i, k := range keys {
		if i > 0 {
			text += ", "
		}
		text += k
	}
	return text
}

func (l look) figures() []figure {
	s := l.numbers.Status
	dayNote := fmt.Sprintf("%s left, until %s", several(breach.NoticeDays-s.DayOf60, "day", "days"), s.Discovered.AddDays(breach.NoticeDays))
	dayClass := ""
	if s.DayOf60 > breach.NoticeDays {
		dayNote, dayClass = fmt.Sprintf("%s since %s", several(s.DayOf60-breach.NoticeDays, "day", "days"), s.Discovered.AddDays(breach.NoticeDays)), "late"
	}
	open := s.Practices - s.In(casebook.PhaseClosed)
	list := []figure{
		{Name: fmt.Sprintf("Day of %d", breach.NoticeDays), Value: number(s.DayOf60), Note: dayNote, Class: dayClass},
		{Name: "Practices open", Value: number(open), Note: "of " + number(s.Practices), Link: l.places.page("practices")},
		{Name: "Different people", Value: number(s.People), Note: several(s.Account.Findings, "finding", "findings") + " on the lists"},
		{Name: "Practices late", Value: number(s.Late), Note: doneLate(s), Class: lateCount(s.Late).Class, Link: l.filtered("show=late")},
		{Name: "Due within 7 days", Value: number(l.numbers.DueSoon), Note: "practices with nothing late", Link: l.filtered("show=soon")},
		{Name: "Wait for a person", Value: number(s.NeedsPerson), Note: "practices", Link: l.filtered("show=waiting")},
	}
	if n := l.numbers.DueSoon; n > 0 {
		list[4].Class = "soon"
	}
	return list
}

func (l look) filtered(query string) string {
	if l.alone {
		return ""
	}
	return l.places.page("practices?" + query)
}

func doneLate(s casebook.Status) string {
	if s.DoneLate == 0 {
		return "and nothing was done late"
	}
	return fmt.Sprintf("%s done late, by %s in all", several(s.DoneLate, "duty was", "duties were"), several(s.DoneLateDays, "day", "days"))
}

// groups are what waits for whom, counted.
func (l look) groups() []openitems.Group {
	numbers := l.numbers
	numbers.Status.Troubles = l.troubles
	return openitems.Groups(numbers)
}
