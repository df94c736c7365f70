package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/rules"
)

// inGroup counts the practice with P1 to P3 as ACE-1, n people of Texas.
func inGroup(key string, n int, peers ...rules.Peer) func(*rules.Subject) {
	return func(s *rules.Subject) {
		s.Practice.Key, s.Practice.CountingEntity = key, "ACE-1"
		s.Group = &breach.Group{Key: "ACE-1", Members: []string{"P1", "P2", "P3"}, Tally: tally(n, "TX", n)}
		s.Peers = peers
	}
}

func TestCountingEntityOwesOnce(t *testing.T) {
	t.Parallel()
	lead := decide(subject("2026-03-16", 200, inGroup("P1", 501)))
	require.Equal(t, []string{"covered_entity_notice", "individual_notice", "media_notice/TX", "hhs_notice/immediate"}, brief(lead))
	require.Equal(t, 200, only(t, lead, breach.IndividualNotice).Count, "letters are the practice's own")
	hhs := only(t, lead, breach.HHSNotice)
	require.Equal(t, 501, hhs.Count)
	require.Equal(t, "501 people of counting entity ACE-1, counted once with P2, P3; discovered 2026-03-16", hhs.Why)
	require.Equal(t, "501 residents of TX of counting entity ACE-1, counted once with P2, P3; discovered 2026-03-16", only(t, lead, breach.MediaNotice).Why)

	other := decide(subject("2026-03-16", 301, inGroup("P2", 501)))
	require.Equal(t, []string{"covered_entity_notice", "individual_notice"}, brief(other))
}

func TestCountingEntityAtTheLines(t *testing.T) {
	t.Parallel()
	for n, want := range map[int][]string{
		499: {"covered_entity_notice", "individual_notice", "hhs_notice/annual_log"},
		500: {"covered_entity_notice", "individual_notice", "hhs_notice/immediate"},
		501: {"covered_entity_notice", "individual_notice", "media_notice/TX", "hhs_notice/immediate"},
	} {
		require.Equal(t, want, brief(decide(subject("2026-03-16", 499, inGroup("P1", n)))), n)
	}
}

func TestLeadWithoutPeopleOfItsOwnCarriesTheGroupsDuties(t *testing.T) {
	t.Parallel()
	d := decide(subject("2026-03-16", 0, inGroup("P1", 500)))
	require.True(t, d.Notifiable)
	require.Equal(t, []string{"hhs_notice/immediate"}, brief(d))
	require.False(t, decide(subject("2026-03-16", 0, inGroup("P2", 500))).Notifiable)
}

func TestWhatOnePracticeKnowsTheCountingEntityKnows(t *testing.T) {
	t.Parallel()
	notTold := func(s *rules.Subject) { s.Practice.Agent = breach.No }
	d := decide(subject("2026-03-16", 200, notTold, inGroup("P1", 600,
		rules.Peer{Key: "P2", Discovered: day("2026-04-01")}, rules.Peer{Key: "P3", Discovered: day("2026-03-20")},
		rules.Peer{Key: "P4"}, rules.Peer{Key: "P5", Discovered: day("2026-03-21")})))
	require.True(t, d.Discovered.IsZero())
	require.True(t, only(t, d, breach.IndividualNotice).Due.IsZero(), "its own letters wait for its own discovery")
	hhs := only(t, d, breach.HHSNotice)
	require.Equal(t, day("2026-05-19"), hhs.Due)
	require.Contains(t, hhs.Why, "discovered 2026-03-20 by P3 of the same counting entity")
}

func TestPartTwoProgramOfAGroupIsReportedUnderItsLead(t *testing.T) {
	t.Parallel()
	program := breach.Practice{Key: "P2", Part2Program: breach.Yes, Agent: breach.Yes}
	found := tally(10, "TX", 10)
	found.Classes["substance_use_disorder"] = 3
	s := subject("2026-03-16", 200, inGroup("P1", 600))
	s.Peers = []rules.Peer{rules.PeerOf(s.Incident, program, found, nil)}
	require.Len(t, all(decide(s), breach.HHSNotice), 2)
	s.Group.Members = []string{"P0", "P1", "P2"}
	require.Empty(t, all(decide(s), breach.HHSNotice))
}

func TestTenUnreachablePeopleAreReachedTogether(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name             string
		own, entity      int
		form             string
		whyNamesTheGroup bool
	}{
		{"four of nine", 4, 9, breach.FormAlternative, false},
		{"four of ten", 4, 10, breach.FormConspicuous, true},
		{"ten of its own", 10, 10, breach.FormConspicuous, false},
		{"ten of its own, whom another practice can reach", 10, 0, breach.FormConspicuous, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := subject("2026-03-16", 50, inGroup("P2", 100), unreachable(c.own, 0))
			s.Group.Tally.NoUsableAddress = c.entity
			o := only(t, decide(s), breach.SubstituteNotice)
			require.Equal(t, c.form, o.Form)
			require.Equal(t, c.own, o.Count)
			require.Equal(t, c.whyNamesTheGroup, len(o.Why) > len("10 people without a usable address; discovered 2026-03-16"), o.Why)
		})
	}
}
