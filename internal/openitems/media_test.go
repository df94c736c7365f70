package openitems_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/openitems"
)

// TestWhatIsMissingOfTheMediaIsSaid: which outlets were told and when, which were not,
// and the command for the next one.
func TestWhatIsMissingOfTheMediaIsSaid(t *testing.T) {
	t.Parallel()
	day := civil.MustParse
	incident := casebook.Incident{Incident: breach.Incident{
		ID: "EX-1", Entity: breach.Entity{Role: breach.BusinessAssociate},
		Media: []breach.MediaTerms{{State: "VA", Outlets: []breach.Outlet{{Name: "Example Press"}, {Name: "Radio Example"}, {Name: "Example Post"}}}},
	}}
	duty := func(state string) casebook.ObligationStatus {
		return casebook.ObligationStatus{Obligation: breach.Obligation{Rule: "hipaa.164.406.media", Kind: breach.MediaNotice, Jurisdiction: state, Recipient: "prominent media outlets", Due: day("2026-05-15")}}
	}
	practice := casebook.PracticeStatus{
		Key: "P1", Name: "Oak Street", Delegation: breach.DelegateAll, AddsUp: true, Obligations: []casebook.ObligationStatus{duty("VA"), duty("MD")},
		MediaSent: breach.Facts{{Kind: breach.MediaSent, Jurisdiction: "VA", Outlet: "Example Press", On: day("2026-04-20")}},
		Posting:   &casebook.Posting{URL: "https://oakstreet.example.org", Problem: "nothing of the notice is on it", Since: day("2026-04-19"), LookedOn: day("2026-04-21")},
	}
	items := openitems.In(incident, day("2026-04-21"), openitems.Typed, openitems.Sources{Practices: []casebook.PracticeStatus{practice}})
	require.Len(t, items, 3)
	require.Contains(t, items[0].What, "; to be told: Radio Example, Example Post; Example Press told on 2026-04-20")
	require.Contains(t, items[0].Do, `--fact media_sent --jurisdiction VA --outlet "Radio Example" --on 2026-04-21`)
	require.NotContains(t, items[1].What, "told")
	require.NotContains(t, items[1].Do, "--outlet")
	require.Equal(t, openitems.ForOfficer, items[2].Whom)
	require.Contains(t, items[2].What, "since 2026-04-19 not on https://oakstreet.example.org: nothing of the notice is on it")
	require.Contains(t, items[2].Do, "--fact posting_gap --on 2026-04-19")
}
