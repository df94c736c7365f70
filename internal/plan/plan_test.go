package plan_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/plan"
	"duenotice/internal/rules"
)

var update = flag.Bool("update", false, "re-record golden files")

func incident() breach.Incident {
	on := civil.MustParse("2026-03-16")
	return breach.Incident{
		ID:         "EX-2026-03",
		Entity:     breach.Entity{Name: "Example Health Cloud, Inc.", Role: breach.BusinessAssociate},
		Occurred:   breach.Span{From: on, To: on},
		Discovered: on,
	}
}

func practices(keys ...string) []breach.Practice {
	list := make([]breach.Practice, len(keys))
	for i, key := range keys {
		list[i] = breach.Practice{Key: key, LegalName: "Clinic " + key, Agent: breach.Yes, BAANoticeDays: 60, Delegation: breach.DelegateAll}
	}
	return list
}

// found is a person of the State whom the practice knows, at an address of their own.
func found(practice, person, state string) breach.Person {
	return breach.Person{
		Key: person, PracticeKey: practice, FirstName: "Alex", LastName: "Example " + person,
		Address1: person + " Example St", City: "Springfield", State: state, ZIP: "22150",
		DataClasses: []breach.DataClass{"name", "phone"}, // no State's personal information
	}
}

// people are n of them with keys prefix1 to prefixN.
func people(practice, prefix, state string, n int) []breach.Person {
	list := make([]breach.Person, n)
	for i := range list {
		list[i] = found(practice, fmt.Sprintf("%s%d", prefix, i+1), state)
	}
	return list
}

func input(i breach.Incident, ps []breach.Practice, rows ...breach.Person) plan.Input {
	return plan.Input{Incident: i, Practices: ps, Findings: func(_ context.Context, f func(int, *breach.Person) error) error {
		for n := range rows {
			if err := f(n+2, &rows[n]); err != nil {
				return err
			}
		}
		return nil
	}}
}

var asOf = civil.MustParse("2026-04-12")

func of(t *testing.T, in plan.Input) *plan.Document {
	t.Helper()
	d, err := plan.Of(t.Context(), in, asOf, rules.Current())
	require.NoError(t, err)
	return d
}

func kinds(p plan.Practice) []string {
	list := []string{}
	for _, o := range p.Obligations {
		list = append(list, fmt.Sprintf("%s %s%s %d", o.Kind, o.Jurisdiction, o.Form, o.Count))
	}
	return list
}

