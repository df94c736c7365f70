package postgres_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/plan"
)

// tallyOf counts people as breach.Tally says, in the plainest way there is.
func tallyOf(rows []breach.Person) breach.Tally {
	t := breach.Tally{Residents: map[string]int{}, Classes: map[breach.DataClass]int{}, Sets: []breach.ClassCount{}}
	for _, p := range rows {
		if !p.ProtectedOn(discovered) {
			continue
		}
		t.People++
		if state := p.Residence(); state != "" {
			t.Residents[state]++
		} else {
			t.UnknownResidence++
		}
		dead := p.Dead()
		if !p.HasUsableAddress() {
			t.NoUsableAddress++
			if dead {
				t.NoUsableAddressKin++
			} else if p.AgreedToEmail() {
				t.EmailOnly++
			}
		}
		switch {
		case dead:
			t.Deceased++
		case p.ReaderOn(discovered) == breach.ForMinor:
			t.Minors++
		}
		for _, c := range p.DataClasses {
			t.Classes[c]++
		}
		set := breach.ClassCount{State: p.Residence(), Set: breach.SetOf(p.DataClasses...), People: 1}
		same := slices.IndexFunc(t.Sets, func(c breach.ClassCount) bool { return c.State == set.State && c.Set == set.Set })
		if same < 0 {
			t.Sets = append(t.Sets, set)
			continue
		}
		t.Sets[same].People++
	}
	slices.SortFunc(t.Sets, func(a, b breach.ClassCount) int {
		return cmp.Or(cmp.Compare(a.State, b.State), cmp.Compare(a.Set, b.Set))
	})
	return t
}

func TestTalliesAreWhatARecountSays(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	keys := []string{"P1", "P2", "P3", "P4", "P5"}
	list := practices(keys...)
	list[1].CountingEntity, list[2].CountingEntity, list[4].CountingEntity = "ACE", "ACE", "P4"
	rows := randomPeople(random, keys[:4], 2000) // nobody in P5, which is counted with P4
	store, _ := open(t)
	result := loaded(t, store, caseOf(incident(), list, rows...))

	different := map[string]bool{}
	tallier := plan.NewTallier(incident(), list, discovered)
	for _, p := range rows {
		require.NoError(t, tallier.Add(&p))
		if p.ProtectedOn(discovered) {
			different[p.Key] = true
		}
	}
	require.Equal(t, len(rows), result.Findings)
	require.Equal(t, len(different), result.People)

	groups := tallier.Groups()
	require.Len(t, groups, 2)
	for _, key := range keys {
		p := practice(t, store, key)
		own := slices.DeleteFunc(slices.Clone(rows), func(r breach.Person) bool { return r.PracticeKey != key })
		require.Equal(t, tallyOf(own), p.Tally, key)
		require.Equal(t, tallier.Practice(key), p.Tally, "the plan and the database count alike")
		mailable := len(slices.DeleteFunc(own, func(r breach.Person) bool { return !r.ProtectedOn(discovered) || !r.HasUsableAddress() }))
		require.Equal(t, mailable, p.Account.In(account.Waiting))
		require.ElementsMatch(t, tallier.Account(key, true), p.Account, "the plan and the database begin alike")
		require.Equal(t, groups[p.Practice.CountedAs()], p.Group, "the plan and the database count entities alike")
	}
	require.Nil(t, practice(t, store, "P1").Group)
	require.Equal(t, []string{"P4", "P5"}, practice(t, store, "P5").Group.Members)
}

// TestACountingEntityCountsAPersonOnce, where the first practice in key order
// that knows a State has it.
func TestACountingEntityCountsAPersonOnce(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	list := practices("P1", "P2", "P3")
	for i := range list {
		list[i].CountingEntity = "ACE"
	}
	loaded(t, store, caseOf(incident(), list,
		with(person("P3", "a"), func(p *breach.Person) { p.State, p.DataClasses = "DC", []breach.DataClass{"ssn"} }),
		with(person("P2", "a"), func(p *breach.Person) { p.State, p.DataClasses = "MD", []breach.DataClass{"name"} }),
		with(person("P1", "a"), func(p *breach.Person) { p.State, p.DataClasses = "", []breach.DataClass{"photo"} }),
		with(person("P1", "b"), func(p *breach.Person) { p.Address1 = "" }),
	))
	require.Equal(t, &breach.Group{Key: "ACE", Members: []string{"P1", "P2", "P3"}, Tally: breach.Tally{
		People: 2, Residents: map[string]int{"MD": 1, "VA": 1}, NoUsableAddress: 1,
		Classes: map[breach.DataClass]int{"name": 2, "diagnosis": 1, "ssn": 1, "photo": 1},
		Sets: []breach.ClassCount{
			{State: "MD", Set: breach.SetOf("name", "ssn", "photo"), People: 1},
			{State: "VA", Set: breach.SetOf("name", "diagnosis"), People: 1},
		},
	}}, practice(t, store, "P2").Group)
}
