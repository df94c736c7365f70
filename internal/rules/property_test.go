package rules_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/rules"
)

// random makes a subject from a seed: counts close to the lines, answers of
// every kind, holds, facts and conclusions.
func random(seed uint64) rules.Subject {
	r := rand.New(rand.NewPCG(seed, 164))
	pick := func(words ...string) string { return words[r.IntN(len(words))] }
	on := func() civil.Date { return day("2023-01-01").AddDays(r.IntN(1400)) }
	some := func(n int, d civil.Date) civil.Date {
		if r.IntN(n) == 0 {
			return d
		}
		return civil.Date{}
	}
	discovered := on()
	s := subject(discovered.String(), 0)
	s.Incident.Occurred.From = discovered.AddDays(-r.IntN(200))
	s.Practice.Agent = breach.YesNo(pick("yes", "no", "", "yes"))
	s.Practice.BAANoticeDays = []int{0, 5, 30, 60, 90}[r.IntN(5)]
	s.Practice.NotifiedOn = some(2, discovered.AddDays(r.IntN(50)))
	s.Practice.Part2Program = breach.YesNo(pick("yes", "no", ""))
	n := []int{1, 9, 40, 499, 500, 501, 1200}[r.IntN(7)]
	s.Tally = tally(n, "TX", n/2, "DC", n-n/2)
	if r.IntN(2) == 0 {
		s.Tally = tally(n, "TX", n)
	}
	s.Tally.Classes["substance_use_disorder"] = r.IntN(2)
	s.Tally.NoUsableAddress = min(n, r.IntN(14))
	s.Tally.NoUsableAddressKin = min(s.Tally.NoUsableAddress, r.IntN(4))
	for range r.IntN(3) {
		stated := discovered.AddDays(r.IntN(90))
		hold(pick("oral", "written"), stated.String(), some(2, stated.AddDays(r.IntN(120))).String(),
			[][]string{nil, {"media"}, {"individual", "hhs"}, {"practice", "posting"}}[r.IntN(4)]...)(&s)
	}
	if r.IntN(3) == 0 {
		fact(breach.LettersMailed, discovered.AddDays(r.IntN(80)).String())(&s)
	}
	if r.IntN(4) == 0 {
		s.Practice.CALicensedFacility, s.Practice.Insurer, s.Practice.State = breach.Yes, breach.YesNo(pick("yes", "no")), pick("CA", "WA")
	}
	if r.IntN(4) == 0 {
		fact(breach.PostingStarted, discovered.AddDays(r.IntN(80)).String())(&s)
	}
	if r.IntN(4) == 0 {
		told := breach.Fact{Kind: breach.HHSFiled, On: discovered.AddDays(r.IntN(80)), Count: []int{1, 500, 501}[r.IntN(3)], Estimate: r.IntN(2) == 0}
		s.Facts = append(s.Facts, told)
		told.Jurisdiction = breach.Part2
		s.Facts = append(s.Facts, told)
	}
	if r.IntN(8) == 0 {
		s.Facts = append(s.Facts, breach.Fact{Kind: breach.AgencyDetermined, On: discovered, Answer: pick("yes", "no")},
			breach.Fact{Kind: breach.ClockOverride, On: discovered.AddDays(r.IntN(60)), Reference: "a statement"})
	}
	switch r.IntN(12) {
	case 0:
		secured(breach.Encrypted, "NIST SP 800-111", breach.YesNo(pick("yes", "no", "")))(&s)
	case 1:
		s.Incident.Exclusion, s.Incident.ExclusionReason = breach.Exclusions[r.IntN(3)], pick("", "why")
	case 2:
		s.Assessment = &rules.Assessment{Conclusion: breach.LowProbability, Factors: factors, ConfirmedBy: []string{"ann", "bob"}[:1+r.IntN(2)]}
	}
	if r.IntN(5) == 0 {
		s.Facts = append(s.Facts, breach.Fact{Kind: breach.PracticeNotified, On: discovered.AddDays(r.IntN(40)), Count: []int{0, 1, 500}[r.IntN(3)]})
		if r.IntN(3) == 0 {
			s.Facts = append(s.Facts, breach.Fact{Kind: breach.PracticeUpdated, On: discovered.AddDays(40 + r.IntN(40)), Count: []int{1, 500, 1200}[r.IntN(3)]})
		}
	}
	if alive := s.Tally.NoUsableAddress - s.Tally.NoUsableAddressKin; r.IntN(4) == 0 {
		s.Tally.EmailOnly = r.IntN(alive + 1)
	}
	if len(s.Incident.Holds) > 0 && r.IntN(4) == 0 {
		s.Incident.Holds[0].Agency, s.Incident.Holds[0].PublicAuthority = pick("Example Forensics LLC", "Example Unit"), breach.YesNo(pick("", "yes", "no"))
	}
	return s
}

