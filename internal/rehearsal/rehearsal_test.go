package rehearsal_test

import (
	"encoding/xml"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/rehearsal"
)

// TestWhatIsDrawnFollowsFromTheResults: tables, chart and the numbers of
// docs/capacity.md are what the committed results give, so none of them was typed.
func TestWhatIsDrawnFollowsFromTheResults(t *testing.T) {
	t.Parallel()
	dir := filepath.Join("..", "..", "docs", "rehearsal")
	results, err := rehearsal.Read(dir)
	require.NoError(t, err)
	require.NotEmpty(t, results, "no result is committed")
	drawn, err := rehearsal.Drawn(dir)
	require.NoError(t, err)
	require.Len(t, drawn, 3)
	for path, want := range drawn {
		have, err := os.ReadFile(path)
		require.NoError(t, err)
		if want != string(have) { // without require's copy of both files
			t.Errorf("%s is not what the results give; run: go run ./internal/rehearsal/rehearse -draw", path)
		}
	}
}

func TestTheCommittedRehearsalsCameToTheirEnd(t *testing.T) {
	t.Parallel()
	results, err := rehearsal.Read(filepath.Join("..", "..", "docs", "rehearsal"))
	require.NoError(t, err)
	for _, r := range results {
		size, err := rehearsal.SizeOf(r.Size)
		require.NoError(t, err)
		require.Equal(t, size.Practices, r.Practices, r.Size)
		require.Equal(t, size.People, r.People, r.Size)
		require.NoError(t, r.Check(), r.Size)
		require.NotEmpty(t, r.Machine.Note, "%s: nothing is said of the machine it ran on", r.Size)
	}
}

func TestARehearsalIsCheckedInTheEnd(t *testing.T) {
	t.Parallel()
	r := result("tiny", 10, 1)
	require.ErrorContains(t, r.Check(), "0 of 10 practices came to their end")
	r.Outcome.Closed, r.Outcome.Posting = 7, 3
	require.EqualError(t, r.Check(), "the account does not add up")
	r.Outcome.AddsUp = true
	require.NoError(t, r.Check())
	r.Processes = []rehearsal.Process{{Name: "commands", PeakBytes: 2 << 30}}
	require.EqualError(t, r.Check(), "more than 1 GB of memory: commands")
}

func TestFit(t *testing.T) {
	t.Parallel()
	x := []float64{10, 100, 1000, 10_000}
	power := func(e float64) (y []float64) {
		for _, v := range x {
			y = append(y, 3*math.Pow(v, e))
		}
		return y
	}
	for _, e := range []float64{0.5, 1, 2} {
		g := rehearsal.Fit(x, power(e))
		require.InDelta(t, e, g.Exponent, 1e-9)
		require.InDelta(t, 0, g.Error, 1e-9)
		require.Equal(t, 4, g.Points)
	}
	// By hand: the logarithms of y to base 10 are 0, 1, 2, 4, so the slope is 6.5/5 and
	// the residuals are 0.2, -0.1, -0.4, 0.3.
	g := rehearsal.Fit(x, []float64{1, 10, 100, 10_000})
	require.InDelta(t, 1.3, g.Exponent, 1e-9)
	require.InDelta(t, math.Sqrt(0.30/2/5), g.Error, 1e-9)

	two := rehearsal.Fit(x[:2], []float64{1, 10})
	require.InDelta(t, 1, two.Exponent, 1e-9)
	require.True(t, math.IsNaN(two.Error), "a line through two points has no error to tell")
	require.True(t, math.IsNaN(rehearsal.Fit(x[:1], []float64{1}).Exponent))
	require.Equal(t, 2, rehearsal.Fit(x[:3], []float64{1, 0, 100}).Points, "what took no time has no logarithm")
}

func result(size string, practices int, seconds float64) rehearsal.Result {
	return rehearsal.Result{
		Size: size, Practices: practices, People: 100 * practices, Machine: rehearsal.Machine{Cores: 2, Note: "a machine"},
		Phases: []rehearsal.Phase{
			{Name: "start", Unit: "practices", Items: practices, Seconds: 2 * seconds, CPU: map[string]float64{"worker": seconds, "postgres": seconds}},
			{Name: "print", Unit: "letters", Items: 90 * practices, Seconds: seconds, CPU: map[string]float64{"worker": seconds}},
			{Name: "look", Unit: "commands", Items: 2, Seconds: 1, CPU: map[string]float64{"commands": 3600}},
		},
		Life: rehearsal.Temporal{
			Sampled: 10, Practices: rehearsal.Use{Actions: 400, Events: 1500, Bytes: 1_000_000},
			Others: rehearsal.Use{Actions: practices, Events: 3 * practices, Bytes: int64(1000 * practices)},
		},
		Disk: rehearsal.Disk{Files: int64(practices) * 100_000, Database: int64(practices) * 200_000, Engine: int64(practices) * 300_000},
	}
}

