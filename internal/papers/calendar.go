package papers

import (
	"fmt"
	"io"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// CalendarInput is what deadlines.ics is made of.
type CalendarInput struct {
	Incident breach.Incident
	Practice breach.Practice
	// Duties are all that the practice ever had.
	Duties []DatedDuty
	// MadeOn is the day the file is made: its events' DTSTAMP (RFC 5545, 3.8.7.2).
	MadeOn civil.Date
}

// DatedDuty is a duty as a calendar has to know it, which may have it from an
// earlier file.
type DatedDuty struct {
	breach.Obligation
	// Revision counts what was changed of it since it was first owed: its events'
	// SEQUENCE (RFC 5545, 3.8.7.4).
	Revision int
	// Dropped: it is owed no more. DoneOn is the day it was fulfilled, zero while it is open.
	Dropped bool
	DoneOn  civil.Date
	// DueBefore is the last day it had before Due, or zero.
	DueBefore civil.Date
}

// day is the day of the duty's event: the last one it had.
func (d DatedDuty) day() civil.Date {
	if d.Due.IsZero() {
		return d.DueBefore
	}
	return d.Due
}

// over says in a word why the duty's event is cancelled, "" where it is not.
func (d DatedDuty) over() string {
	switch {
	case d.Dropped:
		return "No longer owed"
	case !d.DoneOn.IsZero():
		return "Done"
	case d.Due.IsZero():
		return "No day yet"
	}
	return ""
}

// Open reports whether its event stands: it is owed, has a day and is not done.
func (d DatedDuty) Open() bool { return d.over() == "" }

// Calendar is deadlines.ics (RFC 5545): one all-day event for each obligation
// that has a last day, on that day, with alarms at nine in the morning of the
// days before. A later file replaces the events of an earlier one, by UID and
// SEQUENCE; what was in one and is over is cancelled in the next. It holds no
// patient data.
func Calendar(in CalendarInput) ([]byte, error) {
	calendar := newCalendar(in.Incident.ID, oneLine(in.Practice.Name()))
	if err := addEvents(calendar, in); err != nil {
		return nil, err
	}
	return []byte(calendar.Serialize(ics.WithNewLineWindows)), nil
}

// IncidentCalendar writes one calendar of several practices' deadlines, for the officer:
// the events of each practice's deadlines.ics, under the same UIDs, so that whoever
// takes in both has each of them once. each hands the practices to add, one after the
// other: what was added is written and let go, whatever their number.
func IncidentCalendar(w io.Writer, incidentID string, each func(add func(CalendarInput) error) error) error {
	whole := newCalendar(incidentID, "all practices")
	config := &ics.SerializationConfiguration{MaxLength: icsLine, PropertyMaxLength: icsLine, NewLine: string(ics.WithNewLineWindows)}
	if _, err := io.WriteString(w, "BEGIN:VCALENDAR"+config.NewLine); err != nil {
		return err
	}
	for i := range whole.CalendarProperties {
		if err := whole.CalendarProperties[i].SerializeTo(w, config); err != nil {
			return err
		}
	}
	err := each(func(in CalendarInput) error {
		var some ics.Calendar
		if err := addEvents(&some, in); err != nil {
			return err
		}
		for _, event := range some.Components {
			if err := event.SerializeTo(w, config); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, "END:VCALENDAR"+config.NewLine)
	return err
}

// icsLine is how many octets a line of a calendar has at most (RFC 5545, 3.1).
const icsLine = 75

func newCalendar(incidentID, of string) *ics.Calendar {
	calendar := ics.NewCalendar()
	calendar.SetProductId("-//Duenotice//Deadlines//EN")
	calendar.SetMethod(ics.MethodPublish)
	calendar.SetXWRCalName(fmt.Sprintf("Breach deadlines %s, %s", oneLine(incidentID), of))
	return calendar
}

// addEvents adds a practice's events.
func addEvents(calendar *ics.Calendar, in CalendarInput) error {
	if in.MadeOn.IsZero() {
		return fmt.Errorf("the deadlines of practice %s need the day they were made", in.Practice.Key)
	}
	practice := oneLine(in.Practice.Name())
	for _, d := range in.Duties {
		if d.day().IsZero() {
			continue
		}
		event := calendar.AddEvent(fmt.Sprintf("%s.%s.%s@duenotice.invalid", in.Incident.ID, in.Practice.Key, d.ID()))
		event.SetDtStampTime(in.MadeOn.Start(time.UTC))
		event.SetSequence(d.Revision)
		event.SetAllDayStartAt(d.day().Start(time.UTC))
		event.SetAllDayEndAt(d.day().AddDays(1).Start(time.UTC))
		event.SetDescription(fmt.Sprintf("Incident %s. %s. %s. To: %s. %s.", oneLine(in.Incident.ID), oneLine(d.Citation), oneLine(d.Clock), oneLine(d.Recipient), oneLine(d.Why)))
		event.SetTimeTransparency(ics.TransparencyTransparent)
		event.AddCategory("Breach notification")
		if over := d.over(); over != "" {
			event.SetStatus(ics.ObjectStatusCancelled)
			event.SetSummary(fmt.Sprintf("%s: %s, %s", over, what(d.Obligation), practice))
			continue
		}
		event.SetStatus(ics.ObjectStatusConfirmed)
		summary := fmt.Sprintf("Last day: %s, %s", what(d.Obligation), practice)
		event.SetSummary(summary)
		for _, days := range breach.WarningDays {
			alarm := event.AddAlarm()
			alarm.SetAction(ics.ActionDisplay)
			alarm.SetTrigger(fmt.Sprintf("-P%dDT15H", days-1))
			alarm.SetDescription(fmt.Sprintf("%s: %s", inDays(days), summary))
		}
	}
	return nil
}

func inDays(n int) string {
	if n == 1 {
		return "Tomorrow"
	}
	return fmt.Sprintf("In %d days", n)
}

// what is an obligation in an officer's words, with the agency it is owed to
// where its title does not name it.
func what(o breach.Obligation) string {
	words := oneLine(o.Title())
	to := oneLine(o.Recipient)
	if (o.Kind == breach.CRANotice || o.Kind == breach.FacilityNotice) && to != "" && !strings.Contains(words, to) {
		words += ", to " + to
	}
	return words
}
