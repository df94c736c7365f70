package cli_test

import (
	"bytes"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/cli"
	"duenotice/internal/rules"
)

func TestEveryCommandExplainsItselfWithAnExample(t *testing.T) {
	t.Parallel()
	commands := cli.Commands()
	for _, name := range strings.Fields("demo up down init validate plan simulate start status ui assess approve delegate hold release amend record replan handover keys rules audit doctor worker") {
		require.Contains(t, commands, name)
	}
	for name, texts := range commands {
		require.NotEmpty(t, texts[0], "%s has no long help", name)
		require.Contains(t, texts[1], "duenotice "+name, "%s has no example of itself", name)
	}
}

func TestAWrongCommandLineExitsWith2AndSaysWhat(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"unknown command":             {[]string{"nonsense"}, `no command "nonsense"`},
		"nearly a command":            {[]string{"valdate"}, "did you mean validate"},
		"unknown flag":                {[]string{"status", "--nope"}, "--nope"},
		"argument missing":            {[]string{"plan"}, "CASE"},
		"argument too many":           {[]string{"plan", "a", "b"}, `"b"`},
		"act without its author":      {[]string{"release", "X", "--on", "2026-04-02"}, `"by"`},
		"approval without its author": {[]string{"approve", "X", "--all"}, "--by"},
		"approval of nothing":         {[]string{"approve", "X", "--by", "Ada"}, "list"},
		"approval of two things":      {[]string{"approve", "X", "--all", "--practice", "P1", "--by", "Ada"}, "all"},
		"no such day":                 {[]string{"release", "X", "--on", "2026-02-30", "--by", "Ada"}, "2026-02-30"},
		"no such fact":                {[]string{"record", "X", "--fact", "nope", "--on", "2026-04-02", "--by", "Ada"}, "letters_mailed"},
		"no such delegation":          {[]string{"delegate", "X", "some", "--practice", "P1", "--by", "Ada"}, `"some"`},
		"no such conclusion":          {[]string{"assess", "X", "--practice", "P1", "--conclusion", "fine", "--by", "Ada"}, `"fine"`},
		"incident that is a path":     {[]string{"status", "../X"}, `"../X"`},
		"practice that is a path":     {[]string{"delegate", "X", "all", "--practice", "a/b", "--by", "Ada"}, `"a/b"`},
		"time that is none":           {[]string{"status", "--due", "soon"}, `"soon"`},
		"watching a file":             {[]string{"status", "--watch"}, "terminal"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := terminal{}.run(t, c.args...)
			require.Equal(t, 2, r.code, r.err)
			require.Empty(t, r.out)
			require.Contains(t, r.err, c.says)
			require.Contains(t, r.err, "--help")
		})
	}
}

func TestWithoutACommandTheHelpIsPrinted(t *testing.T) {
	t.Parallel()
	r := terminal{}.run(t)
	require.Zero(t, r.code)
	require.Contains(t, r.out, "Available Commands")
	require.NotContains(t, r.out, "worker ")
}

func TestWithoutAServerACommandSaysHowToGetOne(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"status"}, {"approve", "X", "--list"}, {"release", "X", "--on", "2026-04-02", "--by", "Ada"},
		{"start", syntheticCase(t, 2, 4)},
	} {
		r := terminal{}.run(t, args...)
		require.Equal(t, 1, r.code)
		require.Empty(t, r.out)
		require.Contains(t, r.err, "duenotice up")
	}
}

func TestABadCaseIsRefusedBeforeAServerIsLookedFor(t *testing.T) {
	t.Parallel()
	r := terminal{}.run(t, "start", t.TempDir())
	require.Equal(t, 3, r.code)
	require.Contains(t, r.err, "incident.yaml")
}

func TestDoctorSaysWhatIsWrongAndExitsWith1(t *testing.T) {
	t.Parallel()
	r := terminal{env: map[string]string{"TEMPORAL_ADDRESS": "127.0.0.1:1", "DUENOTICE_OUT": t.TempDir()}}.run(t, "doctor")
	require.Equal(t, 1, r.code)
	require.Contains(t, r.out, "WRONG  database")
	require.Contains(t, r.out, "WRONG  Temporal")
	require.Contains(t, r.out, "ok     output folder")
	require.Contains(t, r.out, ".eml")
}

func TestDoctorFindsAnOutputFolderThatIsAFile(t *testing.T) {
	t.Parallel()
	file := writeFile(t, "a file")
	r := terminal{env: map[string]string{"TEMPORAL_ADDRESS": "127.0.0.1:1", "DUENOTICE_OUT": file}}.run(t, "doctor")
	require.Contains(t, r.out, "WRONG  output folder")
}

func TestAConfigurationThatCannotBeUsedFailsAndRefusesNothing(t *testing.T) {
	t.Parallel()
	r := terminal{env: map[string]string{"DUENOTICE_TIMEZONE": "Mars/Olympus"}}.run(t, "plan", "case")
	require.Equal(t, 1, r.code)
	require.Contains(t, r.err, "Mars/Olympus")
}

// Both programs say what they were built from: duenotice-worker is the command worker.
func TestTheVersionNamesTheProgramAndItsLaw(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"--version"}, {"worker", "--version"}} {
		r := terminal{}.run(t, args...)
		require.Zero(t, r.code, r.err)
		require.Regexp(t, `^duenotice \S`, r.out)
		require.Contains(t, r.out, "rulebook "+rules.Current().Version()+", SHA-256 "+rules.Current().SHA256())
		require.Contains(t, r.out, runtime.Version()+" "+runtime.GOOS)
	}
}

// A panic is met by a person at a terminal: they read where the program is broken
// and what to do, and not what it was about.
func TestAPanicSaysWhereItWasAndNotWhatItSaid(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	code := cli.Run(t.Context(), []string{"status"}, cli.IO{
		In: strings.NewReader(""), Out: &out, Err: &errs, Now: time.Now, IsTerminal: func(io.Writer) bool { return false },
		Getenv: func(string) string { panic("no address for Quilla Marsh") },
	})
	require.Equal(t, 1, code)
	require.Empty(t, out.String())
	require.NotContains(t, errs.String(), "Quilla")
	require.Regexp(t, `^duenotice: the program panicked: a string, .*\(commandline_test\.go:\d+\)`, errs.String())
	require.Contains(t, errs.String(), "can be given again")
}
