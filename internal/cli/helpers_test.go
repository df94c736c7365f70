package cli_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/civil"
	"duenotice/internal/cli"
	"duenotice/internal/synthetic"
	"duenotice/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// result is what a command left behind.
type result struct {
	code     int
	out, err string
}

// terminal says which of the streams are one.
type terminal struct {
	env      map[string]string
	terminal bool
	now      time.Time
	// account is who runs the command; "" asks the machine.
	account string
	// width is the terminal's, 0 where it is not known.
	width int
	// answers is what a person types when asked; "" where nobody can be asked.
	answers string
	// hopeless is how long a step may fail before a command stops waiting; 0 for what is
	// usual.
	hopeless time.Duration
}

// run runs a command in a state folder of the test's own, where nothing runs.
func (x terminal) run(t *testing.T, args ...string) result {
	t.Helper()
	return x.runIn(t.Context(), append(args, "--dir", filepath.Join(t.TempDir(), "state")))
}

func (x terminal) runIn(ctx context.Context, args []string) result {
	var out, errOut bytes.Buffer
	now := func() time.Time { return time.Date(2026, 4, 12, 15, 0, 0, 0, time.UTC) }
	if !x.now.IsZero() {
		now = func() time.Time { return x.now }
	}
	var account func() string
	if x.account != "" {
		account = func() string { return x.account }
	}
	code := cli.Run(ctx, args, cli.IO{
		Account: account,
		In:      strings.NewReader(x.answers), Out: &out, Err: &errOut, Now: now,
		Width:      func(io.Writer) int { return x.width },
		CanAsk:     x.answers != "",
		Hopeless:   x.hopeless,
		Keys:       func() (func(), error) { return func() {}, nil },
		Getenv:     func(name string) string { return x.env[name] },
		IsTerminal: func(io.Writer) bool { return x.terminal },
	})
	return result{code, out.String(), errOut.String()}
}

// syntheticCase writes a small valid case folder, discovered on March 16, 2026.
func syntheticCase(t *testing.T, practices, people int) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "case")
	p := synthetic.Default(civil.MustParse("2026-03-16"))
	p.Practices, p.People = practices, people
	_, err := synthetic.Write(dir, p)
	require.NoError(t, err)
	return dir
}

// setColumn writes a value into one row of a case folder's file.
func setColumn(t *testing.T, dir, file, key, column, value string) {
	t.Helper()
	path := filepath.Join(dir, file)
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	rows, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	require.NoError(t, err)
	at := slices.Index(rows[0], column)
	require.GreaterOrEqual(t, at, 0, "no column %s", column)
	for _, row := range rows[1:] {
		if row[0] == key {
			row[at] = value
		}
	}
	var changed bytes.Buffer
	require.NoError(t, csv.NewWriter(&changed).WriteAll(rows))
	require.NoError(t, os.WriteFile(path, changed.Bytes(), 0o600))
}
