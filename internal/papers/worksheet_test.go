package papers_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/papers"
)

type sheetFile struct {
	Worksheets []struct {
		Regime, Form, Note string
		Count              int
		FiledOn            civil.Date `json:"filed_on"`
		Number             string     `json:"tracking_number"`
		Tabs               []struct {
			Tab    string
			Fields []sheetField
		}
	}
}

type sheetField struct {
	ID, Label, Kind, Note string
	Allowed, Answer       []string
	NeedsPerson           bool `json:"needs_person"`
}

// worksheetOf makes the worksheet and returns its first sheet's fields by ID.
func worksheetOf(t *testing.T, in papers.WorksheetInput) (sheetFile, map[string]sheetField) {
	t.Helper()
	raw, _, err := papers.Worksheet(in)
	require.NoError(t, err)
	var file sheetFile
	require.NoError(t, json.Unmarshal(raw, &file))
	fields := map[string]sheetField{}
	for _, tab := range file.Worksheets[0].Tabs {
		for _, f := range tab.Fields {
			require.NotContains(t, fields, f.ID)
			fields[f.ID] = f
		}
	}
	return file, fields
}

func TestWorksheetStandsInThePortalsOrder(t *testing.T) {
	t.Parallel()
	file, fields := worksheetOf(t, exampleWorksheet())
	require.Len(t, file.Worksheets, 1)
	var tabs, ids []string
	for _, tab := range file.Worksheets[0].Tabs {
		tabs = append(tabs, tab.Tab)
		for _, f := range tab.Fields {
			ids = append(ids, f.ID)
		}
	}
	require.Equal(t, []string{"General", "Contact", "Breach", "Notice of Breach and Actions Taken", "Attestation", "Summary"}, tabs)
	require.Equal(t, "G1 G2 G3 C1 C2 C3 C4.1 C4.2 C4.3 C4.4 C4.5 C5.1 C5.2 C5.3 C5.4 C5.5 C6.1 C6.2 C6.3 C6.4 C6.5 "+
		"B1 B2.1 B2.2 B3.1 B3.2 B4 B5 B6 B7 B7a B7b B7c B8 B9 N1.1 N1.2 N2 N3.1 N3.2 N4 N5 A1.1 A1.2 S1", strings.Join(ids, " "))
	for id, f := range fields {
		require.NotNil(t, f.Answer, id)
		for _, a := range f.Answer {
			if len(f.Allowed) > 0 {
				require.Contains(t, f.Allowed, a, id)
			}
		}
		if f.Kind == "one" || f.Kind == "yes/no" {
			require.LessOrEqual(t, len(f.Answer), 1, id)
		}
	}

	// The printed sheet has the same questions in the same order.
	_, printed, err := papers.Worksheet(exampleWorksheet())
	require.NoError(t, err)
	text, at := textOf(t, printed), 0
	for _, id := range ids {
		found := strings.Index(text[at:], "\n"+id+" ")
		require.GreaterOrEqual(t, found, 0, "%s is missing or out of order", id)
		at += found
	}
}