// TestAFitTakesWhatIsThere: a result without the part is not in it, and one that took
// several sittings is, and says so.
func TestAFitTakesWhatIsThere(t *testing.T) {
	t.Parallel()
	results := []rehearsal.Result{result("tiny", 10, 1), result("small", 100, 10), result("medium", 1000, 100)}
	g := rehearsal.GrowthOf(results, "start")
	require.InDelta(t, 1, g.Exponent, 1e-9)
	require.Equal(t, 3, g.Points)
	results[2].Phases[0].Sittings = 2
	require.Equal(t, 3, rehearsal.GrowthOf(results, "start").Points)
	require.Contains(t, results[2].Table(), "start (2 sittings)")
	results[2].Phases = results[2].Phases[1:]
	require.Equal(t, 2, rehearsal.GrowthOf(results, "start").Points)
}

// TestPrices are the two bills that Temporal's documentation works out.
func TestPrices(t *testing.T) {
	t.Parallel()
	require.InDelta(t, 525, rehearsal.Cloud.Actions(11.25e6), 1e-6)
	require.InDelta(t, 34.02, 720*rehearsal.Cloud.Active+3600*rehearsal.Cloud.Retained, 1e-6)
	require.InDelta(t, 250+225+400+1050+1500+2500+25*10, rehearsal.Cloud.Actions(210e6), 1e-6)
	require.Zero(t, rehearsal.Cloud.Actions(0))
}

// TestAnEstimateIsInProportion: what is people's by people, the rest by practices.
func TestAnEstimateIsInProportion(t *testing.T) {
	t.Parallel()
	from := result("small", 1000, 36)
	e := rehearsal.EstimateOf(from, rehearsal.Target{Practices: 10_000, People: 200_000}, rehearsal.Cloud,
		rehearsal.Assumed{OpenDays: 10, RetainedDays: 1, CoreHour: 2, GigabyteMonth: 3, Months: 2, Cores: 1})
	require.InDelta(t, 0.2+0.02, e.CoreHours, 1e-9, "72 s ten times, 36 s twice, and no look")
	require.InDelta(t, e.CoreHours, e.ToPrint, 1e-9)
	require.InDelta(t, 10_000*40+10*1000, e.Actions, 1e-6)
	require.InDelta(t, 10_000*150+10*3000, e.Events, 1e-6)
	require.InDelta(t, 10_000*100_000+10*1e6, e.HistoryBytes, 1e-3)
	require.InDelta(t, 10*2e8, e.DatabaseBytes, 1e-3, "ten times the practices and twice the people")
	require.InDelta(t, 1.1*410_000*50/1e6, e.CloudActions, 1e-9, "a tenth more for fair queues")
	require.InDelta(t, 1.01*24*(10*0.042+0.00105), e.CloudStorage, 1e-9)
	require.InDelta(t, 1000, e.CloudPlan, 1e-9, "the plan's least, for two months")
	require.InDelta(t, 0.44, e.OwnMachines, 1e-9)
	require.InDelta(t, (1+2+3)*3*2, e.OwnDisks, 1e-9)
}

// TestWhatIsTooLargeIsSaid, except of the two servers that may be.
func TestWhatIsTooLargeIsSaid(t *testing.T) {
	t.Parallel()
	r := result("tiny", 10, 1)
	r.Processes = []rehearsal.Process{{Name: "worker", PeakBytes: 1 << 30}, {Name: "postgres", PeakBytes: 1 << 40}, {Name: "temporal", PeakBytes: 1 << 40}}
	require.Empty(t, r.TooLarge())
	require.Contains(t, r.Table(), "No process had more than 1 GB")
	r.Processes[0].PeakBytes++
	require.Equal(t, []string{"worker"}, r.TooLarge())
	require.Contains(t, r.Table(), "**More than 1 GB: worker.**")
}

// TestTheChartIsXML and names every part once, whatever the results are.
func TestTheChartIsXML(t *testing.T) {
	t.Parallel()
	for _, results := range [][]rehearsal.Result{nil, {result("tiny", 10, 1)}, {result("tiny", 10, 1), result("small", 100, 12)}} {
		chart := rehearsal.Chart(results)
		decoder := xml.NewDecoder(strings.NewReader(chart))
		var err error
		for err == nil {
			_, err = decoder.Token()
		}
		require.ErrorIs(t, err, io.EOF)
		require.NotContains(t, chart, "NaN")
		require.NotContains(t, chart, "Inf")
		if len(results) > 0 {
			require.Equal(t, 1, strings.Count(chart, ">print<"))
		}
	}
}
