package papers_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	ics "github.com/arran4/golang-ical"
	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/cases"
	"duenotice/internal/civil"
	"duenotice/internal/papers"
)

// event is what of an event of deadlines.ics a calendar goes by.
type event struct{ start, sequence, status, summary string }

func eventsOf(t *testing.T, in papers.CalendarInput) map[string]event {
	t.Helper()
	raw, err := papers.Calendar(in)
	require.NoError(t, err)
	again, err := papers.Calendar(in)
	require.NoError(t, err)
	require.Equal(t, raw, again)
	require.Equal(t, bytes.Count(raw, []byte("\n")), bytes.Count(raw, []byte("\r\n")), "RFC 5545 lines end in CRLF")
	for line := range strings.SplitSeq(string(raw), "\r\n") {
		require.LessOrEqual(t, len(line), 75, "RFC 5545 lines have at most 75 octets")
	}
	calendar, err := ics.ParseCalendar(bytes.NewReader(raw))
	require.NoError(t, err)
	events := map[string]event{}
	for _, e := range calendar.Events() {
		start, err := e.GetAllDayStartAt()
		require.NoError(t, err)
		stamp, err := e.GetDtStampTime()
		require.NoError(t, err)
		require.Equal(t, in.MadeOn.String(), stamp.Format("2006-01-02"))
		value := func(p ics.ComponentProperty) string { return e.GetProperty(p).Value }
		events[e.Id()] = event{start.Format("2006-01-02"), value(ics.ComponentPropertySequence), value(ics.ComponentPropertyStatus), value(ics.ComponentPropertySummary)}
		alarms := 5
		if value(ics.ComponentPropertyStatus) == "CANCELLED" {
			alarms = 0
		}
		require.Len(t, e.Alarms(), alarms)
	}
	require.Len(t, events, len(calendar.Events()), "each event has its own UID")
	return events
}

func TestCalendarHasOneEventForEachDatedObligation(t *testing.T) {
	t.Parallel()
	in := exampleCalendar()
	// Two agencies of one State.
	for _, agency := range []string{"Attorney General", "State Police"} {
		in.Duties = append(in.Duties, papers.DatedDuty{Obligation: breach.Obligation{
			Rule: "state.ny.899_aa.regulator." + strings.ToLower(strings.Fields(agency)[0]), Kind: breach.RegulatorNotice, Regime: "state",
			Jurisdiction: "NY", Recipient: agency, Due: may1,
		}})
	}
	events := eventsOf(t, in)
	require.Len(t, events, 7, "one event has no day")
	require.Equal(t, event{"2026-05-15", "0", "CONFIRMED", "Last day: Media notice (VA), Oak Street Family Medicine"}, events["EX-2026-03.P1.hipaa.164.406.media.VA@duenotice.invalid"])
	for id, e := range events {
		require.Equal(t, 1, strings.Count(e.summary, ", "), "%s: %q says something twice", id, e.summary)
		require.LessOrEqual(t, strings.Count(strings.ToLower(e.summary), "part 2"), 1)
	}
	in.MadeOn = civil.Date{}
	_, err := papers.Calendar(in)
	require.Error(t, err)
}

