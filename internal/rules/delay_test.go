package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/rules"
)

func TestLawEnforcementDelay(t *testing.T) {
	t.Parallel()
	released := func(on string) func(*rules.Subject) {
		return func(s *rules.Subject) { s.Incident.Holds[len(s.Incident.Holds)-1].ReleasedOn = day(on) }
	}
	unnamed := func(s *rules.Subject) { s.Incident.Holds[0].Official = " " }
	// Discovered 2026-02-15, so day 60 is 2026-04-16.
	for _, c := range []struct {
		name           string
		holds          []func(*rules.Subject)
		due, notBefore string
		warned         string
	}{
		{"no hold", nil, "2026-04-16", "", ""},
		{"oral: 30 days from the statement", []func(*rules.Subject){hold("oral", "2026-03-10", "")}, "2026-04-16", "2026-04-09", ""},
		{"oral ending on day 60", []func(*rules.Subject){hold("oral", "2026-03-17", "")}, "2026-04-16", "2026-04-16", ""},
		{"oral ending the day after day 60", []func(*rules.Subject){hold("oral", "2026-03-18", "")}, "2026-04-17", "2026-04-17", ""},
		{"oral with an earlier end", []func(*rules.Subject){hold("oral", "2026-03-10", "2026-03-20")}, "2026-04-16", "2026-03-20", ""},
		{"oral with a later end is capped", []func(*rules.Subject){hold("oral", "2026-03-10", "2026-06-01")}, "2026-04-16", "2026-04-09", "oral_hold_capped"},
		{"oral by nobody in particular", []func(*rules.Subject){hold("oral", "2026-04-01", ""), unnamed}, "2026-04-16", "", "hold_without_official"},
		{"written past day 60: never added days", []func(*rules.Subject){hold("written", "2026-03-10", "2026-06-01")}, "2026-06-01", "2026-06-01", ""},
		{"written inside the 60 days", []func(*rules.Subject){hold("written", "2026-03-10", "2026-04-01")}, "2026-04-16", "2026-04-01", ""},
		{"written without a period", []func(*rules.Subject){hold("written", "2026-03-10", "")}, "2026-04-16", "", "written_hold_without_period"},
		{"R05: an undated letter does not extend an oral hold", []func(*rules.Subject){hold("oral", "2026-04-01", ""), hold("written", "2026-04-20", "")}, "2026-05-01", "2026-05-01", "written_hold_without_period"},
		{"a dated letter within the 30 days does", []func(*rules.Subject){hold("oral", "2026-04-01", ""), hold("written", "2026-05-01", "2026-07-01")}, "2026-07-01", "2026-07-01", ""},
		{"a letter after the oral hold and day 60 cures nothing", []func(*rules.Subject){hold("oral", "2026-03-10", ""), hold("written", "2026-04-17", "2026-07-01")}, "2026-04-16", "2026-07-01", ""},
		{"a letter on day 60 is in time", []func(*rules.Subject){hold("written", "2026-04-16", "2026-07-01")}, "2026-07-01", "2026-07-01", ""},
		{"released early", []func(*rules.Subject){hold("written", "2026-03-10", "2026-06-01"), released("2026-05-10")}, "2026-05-10", "2026-05-10", ""},
		{"released before day 60", []func(*rules.Subject){hold("written", "2026-03-10", "2026-06-01"), released("2026-03-20")}, "2026-04-16", "2026-03-20", ""},
		{"released after its end changes nothing", []func(*rules.Subject){hold("written", "2026-03-10", "2026-05-01"), released("2026-06-20")}, "2026-05-01", "2026-05-01", ""},
		{"covers the media only", []func(*rules.Subject){hold("written", "2026-03-10", "2026-06-01", "media")}, "2026-04-16", "", ""},
		{"covers individuals among others", []func(*rules.Subject){hold("written", "2026-03-10", "2026-06-01", "media", "individual")}, "2026-06-01", "2026-06-01", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := subject("2026-02-15", 40, c.holds...)
			d := decide(s)
			o := only(t, d, breach.IndividualNotice)
			require.Equal(t, []string{c.due, c.notBefore}, []string{o.Due.String(), o.NotBefore.String()})
			if c.warned != "" {
				require.Equal(t, []string{c.warned}, codes(d))
			} else {
				require.Empty(t, d.Warnings)
			}
			end, why := rules.HoldUntil(s.Incident.Holds, breach.CoversIndividual)
			require.Equal(t, c.notBefore, end.String())
			if c.notBefore == "" {
				require.Empty(t, why)
			} else {
				require.Contains(t, o.Why, why)
			}
		})
	}
}

func TestHoldReachesOnlyTheNoticesItCovers(t *testing.T) {
	t.Parallel()
	scopeOf := map[string]string{
		breach.CoveredEntityNotice: breach.CoversPractice, breach.IndividualNotice: breach.CoversIndividual,
		breach.SubstituteNotice: breach.CoversPosting, breach.MediaNotice: breach.CoversMedia, breach.HHSNotice: breach.CoversHHS,
	}
	for _, scope := range breach.HoldScopes {
		d := decide(subject("2026-02-15", 501, unreachable(1, 0), hold("written", "2026-03-01", "2026-09-01", scope)))
		require.Len(t, d.Obligations, 5)
		for _, o := range d.Obligations {
			want := day("2026-04-16")
			if scopeOf[o.Kind] == scope {
				want = day("2026-09-01")
			}
			require.Equal(t, want, o.Due, "%s under a hold that covers %s", o.Kind, scope)
		}
	}
}

func TestAnnualLogUnderAHold(t *testing.T) {
	t.Parallel()
	d := decide(subject("2026-02-15", 40, hold("written", "2026-12-01", "2027-05-01")))
	require.Equal(t, day("2027-05-01"), only(t, d, breach.HHSNotice).Due)
}

func TestHeldOnIsFromTheStatementToTheDayBeforeItsEnd(t *testing.T) {
	t.Parallel()
	holds := []breach.Hold{{Kind: breach.WrittenHold, Agency: "FBI", StatedOn: day("2026-03-10"), Until: day("2026-04-09")}}
	for on, held := range map[string]bool{"2026-03-09": false, "2026-03-10": true, "2026-04-08": true, "2026-04-09": false} {
		require.Equal(t, held, rules.HeldOn(holds, breach.CoversIndividual, day(on)), on)
	}
}
