package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/rules"
)

func TestWhichFactsSettleWhichObligation(t *testing.T) {
	t.Parallel()
	f := func(kind, on, jurisdiction string) breach.Fact {
		return breach.Fact{Kind: kind, On: day(on), Jurisdiction: jurisdiction}
	}
	conspicuous := breach.Obligation{Kind: breach.SubstituteNotice, Form: breach.FormConspicuous, Jurisdiction: "US"}
	alternative := breach.Obligation{Kind: breach.SubstituteNotice, Form: breach.FormAlternative, Jurisdiction: "US"}
	owed := func(kind, jurisdiction string) breach.Obligation {
		return breach.Obligation{Kind: kind, Jurisdiction: jurisdiction, Regime: "hipaa"}
	}
	agency := func(id string) breach.Obligation {
		return breach.Obligation{Rule: "state.ny.regulator." + id, Kind: breach.RegulatorNotice, Jurisdiction: "NY", Regime: "state"}
	}
	kept := breach.Obligation{Kind: breach.SubstituteNotice, Form: breach.FormKept, Jurisdiction: "US"}
	department := breach.Obligation{Rule: "state.ca.facility.department", Kind: breach.FacilityNotice, Form: breach.FormDepartment, Jurisdiction: "CA", Regime: "state"}
	patients := breach.Obligation{Rule: "state.ca.facility.patient", Kind: breach.FacilityNotice, Form: breach.FormPatient, Jurisdiction: "CA", Regime: "state"}
	again := func(kind, on, through, then string) breach.Facts {
		first := f(kind, on, "")
		first.Through = day(through)
		return breach.Facts{first, f(kind, then, "")}
	}
	part2 := owed(breach.HHSNotice, "US")
	part2.Regime = "part2"
	for _, c := range []struct {
		name  string
		o     breach.Obligation
		facts breach.Facts
		want  string
	}{
		{"practice told", owed(breach.CoveredEntityNotice, "US"), breach.Facts{f(breach.PracticeNotified, "2026-04-01", "")}, "2026-04-01"},
		{"acknowledging is not telling", owed(breach.CoveredEntityNotice, "US"), breach.Facts{f(breach.Acknowledged, "2026-04-01", "")}, ""},
		{"letters mailed", owed(breach.IndividualNotice, "US"), breach.Facts{f(breach.LettersMailed, "2026-04-02", "")}, "2026-04-02"},
		{"letters mailed on the day of discovery", owed(breach.IndividualNotice, "US"), breach.Facts{f(breach.LettersMailed, "2026-03-16", "")}, "2026-03-16"},
		{"letters dated before discovery", owed(breach.IndividualNotice, "US"), breach.Facts{f(breach.LettersMailed, "2026-03-15", "")}, ""},
		{"HHS told", owed(breach.HHSNotice, "US"), breach.Facts{f(breach.HHSFiled, "2026-04-03", "")}, "2026-04-03"},
		{"HHS told is not Part 2 told", part2, breach.Facts{f(breach.HHSFiled, "2026-04-03", "")}, ""},
		{"Part 2 told", part2, breach.Facts{f(breach.HHSFiled, "2026-04-04", "part2")}, "2026-04-04"},
		{"Part 2 told is not HHS told", owed(breach.HHSNotice, "US"), breach.Facts{f(breach.HHSFiled, "2026-04-04", "part2")}, ""},
		{"an addendum is no report", owed(breach.HHSNotice, "US"), breach.Facts{f(breach.HHSAddendum, "2026-04-04", "")}, ""},
		{"media of the State", owed(breach.MediaNotice, "TX"), breach.Facts{f(breach.MediaSent, "2026-04-05", "TX")}, "2026-04-05"},
		{"media of every State", owed(breach.MediaNotice, "TX"), breach.Facts{f(breach.MediaSent, "2026-04-05", "")}, "2026-04-05"},
		{"media of another State", owed(breach.MediaNotice, "TX"), breach.Facts{f(breach.MediaSent, "2026-04-05", "OK")}, ""},
		{"alternative notice begun", alternative, breach.Facts{f(breach.PostingStarted, "2026-04-06", "")}, "2026-04-06"},
		{"posted without a number", conspicuous, breach.Facts{f(breach.PostingStarted, "2026-04-06", "")}, ""},
		{"a number without a posting", conspicuous, breach.Facts{f(breach.TollFreeStarted, "2026-04-06", "")}, ""},
		{"posted, the number two days later", conspicuous, breach.Facts{f(breach.PostingStarted, "2026-04-06", ""), f(breach.TollFreeStarted, "2026-04-08", "")}, "2026-04-08"},
		{"put up again, the number was up all along", conspicuous, append(again(breach.PostingStarted, "2026-04-06", "2026-05-01", "2026-06-01"), f(breach.TollFreeStarted, "2026-04-08", "")), "2026-04-08"},
		{"kept, one day short", kept, breach.Facts{
			f(breach.PostingStarted, "2026-04-01", ""), f(breach.PostingEnded, "2026-06-29", ""),
			f(breach.TollFreeStarted, "2026-04-01", ""), f(breach.TollFreeEnded, "2026-06-30", "")}, ""},
		{"kept for 90 days", kept, breach.Facts{
			f(breach.PostingStarted, "2026-04-01", ""), f(breach.PostingEnded, "2026-06-30", ""),
			f(breach.TollFreeStarted, "2026-04-03", ""), f(breach.TollFreeEnded, "2026-08-01", "")}, "2026-07-02"},
		{"kept for 90 days and put up once more", kept, append(again(breach.PostingStarted, "2026-04-01", "2026-06-30", "2026-07-15"),
			f(breach.PostingEnded, "2026-06-30", ""), f(breach.TollFreeStarted, "2026-04-01", ""), f(breach.TollFreeEnded, "2026-06-30", "")), "2026-06-30"},
		{"taken down early and put up again", kept, append(again(breach.PostingStarted, "2026-04-01", "2026-06-29", "2026-07-15"),
			f(breach.PostingEnded, "2026-06-29", ""), f(breach.TollFreeStarted, "2026-04-01", ""), f(breach.TollFreeEnded, "2026-06-30", "")), ""},
		{"the department of a licensed facility", department, breach.Facts{f(breach.RegulatorNotified, "2026-04-01", "CA:public_health")}, "2026-04-01"},
		{"California's Attorney General is not the department", department, breach.Facts{f(breach.RegulatorNotified, "2026-04-01", "CA:attorney_general")}, ""},
		{"a facility's patients of every State", patients, breach.Facts{f(breach.LettersMailed, "2026-04-01", "")}, "2026-04-01"},
		{"a facility's patients of California only", patients, breach.Facts{f(breach.LettersMailed, "2026-04-01", "CA")}, ""},
		{"regulator of the State", owed(breach.RegulatorNotice, "MD"), breach.Facts{f(breach.RegulatorNotified, "2026-04-09", "MD")}, "2026-04-09"},
		{"one agency of several", agency("state_police"), breach.Facts{f(breach.RegulatorNotified, "2026-04-09", "NY:state_police")}, "2026-04-09"},
		{"another agency of the State", agency("attorney_general"), breach.Facts{f(breach.RegulatorNotified, "2026-04-09", "NY:state_police")}, ""},
		{"all agencies of the State", agency("attorney_general"), breach.Facts{f(breach.RegulatorNotified, "2026-04-09", "NY")}, "2026-04-09"},
		{"one agency among several that were told", agency("state_police"), breach.Facts{f(breach.RegulatorNotified, "2026-04-09", "CT:attorney_general NY:state_police")}, "2026-04-09"},
		{"several that were told without it", agency("state_police"), breach.Facts{f(breach.RegulatorNotified, "2026-04-09", "CT:attorney_general NY:attorney_general")}, ""},
		{"the agency on a day before discovery", agency("state_police"), breach.Facts{f(breach.RegulatorNotified, "2026-03-15", "NY:state_police")}, ""},
		{"agencies of the State", owed(breach.CRANotice, "MD"), breach.Facts{f(breach.CRANotified, "2026-04-09", "")}, "2026-04-09"},
		{"nothing recorded", owed(breach.IndividualNotice, "US"), nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			on, ok := rules.Settled(c.o, day("2026-03-16"), c.facts)
			require.Equal(t, c.want, on.String())
			require.Equal(t, c.want != "", ok)
		})
	}
}
