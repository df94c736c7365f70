package match_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/intake/match"
)

// ann is somebody with everything; nobody of these exists.
func ann() match.Entry {
	return match.Entry{
		Key: "A", First: "Marianne", Last: "Sample", Birth: "1980-01-02", Address1: "12 Ash Street", City: "Reno", State: "NV", ZIP: "89501",
		Phone: "775-555-0101", Email: "ann@example.org",
	}
}

func TestWhoIsOnePersonAndWhoIsNot(t *testing.T) {
	t.Parallel()
	moved := func(e *match.Entry) { e.Address1, e.ZIP, e.Phone, e.Email = "7 Fir Rd", "89431", "", "" }
	for _, try := range []struct {
		name    string
		both    func(e *match.Entry)
		other   func(e *match.Entry)
		verdict match.Verdict
		rule    match.Rule
		but     match.But
	}{
		{name: "the same", verdict: match.Same, rule: match.NameBirthAddress},
		{name: "capitals, accents and short forms", other: func(e *match.Entry) {
			e.First, e.Last, e.Address1, e.ZIP = "MARIANNÉ", "SAMPLE", "12 ASH ST. APT 4", "89501-1234"
		}, verdict: match.Same, rule: match.NameBirthAddress},
		{name: "a nickname", both: func(e *match.Entry) { e.First = "William" }, other: func(e *match.Entry) { e.First = "Bill" }, verdict: match.Same, rule: match.NameBirthAddress},
		{name: "two names with one short form", both: func(e *match.Entry) { e.First = "Alexander" }, other: func(e *match.Entry) { e.First = "Alexandra" }},
		{name: "a name alone", other: func(e *match.Entry) { moved(e); e.Birth = "1979-11-30" }},
		{name: "a name and no birth date", other: func(e *match.Entry) { moved(e); e.Birth = "" }},
		{name: "moved", other: moved, verdict: match.Doubtful, rule: match.NameBirth},
		{name: "moved with another middle name", both: func(e *match.Entry) { e.Middle = "Lee" }, other: func(e *match.Entry) { moved(e); e.Middle = "Kay" }},
		{name: "moved with one telephone", other: func(e *match.Entry) { moved(e); e.Phone = "+1 (775) 555-0101" }, verdict: match.Same, rule: match.NameBirthContact},
		{name: "twins", other: func(e *match.Entry) { e.First = "Josephine" }},
		{name: "twins with names a letter apart", both: func(e *match.Entry) { e.First = "Marissa" }, other: func(e *match.Entry) { e.First = "Larissa" }, verdict: match.Doubtful, rule: match.FirstSlipped},
		{name: "an initial", other: func(e *match.Entry) { e.First = "M." }, verdict: match.Doubtful, rule: match.FirstUnknown},
		{name: "junior and senior", both: func(e *match.Entry) { e.Suffix = "Sr." }, other: func(e *match.Entry) { e.Suffix = "Jr" }},
		{name: "a father and a son without a suffix", other: func(e *match.Entry) { e.Birth = "2003-07-19" }},
		{name: "a father and a son of one day", other: func(e *match.Entry) { e.Birth = "2010-01-02" }},
		{name: "no birth date", other: func(e *match.Entry) { e.Birth = "" }, verdict: match.Doubtful, rule: match.BirthMissing},
		{name: "day and month swapped", other: func(e *match.Entry) { e.Birth = "1980-02-01" }, verdict: match.Same, rule: match.BirthSwapped},
		{name: "a digit of the day", other: func(e *match.Entry) { e.Birth = "1980-01-03" }, verdict: match.Doubtful, rule: match.BirthSlipped},
		{name: "a letter of the last name", other: func(e *match.Entry) { e.Last = "Smaple" }, verdict: match.Same, rule: match.LastSlipped},
		{name: "a double name", other: func(e *match.Entry) { e.Last = "Sample-Muster" }, verdict: match.Same, rule: match.LastSlipped},
		{name: "married", other: func(e *match.Entry) { e.Last = "Muster" }, verdict: match.Same, rule: match.NameChanged},
		{name: "married, nothing but the address", other: func(e *match.Entry) { e.Last, e.Phone, e.Email = "Muster", "", "" }, verdict: match.Doubtful, rule: match.OtherLastName},
		{name: "first and last name swapped", other: func(e *match.Entry) { e.First, e.Last = "Sample", "Marianne" }, verdict: match.Same, rule: match.NamesSwapped},
		{name: "one number", both: func(e *match.Entry) { e.IDs = []string{"sA"} }, other: func(e *match.Entry) { moved(e); e.Last = "Muster" }, verdict: match.Same, rule: match.IDBirth},
		{name: "one number and another person", both: func(e *match.Entry) { e.IDs = []string{"sA"} }, other: func(e *match.Entry) { moved(e); e.First, e.Birth = "Otto", "1944-04-04" }, verdict: match.Doubtful, rule: match.IDAlone},
		{name: "two numbers", other: func(e *match.Entry) { e.IDs = []string{"sB"} }, both: func(e *match.Entry) { e.IDs = []string{"sA"} }, verdict: match.Doubtful, rule: match.NameBirthAddress, but: match.IDsDiffer},
		{name: "two numbers, moved", both: func(e *match.Entry) { e.IDs = []string{"sA"} }, other: func(e *match.Entry) { moved(e); e.IDs = []string{"sB"} }},
		{name: "two keys of a list", both: func(e *match.Entry) { e.Keep = true }, verdict: match.Doubtful, rule: match.NameBirthAddress, but: match.KeysKept},
		{name: "a nickname in one index", both: func(e *match.Entry) { e.System, e.First = "1/1", "William" }, other: func(e *match.Entry) { e.First = "Bill" }, verdict: match.Doubtful, rule: match.NameBirthAddress, but: match.OneIndex},
		{name: "a place that is none", both: func(e *match.Entry) { e.Address1, e.Phone, e.Email = "UNKNOWN", "", "" }, other: func(e *match.Entry) { e.Birth = "" }},
	} {
		t.Run(try.name, func(t *testing.T) {
			t.Parallel()
			a, b := ann(), ann()
			b.Key = "B"
			if try.both != nil {
				try.both(&a)
				try.both(&b)
			}
			if try.other != nil {
				try.other(&b)
			}
			want := match.Found{Verdict: try.verdict, Rule: try.rule, But: try.but}
			require.Equal(t, want, match.Compare(&a, &b))
			require.Equal(t, want, match.Compare(&b, &a), "whichever comes first")
			if try.verdict != match.Apart {
				require.NotEmpty(t, match.Explain(try.rule, try.but))
				require.Len(t, found(t, a, b), 1, "what fits is compared")
			}
		})
	}
}