const samples = 1500

// TestAddingAPersonTakesNothingAway: one more person never ends a duty. The
// report to HHS changes from the log to the immediate form.
func TestAddingAPersonTakesNothingAway(t *testing.T) {
	t.Parallel()
	for seed := range uint64(samples) {
		s := random(seed)
		before := decide(s)
		s.Tally.People++
		s.Tally.Residents = maps.Clone(s.Tally.Residents)
		s.Tally.Residents["TX"]++
		after := decide(s)
		require.Equal(t, before.Notifiable, after.Notifiable, seed)
		for _, o := range before.Obligations {
			require.True(t, slices.ContainsFunc(after.Obligations, func(a breach.Obligation) bool {
				return a.Kind == o.Kind && a.Regime == o.Regime && a.Jurisdiction == o.Jurisdiction && a.Count >= o.Count
			}), "seed %d lost %s", seed, o.ID())
		}
	}
}

// TestEveryObligationIsWhole: nothing owed lacks what a person needs to act on
// it and to check it.
func TestEveryObligationIsWhole(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, r := range rules.Current().Rules() {
		known[r.ID] = true
	}
	for seed := range uint64(samples) {
		s := random(seed)
		d := decide(s)
		require.Equal(t, d, decide(s), "the same subject gives the same decision")
		ids := map[string]bool{}
		for _, o := range d.Obligations {
			require.True(t, known[o.Rule], o.Rule)
			require.False(t, ids[o.ID()], "seed %d has %s twice", seed, o.ID())
			ids[o.ID()] = true
			require.NotEmpty(t, o.Title())
			for _, field := range []string{o.Kind, o.Regime, o.Jurisdiction, o.Recipient, o.Trigger, o.Clock, o.Citation, o.Why, o.Confidence} {
				require.NotEmpty(t, field, "%s: %+v", o.Rule, o)
			}
			require.Positive(t, o.Count)
			if o.Due.IsZero() {
				require.Regexp(t, "the clock starts on the day|the lists have|done when its end is recorded", o.Why, o.Rule)
			} else {
				require.False(t, o.Due.Before(s.Incident.Discovered), "%s is due before discovery", o.Rule)
			}
		}
	}
}

// TestAHoldNeverMakesAnythingDueEarlier, and never by more than its own end.
func TestAHoldNeverMakesAnythingDueEarlier(t *testing.T) {
	t.Parallel()
	for seed := range uint64(samples) {
		s := random(seed)
		held := decide(s)
		s.Incident.Holds = nil
		free := decide(s)
		require.Len(t, held.Obligations, len(free.Obligations))
		for i, o := range held.Obligations {
			plain := free.Obligations[i].Due
			require.False(t, o.Due.Before(plain), "seed %d: %s", seed, o.Rule)
			if o.Due != plain && o.Kind != breach.FacilityNotice { // 15 business days follow its hold
				require.False(t, o.Due.After(o.NotBefore), "seed %d: %s is due after its hold ended", seed, o.Rule)
			}
		}
	}
}
