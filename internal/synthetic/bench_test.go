package synthetic_test

import (
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/synthetic"
)

// BenchmarkWrite reports rows of findings.csv a second; B/op shows that memory
// does not grow with people.
func BenchmarkWrite(b *testing.B) {
	for _, scale := range []struct{ practices, people int }{{40, 8_800}, {4_500, 340_000}} {
		b.Run(strconv.Itoa(scale.people), func(b *testing.B) {
			p := synthetic.Default(discovered)
			p.Practices, p.People = scale.practices, scale.people
			dir := filepath.Join(b.TempDir(), "case")
			rows := 0
			for b.Loop() {
				made, err := synthetic.Write(dir, p)
				require.NoError(b, err)
				rows += made.Findings
			}
			b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
