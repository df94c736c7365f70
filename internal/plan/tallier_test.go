package plan_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/plan"
)

func TestTallierCountsExactlyWhatASetWould(t *testing.T) {
	t.Parallel()
	keys := []string{"P1", "P2", "P3"}
	ps := practices(keys...)
	ps[0].CountingEntity, ps[1].CountingEntity = "ACE", "ACE"
	tallier := plan.NewTallier(incident(), ps, asOf)
	everybody, ofGroup, pieces := map[string]bool{}, map[string]bool{}, map[string]bool{}
	const rows = 60_000
	for n := range rows {
		p := found(keys[n%3], fmt.Sprintf("person-%d", n*7%27_001), "VA")
		if n%5 == 0 {
			p.Address1 = fmt.Sprintf("%d Other St", n%3)
		}
		require.NoError(t, tallier.Add(&p))
		everybody[p.Key] = true
		if p.PracticeKey != "P3" {
			ofGroup[p.Key] = true
		}
		key, ok := p.MailKey()
		require.True(t, ok)
		pieces[p.Key+"\x00"+key] = true
	}
	require.Equal(t, len(everybody), tallier.People())
	require.Equal(t, len(ofGroup), tallier.Groups()["ACE"].Tally.People)
	require.Equal(t, len(pieces), tallier.Letters())
	require.Equal(t, rows, tallier.Findings())
	require.Zero(t, tallier.LongDead())
}

func TestTallyOfOnePractice(t *testing.T) {
	t.Parallel()
	tallier := plan.NewTallier(incident(), practices("P1"), asOf)
	for _, change := range []func(*breach.Person){
		func(*breach.Person) {},
		func(p *breach.Person) { p.BirthDate = asOf.AddYears(-10) },
		func(p *breach.Person) { p.DeceasedDate = asOf.AddDays(-400); p.ZIP = "" },
		func(p *breach.Person) {
			p.State = "ZZ"
			p.DataClasses = append(p.DataClasses, "substance_use_disorder", "nonsense")
		},
		func(p *breach.Person) { p.Country, p.State = "CA", "ON" },
	} {
		p := found("P1", fmt.Sprint(tallier.Findings()), "GU")
		change(&p)
		require.NoError(t, tallier.Add(&p))
	}
	require.Equal(t, breach.Tally{
		People: 5, Residents: map[string]int{"GU": 3}, UnknownResidence: 2,
		NoUsableAddress: 2, NoUsableAddressKin: 1, Minors: 1, Deceased: 1,
		Classes: map[breach.DataClass]int{"name": 5, "phone": 5, "substance_use_disorder": 1},
		Sets: []breach.ClassCount{
			{State: "", Set: breach.SetOf("name", "phone"), People: 1},
			{State: "", Set: breach.SetOf("name", "phone", "substance_use_disorder"), People: 1},
			{State: "GU", Set: breach.SetOf("name", "phone"), People: 3},
		},
	}, tallier.Practice("P1"))
	require.Zero(t, tallier.Practice("P9").People)
}

// TestWhoAgreedToEMailIsCountedApart, where no letter can be mailed.
func TestWhoAgreedToEMailIsCountedApart(t *testing.T) {
	t.Parallel()
	tallier := plan.NewTallier(incident(), practices("P1"), asOf)
	for _, change := range []func(*breach.Person){
		func(*breach.Person) {},
		func(p *breach.Person) { p.EmailAgreedOn = civil.Date{} },
		func(p *breach.Person) { p.Email = "" },
		func(p *breach.Person) { p.DeceasedDate = asOf.AddDays(-400) },
		func(p *breach.Person) { p.ZIP = "22150" },
	} {
		p := found("P1", fmt.Sprint(tallier.Findings()), "VA")
		p.Email, p.EmailAgreedOn, p.ZIP = "somebody@example.org", asOf.AddDays(-90), ""
		change(&p)
		require.NoError(t, tallier.Add(&p))
	}
	tally := tallier.Practice("P1")
	require.Equal(t, []int{5, 4, 1, 1}, []int{tally.People, tally.NoUsableAddress, tally.NoUsableAddressKin, tally.EmailOnly})
	require.Equal(t, 1, tallier.Letters())
}

// BenchmarkTallierAdd adds a million rows of 400 practices, of which a quarter
// share counting entities, and reports the memory that the tallier holds.
func BenchmarkTallierAdd(b *testing.B) {
	const rows = 1_000_000
	keys := make([]string, 400)
	for i := range keys {
		keys[i] = fmt.Sprintf("P%03d", i)
	}
	ps := practices(keys...)
	for i := range ps {
		if i%4 == 0 {
			ps[i].CountingEntity = fmt.Sprintf("ACE-%d", i%20)
		}
	}
	people := make([]breach.Person, 1000)
	for i := range people {
		people[i] = found(keys[i%len(keys)], "", []string{"VA", "TX", "PR", ""}[i%4])
	}
	b.ReportAllocs()
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		tallier := plan.NewTallier(incident(), ps, asOf)
		key := make([]byte, 0, 16)
		for n := range rows {
			p := people[n%len(people)]
			key = fmt.Appendf(key[:0], "p-%09d", n)
			p.Key = string(key)
			if err := tallier.Add(&p); err != nil {
				b.Fatal(err)
			}
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MiB-held")
		if tallier.People() != rows {
			b.Fatalf("%d people, want %d", tallier.People(), rows)
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
