package simulate

import (
	"time"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
)

// Kinds of event, in the order in which those of one day are told.
const (
	EventOwed    = "owed"    // planned for the first time, or since a fact is known
	EventMoved   = "moved"   // due on another day
	EventDropped = "dropped" // no longer owed
	EventNotice  = "notice"  // what became of the notice to a practice
	EventDefault = "default" // what a practice's contract makes of its silence
	EventPhase   = "phase"   // where a practice stands; what it waits for
	EventAct     = "act"     // what somebody of the script did
	EventRefused = "refused" // what somebody tried and may not
	EventPrinted = "printed" // letters
	EventSettled = "settled" // a recorded fact fulfils it
	EventWarning = "warning" // so many days are left
	EventDue     = "due"     // the last day has begun
	EventMissed  = "missed"  // the last day has passed
	EventClosed  = "closed"  // a practice has nothing left to do
)

var eventOrder = []string{
	EventAct, EventRefused, EventOwed, EventNotice, EventDefault, EventPrinted, EventSettled, EventMoved, EventDropped,
	EventMissed, EventDue, EventWarning, EventPhase, EventClosed,
}

// Event is something that happens on a day, to one practice or to several alike.
type Event struct {
	Day   civil.Date `json:"day"`
	Event string     `json:"event"`
	// Rule to Due name the obligation it is about; they are empty when it is about none.
	Rule         string     `json:"rule"`
	Jurisdiction string     `json:"jurisdiction"`
	Title        string     `json:"title"`
	Citation     string     `json:"citation"`
	Due          civil.Date `json:"due"`
	// Stage of a warning: "30 days" to "1 day".
	Stage string `json:"stage"`
	// Text says what an event without an obligation is about, or why.
	Text string `json:"text"`
	// Practices is how many it happens to, 0 when to the incident as a whole.
	Practices    int      `json:"practices"`
	PracticeKeys []string `json:"practice_keys"`
}

// about begins an event on an obligation.
func about(o breach.Obligation, event string) Event {
	return Event{Event: event, Rule: o.Rule, Jurisdiction: o.Jurisdiction, Title: o.Title(), Citation: o.Citation, Due: o.Due}
}

// same is what events have in common that are told as one.
type same struct {
	day, due                                                  civil.Date
	event, rule, jurisdiction, title, citation, stage, detail string
}

// diary gathers what happens, alike events of several practices in one entry.
type diary struct {
	entries map[same]map[string]bool // practices of each, "" for the incident
}

func newDiary() *diary { return &diary{entries: map[same]map[string]bool{}} }

// note enters an event of a practice on the day it is there.
func (d *diary) note(f *file, now time.Time, e Event) {
	e.Day = civil.OfTime(now.In(f.zone))
	d.enter(e, f.Practice.Practice.Key)
}

func (d *diary) enter(e Event, practice string) {
	key := same{e.Day, e.Due, e.Event, e.Rule, e.Jurisdiction, e.Title, e.Citation, e.Stage, e.Text}
	if d.entries[key] == nil {
		d.entries[key] = map[string]bool{}
	}
	d.entries[key][practice] = true
}

// planned enters what a practice owes from the first.
func (d *diary) planned(f *file, plan casebook.Plan, now time.Time) {
	for _, o := range plan.Obligations {
		d.note(f, now, about(o.Obligation, EventOwed))
		if !o.SettledOn.IsZero() {
			d.note(f, now, settled(o))
		}
	}
}

// replanned enters what a later plan changed.
func (d *diary) replanned(f *file, plan casebook.Plan, now time.Time) {
	before := map[string]casebook.PlannedObligation{}
	for _, o := range f.plan.Obligations {
		before[o.ID()] = o
	}
	for _, o := range plan.Obligations {
		was, there := before[o.ID()]
		delete(before, o.ID())
		switch {
		case !there:
			d.note(f, now, about(o.Obligation, EventOwed))
		case was.Due != o.Due:
			e := about(o.Obligation, EventMoved)
			if was.Due.IsZero() {
				e.Text = "its clock starts"
			} else {
				e.Text = "was due " + was.Due.String()
			}
			d.note(f, now, e)
		}
		if !o.SettledOn.IsZero() && was.SettledOn != o.SettledOn {
			d.note(f, now, settled(o))
		}
	}
	for _, o := range f.plan.Obligations {
		if _, gone := before[o.ID()]; gone {
			d.note(f, now, about(o.Obligation, EventDropped))
		}
	}
}

func settled(o casebook.PlannedObligation) Event {
	e := about(o.Obligation, EventSettled)
	if late := o.SettledOn.DaysSince(o.Due); !o.Due.IsZero() && late > 0 {
		e.Text = days(late) + " late"
	}
	return e
}