// found is what a finder finds among entries.
func found(t *testing.T, entries ...match.Entry) []match.Pair {
	t.Helper()
	f, err := match.NewFinder(t.TempDir())
	require.NoError(t, err)
	for i := range entries {
		require.NoError(t, f.Add(&entries[i]))
	}
	var pairs []match.Pair
	require.NoError(t, f.Each(func(p *match.Pair) error {
		pairs = append(pairs, *p)
		return nil
	}))
	require.NoError(t, f.Close())
	return pairs
}

// TestAChainThatContradictsItselfIsDoubtful: who has no suffix fits the father by their
// number and the son by theirs, and the two are no one person.
func TestAChainThatContradictsItselfIsDoubtful(t *testing.T) {
	t.Parallel()
	senior, junior, between := ann(), ann(), ann()
	senior.Key, senior.Suffix = "S", "Sr"
	junior.Key, junior.Suffix = "J", "Jr"
	between.Key = "B"
	pairs := found(t, senior, junior, between)
	require.Len(t, pairs, 2)
	for _, p := range pairs {
		require.Equal(t, match.Found{Verdict: match.Doubtful, Rule: match.NameBirthAddress, But: match.Chain}, p.Found)
	}
}

// TestTheOrderOfEntriesChangesNothing, nor does what a person's other rows say.
func TestTheOrderOfEntriesChangesNothing(t *testing.T) {
	t.Parallel()
	var entries []match.Entry
	for n := range 60 {
		e := ann()
		e.Key = fmt.Sprintf("K%02d", n/3)
		e.First = []string{"Ann", "Otto", "Marissa", "Larissa"}[n%4]
		e.Birth = fmt.Sprintf("1980-01-%02d", 1+n%7)
		e.Address1 = fmt.Sprintf("%d Ash St", n%5)
		entries = append(entries, e)
	}
	want := found(t, entries...)
	require.NotEmpty(t, want)
	random := rand.New(rand.NewPCG(1, 2))
	for range 5 {
		random.Shuffle(len(entries), func(i, j int) { entries[i], entries[j] = entries[j], entries[i] })
		require.Equal(t, want, found(t, entries...))
	}
}

// TestTooManyAlikeAreCountedAndNotCompared, so that a made-up birth date in a large home
// does not take a day.
func TestTooManyAlikeAreCountedAndNotCompared(t *testing.T) {
	t.Parallel()
	f, err := match.NewFinder(t.TempDir())
	require.NoError(t, err)
	for n := range 300 {
		e := match.Entry{Key: fmt.Sprintf("K%03d", n), First: fmt.Sprintf("Name%03d", n), Last: fmt.Sprintf("Last%03d", n), Birth: "1900-01-01", Address1: "1 Home Rd", ZIP: "89501"}
		require.NoError(t, f.Add(&e))
	}
	require.NoError(t, f.Each(func(p *match.Pair) error { t.Errorf("%+v", p.Found); return nil }))
	require.Equal(t, 1, f.Skipped)
	require.NoError(t, f.Close())
}
