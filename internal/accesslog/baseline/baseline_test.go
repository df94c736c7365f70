package baseline_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/accesslog/baseline"
)

func countsOf(values ...int) baseline.Counts {
	c := baseline.Counts{}
	for _, v := range values {
		c[v]++
	}
	return c
}

// Each number is worked out by hand beside it.
func TestMedianAndMADAreThoseOfPaper(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		values      []int
		median, mad float64
	}{
		{nil, 0, 0},
		{[]int{7}, 7, 0},
		{[]int{1, 2, 3, 4, 100}, 3, 1},           // differences 2 1 0 1 97
		{[]int{1, 2, 3, 4}, 2.5, 1},              // differences 1.5 0.5 0.5 1.5
		{[]int{5, 5, 5, 5, 5, 9}, 5, 0},          // one busy hour moves neither
		{[]int{8, 9, 10, 11, 12, 13}, 10.5, 1.5}, // differences 2.5 1.5 0.5 0.5 1.5 2.5
	} {
		c := countsOf(one.values...)
		require.InDelta(t, one.median, c.Median(), 1e-12, "%v", one.values)
		require.InDelta(t, one.mad, c.MAD(), 1e-12, "%v", one.values)
	}
	require.Equal(t, 99, countsOf(oneTo(100)...).Quantile(0.99))
	require.Equal(t, 50, countsOf(oneTo(100)...).Quantile(0.5))
}

func oneTo(n int) []int {
	var list []int
	for i := range n {
		list = append(list, i+1)
	}
	return list
}

// The histogram's median is that of the sorted list, whatever the numbers.
func TestCountsAgreeWithTheSortedList(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		list := make([]int, 1+r.IntN(40))
		for i := range list {
			list[i] = r.IntN(30)
		}
		slices.Sort(list)
		want := (float64(list[(len(list)-1)/2]) + float64(list[len(list)/2])) / 2
		var differences []float64
		for _, v := range list {
			differences = append(differences, math.Abs(float64(v)-want))
		}
		slices.Sort(differences)
		c := countsOf(list...)
		require.InDelta(t, want, c.Median(), 1e-9)
		require.InDelta(t, (differences[(len(list)-1)/2]+differences[len(list)/2])/2, c.MAD(), 1e-9)
	}
}

// Values of printed tables: P(X>=3) of a Poisson of 1 is 1-2.5/e; two heads of three.
func TestTailsAreThoseOfTables(t *testing.T) {
	t.Parallel()
	require.InDelta(t, 1-2.5/math.E, baseline.PoissonTail(3, 1), 1e-12)
	require.InDelta(t, 0.542070, baseline.PoissonTail(10, 10), 1e-6)
	require.InDelta(t, 0.5, baseline.BinomialTail(2, 3, 0.5), 1e-12)
	require.InDelta(t, 1, baseline.PoissonTail(0, 5), 0)
	require.Zero(t, baseline.PoissonTail(1, 0))
	require.Zero(t, baseline.BinomialTail(4, 3, 0.5))
	require.Less(t, baseline.PoissonTail(500, 20), 1e-100)
	require.GreaterOrEqual(t, baseline.PoissonTail(500, 20), 0.0)
	last := 1.0
	for k := range 60 {
		p := baseline.PoissonTail(k, 12.5)
		require.LessOrEqual(t, p, last+1e-12, "more is never likelier")
		last = p
	}
}

// A billing clerk opens 50 to 100 records in eight hours. Four thousand in a night leave
// that; a physician's busy day does not.
func TestAClerksNightLeavesItsBaselineAndAPhysiciansBusyDayDoesNot(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	clerk, physician := baseline.Counts{}, baseline.Counts{}
	for range 60 {
		for range 8 {
			clerk[6+r.IntN(7)]++
			physician[2+r.IntN(7)]++
		}
	}
	of := baseline.Of(clerk)
	require.Equal(t, 480, of.Hours)
	left, judged := baseline.Left(4000/8, of, of)
	require.True(t, left)
	require.True(t, judged)
	physicians := baseline.Of(physician)
	for busy := range 20 {
		left, _ = baseline.Left(busy, physicians, physicians)
		require.False(t, left, "%d patients in an hour, twice the busiest, is a busy day", busy)
	}
}

func TestTheLimitIsTheLeastCountThatBothTestsTake(t *testing.T) {
	t.Parallel()
	for busy := 1; busy < 300; busy += 7 {
		c := baseline.Counts{busy / 2: 90, busy: 10}
		b := baseline.Of(c)
		leaves := func(x int) bool {
			return float64(x) > b.Median+baseline.Spreads*baseline.ToDeviation*max(b.MAD, 1) && baseline.PoissonTail(x, max(float64(b.Busy), 1)) < baseline.Chance
		}
		require.True(t, leaves(b.Limit), "%+v", b)
		require.False(t, leaves(b.Limit-1), "%+v", b)
	}
}

func TestOfTooFewHoursNothingIsSaid(t *testing.T) {
	t.Parallel()
	few, many := baseline.Of(baseline.Counts{5: baseline.FewestHours - 1}), baseline.Of(baseline.Counts{5: baseline.FewestHours})
	require.Zero(t, few.Limit)
	_, judged := baseline.Left(10_000, few, few)
	require.False(t, judged)
	left, judged := baseline.Left(10_000, few, many)
	require.True(t, left && judged, "a new account is held against its role")
	left, _ = baseline.Left(10_000, many, baseline.Of(baseline.Counts{20_000: 100}))
	require.False(t, left, "what a role does every hour is nobody's leaving of it")
}

func TestHoursOfTheDay(t *testing.T) {
	t.Parallel()
	var h baseline.Hours
	for hour := 8; hour < 16; hour++ {
		h[hour] = 60
	}
	h[22] = 1
	require.Equal(t, 481, h.N())
	require.True(t, h.Rare(22))
	require.True(t, h.Rare(3))
	require.False(t, h.Rare(9))
	night := [24]bool{22: true, 23: true, 0: true}
	require.Equal(t, 1, h.In(night))
	require.InDelta(t, 2.0/482, h.Share(night), 1e-12)
}
