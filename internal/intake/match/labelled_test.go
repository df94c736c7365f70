package match_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/civil"
	"duenotice/internal/intake/match"
	"duenotice/internal/synthetic"
)

// measured is how well one person is found in two lists of which the truth is known.
type measured struct {
	// right and wrong are pairs that the rules made one person; doubted and doubtedWrong
	// those left to people; truth is how many pairs are one person.
	right, wrong, doubted, doubtedWrong, truth int
	byRule                                     map[match.Found][2]int
}

func (m measured) precision() float64 { return float64(m.right) / float64(max(1, m.right+m.wrong)) }
func (m measured) recall() float64    { return float64(m.right) / float64(m.truth) }

// withPeople is the recall when people answer every doubt rightly.
func (m measured) withPeople() float64 { return float64(m.right+m.doubted) / float64(m.truth) }

func measure(t testing.TB, people int) measured {
	t.Helper()
	f, err := match.NewFinder(t.TempDir())
	require.NoError(t, err)
	m := measured{byRule: map[match.Found][2]int{}}
	who := func(key string) string { _, w, _ := strings.Cut(key, "-"); return w }
	require.NoError(t, synthetic.WriteLabelled(people, 7, civil.MustParse("2026-03-16"), func(l *synthetic.Labelled) error {
		if l.System == 2 {
			m.truth++
		}
		e := match.Entry{
			Key: fmt.Sprintf("S%d-%d", l.System, l.Who), System: fmt.Sprint(l.System), Practice: "P" + fmt.Sprint(l.System),
			First: l.FirstName, Middle: l.MiddleName, Last: l.LastName, Suffix: l.Suffix, Birth: l.BirthDate.String(),
			Address1: l.Address1, City: l.City, State: l.State, ZIP: l.ZIP, Phone: l.Phone, Email: l.Email,
		}
		if l.Number != "" {
			e.IDs = []string{"s" + l.Number}
		}
		return f.Add(&e)
	}))
	require.NoError(t, f.Each(func(p *match.Pair) error {
		right := who(p.A.Key) == who(p.B.Key)
		count := m.byRule[p.Found]
		switch {
		case p.Verdict == match.Same && right:
			m.right++
		case p.Verdict == match.Same:
			m.wrong++
		case right:
			m.doubted++
		default:
			m.doubtedWrong++
		}
		if right {
			count[0]++
		} else {
			count[1]++
		}
		m.byRule[p.Found] = count
		return nil
	}))
	require.NoError(t, f.Close())
	return m
}

// TestOnePersonIsFoundAndTwoAreNotMadeOne measures on people of whom it is known who is
// who: with nicknames, slips of the hand, moves, marriages, swapped dates, twins, fathers
// and sons of one name, and a house where many live.
func TestOnePersonIsFoundAndTwoAreNotMadeOne(t *testing.T) {
	t.Parallel()
	m := measure(t, 20_000)
	t.Logf("precision %.5f, recall %.4f, with people %.4f, doubts %d of which %d are two people", m.precision(), m.recall(), m.withPeople(), m.doubted+m.doubtedWrong, m.doubtedWrong)
	for found, count := range m.byRule {
		t.Logf("  %d %s %s: %d right, %d wrong", found.Verdict, found.Rule, found.But, count[0], count[1])
	}
	require.Greater(t, m.truth, 7000)
	require.GreaterOrEqual(t, m.precision(), 0.9995)
	require.GreaterOrEqual(t, m.recall(), 0.80)
	require.GreaterOrEqual(t, m.withPeople(), 0.95)
}

// BenchmarkLabelled prints what make bench says of it.
func BenchmarkLabelled(b *testing.B) {
	const people = 200_000
	var m measured
	for b.Loop() {
		m = measure(b, people)
	}
	b.ReportMetric(m.precision(), "precision")
	b.ReportMetric(m.recall(), "recall")
	b.ReportMetric(m.withPeople(), "recall-with-people")
	b.ReportMetric(float64(m.doubted+m.doubtedWrong)/float64(m.truth), "doubts/pair")
	b.ReportMetric(float64(people+m.truth)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
