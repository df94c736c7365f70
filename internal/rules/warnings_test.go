package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/rules"
)

func TestAnswersThatAreMissingAreAskedFor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*rules.Subject)
		code   string
	}{
		{"agent", func(s *rules.Subject) { s.Practice.Agent = breach.Unknown }, "agent_unknown"},
		{"contract window", func(s *rules.Subject) { s.Practice.BAANoticeDays = 0 }, "no_baa_window"},
		{"delegation", func(s *rules.Subject) { s.Practice.Delegation = "" }, "delegation_unanswered"},
	} {
		require.Equal(t, []string{c.code}, codes(decide(subject("2026-03-16", 40, c.change))), c.name)
		entity := func(s *rules.Subject) { s.Incident.Entity.Role = breach.CoveredEntity }
		require.Empty(t, codes(decide(subject("2026-03-16", 40, c.change, entity))), "%s of a covered entity's own incident", c.name)
		require.Empty(t, codes(decide(subject("2026-03-16", 0, c.change))), "%s of a practice nobody of which was found", c.name)
	}
}

func TestCountsCloseBelowALineArePointedOut(t *testing.T) {
	t.Parallel()
	counted := func(n int, residents ...any) func(*rules.Subject) {
		return func(s *rules.Subject) { s.Tally = tally(n, residents...) }
	}
	for _, c := range []struct {
		name string
		with func(*rules.Subject)
		want []rules.Warning
	}{
		{"489 people are not close", counted(489, "TX", 400), nil},
		{"490 people are", counted(490, "TX", 400), []rules.Warning{{"near_threshold", "490 people: 10 more and HHS is owed its report with the letters"}}},
		{"499 people", counted(499, "TX", 400), []rules.Warning{{"near_threshold", "499 people: 1 more and HHS is owed its report with the letters"}}},
		{"490 residents are not close to 501", counted(600, "TX", 490), nil},
		{"491 residents are", counted(600, "TX", 491), []rules.Warning{{"near_threshold", "491 residents of TX: 10 more and media notice is owed"}}},
		{"500 residents", counted(600, "TX", 500), []rules.Warning{{"near_threshold", "500 residents of TX: 1 more and media notice is owed"}}},
		{"501 residents are over it", counted(600, "TX", 501), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, decide(subject("2026-03-16", 1, c.with)).Warnings)
		})
	}
}

func TestPeopleOfUnknownStateWhoCouldMatter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		tx, unk int
		want    []string
	}{
		{"100 could not carry 400 over 500", 400, 100, nil},
		{"101 could", 400, 101, []string{"unknown_residence"}},
		{"a State already over needs none", 501, 200, nil},
		{"500 of nowhere known", 0, 500, nil},
		{"501 of nowhere known", 0, 501, []string{"unknown_residence"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := decide(subject("2026-03-16", 1, func(s *rules.Subject) {
				s.Tally = tally(c.tx+c.unk+1000, "TX", c.tx)
				s.Tally.UnknownResidence = c.unk
			}))
			require.ElementsMatch(t, c.want, codes(d))
		})
	}
}

func TestForm8K(t *testing.T) {
	t.Parallel()
	incident := func(material string) breach.Incident {
		i := subject("2026-03-16", 1).Incident
		i.Entity.PublicCompany, i.MaterialDetermined = breach.Yes, day(material)
		i.Holds = []breach.Hold{{Kind: breach.WrittenHold, Agency: "FBI", StatedOn: day("2026-03-17"), Until: day("2027-01-01")}}
		return i
	}
	for _, c := range []struct {
		name, material, fact, due string
	}{
		{"not determined yet", "", "", ""},
		{"four business days in one week", "2026-03-16", "", "2026-03-20"},
		{"over a weekend", "2026-03-18", "", "2026-03-24"},
		{"over Thanksgiving", "2026-11-24", "", "2026-12-01"},
		{"by a recorded fact", "", "2026-03-18", "2026-03-24"},
		{"determined again later: the first counts", "2026-03-16", "2026-03-18", "2026-03-20"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var facts breach.Facts
			if c.fact != "" {
				facts = breach.Facts{{Kind: breach.MaterialDeterminedFact, On: day(c.fact)}}
			}
			owed, _ := rules.Current().DecideIncident(incident(c.material), facts)
			require.Len(t, owed, 1)
			require.Equal(t, c.due, owed[0].Due.String())
			require.Equal(t, civil.Date{}, owed[0].NotBefore, "a hold under HIPAA does not delay it")
		})
	}
	private := incident("2026-03-16")
	private.Entity.PublicCompany = breach.No
	owed, _ := rules.Current().DecideIncident(private, nil)
	require.Empty(t, owed)
	for _, o := range decide(rules.Subject{Incident: incident("2026-03-16"), Tally: tally(1, "TX", 1)}).Obligations {
		require.NotEqual(t, breach.SECForm8K, o.Kind, "owed by the company, not by a practice")
	}
}
