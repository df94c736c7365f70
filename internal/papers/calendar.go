package papers

import (
	"fmt"
	"time"

	ics "github.com/arran4/golang-ical"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// Calendar is deadlines.ics (RFC 5545): one all-day event for each obligation
// that has a last day, on that day, with alarms at nine in the morning of the
// days before. A later file replaces the events of an earlier one, by UID. It
// holds no patient data.
func Calendar(incident breach.Incident, practice breach.Practice, obligations []breach.Obligation, stamp civil.Date) ([]byte, error) {
	if stamp.IsZero() {
		return nil, fmt.Errorf("the deadlines of practice %s need the day they were made", practice.Key)
	}
	calendar := ics.NewCalendar()
	calendar.SetProductId("-//Duenotice//Deadlines//EN")
	calendar.SetMethod(ics.MethodPublish)
	calendar.SetXWRCalName(fmt.Sprintf("Breach deadlines %s, %s", oneLine(incident.ID), oneLine(practice.Name())))
	seen := map[string]int{}
	for _, o := range obligations {
		if o.Due.IsZero() {
			continue
		}
		uid := fmt.Sprintf("%s.%s.%s", incident.ID, practice.Key, o.ID())
		// Two agencies of one State share a rule's ID; their order is the rulebook's.
		if seen[uid]++; seen[uid] > 1 {
			uid = fmt.Sprintf("%s.%d", uid, seen[uid])
		}
		event := calendar.AddEvent(uid + "@duenotice.invalid")
		event.SetDtStampTime(stamp.Start(time.UTC))
		event.SetAllDayStartAt(o.Due.Start(time.UTC))
		event.SetAllDayEndAt(o.Due.AddDays(1).Start(time.UTC))
		summary := fmt.Sprintf("Last day: %s, %s", what(o), oneLine(practice.Name()))
		event.SetSummary(summary)
		event.SetDescription(fmt.Sprintf("Incident %s. %s. %s. To: %s. %s.", oneLine(incident.ID), oneLine(o.Citation), oneLine(o.Clock), oneLine(o.Recipient), oneLine(o.Why)))
		event.SetTimeTransparency(ics.TransparencyTransparent)
		event.AddCategory("Breach notification")
		for _, days := range breach.WarningDays {
			alarm := event.AddAlarm()
			alarm.SetAction(ics.ActionDisplay)
			alarm.SetTrigger(fmt.Sprintf("-P%dDT15H", days-1))
			alarm.SetDescription(fmt.Sprintf("%s: %s", inDays(days), summary))
		}
	}
	return []byte(calendar.Serialize(ics.WithNewLineWindows)), nil
}

func inDays(n int) string {
	if n == 1 {
		return "Tomorrow"
	}
	return fmt.Sprintf("In %d days", n)
}

// what is an obligation in an officer's words, with whom it is owed to.
func what(o breach.Obligation) string {
	words := o.Title()
	if o.Kind == breach.RegulatorNotice || o.Kind == breach.CRANotice || o.Kind == breach.FacilityNotice {
		words += ", to " + oneLine(o.Recipient)
	}
	if o.Regime == "part2" {
		words += ", 42 CFR Part 2"
	}
	return words
}
