package papers_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/papers"
)

var may1 = civil.MustParse("2026-05-01")

// exampleIncident is an invented incident with every field a paper prints.
func exampleIncident() breach.Incident {
	return breach.Incident{
		ID: "EX-2026-03",
		Entity: breach.Entity{
			Name: "Example Health Cloud, Inc.", Role: breach.BusinessAssociate,
			Address:  []string{"100 Example Way", "Somerset, NJ 08873"},
			TollFree: "1-800-555-0100", Email: "privacy@example.org", Website: "https://example.org/notice",
		},
		Occurred:    breach.Span{From: civil.MustParse("2026-03-14"), To: civil.MustParse("2026-03-16")},
		Discovered:  civil.MustParse("2026-03-16"),
		Environment: "ehr-3", BreachType: "Hacking/IT Incident", Location: []string{"Electronic Medical Record", "Network Server"},
		WhatHappened: "On March 16, 2026 we noticed that somebody had used a stolen password to enter one of our six " +
			"electronic health record systems. We shut that person out the same day.\n\nWe then went through the system's " +
			"records to learn whose information could be seen or copied. We finished this on April 10, 2026.",
		WhatWeAreDoing: "We changed every password of the system, we now ask for a second proof of identity from everybody who " +
			"signs in, and we hired outside specialists to look for anything left behind. We told the Federal Bureau of Investigation.",
		WhatYouCanDo: "Please take the steps below. They are free, and the first ones take a few minutes.",
		CreditMonitoring: breach.CreditMonitoring{
			Provider: "Example Watch", Months: 24, EnrollURL: "https://example.org/enroll", Phone: "1-800-555-0199",
		},
		Letters: breach.LetterTerms{Approvers: 2, MailBy: may1},
	}
}

func examplePractice() breach.Practice {
	return breach.Practice{
		Key: "P1", NPI: "1234567893", LegalName: "Oak Street Family Medicine PLLC", DBA: "Oak Street Family Medicine",
		Address1: "12 Oak Street", City: "Richmond", State: "VA", ZIP: "23220", PrivacyOfficer: "Dana Q. Example",
		Email: "privacy@oakstreet.example.org", Phone: "804-555-0142", TollFree: "1-800-555-0142",
	}
}

func secondPractice() breach.Practice {
	return breach.Practice{Key: "P2", LegalName: "Elm Avenue Cardiology LLC", City: "Norfolk", State: "VA"}
}

func examplePerson() breach.Person {
	return breach.Person{
		Key: "K-0001", PracticeKey: "P1", FirstName: "Łukasz", LastName: "Nguyễn", BirthDate: civil.MustParse("1980-05-04"),
		Address1: "45 Maple Court", Address2: "Apt 7B", City: "Richmond", State: "VA", ZIP: "232201234",
		DataClasses: []breach.DataClass{"name", "date_of_birth", "ssn", "diagnosis", "medication"}, AcquiredOrViewed: "unknown",
	}
}

func exampleTally() breach.Tally {
	return breach.Tally{
		People: 1203, Residents: map[string]int{"VA": 702, "MD": 498}, UnknownResidence: 3, NoUsableAddress: 12,
		NoUsableAddressKin: 1, Minors: 61, Deceased: 9,
		Classes: map[breach.DataClass]int{"name": 1203, "date_of_birth": 1203, "diagnosis": 988, "ssn": 41, "claims": 300},
	}
}

func exampleObligations() []breach.Obligation {
	due := civil.MustParse("2026-05-15")
	return []breach.Obligation{
		{Rule: "hipaa.164.410.covered_entity", Kind: breach.CoveredEntityNotice, Regime: "hipaa", Jurisdiction: "US", Recipient: "the practice", Count: 1203, Trigger: "discovered", Clock: "60 calendar days", Due: due, Citation: "45 CFR 164.410(b)", Why: "discovered 2026-03-16", Confidence: breach.Verified},
		{Rule: "hipaa.164.404.individual", Kind: breach.IndividualNotice, Regime: "hipaa", Jurisdiction: "US", Recipient: "affected individuals", Count: 1203, Trigger: "discovered", Clock: "60 calendar days", Due: due, Citation: "45 CFR 164.404(b)", Why: "1203 people; discovered 2026-03-16", Confidence: breach.Verified},
		{Rule: "hipaa.164.404.substitute", Kind: breach.SubstituteNotice, Regime: "hipaa", Jurisdiction: "US", Recipient: "individuals without a usable address", Form: breach.FormConspicuous, Count: 11, Trigger: "discovered", Clock: "60 calendar days", Due: due, Citation: "45 CFR 164.404(d)(2)(ii)", Why: "11 without a usable address", Confidence: breach.Verified},
		{Rule: "hipaa.164.406.media", Kind: breach.MediaNotice, Regime: "hipaa", Jurisdiction: "VA", Recipient: "prominent media outlets", Count: 702, Trigger: "discovered", Clock: "60 calendar days", Due: due, Citation: "45 CFR 164.406", Why: "702 residents of Virginia", Confidence: breach.Verified},
		{Rule: "hipaa.164.408.hhs", Kind: breach.HHSNotice, Regime: "hipaa", Jurisdiction: "US", Recipient: "HHS", Form: breach.FormImmediate, Count: 1203, Trigger: "discovered", Clock: "with the letters", Due: due, Citation: "45 CFR 164.408(b)", Why: "1203 people", Confidence: breach.Verified},
		{Rule: "state.md.ag", Kind: breach.RegulatorNotice, Regime: "state", Jurisdiction: "MD", Recipient: "Maryland Attorney General", Count: 498, Trigger: "letters_mailed", Clock: "before the letters", Citation: "Md. Code, Com. Law 14-3504(h)", Why: "498 residents", Confidence: breach.Verified},
	}
}