// A later file changes what an earlier one put into somebody's calendar.
func TestALaterCalendarMovesAndCancels(t *testing.T) {
	t.Parallel()
	c, refused, _ := checkCase(t, cases.Folder(t, "ics-update"))
	require.False(t, refused)
	in := papers.CalendarInput{Incident: c.Incident, Practice: c.Practices[0], Duties: datedOnce(exampleObligations()[1:5]), MadeOn: may1}
	in.Duties[3].Regime = breach.Part2
	before := eventsOf(t, in)

	later := in
	later.MadeOn = may1.AddDays(7)
	later.Duties = append([]papers.DatedDuty{}, in.Duties...)
	moved, done, dropped, undated := &later.Duties[0], &later.Duties[1], &later.Duties[2], &later.Duties[3]
	moved.Due, moved.Revision = civil.MustParse("2026-06-20"), 1
	done.DoneOn, done.Revision = may1, 1
	dropped.Dropped, dropped.Revision = true, 2
	undated.DueBefore, undated.Due, undated.Revision = undated.Due, civil.Date{}, 1
	after := eventsOf(t, later)

	uid := func(d *papers.DatedDuty) string { return "ICS-UPDATE.P1." + d.ID() + "@duenotice.invalid" }
	for id := range before {
		require.Contains(t, after, id, "the same UIDs")
	}
	require.Equal(t, "2026-06-20", after[uid(moved)].start)
	require.Equal(t, "CONFIRMED", after[uid(moved)].status)
	require.Equal(t, "1", after[uid(moved)].sequence)
	require.Equal(t, "CANCELLED", after[uid(done)].status)
	require.Contains(t, after[uid(done)].summary, "Done: Substitute notice")
	require.Equal(t, "CANCELLED", after[uid(dropped)].status)
	require.Equal(t, "2", after[uid(dropped)].sequence)
	require.Contains(t, after[uid(dropped)].summary, "No longer owed: Media notice (VA)")
	require.Equal(t, "CANCELLED", after[uid(undated)].status)
	require.Equal(t, before[uid(undated)].start, after[uid(undated)].start)
	require.Contains(t, after[uid(undated)].summary, "No day yet: HHS notice (42 CFR part 2), Clínica São José")
}

// The officer's calendar has the events of the practices' own, so that whoever takes
// in both has each of them once.
func TestTheIncidentsCalendarHasThePracticesEvents(t *testing.T) {
	t.Parallel()
	first := exampleCalendar()
	second := first
	second.Practice.Key, second.Practice.LegalName, second.Practice.DBA = "P2", "Elm Pediatrics", ""
	second.Duties = append([]papers.DatedDuty{}, first.Duties...)
	second.Duties[1].DoneOn, second.Duties[1].Revision = may1, 3
	write := func(w io.Writer) error {
		return papers.IncidentCalendar(w, first.Incident.ID, func(add func(papers.CalendarInput) error) error {
			return errors.Join(add(first), add(second))
		})
	}
	var raw bytes.Buffer
	require.NoError(t, write(&raw))
	for line := range strings.SplitSeq(raw.String(), "\r\n") {
		require.LessOrEqual(t, len(line), 75, "RFC 5545 lines have at most 75 octets")
	}
	both, err := ics.ParseCalendar(bytes.NewReader(raw.Bytes()))
	require.NoError(t, err)
	events := map[string]string{}
	for _, e := range both.Events() {
		events[e.Id()] = e.Serialize(&ics.SerializationConfiguration{MaxLength: 75, NewLine: "\n", PropertyMaxLength: 75})
	}
	require.Len(t, events, len(both.Events()), "each event has its own UID")
	own := 0
	for _, in := range []papers.CalendarInput{first, second} {
		raw, err := papers.Calendar(in)
		require.NoError(t, err)
		calendar, err := ics.ParseCalendar(bytes.NewReader(raw))
		require.NoError(t, err)
		for _, e := range calendar.Events() {
			own++
			require.Equal(t, e.Serialize(&ics.SerializationConfiguration{MaxLength: 75, NewLine: "\n", PropertyMaxLength: 75}), events[e.Id()])
			require.Contains(t, e.GetProperty(ics.ComponentPropertySummary).Value, in.Practice.Name())
		}
	}
	require.Len(t, events, own)
	second.MadeOn = civil.Date{}
	require.Error(t, write(io.Discard))
}

// TestTheCalendarTellsTheTwoReportsToHHSApart: under HIPAA and under 42 CFR part 2.
func TestTheCalendarTellsTheTwoReportsToHHSApart(t *testing.T) {
	t.Parallel()
	in := exampleCalendar()
	in.Duties = nil
	for _, regime := range []string{"hipaa", breach.Part2} {
		for _, form := range []string{breach.FormImmediate, breach.FormAnnualLog, breach.FormAddendum} {
			in.Duties = append(in.Duties, papers.DatedDuty{Obligation: breach.Obligation{Rule: regime + "." + form, Kind: breach.HHSNotice, Regime: regime, Form: form, Jurisdiction: "US", Due: may1}})
		}
	}
	seen := map[string]bool{}
	for _, e := range eventsOf(t, in) {
		seen[e.summary] = true
	}
	require.Len(t, seen, 6)
}
