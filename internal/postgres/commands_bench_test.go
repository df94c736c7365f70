//go:build unix

package postgres_test

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// officersCommands are what officers give to see where things stand.
var officersCommands = []struct {
	name  string
	words []string
}{
	{"status", []string{"status", incidentID}},
	{"status-practice", []string{"status", incidentID, "--practice", "P00200"}},
	{"status-held", []string{"status", incidentID, "--held"}},
	{"status-late", []string{"status", incidentID, "--late"}},
	{"status-needs", []string{"status", incidentID, "--needs"}},
	{"status-csv", []string{"status", incidentID, "--csv"}},
	{"status-late-json", []string{"status", incidentID, "--late", "--json"}},
	{"approve-list", []string{"approve", incidentID, "--list"}},
	{"notify-list", []string{"notify", incidentID, "--list"}},
	{"report-open", []string{"report", "open", incidentID}},
	{"report-open-csv", []string{"report", "open", incidentID, "--csv"}},
	{"report-unopened-csv", []string{"report", "unopened", incidentID, "--csv"}},
	{"report-calendar", []string{"report", "calendar", incidentID}},
	{"report-board", []string{"report", "board", incidentID}},
}

// most is what no process may have in memory: the goal is 1 GB at 45,000 practices.
const most = 1 << 30

// giveCommands gives each command to the program as an officer does. "ms" is the time until
// it has ended, "cpu-ms" the program's own processor time and PostgreSQL's, "MB" the most
// memory that the program had.
func giveCommands(b *testing.B, url string, spent spent) {
	b.Helper()
	program := filepath.Join(b.TempDir(), "duenotice")
	build := exec.CommandContext(b.Context(), "go", "build", "-o", program, "../../starter")
	said, err := build.CombinedOutput()
	require.NoError(b, err, string(said))
	folder := b.TempDir()
	for _, c := range officersCommands {
		b.Run("command/"+c.name, func(b *testing.B) {
			var peak, printed int64
			before, own := spent.sofar(b), 0.0
			for b.Loop() {
				cmd := exec.CommandContext(b.Context(), program, c.words...)
				cmd.Dir = folder
				cmd.Env = append(os.Environ(), "DUENOTICE_DATABASE_URL="+url, "DUENOTICE_OUT="+filepath.Join(folder, "out"))
				var out counting
				var failed bytes.Buffer
				cmd.Stdout, cmd.Stderr = &out, &failed
				require.NoError(b, cmd.Run(), failed.String())
				usage, is := cmd.ProcessState.SysUsage().(*syscall.Rusage)
				require.True(b, is)
				peak, printed = max(peak, usage.Maxrss<<10), int64(out)
				own += (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
			}
			worked := spent.sofar(b) - before
			b.ReportMetric(b.Elapsed().Seconds()*1000/float64(b.N), "ms")
			b.ReportMetric((worked.Seconds()+own)*1000/float64(b.N), "cpu-ms")
			b.ReportMetric(float64(peak)/1e6, "MB")
			b.ReportMetric(float64(printed)/1e6, "MB-printed")
			b.ReportMetric(0, "ns/op")
			require.Less(b, peak, int64(most), "no process has more than 1 GB")
		})
	}
}

// counting counts what is written to it and forgets it.
type counting int64

func (c *counting) Write(p []byte) (int, error) {
	*c += counting(len(p))
	return io.Discard.Write(p)
}
