package papers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/papers"
	"duenotice/internal/posting"
)

func examplePosting() papers.PostingInput {
	return papers.PostingInput{Incident: exampleIncident(), Practice: examplePractice(), Classes: []breach.DataClass{"name", "ssn", "diagnosis"}}
}

// TestTheNoticeForTheHomePageHasTheFiveElements and the number, and is held against
// itself: what officers put up as it is made passes as it is.
func TestTheNoticeForTheHomePageHasTheFiveElements(t *testing.T) {
	t.Parallel()
	page, text, err := papers.Posting(examplePosting())
	require.NoError(t, err)
	for _, words := range []string{
		"Oak Street Family Medicine is telling its patients", "stolen password", "between March 14, 2026 and March 16, 2026", "discovered on March 16, 2026",
		"name, Social Security number, and diagnosis", "Please take the steps below", "We changed every password", "call 1-800-555-0142", "It happened at Example Health Cloud, Inc.",
	} {
		require.Contains(t, string(page), words)
		require.Contains(t, string(text), words)
	}
	wanted, err := papers.PostingText(examplePosting())
	require.NoError(t, err)
	require.Greater(t, wanted.Sentences(), 15)
	require.Empty(t, wanted.MissingFrom(posting.OfHTML(string(page))))
	require.Empty(t, wanted.MissingFrom(posting.OfText(string(text))))
}

// TestWhatStandsInTheNoticeIsDataAndNoHTML, whatever officers and practices are called.
func TestWhatStandsInTheNoticeIsDataAndNoHTML(t *testing.T) {
	t.Parallel()
	in := examplePosting()
	in.Practice.DBA = `Oak & <script>alert("x")</script>`
	in.Incident.WhatHappened = "- one thing\n- <b>another</b>\n\nAnd **no** marks."
	page, _, err := papers.Posting(in)
	require.NoError(t, err)
	require.NotContains(t, string(page), "<script>")
	require.Contains(t, string(page), "Oak &amp; &lt;script&gt;")
	require.Contains(t, string(page), "<ul>\n<li>one thing</li>\n<li>&lt;b&gt;another&lt;/b&gt;</li>\n</ul>\n<p>And **no** marks.</p>")
	wanted, err := papers.PostingText(in)
	require.NoError(t, err)
	require.Empty(t, wanted.MissingFrom(posting.OfHTML(string(page))))
}

func TestTheNoticeNamesTheEntitysNumberWhereThePracticeHasNone(t *testing.T) {
	t.Parallel()
	in := examplePosting()
	in.Practice.TollFree = ""
	page, _, err := papers.Posting(in)
	require.NoError(t, err)
	require.Contains(t, string(page), "call 1-800-555-0100. The call is free")
	in.Incident.Entity.TollFree = " "
	_, _, err = papers.Posting(in)
	refusal, is := breach.AsRefusal(err)
	require.True(t, is)
	require.Equal(t, "no_toll_free", refusal.Code)
	require.Contains(t, refusal.Advice, "toll_free")
	in = examplePosting()
	in.Classes = nil
	_, _, err = papers.Posting(in)
	require.ErrorContains(t, err, "names no kind of information")
}
