package ledger_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/ledger"
)

func body(t testing.TB, kind, ref string, result any) string {
	t.Helper()
	text, err := ledger.Body{Kind: kind, Who: "Robin Officer", Ref: ref}.Encode(result)
	require.NoError(t, err)
	return text
}

// chain links bodies as the database does.
func chain(practice string, bodies ...string) []ledger.Entry {
	var entries []ledger.Entry
	var prev ledger.Hash
	for i, b := range bodies {
		e := ledger.Entry{
			Incident: "EX-1", Practice: practice, Seq: i + 1, Prev: prev, Body: b,
			At: time.Date(2026, 4, 12, 12, 0, i, 0, time.UTC).Format(ledger.TimeFormat),
		}
		e.Hash = e.Sum()
		prev = e.Hash
		entries = append(entries, e)
	}
	return entries
}

func five(t testing.TB) []ledger.Entry {
	t.Helper()
	bodies := make([]string, 5)
	for i := range bodies {
		bodies[i] = body(t, ledger.KindAct, fmt.Sprint("act-", i+1), map[string]int{"n": i})
	}
	return chain("P1", bodies...)
}

// seal gives an entry the hash of its changed content, as one who tampers with care would.
func seal(e *ledger.Entry) { e.Hash = e.Sum() }

func TestAnythingDoneToAChainIsNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		tamper func([]ledger.Entry) []ledger.Entry
		seq    int
		says   string
	}{
		"a word changed": {func(e []ledger.Entry) []ledger.Entry { e[2].Body = e[1].Body; return e }, 3, "changed after it was written"},
		"a word changed and hashed anew": {func(e []ledger.Entry) []ledger.Entry {
			e[2].Body = e[1].Body
			seal(&e[2])
			return e
		}, 4, "does not continue"},
		"another time":   {func(e []ledger.Entry) []ledger.Entry { e[2].At = e[3].At; return e }, 3, "changed after"},
		"another hash":   {func(e []ledger.Entry) []ledger.Entry { e[2].Hash[7] ^= 1; return e }, 3, "changed after"},
		"another link":   {func(e []ledger.Entry) []ledger.Entry { e[2].Prev[7] ^= 1; seal(&e[2]); return e }, 3, "does not continue"},
		"one removed":    {func(e []ledger.Entry) []ledger.Entry { return slices.Delete(e, 2, 3) }, 3, "is missing"},
		"the first gone": {func(e []ledger.Entry) []ledger.Entry { return e[1:] }, 1, "is missing"},
		"one removed and the rest numbered anew": {func(e []ledger.Entry) []ledger.Entry {
			e = slices.Delete(e, 2, 3)
			e[2].Seq = 3
			seal(&e[2])
			return e
		}, 3, "does not continue"},
		"one twice":   {func(e []ledger.Entry) []ledger.Entry { return slices.Insert(e, 2, e[1]) }, 3, "again or out of order"},
		"two swapped": {func(e []ledger.Entry) []ledger.Entry { e[1], e[2] = e[2], e[1]; return e }, 2, "is missing"},
		"one of another practice": {func(e []ledger.Entry) []ledger.Entry {
			e[2].Practice = "P2"
			seal(&e[2])
			return e
		}, 3, "another chain"},
		"a clock set back": {func(e []ledger.Entry) []ledger.Entry {
			e[4].At = e[0].At
			seal(&e[4])
			return e
		}, 5, "before the entry before it"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := check(c.tamper(five(t)))
			var broken *ledger.Broken
			require.ErrorAs(t, err, &broken)
			require.Equal(t, c.seq, broken.Seq, "%v", err)
			require.Equal(t, "P1", broken.Practice)
			require.Contains(t, broken.What, c.says)
		})
	}
}

// check goes through the whole chain of P1.
func check(entries []ledger.Entry) (*ledger.Chain, error) {
	c := &ledger.Chain{Incident: "EX-1", Practice: "P1"}
	for _, e := range entries {
		if err := c.Add(e); err != nil {
			return c, err
		}
	}
	return c, nil
}

func TestAWholeChainIsWhole(t *testing.T) {
	t.Parallel()
	entries := five(t)
	whole, err := check(entries)
	require.NoError(t, err)
	require.Equal(t, entries[4], whole.Head)
}

func TestAnOutcomeNeedsItsIntent(t *testing.T) {
	t.Parallel()
	intent := body(t, ledger.KindIntent, "m-1", ledger.Step{What: ledger.StepEmail, State: "sending"})
	result := body(t, ledger.KindResult, "m-1", ledger.Step{What: ledger.StepEmail, State: "sent"})

	c, err := check(chain("P1", intent))
	require.NoError(t, err)
	require.Equal(t, 1, c.Open(), "what was intended and has no outcome is counted")
	c, err = check(chain("P1", intent, result))
	require.NoError(t, err)
	require.Zero(t, c.Open())
	_, err = check(chain("P1", result, intent))
	require.ErrorContains(t, err, "without an intent before it")
}

func heads(n int) []ledger.Head {
	list := make([]ledger.Head, n)
	for i := range list {
		list[i] = ledger.Head{Practice: fmt.Sprintf("P%05d", i), Seq: i%7 + 1, Hash: ledger.Hash{byte(i), byte(i >> 8), 1}}
	}
	return list
}

func TestAProofHoldsOnePlaceOfOneTree(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 2, 3, 7, 8, 100} {
		list := heads(n)
		tree, err := ledger.NewTree(list)
		require.NoError(t, err)
		anchor, err := tree.Anchor()
		require.NoError(t, err)
		for i := range list {
			proof, err := tree.Prove(i)
			require.NoError(t, err)
			require.NoError(t, proof.Holds(anchor, list[i]))

			other := list[i]
			other.Seq++
			require.Error(t, proof.Holds(anchor, other))
			moved := proof
			moved.Place = (i + 1) % (n + 1)
			require.Error(t, moved.Holds(anchor, list[i]))
			wrong := anchor
			wrong.Root[0] ^= 1
			require.Error(t, proof.Holds(wrong, list[i]))
			if len(proof.Path) > 0 {
				bent := proof
				bent.Path = slices.Clone(proof.Path)
				bent.Path[0][0] ^= 1
				require.Error(t, bent.Holds(anchor, list[i]))
			}
		}
	}
}

func TestATreeWantsItsHeadsInOrder(t *testing.T) {
	t.Parallel()
	list := heads(3)
	list[1], list[2] = list[2], list[1]
	_, err := ledger.NewTree(list)
	require.Error(t, err)
}

func TestAHashIsReadInOneFormOnly(t *testing.T) {
	t.Parallel()
	var h ledger.Hash
	require.NoError(t, h.UnmarshalText([]byte(ledger.Hash{0xab}.String())))
	require.Equal(t, ledger.Hash{0xab}, h)
	for _, wrong := range []string{"", "ab", "AB" + ledger.Hash{}.String()[2:], "zz" + ledger.Hash{}.String()[2:]} {
		require.Error(t, h.UnmarshalText([]byte(wrong)))
	}
}