func exampleNotice() papers.NoticeInput {
	return papers.NoticeInput{
		Incident: exampleIncident(), Practice: examplePractice(), Tally: exampleTally(), Obligations: exampleObligations(),
		Discovered: civil.MustParse("2026-03-16"), DatedOn: civil.MustParse("2026-04-12"),
	}
}

func exampleWorksheet() papers.WorksheetInput {
	return papers.WorksheetInput{
		Incident: exampleIncident(), Practice: examplePractice(), Tally: exampleTally(), Obligations: exampleObligations(),
		Discovered: civil.MustParse("2026-03-16"),
	}
}

// datedOnce are duties that nothing was changed of.
func datedOnce(obligations []breach.Obligation) []papers.DatedDuty {
	list := make([]papers.DatedDuty, len(obligations))
	for i, o := range obligations {
		list[i].Obligation = o
	}
	return list
}

func exampleCalendar() papers.CalendarInput {
	return papers.CalendarInput{Incident: exampleIncident(), Practice: examplePractice(), Duties: datedOnce(exampleObligations()), MadeOn: may1}
}

func exampleBinder() papers.BinderInput {
	duty := exampleObligations()[1]
	people := account.Account{
		mailedOn(1480, "2026-05-04"), {State: account.Held, Why: string(breach.HeldScript), People: 2},
		{State: account.Held, Why: string(breach.HeldAddressTooLong), People: 1}, {State: account.NoAddress, People: 14},
		{State: account.NoAddress, Why: account.Kin, People: 3}, toldOn(2, account.ByHand, "2026-05-11"), {State: account.Left, People: 4},
	}
	return papers.BinderInput{
		Incident: exampleIncident(), Practice: examplePractice(), People: 1502, Discovered: civil.MustParse("2026-03-16"), AsOf: civil.MustParse("2026-06-01"),
		Notifiable: true, Reason: "presumed breach", Rulebook: "2026.11",
		Account: papers.BinderAccount{
			Findings: 1502, Left: 4, AddsUp: people.AddsUpTo(1502), States: casebook.RowsOf(people), Untold: people.Untold(""), Unreached: people.Unreached(""),
		},
		Duties: []papers.BinderDuty{{Obligation: duty, Open: true, DaysLate: 17, DecidedOn: civil.MustParse("2026-05-04")}},
		Events: []papers.BinderEvent{{At: "2026-05-04T12:00:00Z", Who: "Sam Second", What: "Recorded: letters mailed on 2026-05-04", Detail: "PS 3600", Entry: "P7"}},
		Head:   "0123456789abcdef", Entries: 7, Fingerprint: "AB12 CD34",
	}
}

func exampleMedia() papers.MediaInput {
	return papers.MediaInput{
		Incident: exampleIncident(), Practice: examplePractice(), State: "VA", Residents: 702,
		Classes: []breach.DataClass{"name", "date_of_birth", "diagnosis", "ssn"}, DatedOn: may1,
	}
}

// letters sets the letters into one batch and returns its PDF and pieces.
func letters(t *testing.T, incident breach.Incident, all ...casebook.Letter) ([]byte, []papers.Piece) {
	t.Helper()
	batch, err := papers.NewLetterBatch(incident, may1, nil)
	require.NoError(t, err)
	var pieces []papers.Piece
	for _, l := range all {
		piece, err := batch.Add(l)
		require.NoError(t, err)
		pieces = append(pieces, piece)
	}
	var out bytes.Buffer
	n, err := batch.WriteTo(&out)
	require.NoError(t, err)
	require.EqualValues(t, out.Len(), n)
	return out.Bytes(), pieces
}

// manyWords is a text of n characters in sentences that differ, as people's do.
func manyWords(n int) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, "We shut that person out of system %d the same day and hired specialists to look for anything left behind. ", 100+i)
	}
	return b.String()[:n]
}

// letterTo is a letter to the person for the example practice.
func letterTo(p breach.Person, practices ...breach.Practice) casebook.Letter {
	if len(practices) == 0 {
		practices = []breach.Practice{examplePractice()}
	}
	return casebook.Letter{PieceID: "EX-00001", Person: p, Practices: practices, Classes: p.DataClasses}
}