// TestContractsExample plans 600 people of Virginia, Maryland and the District
// of Columbia; the golden file is what `plan --json` prints.
func TestContractsExample(t *testing.T) {
	t.Parallel()
	rows := slices.Concat(people("P1", "v", "VA", 200), people("P1", "m", "MD", 200), people("P1", "d", "DC", 200))
	got, err := of(t, input(incident(), practices("P1"), rows...)).JSON()
	require.NoError(t, err)
	sha := rules.Current().SHA256()
	require.Contains(t, string(got), sha)
	shown := bytes.ReplaceAll(got, []byte(sha), []byte("...")) // as the contract prints it
	path := filepath.Join("testdata", "contract_example.json")
	if *update {
		require.NoError(t, os.WriteFile(path, shown, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), string(shown), "re-record on purpose with go test ./internal/plan -update")

	d, err := plan.Parse(got)
	require.NoError(t, err)
	again, err := d.JSON()
	require.NoError(t, err)
	require.Equal(t, string(got), string(again))
	require.Equal(t, plan.Totals{Practices: 1, People: 600, Findings: 600, Letters: 600, Obligations: 3}, d.Totals)
	require.Equal(t, map[string]int{"VA": 200, "MD": 200, "DC": 200}, d.Practices[0].Residents)
	require.Equal(t, []string{"covered_entity_notice US 600", "individual_notice US 600", "hhs_notice USimmediate 600"}, kinds(d.Practices[0]))
}

func TestPeopleCountOnceHoweverManyPracticesKnowThem(t *testing.T) {
	t.Parallel()
	d := of(t, input(incident(), practices("P2", "P1"), found("P1", "a", "VA"), found("P2", "a", "VA"), found("P2", "b", "VA")))
	require.Equal(t, plan.Totals{Practices: 2, People: 2, Findings: 3, Letters: 2, Obligations: 6}, d.Totals)
	require.Equal(t, "P1", d.Practices[0].PracticeKey, "in key order, whatever the order of practices.csv")
	require.Equal(t, []int{1, 2}, []int{d.Practices[0].People, d.Practices[1].People})
}

func TestLetters(t *testing.T) {
	t.Parallel()
	changed := func(p breach.Person, change func(*breach.Person)) breach.Person {
		change(&p)
		return p
	}
	twice := found("P2", "a", "VA")
	held := func(covers ...string) breach.Incident {
		i := incident()
		i.Holds = []breach.Hold{{Kind: breach.WrittenHold, Agency: "FBI", StatedOn: asOf.AddDays(-1), Until: asOf.AddDays(1), Covers: covers}}
		return i
	}
	over := held()
	over.Holds[0].Until = asOf
	secured := incident()
	secured.DataSecurity, secured.DataSecurityStandard, secured.KeysCompromised = breach.Encrypted, "NIST SP 800-111", breach.No
	for _, c := range []struct {
		name   string
		i      breach.Incident
		second breach.Person
		want   int
	}{
		{"the same person at the same address gets one", incident(), twice, 1},
		{"written in capitals with ZIP+4", incident(), changed(twice, func(p *breach.Person) { p.LastName, p.ZIP = "EXAMPLE A", "22150-1234" }), 1},
		{"at another address, two", incident(), changed(twice, func(p *breach.Person) { p.Address1 = "2 Other St" }), 2},
		{"another person at the same address, two", incident(), changed(twice, func(p *breach.Person) { p.Key = "b" }), 2},
		{"a confidential address is never shared", incident(), changed(twice, func(p *breach.Person) { p.ConfidentialAddress = breach.Yes }), 2},
		{"no usable address, none for that row", incident(), changed(twice, func(p *breach.Person) { p.City = "" }), 1},
		{"held on the day", held(), twice, 0},
		{"a hold on letters only", held(breach.CoversIndividual), twice, 0},
		{"a hold on the media only", held(breach.CoversMedia), twice, 1},
		{"the hold ends on the day", over, twice, 1},
		{"no breach, no letters", secured, twice, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := of(t, input(c.i, practices("P1", "P2"), found("P1", "a", "VA"), c.second))
			require.Equal(t, c.want, d.Totals.Letters)
		})
	}
}

func TestPeopleDeadForMoreThanFiftyYearsCountNowhere(t *testing.T) {
	t.Parallel()
	rows := people("P1", "p", "VA", 3)
	rows[1].DeceasedDate = civil.MustParse("1976-03-15") // fifty years and a day before discovery
	rows[2].DeceasedDate = civil.MustParse("1976-03-16") // fifty years to the day
	d := of(t, input(incident(), practices("P1"), rows...))
	require.Equal(t, plan.Totals{Practices: 1, People: 2, Findings: 2, Letters: 2, Obligations: 3}, d.Totals)
	require.Equal(t, map[string]int{"VA": 2}, d.Practices[0].Residents)
	require.Equal(t, "dead_over_50_years", d.Warnings[0].Code)
	require.Contains(t, d.Warnings[0].Message, "1 rows")
}

