package casefolder_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/civil"
	"duenotice/internal/synthetic"
)

// writeLarge writes a case folder whose findings have as many rows as wanted,
// with a warning (no State) at every warnEvery-th, and returns it.
func writeLarge(tb testing.TB, rows, warnEvery int, key func(row int) int) string {
	tb.Helper()
	dir := wholeFolder().write(tb)
	file, err := os.Create(filepath.Join(dir, "findings.csv"))
	require.NoError(tb, err)
	w := bufio.NewWriter(file)
	fmt.Fprintln(w, "person_key,practice_key,first_name,last_name,birth_date,address1,city,state,zip,email,phone,data_classes,source")
	for i := range rows {
		state := "IL"
		if i%warnEvery == 0 {
			state = ""
		}
		fmt.Fprintf(w, "N%08d,P1,Ada,Example-%d,1980-02-29,%d Oak Avenue,Springfield,%s,62701,ada%d@example.org,217-555-0100,name;address;diagnosis,mailbox %d of the export that was found on the server\n",
			key(i), i, i, state, i, i)
	}
	require.NoError(tb, w.Flush())
	require.NoError(tb, file.Close())
	return dir
}

func each(row int) int { return row }

// TestMemoryIsFlat measures what stays in memory while 200,000 rows are
// checked. Their text alone is more than the bound.
//
//nolint:paralleltest // it measures the heap of the whole program
func TestMemoryIsFlat(t *testing.T) {
	const rows, bound = 200_000, 16 << 20
	dir := writeLarge(t, rows, 20_000, each)
	info, err := os.Stat(filepath.Join(dir, "findings.csv"))
	require.NoError(t, err)
	require.Greater(t, info.Size(), int64(2*bound), "the list is too small to show anything")

	start, most, samples := liveHeap(), uint64(0), 0
	_, report, err := casefolder.Read(t.Context(), dir, today, func(casefolder.Problem) error {
		samples++
		most = max(most, liveHeap())
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, 10, samples)
	require.Equal(t, rows, report.Files[2].Rows)
	require.Zero(t, report.Errors, "some of so many hashes are equal, and none of the people")
	require.Less(t, int64(most)-int64(start), int64(bound))
}

// liveHeap is what is still in use when everything else has been collected.
func liveHeap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func TestPeopleAreFoundTwiceInALargeList(t *testing.T) {
	t.Parallel()
	// Three thousand people, then the first thousand of them again.
	dir := writeLarge(t, 4000, 5000, func(row int) int { return row % 3000 })
	var twice []string
	_, report, err := casefolder.Read(t.Context(), dir, today, func(p casefolder.Problem) error {
		if p.Rule == "E302" {
			twice = append(twice, fmt.Sprint(p.Line, ": ", p.Message))
		}
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, 1000, report.Errors)
	for i, said := range twice {
		require.Equal(t, fmt.Sprintf("%d: the person is on line %d for this practice already", i+3002, i+2), said)
	}
}

func TestTheDemosIncidentIsNotRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := synthetic.Write(dir, synthetic.Default(civil.MustParse("2026-03-16")))
	require.NoError(t, err)
	_, report, _ := readDir(t, dir)
	require.False(t, report.Refused(), "%v", report.ByRule)
	require.Positive(t, report.Warnings, "it has people without an address")
}

// BenchmarkRead gives the rows checked a second, with all that Read does.
func BenchmarkRead(b *testing.B) {
	const rows = 200_000
	dir := writeLarge(b, rows, 1000, each)
	b.ResetTimer()
	b.ReportAllocs()
	for b.Loop() {
		_, report, err := casefolder.Read(b.Context(), dir, today, nil)
		require.NoError(b, err)
		require.Equal(b, rows, report.Files[2].Rows)
	}
	b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkFindings gives the people streamed a second after the checks.
func BenchmarkFindings(b *testing.B) {
	const rows = 200_000
	dir := writeLarge(b, rows, 1000, each)
	c, _, err := casefolder.Read(b.Context(), dir, today, nil)
	require.NoError(b, err)
	b.ResetTimer()
	b.ReportAllocs()
	for b.Loop() {
		require.NoError(b, c.Findings(b.Context(), func(int, *breach.Person) error { return nil }))
	}
	b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
}
