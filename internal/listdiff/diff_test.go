package listdiff_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/listdiff"
	"duenotice/internal/plan"
	"duenotice/internal/rules"
)

func someone(practice, key string, change func(*breach.Person)) breach.Person {
	p := breach.Person{
		Key: key, PracticeKey: practice, FirstName: "Ann", LastName: "Doe", Address1: "1 Ash St", City: "Reno", State: "NV", ZIP: "89501",
		Language: "en", DataClasses: []breach.DataClass{"name", "ssn"}, AcquiredOrViewed: "unknown",
	}
	if change != nil {
		change(&p)
	}
	return p
}

func listOf(people ...breach.Person) listdiff.List {
	return func(_ context.Context, each func(int, *breach.Person) error) error {
		for i := range people {
			p := people[i]
			if err := each(i+2, &p); err != nil {
				return err
			}
		}
		return nil
	}
}

// One of each kind of change, and two who are the same though they stand elsewhere, in
// another case of letters and with another source.
func TestEachChangeIsCountedWhereItIs(t *testing.T) {
	t.Parallel()
	before := listOf(
		someone("OAK", "same", nil), someone("OAK", "gone", nil), someone("OAK", "kinds", nil), someone("OAK", "moved", nil),
		someone("OAK", "cleared", nil), someone("ELM", "same", nil), someone("OAK", "contradicted", func(p *breach.Person) { p.AcquiredOrViewed = "yes" }),
	)
	after := listOf(
		someone("ELM", "same", func(p *breach.Person) { p.Source = "S1 row 9" }),
		someone("OAK", "new", nil),
		someone("OAK", "cleared", func(p *breach.Person) { p.AcquiredOrViewed = "no" }),
		someone("OAK", "never", func(p *breach.Person) { p.AcquiredOrViewed = "no" }),
		someone("OAK", "contradicted", func(p *breach.Person) { p.AcquiredOrViewed = "no" }),
		someone("OAK", "moved", func(p *breach.Person) { p.Address1, p.City, p.State, p.ZIP = "2 Elm St", "Tulsa", "OK", "74101" }),
		someone("OAK", "kinds", func(p *breach.Person) { p.DataClasses = []breach.DataClass{"name"} }),
		someone("OAK", "same", func(p *breach.Person) { p.Address1 = "1 ASH ST" }),
	)
	var people []string
	r, err := listdiff.Compare(t.Context(), t.TempDir(), before, after, func(p listdiff.Person) error {
		people = append(people, fmt.Sprintf("%s %s %s %d %d", p.PersonKey, p.State, strings.Join(p.What, "+"), p.RowBefore, p.RowAfter))
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, []listdiff.Line{
		{"ELM", "NV", listdiff.Counts{Before: 1, After: 1}},
		{"OAK", "NV", listdiff.Counts{Before: 6, Added: 1, Removed: 1, Leaving: 1, Passed: 1, MovedOut: 1, After: 4, Kinds: 1, Other: 1}},
		{"OAK", "OK", listdiff.Counts{MovedIn: 1, After: 1, Address: 1}},
	}, r.Lines)
	require.Equal(t, []string{
		"cleared NV leaving 6 4", "contradicted NV other_changed 8 6", "gone NV removed 3 0", "kinds NV kinds_changed 4 8",
		"moved OK address_changed 5 7", "never NV passed_over 0 5", "new NV added 0 3",
	}, people)
	for key, stays := range map[string]bool{"cleared": false, "never": false, "contradicted": true, "new": true} {
		p := someone("OAK", key, nil)
		require.Equal(t, stays, r.Stays(&p), key)
	}
	require.True(t, r.Total.Changes())
	same, err := listdiff.Compare(t.Context(), t.TempDir(), after, after, nil)
	require.NoError(t, err)
	require.False(t, same.Total.Changes(), "a list is the same as itself: %+v", same.Total)
}

// However two lists differ, each line adds up, and the other way round is the other way round.
func TestEveryComparisonAddsUp(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	states := []string{"NV", "OK", "TX", ""}
	for range 100 {
		some := func() listdiff.List {
			var people []breach.Person
			for n := range random.IntN(60) {
				if random.IntN(3) == 0 {
					continue
				}
				people = append(people, someone([]string{"OAK", "ELM"}[n%2], fmt.Sprintf("P%d", n), func(p *breach.Person) {
					p.State, p.AcquiredOrViewed = states[random.IntN(4)], []string{"yes", "no", "unknown", ""}[random.IntN(4)]
				}))
			}
			random.Shuffle(len(people), func(i, j int) { people[i], people[j] = people[j], people[i] })
			return listOf(people...)
		}
		before, after := some(), some()
		r, err := listdiff.Compare(t.Context(), t.TempDir(), before, after, nil)
		require.NoError(t, err)
		stays := 0
		require.NoError(t, after(t.Context(), func(_ int, p *breach.Person) error {
			if r.Stays(p) {
				stays++
			}
			return nil
		}))
		require.Equal(t, stays, r.Total.After)
		for _, l := range r.Lines {
			require.Equal(t, l.After, l.Before+l.Added+l.MovedIn-l.Removed-l.Leaving-l.MovedOut, "%+v", l)
		}
		back, err := listdiff.Compare(t.Context(), t.TempDir(), after, before, nil)
		require.NoError(t, err)
		require.Equal(t, r.Total.Removed, back.Total.Added+back.Total.Passed)
	}
}

// The 500th person of a State is not on the media's list, the 501st is: the duties that
// follow are the plan's, and who turned out not to be affected does not count.
func TestWhatAListChangesInDuties(t *testing.T) {
	t.Parallel()
	many := func(n int, change func(i int, p *breach.Person)) listdiff.List {
		var people []breach.Person
		for i := range n {
			people = append(people, someone("OAK", fmt.Sprintf("P%04d", i), func(p *breach.Person) {
				if change != nil {
					change(i, p)
				}
			}))
		}
		return listOf(people...)
	}
	in := plan.Input{
		Incident: breach.Incident{
			ID: "EX-1", Discovered: civil.Of(2026, time.March, 16),
			Entity: breach.Entity{Name: "Example Billing LLC", Role: breach.BusinessAssociate},
		},
		Practices: []breach.Practice{{Key: "OAK", LegalName: "Oak Street", State: "NV"}},
	}
	kinds := func(before, after listdiff.List) (added, dropped []string) {
		r, err := listdiff.Compare(t.Context(), t.TempDir(), before, after, nil)
		require.NoError(t, err)
		old, current := in, in
		old.Findings, current.Findings = before, after
		_, _, changes, err := r.Duties(t.Context(), old, current, civil.Of(2026, time.March, 20), rules.Current())
		require.NoError(t, err)
		for _, c := range changes {
			switch c.What {
			case plan.Added:
				added = append(added, c.After.Kind)
			case plan.Dropped:
				dropped = append(dropped, c.Before.Kind)
			}
		}
		return added, dropped
	}
	added, _ := kinds(many(500, nil), many(501, nil))
	require.True(t, slices.Contains(added, breach.MediaNotice), "%v", added)
	_, dropped := kinds(many(501, nil), many(501, func(i int, p *breach.Person) {
		if i == 7 {
			p.AcquiredOrViewed = "no"
		}
	}))
	require.True(t, slices.Contains(dropped, breach.MediaNotice), "%v", dropped)
	added, dropped = kinds(many(20, nil), many(20, nil))
	require.Empty(t, append(added, dropped...))
}