func TestCountingEntityAcrossPractices(t *testing.T) {
	t.Parallel()
	ace := func(keys ...string) []breach.Practice {
		ps := practices(keys...)
		for i := range ps {
			ps[i].CountingEntity = "ACE"
		}
		return ps
	}
	t.Run("T02 in one entity: 300 and 201 make one of 501", func(t *testing.T) {
		t.Parallel()
		d := of(t, input(incident(), ace("P1", "P2"), slices.Concat(people("P1", "a", "TX", 300), people("P2", "b", "TX", 201))...))
		require.Equal(t, []string{"covered_entity_notice US 300", "individual_notice US 300", "media_notice TX 501", "hhs_notice USimmediate 501"}, kinds(d.Practices[0]))
		require.Equal(t, []string{"covered_entity_notice US 201", "individual_notice US 201"}, kinds(d.Practices[1]))
	})
	t.Run("two entities: each far from the lines", func(t *testing.T) {
		t.Parallel()
		d := of(t, input(incident(), practices("P1", "P2"), slices.Concat(people("P1", "a", "TX", 300), people("P2", "b", "TX", 201))...))
		require.Equal(t, "hhs_notice USannual_log 300", kinds(d.Practices[0])[2])
		require.Equal(t, "hhs_notice USannual_log 201", kinds(d.Practices[1])[2])
	})
	t.Run("people of both count once", func(t *testing.T) {
		t.Parallel()
		d := of(t, input(incident(), ace("P1", "P2"), slices.Concat(people("P1", "a", "TX", 300), people("P2", "a", "TX", 499))...))
		require.Equal(t, "hhs_notice USannual_log 499", kinds(d.Practices[0])[2])
	})
	t.Run("in the State that the first practice in key order knows", func(t *testing.T) {
		t.Parallel()
		unknown := people("P1", "a", "", 501)
		rows := slices.Concat(people("P3", "a", "OK", 501), people("P2", "a", "TX", 501), unknown)
		d := of(t, input(incident(), ace("P3", "P1", "P2"), rows...))
		require.Contains(t, kinds(d.Practices[0]), "media_notice TX 501")
		require.NotContains(t, kinds(d.Practices[0]), "media_notice OK 501")
	})
	t.Run("one usable address reaches a person of both", func(t *testing.T) {
		t.Parallel()
		noAddress := people("P1", "a", "TX", 10)
		for i := range noAddress {
			noAddress[i].Address1 = ""
		}
		d := of(t, input(incident(), ace("P1", "P2"), slices.Concat(noAddress, people("P2", "a", "TX", 10))...))
		require.Contains(t, kinds(d.Practices[0]), "substitute_notice USconspicuous 10", "P1's own letters cannot reach them")
	})
	t.Run("a day one practice knows is a day for what they share", func(t *testing.T) {
		t.Parallel()
		ps := ace("P1", "P2")
		ps[0].Agent = breach.No
		d := of(t, input(incident(), ps, found("P1", "a", "TX"), found("P2", "b", "TX")))
		require.True(t, d.Practices[0].Obligations[1].Due.IsZero())
		require.Equal(t, "2027-03-01", d.Practices[0].Obligations[2].Due.String())
	})
}

func TestFindingOfAnUnknownPracticeIsRefused(t *testing.T) {
	t.Parallel()
	_, err := plan.Of(t.Context(), input(incident(), practices("P1"), found("P9", "a", "VA")), asOf, rules.Current())
	r, ok := breach.AsRefusal(err)
	require.True(t, ok)
	require.Equal(t, "unknown_practice", r.Code)

	broken := errors.New("line 7 is torn")
	in := input(incident(), practices("P1"))
	in.Findings = func(context.Context, func(int, *breach.Person) error) error { return broken }
	_, err = plan.Of(t.Context(), in, asOf, rules.Current())
	require.ErrorIs(t, err, broken)
}

func TestWarningsAreToldOnceWithTheirPractices(t *testing.T) {
	t.Parallel()
	i := incident()
	i.Holds = []breach.Hold{{Kind: breach.WrittenHold, StatedOn: i.Discovered, Agency: "FBI"}}
	keys := []string{"P1", "P2", "P3", "P4", "P5", "P6", "P7"}
	ps := practices(keys...)
	var rows []breach.Person
	for n := range ps {
		ps[n].Agent = breach.Unknown
		rows = append(rows, found(ps[n].Key, ps[n].Key+"-a", "VA"))
	}
	rows = append(rows, people("P1", "x", "VA", 494)...)
	rows = append(rows, people("P2", "y", "TX", 498)...)
	d := of(t, input(i, ps, rows...))
	require.Equal(t, []rules.Warning{
		{Code: "agent_unknown", Message: "7 practices (P1, P2, P3, P4, P5, and 2 more): agent is not answered; it counts as yes, so the practice's own clock runs from the business associate's discovery"},
		{Code: "near_threshold", Message: "2 practices: P1: 495 people: 5 more and HHS is owed its report with the letters; P1: 495 residents of VA: 6 more and media notice is owed; P2: 499 people: 1 more and HHS is owed its report with the letters; P2: 498 residents of TX: 3 more and media notice is owed"},
		{Code: "written_hold_without_period", Message: "the written statement of 2026-03-16 names no period and delays nothing (45 CFR 164.412(a)); ask FBI for the date until which notice is to wait"},
	}, d.Warnings)
}

