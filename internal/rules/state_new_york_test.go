package rules_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/rules"
)

// TestReliefByAHIPAANoticeRestsOnThatNotice: the State's own day is shown as
// counsel's question until letters are recorded by it.
func TestReliefByAHIPAANoticeRestsOnThatNotice(t *testing.T) {
	t.Parallel()
	asked := func(s rules.Subject) (found string) {
		for _, w := range decide(s).Warnings {
			if w.Code == "needs_counsel" && strings.Contains(w.Message, "still gives the relief") {
				found += w.Message[:len("NY")]
				require.Contains(t, w.Message, "counsel's question")
			}
		}
		return found
	}
	require.Equal(t, "NY", asked(stateCase(living("NY", 1))))
	require.True(t, slices.ContainsFunc(decide(stateCase(living("NY", 1))).Warnings, func(w rules.Warning) bool {
		return strings.Contains(w.Message, "the letters' own day here, 2026-04-15, is left out")
	}), "the thirty days are named")
	require.Equal(t, "NY", asked(stateCase(living("NY", 1), mailedOn("2026-04-16"))), "letters after the thirty days")
	require.Empty(t, asked(stateCase(living("NY", 1), mailedOn("2026-04-15"))), "letters within them need no relief")
	require.Empty(t, asked(stateCase(living("NY", 1, "address"))), "not the law's data")
	require.Equal(t, "FL", asked(stateCase(living("FL", 1))), "the same words elsewhere")
	require.Empty(t, asked(stateCase(living("WA", 1))), "relief for who complies, not for who notifies")
	require.Empty(t, asked(stateCase(living("CA", 1))), "no relief, so the letter is owed by the day itself")
}

func TestGeneralHospitalsInNewYork(t *testing.T) {
	t.Parallel()
	hospital := func(s *rules.Subject) { s.Practice.NYGeneralHospital = breach.Yes }
	const report = "state.ny.regulator.department_of_health"
	for _, c := range []struct {
		name, want string
		s          rules.Subject
	}{
		{"72 hours from discovery when nothing was determined later", "2026-03-19", stateCase(living("NY", 1), hospital)},
		{"72 hours from the determination", "2026-04-05", stateCase(living("NY", 1), hospital, determined("2026-04-02"))},
		{"patients of any State, with any data", "2026-03-19", stateCase(living("NJ", 1, "address"), hospital)},
		{"not another practice", "", stateCase(living("NY", 1))},
		{"the day before the regulation", "", stateCase(living("NY", 1), hospital, found("2024-10-01"))},
		{"its first day", "2024-10-05", stateCase(living("NY", 1), hospital, found("2024-10-02"))},
		{"a hospital that has not been told yet", "-", stateCase(living("NY", 1), hospital, func(s *rules.Subject) { s.Practice.Agent = breach.No })},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, due(t, c.s, report))
		})
	}
	d := decide(stateCase(living("NJ", 1), hospital))
	require.True(t, slices.ContainsFunc(d.Warnings, func(w rules.Warning) bool {
		return w.Code == "needs_counsel" && strings.HasPrefix(w.Message, "NY: whether this was a cybersecurity incident")
	}))
	o := byRule(t, stateCase(living("NY", 7), hospital))[report]
	require.Equal(t, []any{"New York State Department of Health", 7, "determined", "72 hours", "10 NYCRR 405.46", breach.Unverified}, []any{o.Recipient, o.Count, o.Trigger, o.Clock, o.Citation, o.Confidence})
	agency, _ := rules.AgencyToTell(o)
	require.Equal(t, "NY:department_of_health", agency)
}

// TestMainesAttorneyGeneralIsNotLaterThanItsLetters, which are due 30 days after
// the scope is known.
func TestMainesAttorneyGeneralIsNotLaterThanItsLetters(t *testing.T) {
	t.Parallel()
	const ag = "state.me.regulator.attorney_general"
	require.Equal(t, "2026-04-15", due(t, stateCase(living("ME", 1)), ag))
	require.Equal(t, "2026-05-10", due(t, stateCase(living("ME", 1), scope("2026-04-10")), ag))
	require.Equal(t, "2026-04-01", due(t, stateCase(living("ME", 1), mailedOn("2026-04-01")), ag))
	require.Equal(t, "2026-05-15", due(t, stateCase(living("ME", 1), scope("2026-04-20")), ag), "HIPAA's day for the letters")
}
