package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/rules"
)

func TestDaysOnWhichThePageWasDownDoNotCount(t *testing.T) {
	t.Parallel()
	started := breach.Facts{
		{Kind: breach.PostingStarted, On: day("2026-04-01"), URL: "https://oakstreet.example.org"}, {Kind: breach.TollFreeStarted, On: day("2026-04-01")},
	}
	missed := func(from, through string) breach.Fact {
		return breach.Fact{Kind: breach.PostingMissed, On: day(from), Through: day(through)}
	}
	called := func(on, answer string) breach.Fact {
		return breach.Fact{Kind: breach.TollFreeTested, On: day(on), Answer: answer}
	}
	for name, c := range map[string]struct {
		facts breach.Facts
		until string
	}{
		"nothing was amiss":                        {nil, "2026-06-30"},
		"down for three days":                      {breach.Facts{missed("2026-04-10", "2026-04-12")}, "2026-07-03"},
		"and on a day that was added":              {breach.Facts{missed("2026-04-10", "2026-04-12"), missed("2026-07-02", "2026-07-02")}, "2026-07-04"},
		"down before it was put up":                {breach.Facts{missed("2026-03-30", "2026-03-31")}, "2026-06-30"},
		"down after its days":                      {breach.Facts{missed("2026-07-10", "2026-07-12")}, "2026-06-30"},
		"a reason for two of them":                 {breach.Facts{missed("2026-04-10", "2026-04-12"), {Kind: breach.PostingGap, On: day("2026-04-11"), Through: day("2026-04-12"), Reference: "our own network"}}, "2026-07-01"},
		"the number was answered":                  {breach.Facts{called("2026-04-08", "yes"), called("2026-04-15", "yes")}, "2026-06-30"},
		"and was not from one call to the next":    {breach.Facts{called("2026-04-08", "yes"), called("2026-04-15", "no"), called("2026-04-18", "yes")}, "2026-07-03"},
		"and was not, and nobody called again":     {breach.Facts{called("2026-04-15", "no")}, "2026-07-01"},
		"a call that was corrected to be answered": {breach.FactsOf([]breach.Fact{called("2026-04-15", "no"), called("2026-04-15", "yes")}), "2026-06-30"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			facts := append(append(breach.Facts{}, started...), c.facts...)
			o := keptDuty(t, facts)
			require.Equal(t, day(c.until), o.NotBefore)
			ended := func(on string) breach.Facts {
				return append(append(breach.Facts{}, facts...), breach.Fact{Kind: breach.PostingEnded, On: day(on)}, breach.Fact{Kind: breach.TollFreeEnded, On: day(on)})
			}
			_, done := rules.Settled(o, rules.Progress{Discovered: day("2026-03-16"), Facts: ended(day(c.until).AddDays(-1).String())})
			require.False(t, done, "a day too early")
			settled, done := rules.Settled(o, rules.Progress{Discovered: day("2026-03-16"), Facts: ended(c.until)})
			if name == "and was not, and nobody called again" {
				require.False(t, done, "nobody knows whether the number came back")
				return
			}
			require.True(t, done)
			require.Equal(t, day(c.until), settled.On)
		})
	}
}

// TestWhoEndsAPostingTooEarlyIsToldOfTheDaysItWasDown: 90 days on the calendar are not
// 90 days on the page.
func TestWhoEndsAPostingTooEarlyIsToldOfTheDaysItWasDown(t *testing.T) {
	t.Parallel()
	s := substituteSubject(breach.Facts{
		{Kind: breach.PostingStarted, On: day("2026-04-01")}, {Kind: breach.TollFreeStarted, On: day("2026-04-01")},
		{Kind: breach.PostingMissed, On: day("2026-04-10"), Through: day("2026-04-12")}, {Kind: breach.PostingEnded, On: day("2026-06-30")},
	})
	var said []string
	for _, w := range rules.Current().Decide(s).Warnings {
		if w.Code == "taken_down_early" {
			said = append(said, w.Message)
		}
	}
	require.Len(t, said, 1)
	require.Contains(t, said[0], "after 87 days of 90, and was not there on 3 days")
}

func keptDuty(t *testing.T, facts breach.Facts) breach.Obligation {
	t.Helper()
	for _, o := range rules.Current().Decide(substituteSubject(facts)).Obligations {
		if o.Form == breach.FormKept {
			return o
		}
	}
	t.Fatal("nothing is to be kept")
	return breach.Obligation{}
}

// substituteSubject is a practice with a dozen people whom no letter reaches.
func substituteSubject(facts breach.Facts) rules.Subject {
	s := subject("2026-03-16", 40, unreachable(12, 0))
	s.Facts = facts
	return s
}
