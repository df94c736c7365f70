package papers_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/papers"
)

// pagesOf is each page's text on one line.
func pagesOf(t *testing.T, file []byte) []string {
	t.Helper()
	var pages []string
	for page := range strings.SplitSeq(textOf(t, file), "\f") {
		pages = append(pages, flowed(page))
	}
	return pages
}

func TestNoticeTellsAClerkWhatToDoOnPageOne(t *testing.T) {
	t.Parallel()
	file, err := papers.Notice(exampleNotice())
	require.NoError(t, err)
	pages := pagesOf(t, file)
	for _, words := range []string{
		"what Oak Street Family Medicine has to do", "Dana Q. Example, Privacy Officer",
		"1,203 of your patients", "Please do these four things by May 1, 2026",
		"Give this to your privacy officer", "the form on page 2", "people.csv", "The first is May 15, 2026",
		"May 15, 2026 Letters to your patients to be decided 45 CFR 164.404(b)",
		"Notice to Maryland Attorney General", "not running yet", "privacy@example.org or 1-800-555-0100",
	} {
		require.Contains(t, pages[0], words)
	}
	require.NotContains(t, pages[0], "45 CFR 164.410", "the notice itself is not the practice's duty")
	// 164.410(c)(2): all that the practice needs for its own letters.
	rest := strings.Join(pages[1:], " ")
	for _, words := range []string{
		"Form: who notifies", "All.", "Letters.", "None.", "Signature:", "stolen password", "between March 14, 2026 and March 16, 2026",
		"discovered it on March 16, 2026", "Social Security number 41", "of them with an address in Maryland 498", "of them minors",
		"We changed every password", "Please take the steps below", "hhs-worksheet.pdf", "deadlines.ics",
	} {
		require.Contains(t, rest, words)
	}
}

func TestANameWithAStopEndsASentenceWithOne(t *testing.T) {
	t.Parallel()
	in := exampleNotice()
	in.Practice.LegalName, in.Practice.DBA = "Marble Meadow Orthopedics, Ltd.", ""
	in.Incident.WhatHappened = "Somebody read the records... and left."
	file, err := papers.Notice(in)
	require.NoError(t, err)
	text := flowed(textOf(t, file))
	require.Contains(t, text, "keeps information for Marble Meadow Orthopedics, Ltd. An incident")
	require.NotContains(t, text, "Ltd..")
	require.Contains(t, text, "records... and", "an ellipsis stays")
}

func TestNoticeFollowsTheAnswer(t *testing.T) {
	t.Parallel()
	for answer, c := range map[string]struct{ words, letters, hhs string }{
		"":                     {"Answer one question", "Letters to your patients to be decided", "time of the letters to be decided"},
		breach.DelegateAll:     {"You have told us: “all”", "Letters to your patients we, for you", "time of the letters we, for you"},
		breach.DelegateLetters: {"You have told us: “letters”", "Letters to your patients we, for you", "time of the letters you"},
		breach.DelegateNone:    {"You have told us: “none”", "Letters to your patients you", "time of the letters you"},
	} {
		t.Run("answer "+answer, func(t *testing.T) {
			t.Parallel()
			in := exampleNotice()
			in.Delegation = answer
			file, err := papers.Notice(in)
			require.NoError(t, err)
			page := pagesOf(t, file)[0]
			for _, words := range []string{c.words, c.letters, c.hhs} {
				require.Contains(t, page, words)
			}
			_, text := papers.Email(in)
			require.Equal(t, answer == "", strings.Contains(text, "Without an answer from you"))
		})
	}
}

func TestNoticeOfAPracticeThatOwesNothing(t *testing.T) {
	t.Parallel()
	in := exampleNotice()
	in.Obligations = nil
	file, err := papers.Notice(in)
	require.NoError(t, err)
	require.Contains(t, pagesOf(t, file)[0], "Nothing is owed on the facts we know.")
}

func TestNoticeNamesThePracticesOwnClock(t *testing.T) {
	t.Parallel()
	in := exampleNotice()
	in.Discovered = civil.MustParse("2026-04-12")
	file, err := papers.Notice(in)
	require.NoError(t, err)
	require.Contains(t, flowed(textOf(t, file)), "Your own time counts from April 12, 2026.")
}

func TestEmailSaysWhatToDoAndNothingOfPatients(t *testing.T) {
	t.Parallel()
	subject, text := papers.Email(exampleNotice())
	require.Equal(t, "Action needed: data breach notice for Oak Street Family Medicine (EX-2026-03)", subject)
	require.NotContains(t, subject+text, "\uFDD0")
	require.Contains(t, text, "1. Give this to your privacy officer today.")
	require.Contains(t, text, "May 15, 2026: Letters to your patients (45 CFR 164.404(b))")
	require.NotContains(t, text, "164.410")
	require.NotContains(t, text, "<no value>")

	require.Contains(t, text, "1-800-555-0100")
}

