package rules_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/rules"
)

func TestWhichFactsSettleWhichObligation(t *testing.T) {
	t.Parallel()
	f := func(kind, on, jurisdiction string) breach.Fact {
		return breach.Fact{Kind: kind, On: day(on), Jurisdiction: jurisdiction}
	}
	conspicuous := breach.Obligation{Kind: breach.SubstituteNotice, Form: breach.FormConspicuous, Jurisdiction: "US"}
	owed := func(kind, jurisdiction string) breach.Obligation {
		return breach.Obligation{Kind: kind, Jurisdiction: jurisdiction, Regime: "hipaa"}
	}
	agency := func(id string) breach.Obligation {
		return breach.Obligation{Rule: "state.ny.regulator." + id, Kind: breach.RegulatorNotice, Jurisdiction: "NY", Regime: "state"}
	}
	kept := breach.Obligation{Kind: breach.SubstituteNotice, Form: breach.FormKept, Jurisdiction: "US"}
	department := breach.Obligation{Rule: "state.ca.facility.department", Kind: breach.FacilityNotice, Form: breach.FormDepartment, Jurisdiction: "CA", Regime: "state"}
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
		{"a record of mailing tells nobody by itself", owed(breach.IndividualNotice, "US"), breach.Facts{f(breach.LettersMailed, "2026-04-02", "")}, ""},
		{"HHS told", owed(breach.HHSNotice, "US"), breach.Facts{f(breach.HHSFiled, "2026-04-03", "")}, "2026-04-03"},
		{"HHS told is not Part 2 told", part2, breach.Facts{f(breach.HHSFiled, "2026-04-03", "")}, ""},
		{"Part 2 told", part2, breach.Facts{f(breach.HHSFiled, "2026-04-04", "part2")}, "2026-04-04"},
		{"Part 2 told is not HHS told", owed(breach.HHSNotice, "US"), breach.Facts{f(breach.HHSFiled, "2026-04-04", "part2")}, ""},
		{"an addendum is no report", owed(breach.HHSNotice, "US"), breach.Facts{f(breach.HHSAddendum, "2026-04-04", "")}, ""},
		{"media of the State", owed(breach.MediaNotice, "TX"), breach.Facts{f(breach.MediaSent, "2026-04-05", "TX")}, "2026-04-05"},
		{"media of every State", owed(breach.MediaNotice, "TX"), breach.Facts{f(breach.MediaSent, "2026-04-05", "")}, "2026-04-05"},
		{"media of another State", owed(breach.MediaNotice, "TX"), breach.Facts{f(breach.MediaSent, "2026-04-05", "OK")}, ""},
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
			settled, ok := rules.Settled(c.o, rules.Progress{Discovered: day("2026-03-16"), Facts: c.facts})
			require.Equal(t, c.want, settled.On.String())
			require.Equal(t, c.want != "", ok)
		})
	}
}

