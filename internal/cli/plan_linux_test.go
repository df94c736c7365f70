package cli_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/civil"
	"duenotice/internal/plan"
	"duenotice/internal/synthetic"
)

// BenchmarkPlanOfAMillionRows runs the built program as an officer does, on two
// cores, and reports the seconds it takes and its peak resident memory. Issue 3
// asks for under 15 s and 300 MB.
func BenchmarkPlanOfAMillionRows(b *testing.B) {
	program := filepath.Join(b.TempDir(), "duenotice")
	out, err := exec.Command("go", "build", "-o", program, "duenotice/starter").CombinedOutput()
	require.NoError(b, err, string(out))
	params := synthetic.Default(civil.MustParse("2026-03-16"))
	params.Practices, params.People = 1000, 1_000_000
	dir := filepath.Join(b.TempDir(), "case")
	made, err := synthetic.Write(dir, params)
	require.NoError(b, err)

	peak, worked := int64(0), time.Duration(0)
	for b.Loop() {
		var answer bytes.Buffer
		plans := exec.Command(program, "plan", dir, "--as-of", "2026-05-01", "--json")
		plans.Env = append(os.Environ(), "GOMAXPROCS=2")
		plans.Stdout, plans.Stderr = &answer, os.Stderr
		require.NoError(b, plans.Run())
		usage, ok := plans.ProcessState.SysUsage().(*syscall.Rusage)
		require.True(b, ok)
		peak = max(peak, usage.Maxrss) // KiB
		worked += plans.ProcessState.UserTime() + plans.ProcessState.SystemTime()
		var d plan.Document
		require.NoError(b, json.Unmarshal(answer.Bytes(), &d))
		require.Greater(b, d.Totals.Findings, 1_000_000)
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/plan")
	b.ReportMetric(float64(peak)*1024/1e6, "MB-peak")
	b.ReportMetric(float64(made.Findings)/1e6, "Mrows")
	b.ReportMetric(worked.Seconds()/float64(b.N), "cpu-s/plan") // what it takes on a machine that does nothing else
	require.Less(b, peak*1024, int64(300e6))
}