// The body says what comes with the mail, and only that.
func TestEmailIsTrueOfItsAttachments(t *testing.T) {
	t.Parallel()
	_, text := papers.Email(exampleNotice(), "notice.pdf")
	require.Contains(t, text, "3. Read the notice that comes with this e-mail, notice.pdf.")
	require.Contains(t, text, "The list of your patients does not: ask us for it.")
	require.NotContains(t, text, "Ask us for your notice")

	_, text = papers.Email(exampleNotice())
	require.Contains(t, text, "3. Ask us for your notice and for the list of your patients.")
	require.NotContains(t, text, "Read the notice")
}

func TestMediaReleaseHasTheFiveElementsAndItsState(t *testing.T) {
	t.Parallel()
	file, err := papers.MediaRelease(exampleMedia())
	require.NoError(t, err)
	text := flowed(textOf(t, file))
	for _, words := range []string{
		"For immediate release", "Oak Street Family Medicine is telling people", "702 residents of Virginia",
		"stolen password", "between March 14, 2026 and March 16, 2026", "discovered on March 16, 2026",
		"name, date of birth, Social Security number, and diagnosis", "Please take the steps below", "We changed every password",
		"Toll-free telephone: 1-800-555-0100", "Telephone: 804-555-0142",
	} {
		require.Contains(t, text, words)
	}
}

func TestMediaReleaseHasItsStatesOwnContactAndText(t *testing.T) {
	t.Parallel()
	in := exampleMedia()
	in.Incident.Media = []breach.MediaTerms{
		{State: "MD", Contact: "Robin Officer", Text: "Said in Maryland."},
		{State: in.State, Contact: "Ada Rivera, press@example.org", Text: "Said in this State.", Outlets: []breach.Outlet{{Name: "Example Press", Email: "news@example.org"}}},
	}
	file, err := papers.MediaRelease(in)
	require.NoError(t, err)
	text := flowed(textOf(t, file))
	require.Contains(t, text, "For the press: Ada Rivera, press@example.org")
	require.Contains(t, text, "Said in this State.")
	for _, other := range []string{"Robin Officer", "Said in Maryland.", "Example Press", "news@example.org"} {
		require.NotContains(t, text, other, "an outlet reads neither another State's text nor who else got it")
	}
}

func TestMediaReleaseOfAGroupNamesItsPractices(t *testing.T) {
	t.Parallel()
	in := exampleMedia()
	in.Group = &breach.Group{Key: "ACE", Members: []string{"P1", "P2"}}
	in.MemberNames = []string{"Oak Street Family Medicine", "Elm Avenue Cardiology LLC"}
	file, err := papers.MediaRelease(in)
	require.NoError(t, err)
	text := flowed(textOf(t, file))
	require.Contains(t, text, "and the practices affiliated with it are telling people")
	require.Contains(t, text, "• Elm Avenue Cardiology LLC")
}

func TestMediaReleaseRefusesWhatItCannotSay(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*papers.MediaInput){
		"no State":       func(in *papers.MediaInput) { in.State = "ZZ" },
		"no information": func(in *papers.MediaInput) { in.Classes = nil },
		"no account":     func(in *papers.MediaInput) { in.Incident.WhatHappened = "" },
		"no date":        func(in *papers.MediaInput) { in.DatedOn = civil.Date{} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := exampleMedia()
			change(&in)
			_, err := papers.MediaRelease(in)
			require.Error(t, err)
		})
	}
}

// TestNoticeToAPracticeThatEverybodyLeft says so, and asks for nothing that is
// not owed any more.
func TestNoticeToAPracticeThatEverybodyLeft(t *testing.T) {
	t.Parallel()
	in := exampleNotice()
	in.Tally, in.Obligations = breach.Tally{}, nil
	file, err := papers.Notice(in)
	require.NoError(t, err)
	text := flowed(textOf(t, file))
	for _, words := range []string{
		"none of your patients is on our list any more", "Dana Q. Example, Privacy Officer", "this one takes its place",
		"Take the earlier dates out of your calendar", "privacy@example.org or 1-800-555-0100",
	} {
		require.Contains(t, text, words)
	}
	for _, words := range []string{"Your dates", "who notifies", "Social Security", "Maryland", "has to do"} {
		require.NotContains(t, text, words)
	}
	in.Obligations = exampleNotice().Obligations
	file, err = papers.Notice(in)
	require.NoError(t, err)
	require.Contains(t, flowed(textOf(t, file)), "Your dates", "the first of a counting entity still has its duties")
}