// TestDutiesToIndividualsRestOnTheAccount: nobody it is owed to is left untold.
func TestDutiesToIndividualsRestOnTheAccount(t *testing.T) {
	t.Parallel()
	owed := func(kind, state string) breach.Obligation {
		return breach.Obligation{Kind: kind, Jurisdiction: state, Regime: "hipaa"}
	}
	individual, texas := owed(breach.IndividualNotice, "US"), owed(breach.StateIndividualNotice, "TX")
	patients := breach.Obligation{Kind: breach.FacilityNotice, Form: breach.FormPatient, Jurisdiction: "CA", Regime: "state"}
	alternative := breach.Obligation{Kind: breach.SubstituteNotice, Form: breach.FormAlternative, Jurisdiction: "US"}
	conspicuous := breach.Obligation{Kind: breach.SubstituteNotice, Form: breach.FormConspicuous, Jurisdiction: "US"}
	f := func(kind, on string) breach.Fact { return breach.Fact{Kind: kind, On: day(on)} }
	mailed := func(state, on string) account.Line {
		return account.Line{State: account.Mailed, Letter: account.Own, Residence: state, People: 3, MailedOn: day(on)}
	}
	line := func(s account.State, why, residence string) account.Line {
		return account.Line{State: s, Why: why, Residence: residence, People: 1}
	}
	told := func(why, on string) account.Line {
		return account.Line{State: account.Told, Why: why, People: 1, ToldOn: day(on)}
	}
	posted := breach.Facts{f(breach.PostingStarted, "2026-04-20"), f(breach.TollFreeStarted, "2026-04-21")}
	down := append(slices.Clone(posted), f(breach.PostingEnded, "2026-07-20"))
	for _, c := range []struct {
		name   string
		o      breach.Obligation
		people account.Account
		facts  breach.Facts
		want   string
	}{
		{"everybody's letter mailed", individual, account.Account{mailed("TX", "2026-04-02"), mailed("OK", "2026-04-09")}, nil, "2026-04-09"},
		{"on the day of discovery", individual, account.Account{mailed("TX", "2026-03-16")}, nil, "2026-03-16"},
		{"before discovery", individual, account.Account{mailed("TX", "2026-03-15")}, nil, ""},
		{"one held back", individual, account.Account{mailed("TX", "2026-04-02"), line(account.Held, "script", "TX")}, nil, ""},
		{"one printed and not mailed", individual, account.Account{mailed("TX", "2026-04-02"), line(account.Printed, "", "TX")}, nil, ""},
		{"one in another's letter that is not mailed", individual, account.Account{mailed("TX", "2026-04-02"), {State: account.Printed, Letter: account.Joined, People: 1}}, nil, ""},
		{"one whom the practice tells", individual, account.Account{line(account.PracticeTells, "", "TX")}, nil, ""},
		{"the practice told them", individual, account.Account{told(account.ByPractice, "2026-04-03")}, nil, "2026-04-03"},
		{"one told by hand later", individual, account.Account{mailed("TX", "2026-04-02"), told(account.ByHand, "2026-04-11")}, nil, "2026-04-11"},
		{"one without an address", individual, account.Account{mailed("TX", "2026-04-02"), line(account.NoAddress, "", "TX")}, nil, "2026-04-02"},
		{"nobody with an address", individual, account.Account{line(account.NoAddress, "", "TX")}, nil, ""},
		{"nobody with an address, told by substitute notice", individual, account.Account{told(account.BySubstitute, "2026-04-20")}, nil, "2026-04-20"},
		{"a letter that came back was sent", individual, account.Account{{State: account.Returned, Letter: account.Own, People: 1, MailedOn: day("2026-04-02")}}, nil, "2026-04-02"},
		{"only next of kin whose address nobody knows", individual, account.Account{line(account.NoAddress, account.Kin, "TX")}, nil, "2026-03-16"},
		{"nobody on record", individual, nil, breach.Facts{f(breach.LettersMailed, "2026-04-02")}, ""},
		{"of one State, though one of another is held back", texas, account.Account{mailed("TX", "2026-04-02"), line(account.Held, "script", "OK")}, nil, "2026-04-02"},
		{"of one State, one of it held back", texas, account.Account{mailed("TX", "2026-04-02"), line(account.Held, "script", "TX")}, nil, ""},
		{"a facility's patients, one of another State held back", patients, account.Account{mailed("CA", "2026-04-02"), line(account.Held, "script", "OK")}, nil, ""},
		{"called, all of them", alternative, account.Account{told(account.BySubstitute, "2026-04-20"), mailed("TX", "2026-04-02")}, nil, "2026-04-20"},
		{"called, and then a letter came back", alternative, account.Account{told(account.BySubstitute, "2026-04-20"), line(account.Returned, "", "TX")}, posted, ""},
		{"called, and next of kin nobody can call", alternative, account.Account{told(account.BySubstitute, "2026-04-20"), line(account.NoAddress, account.Kin, "TX")}, nil, "2026-04-20"},
		{"posted", conspicuous, account.Account{told(account.BySubstitute, "2026-04-20")}, posted, "2026-04-21"},
		{"a letter came back while it is up", conspicuous, account.Account{told(account.BySubstitute, "2026-04-20"), line(account.Returned, "", "TX")}, posted, "2026-04-21"},
		{"a letter came back after it was taken down", conspicuous, account.Account{told(account.BySubstitute, "2026-04-20"), line(account.Returned, "", "TX")}, down, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			settled, ok := rules.Settled(c.o, rules.Progress{Discovered: day("2026-03-16"), Facts: c.facts, Account: c.people})
			require.Equal(t, c.want, settled.On.String())
			require.Equal(t, c.want != "", ok)
		})
	}
}