func TestWorksheetAnswers(t *testing.T) {
	t.Parallel()
	hhs := func(in *papers.WorksheetInput) *breach.Obligation { return &in.Obligations[4] }
	for name, c := range map[string]struct {
		change func(*papers.WorksheetInput)
		id     string
		answer []string
		person bool
	}{
		"499 people are fewer than 500": {func(in *papers.WorksheetInput) { hhs(in).Count = 499 }, "B1", []string{"Fewer Than 500 Individuals"}, false},
		"500 people are 500 or more":    {func(in *papers.WorksheetInput) { hhs(in).Count = 500 }, "B1", []string{"500 or More Individuals"}, false},
		"the group's count is reported": {func(in *papers.WorksheetInput) { hhs(in).Count = 4000 }, "B4", []string{"4000"}, false},
		"delegated to us":               {func(in *papers.WorksheetInput) { in.Practice.Delegation = breach.DelegateAll }, "C1", []string{"Business associate that had a breach, filing on behalf of a covered entity"}, false},
		"letters only delegated":        {func(in *papers.WorksheetInput) { in.Practice.Delegation = breach.DelegateLetters }, "C1", []string{"Covered entity filing because its business associate had a breach"}, false},
		"the covered entity's own":      {func(in *papers.WorksheetInput) { in.Incident.Entity.Role = breach.CoveredEntity }, "C1", []string{"Covered entity that had a breach, filing for itself"}, false},
		"a health plan":                 {func(in *papers.WorksheetInput) { in.Practice.Insurer = breach.Yes }, "C3", []string{"Health Plan"}, false},
		"perhaps a provider":            {func(in *papers.WorksheetInput) { in.Practice.NPI = "" }, "C3", []string{"Healthcare Provider"}, true},
		"no officer":                    {func(in *papers.WorksheetInput) { in.Practice.PrivacyOfficer = "" }, "C5.1", []string{}, true},
		"no known last day":             {func(in *papers.WorksheetInput) { in.Incident.Occurred.To = civil.Date{} }, "B2.2", []string{}, true},
		"no known day":                  {func(in *papers.WorksheetInput) { in.Incident.Occurred = breach.Span{} }, "B2.1", []string{}, true},
		"kinds of information":          {func(*papers.WorksheetInput) {}, "B7b", []string{"Date of Birth", "Name", "SSN"}, false},
		"other information":             {func(in *papers.WorksheetInput) { in.Tally.Classes = map[breach.DataClass]int{"other": 1} }, "B7d", []string{}, true},
		"nothing clinical":              {func(in *papers.WorksheetInput) { in.Tally.Classes = map[breach.DataClass]int{"ssn": 1} }, "B7a", []string{}, false},
		"safeguards are not ours":       {func(*papers.WorksheetInput) {}, "B9", []string{}, true},
		"letters planned":               {func(*papers.WorksheetInput) {}, "N1.1", []string{"05/01/2026"}, true},
		"letters mailed": {func(in *papers.WorksheetInput) {
			in.Account = account.Account{mailedOn(490, "2026-05-04"), {State: account.NoAddress, People: 10}}
		}, "N1.1", []string{"05/04/2026"}, false},
		"the last of them": {func(in *papers.WorksheetInput) {
			in.Account = account.Account{mailedOn(400, "2026-05-04"), toldOn(100, account.ByHand, "2026-05-11")}
		}, "N1.2", []string{"05/11/2026"}, false},
		"the first of them": {func(in *papers.WorksheetInput) {
			in.Account = account.Account{toldOn(100, account.ByHand, "2026-05-11"), mailedOn(400, "2026-05-04")}
		}, "N1.1", []string{"05/04/2026"}, false},
		"a record that mailed nobody": {func(in *papers.WorksheetInput) {
			in.Facts = breach.Facts{{Kind: breach.LettersMailed, On: civil.MustParse("2026-05-04")}}
			in.Account = account.Account{{State: account.Held, Why: "script", People: 500}}
		}, "N1.1", []string{"05/01/2026"}, true},
		"some are held back": {func(in *papers.WorksheetInput) {
			in.Account = account.Account{mailedOn(499, "2026-05-04"), {State: account.Held, Why: "script", People: 1}}
		}, "N1.2", []string{}, true},
		"some are held back, and the planned day is still to come": {func(in *papers.WorksheetInput) {
			in.Account = account.Account{mailedOn(499, "2026-04-20"), {State: account.Held, Why: "script", People: 1}}
		}, "N1.2", []string{"05/01/2026"}, true},
		"letters on an earlier day may be others'": {func(in *papers.WorksheetInput) {
			in.Facts = breach.Facts{{Kind: breach.LettersMailed, On: civil.MustParse("2026-04-20")}, {Kind: breach.LettersMailed, On: civil.MustParse("2026-05-04")}}
			in.Account = account.Account{mailedOn(500, "2026-05-04")}
		}, "N1.1", []string{"05/04/2026"}, true},
		"of a group": {func(in *papers.WorksheetInput) {
			in.Group = &breach.Group{Key: "g", Members: []string{in.Practice.Key, "P9"}}
			in.Account = account.Account{mailedOn(500, "2026-05-04")}
		}, "N1.2", []string{"05/04/2026"}, true},
		"ten or more without address": {func(*papers.WorksheetInput) {}, "N2", []string{"Yes: 10 or more"}, false},
		"fewer than ten":              {func(in *papers.WorksheetInput) { in.Obligations[2].Form = breach.FormAlternative }, "N2", []string{"Yes: Fewer than 10"}, false},
		"the 90 days of it are another duty": {func(in *papers.WorksheetInput) {
			kept := in.Obligations[2]
			kept.Rule, kept.Form = "hipaa.164.404.substitute_kept", breach.FormKept
			in.Obligations = append(in.Obligations, kept)
		}, "N2", []string{"Yes: 10 or more"}, false},
		"nobody without address": {func(in *papers.WorksheetInput) { in.Obligations = in.Obligations[4:] }, "N2", []string{"No"}, false},
		"media": {func(in *papers.WorksheetInput) {
			in.Facts = breach.Facts{{Kind: breach.MediaSent, Jurisdiction: "VA", On: civil.MustParse("2026-05-04")}}
		}, "N3.2", []string{"Virginia"}, false},
		"media not told":     {func(*papers.WorksheetInput) {}, "N3.2", []string{}, true},
		"no media told":      {func(in *papers.WorksheetInput) { in.Obligations = in.Obligations[4:] }, "N3.2", []string{}, false},
		"no media":           {func(in *papers.WorksheetInput) { in.Obligations = in.Obligations[4:] }, "N3.1", []string{"No"}, false},
		"monitoring offered": {func(*papers.WorksheetInput) {}, "N4", []string{"Offered free credit monitoring to individuals"}, true},
		"filed before": {func(in *papers.WorksheetInput) {
			in.Facts = breach.Facts{{Kind: breach.HHSFiled, On: civil.MustParse("2026-05-04"), Reference: "ABC123"}}
		}, "G1", []string{"Addendum to Previous Report"}, false},
		"filed before, number": {func(in *papers.WorksheetInput) {
			in.Facts = breach.Facts{{Kind: breach.HHSFiled, On: civil.MustParse("2026-05-04"), Reference: "ABC123"}}
		}, "G3", []string{"ABC123"}, false},
		"too long for the portal": {func(in *papers.WorksheetInput) {
			in.Incident.WhatHappened, in.Incident.BreachType, in.Incident.Location, in.Tally.Classes = strings.Repeat("a", 4001), "", nil, nil
		}, "B8", []string{strings.Repeat("a", 4001)}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := exampleWorksheet()
			c.change(&in)
			_, fields := worksheetOf(t, in)
			require.Contains(t, fields, c.id)
			require.Equal(t, c.answer, fields[c.id].Answer)
			require.Equal(t, c.person, fields[c.id].NeedsPerson)
		})
	}
}