func TestForm8KStandsWithTheIncident(t *testing.T) {
	t.Parallel()
	i := incident()
	i.Entity.PublicCompany, i.MaterialDetermined = breach.Yes, civil.MustParse("2026-03-20")
	d := of(t, input(i, practices("P1"), found("P1", "a", "VA")))
	require.Len(t, d.IncidentObligations, 1)
	require.Equal(t, "2026-03-26", d.IncidentObligations[0].Due.String())
	require.Equal(t, 4, d.Totals.Obligations)
}

func TestPlanWithoutFindings(t *testing.T) {
	t.Parallel()
	b, err := of(t, input(incident(), practices("P1"))).JSON()
	require.NoError(t, err)
	require.NotContains(t, string(b), "null,\n      \"obligations\"")
	require.Contains(t, string(b), `"obligations": []`)
	require.Contains(t, string(b), `"incident_obligations": []`)
	require.Contains(t, string(b), `"warnings": []`)
	require.Contains(t, string(b), `"residents": {}`)
}

// TestOrderOfRowsNeverChangesThePlan shuffles a list with shared people, counting
// entities, several States, missing addresses and the long dead.
func TestOrderOfRowsNeverChangesThePlan(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(45, 164))
	ps := practices("P1", "P2", "P3", "P4", "P5")
	for i, entity := range []string{"ACE", "ACE", "ACE", "P4", ""} {
		ps[i].CountingEntity = entity
	}
	states := []string{"VA", "MD", "DC", "", "TX"}
	var rows []breach.Person
	for n := range 3000 {
		p := found(ps[r.IntN(len(ps))].Key, fmt.Sprintf("k%d", n/3), states[r.IntN(len(states))])
		if slices.ContainsFunc(rows[max(0, len(rows)-3):], func(o breach.Person) bool { return o.Key == p.Key && o.PracticeKey == p.PracticeKey }) {
			continue
		}
		switch r.IntN(20) {
		case 0:
			p.Address1 = ""
		case 1:
			p.DeceasedDate = civil.MustParse("1950-01-01").AddDays(r.IntN(20000))
		case 2:
			p.ConfidentialAddress = breach.Yes
		}
		rows = append(rows, p)
	}
	want := of(t, input(incident(), ps, rows...))
	for range 5 {
		r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		r.Shuffle(len(ps), func(i, j int) { ps[i], ps[j] = ps[j], ps[i] })
		require.Equal(t, want, of(t, input(incident(), ps, rows...)))
	}
	require.NotEmpty(t, want.Warnings)
	require.Less(t, want.Totals.Letters, want.Totals.Findings)
}

// TestMergedPlanIsTheMergeOfPlansPerPractice holds when no practice shares a
// counting entity or a person with another.
func TestMergedPlanIsTheMergeOfPlansPerPractice(t *testing.T) {
	t.Parallel()
	lists := map[string][]breach.Person{"P1": people("P1", "a", "VA", 499), "P2": people("P2", "b", "TX", 501), "P3": people("P3", "c", "DC", 1)}
	var rows []breach.Person
	var apart []plan.Practice
	letters := 0
	for _, key := range []string{"P1", "P2", "P3"} {
		rows = append(rows, lists[key]...)
		d := of(t, input(incident(), practices(key), lists[key]...))
		apart = append(apart, d.Practices...)
		letters += d.Totals.Letters
	}
	merged := of(t, input(incident(), practices("P1", "P2", "P3"), rows...))
	require.Equal(t, apart, merged.Practices)
	require.Equal(t, letters, merged.Totals.Letters)
}
