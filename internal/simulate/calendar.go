package simulate

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/plan"
)

// Calendar is what a simulation comes to: `simulate --json`. It holds days,
// counts and keys of practices, and nobody's data.
type Calendar struct {
	Incident string        `json:"incident"`
	Rulebook plan.Rulebook `json:"rulebook"`
	// From is the day on which the incident is started, Until the last day told.
	From  civil.Date `json:"from"`
	Until civil.Date `json:"until"`
	// Acts is how many acts the script has; 0 means that nobody acts.
	Acts      int        `json:"acts"`
	Totals    Totals     `json:"totals"`
	Events    []Event    `json:"events"`
	Practices []Practice `json:"practices"`
}

// Totals count over all practices.
type Totals struct {
	Practices   int `json:"practices"`
	Obligations int `json:"obligations"`
	Warnings    int `json:"warnings"`
	Missed      int `json:"missed"`
	Settled     int `json:"settled"`
	// NotDue are owed and have no day yet: what starts their clock did not happen.
	NotDue  int `json:"not_due"`
	Refused int `json:"refused"`
	Closed  int `json:"closed"`
}

// Practice is where a practice stands when the simulation ends.
type Practice struct {
	PracticeKey string         `json:"practice_key"`
	People      int            `json:"people"`
	Phase       casebook.Phase `json:"phase"`
	NeedsPerson string         `json:"needs_person"`
	Obligations []Obligation   `json:"obligations"`
	// first is what it owed when it was first planned.
	first []breach.Obligation
}

// Obligation is one thing owed, with what became of it.
type Obligation struct {
	Rule         string     `json:"rule"`
	Kind         string     `json:"kind"`
	Jurisdiction string     `json:"jurisdiction"`
	Recipient    string     `json:"recipient"`
	Form         string     `json:"form"`
	Count        int        `json:"count"`
	Due          civil.Date `json:"due"`
	SettledOn    civil.Date `json:"settled_on"`
	// Missed: its last day passed before it was settled.
	Missed bool `json:"missed"`
}

// FirstOwed gives each practice's obligations as they were first planned.
func (c *Calendar) FirstOwed(each func(practiceKey string, owed []breach.Obligation)) {
	for _, p := range c.Practices {
		each(p.PracticeKey, p.first)
	}
}

// bind makes the calendar of the parts' diaries and records.
func (c *Calendar) bind(ended []told) {
	all := newDiary()
	for _, t := range ended {
		for key, practices := range t.diary.entries {
			if all.entries[key] == nil {
				all.entries[key] = map[string]bool{}
			}
			maps.Copy(all.entries[key], practices)
		}
		for _, key := range t.keys {
			c.Practices = append(c.Practices, practiceOf(t.files[key]))
		}
	}
	slices.SortFunc(c.Practices, func(a, b Practice) int { return cmp.Compare(a.PracticeKey, b.PracticeKey) })
	c.Events = all.events(c.Until)
	c.count()
}

func practiceOf(f *file) Practice {
	p := Practice{
		PracticeKey: f.Practice.Practice.Key, People: f.Tally.People, Phase: f.Phase, NeedsPerson: f.standing.NeedsPerson,
		Obligations: []Obligation{}, first: f.first,
	}
	for _, o := range f.plan.Obligations {
		p.Obligations = append(p.Obligations, Obligation{
			Rule: o.Rule, Kind: o.Kind, Jurisdiction: o.Jurisdiction, Recipient: o.Recipient, Form: o.Form,
			Count: o.Count, Due: o.Due, SettledOn: o.SettledOn, Missed: f.missed[o.ID()] == o.Due && !o.Due.IsZero(),
		})
	}
	return p
}

// events lists the entries by day. What one part of the incident could do and
// another had nothing to do for is done.
func (d *diary) events(until civil.Date) []Event {
	done := map[string]bool{}
	for key := range d.entries {
		if key.event == EventAct {
			done[key.day.String()+key.title] = true
		}
	}
	list := make([]Event, 0, len(d.entries))
	for key, practices := range d.entries {
		if key.day.After(until) || key.event == EventRefused && practices[""] && done[key.day.String()+key.title] {
			continue
		}
		e := Event{
			Day: key.day, Event: key.event, Rule: key.rule, Jurisdiction: key.jurisdiction, Title: key.title, Citation: key.citation,
			Due: key.due, Stage: key.stage, Text: key.detail, PracticeKeys: []string{},
		}
		for _, practice := range slices.Sorted(maps.Keys(practices)) {
			if practice != "" {
				e.PracticeKeys = append(e.PracticeKeys, practice)
			}
		}
		e.Practices = len(e.PracticeKeys)
		list = append(list, e)
	}
	slices.SortFunc(list, func(a, b Event) int {
		return cmp.Or(
			a.Day.Compare(b.Day), cmp.Compare(slices.Index(eventOrder, a.Event), slices.Index(eventOrder, b.Event)),
			a.Due.Compare(b.Due), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Jurisdiction, b.Jurisdiction),
			cmp.Compare(a.Title, b.Title), cmp.Compare(a.Citation, b.Citation), cmp.Compare(a.Stage, b.Stage), cmp.Compare(a.Text, b.Text),
		)
	})
	return list
}

func (c *Calendar) count() {
	t := &c.Totals
	t.Practices = len(c.Practices)
	for _, p := range c.Practices {
		if p.Phase == casebook.PhaseClosed {
			t.Closed++
		}
		t.Obligations += len(p.Obligations)
		for _, o := range p.Obligations {
			switch {
			case !o.SettledOn.IsZero():
				t.Settled++
			case o.Due.IsZero():
				t.NotDue++
			}
			if o.Missed {
				t.Missed++
			}
		}
	}
	for _, e := range c.Events {
		switch e.Event {
		case EventWarning:
			t.Warnings += e.Practices
		case EventRefused:
			t.Refused += max(1, e.Practices)
		}
	}
}

func days(n int) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}