func mailedOn(people int, day string) account.Line {
	return account.Line{State: account.Mailed, Letter: account.Own, Residence: "VA", People: people, MailedOn: civil.MustParse(day)}
}

func toldOn(people int, how, day string) account.Line {
	return account.Line{State: account.Told, Why: how, Residence: "VA", People: people, ToldOn: civil.MustParse(day)}
}

func TestEveryDataClassHasAPlaceInThePortal(t *testing.T) {
	t.Parallel()
	for _, class := range breach.DataClasses() {
		in := exampleWorksheet()
		in.Tally.Classes = map[breach.DataClass]int{class: 1}
		_, fields := worksheetOf(t, in)
		require.Len(t, fields["B7"].Answer, 1, "%s", class)
		listed := len(fields["B7a"].Answer) + len(fields["B7b"].Answer) + len(fields["B7c"].Answer)
		require.Equal(t, class != "other", listed == 1, "%s", class)
	}
}

func TestPart2IsReportedSeparately(t *testing.T) {
	t.Parallel()
	in := exampleWorksheet()
	in.Obligations = append(in.Obligations, breach.Obligation{
		Rule: "part2.hhs", Kind: breach.HHSNotice, Regime: "part2", Form: breach.FormImmediate, Count: 1203, Due: civil.MustParse("2026-05-15"),
	})
	file, _ := worksheetOf(t, in)
	require.Len(t, file.Worksheets, 2)
	require.Equal(t, "part2", file.Worksheets[1].Regime)
	require.Contains(t, file.Worksheets[1].Tabs[1].Fields[0].Answer[0], "Part 2 program")

	// Each has its own state and number: filing one files nothing of the other.
	in.Obligations[len(in.Obligations)-1].Count = 40
	// The addendum comes first, and is not the report.
	in.Obligations = append([]breach.Obligation{{Rule: "hipaa.164.408.addendum", Kind: breach.HHSNotice, Regime: "hipaa", Form: breach.FormAddendum, Count: 7}}, in.Obligations...)
	filed := breach.Fact{Kind: breach.HHSFiled, On: may1, Reference: "HIPAA-1"}
	part2 := breach.Fact{Kind: breach.HHSFiled, Jurisdiction: breach.Part2, On: may1.AddDays(3), Reference: "PART2-2"}
	early := breach.Fact{Kind: breach.HHSFiled, On: in.Discovered.AddDays(-1), Reference: "OTHER"}
	for _, c := range []struct {
		facts   breach.Facts
		numbers [2]string
	}{
		{nil, [2]string{}},
		{breach.Facts{early}, [2]string{}},
		{breach.Facts{filed}, [2]string{"HIPAA-1", ""}},
		{breach.Facts{part2}, [2]string{"", "PART2-2"}},
		{breach.Facts{filed, part2}, [2]string{"HIPAA-1", "PART2-2"}},
	} {
		in.Facts = c.facts
		file, _ := worksheetOf(t, in)
		require.Equal(t, []int{1203, 40}, []int{file.Worksheets[0].Count, file.Worksheets[1].Count})
		require.Equal(t, breach.FormImmediate, file.Worksheets[0].Form)
		for i, number := range c.numbers {
			require.Equal(t, number, file.Worksheets[i].Number)
			require.Equal(t, number == "", file.Worksheets[i].FiledOn.IsZero())
			general := file.Worksheets[i].Tabs[0].Fields
			state := "Initial Breach Report"
			if number != "" {
				state = "Addendum to Previous Report"
			}
			require.Equal(t, []string{state}, general[0].Answer)
			require.Equal(t, number, strings.Join(general[2].Answer, ""))
		}
	}
}

func TestWorksheetOfAGroupsOtherPracticeSaysWhoFiles(t *testing.T) {
	t.Parallel()
	in := exampleWorksheet()
	in.Obligations = nil
	in.Group = &breach.Group{Key: "ACE", Members: []string{"P0", "P1"}}
	file, _ := worksheetOf(t, in)
	require.Equal(t, "none", file.Worksheets[0].Form)
	require.Contains(t, file.Worksheets[0].Note, "by practice P0")
}
