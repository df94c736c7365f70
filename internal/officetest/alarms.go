package officetest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Scrape is a text that Prometheus scraped so many times, once a minute; "" where nobody
// answered.
type Scrape struct {
	Times int    `json:"times"`
	Text  string `json:"text"`
}

// History is what Prometheus scraped of a program from an instant on. Job is what that is
// called in Prometheus, "" for the worker.
type History struct {
	Job     string    `json:"job"`
	Start   time.Time `json:"start"`
	Scrapes []Scrape  `json:"scrapes"`
}

// Fire tells of each history which alarms fire at its end, by the rules of docs/monitoring
// and Prometheus's own engine, which is in a module of its own. It is for tests of packages
// two folders below the root.
func Fire(t testing.TB, of ...History) (firing [][]string) {
	t.Helper()
	rules, err := filepath.Abs(filepath.Join("..", "..", "docs", "monitoring", "alerts.yml"))
	require.NoError(t, err)
	run := exec.CommandContext(t.Context(), "go", "run", ".", "fire", rules)
	run.Dir = filepath.Join("..", "..", "tools", "alarms")
	run.Env = append(run.Environ(), "CGO_ENABLED=0")
	var in, said bytes.Buffer
	for _, h := range of {
		h.Job = cmp.Or(h.Job, "duenotice-worker")
		require.NoError(t, json.NewEncoder(&in).Encode(h))
	}
	run.Stdin, run.Stderr = &in, &said
	out, err := run.Output()
	require.NoError(t, err, said.String())
	for from := json.NewDecoder(bytes.NewReader(out)); from.More(); {
		var one []struct{ Alert string }
		require.NoError(t, from.Decode(&one))
		names := []string{}
		for _, f := range one {
			names = append(names, f.Alert)
		}
		firing = append(firing, names)
	}
	require.Len(t, firing, len(of))
	return firing
}

// ReadAt is when the numbers in a text were read, so that their age counts from there.
func ReadAt(t testing.TB, text string) time.Time {
	t.Helper()
	found := regexp.MustCompile(`(?m)^duenotice_read_timestamp_seconds (\S+)$`).FindStringSubmatch(text)
	require.NotEmpty(t, found)
	var seconds float64
	require.NoError(t, json.Unmarshal([]byte(found[1]), &seconds))
	return time.Unix(int64(seconds), 0)
}
