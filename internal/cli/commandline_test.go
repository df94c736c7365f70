package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
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
	for _, name := range strings.Fields("demo up down init findings validate plan simulate start status ui assess approve delegate hold release amend record replan handover keys rules audit doctor worker") {
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
		"two letters changed places":  {[]string{"stauts"}, "did you mean status?"},
		"nearly a subcommand":         {[]string{"keys", "shed", "X"}, "did you mean shred?"},
		"unknown flag":                {[]string{"status", "--nope"}, "--nope"},
		"nearly a flag":               {[]string{"status", "--practce", "P1"}, "did you mean --practice?"},
		"flag given twice":            {[]string{"release", "X", "--on", "2026-04-02", "--on", "2026-04-03", "--by", "Ada"}, "--on is given twice"},
		"switch given twice":          {[]string{"status", "--late", "--late"}, "--late is given twice"},
		"state folder given twice":    {[]string{"status", "--dir", "a"}, "--dir is given twice"}, // run gives it once
		"argument missing":            {[]string{"plan"}, "CASE"},
		"nothing to import":           {[]string{"findings", "import", "case"}, "SOURCE"},
		"no such order of dates":      {[]string{"findings", "import", "case", "list.csv", "--date-order", "ymd"}, `"ymd"`},
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
	for _, group := range []string{"Prepare a case", "Run it", "Decide and record", "Hand over", "Look after the machine"} {
		require.Contains(t, r.out, group)
	}
	require.NotContains(t, r.out, "Additional Commands", "every command is in a group")
	require.NotContains(t, r.out, "worker ")
	require.Less(t, strings.Index(r.out, "  up "), strings.Index(r.out, "  down "), "in the order of use")
}

func TestAFlagThatGathersSeveralMayBeGivenAgain(t *testing.T) {
	t.Parallel()
	r := terminal{}.run(t, "hold", "X", "--kind", "oral", "--stated-on", "2026-04-02", "--official", "O", "--agency", "A", "--statement", "S",
		"--covers", "media", "--covers", "hhs", "--by", "Ada")
	require.Equal(t, 1, r.code, "only the server is missing: %s", r.err)
}

func TestTheNearestWordIsTheOneMeant(t *testing.T) {
	t.Parallel()
	known := []string{"start", "status", "up", "ui", "release", "replan", "keys"}
	for typed, want := range map[string][]string{
		"stauts": {"status"}, "sttart": {"start"}, "statsu": {"status"}, "relase": {"release"}, "rel": {"release"}, "u": {"ui", "up"}, "kyes": {"keys"},
		"st": {"start", "status"}, "nonsense": nil, "xyz": nil,
	} {
		require.Equal(t, want, cli.Nearest(typed, known), typed)
	}
}

// DUENOTICE_DIR stands for --dir, which comes before it; and no advice repeats what
// the environment says already.
func TestTheStateFolderCanBeNamedInTheEnvironment(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "elsewhere")
	x := terminal{env: map[string]string{"DUENOTICE_DIR": dir}}
	r := x.runIn(t.Context(), []string{"status"})
	require.Equal(t, 1, r.code)
	require.Contains(t, r.err, "no stack in "+dir)
	require.NotContains(t, r.err, "--dir")
	other := filepath.Join(t.TempDir(), "other")
	require.Contains(t, x.runIn(t.Context(), []string{"status", "--dir", other}).err, "--dir "+other)
}

func TestAnInterruptedCommandLeavesOneLine(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, args := range [][]string{
		{"plan", syntheticCase(t, 3, 30)}, {"validate", syntheticCase(t, 3, 30)}, {"simulate", syntheticCase(t, 1, 3)},
		{"status"}, {"release", "X", "--on", "2026-04-02", "--by", "Ada"},
	} {
		x := terminal{env: map[string]string{"DUENOTICE_DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}}
		r := x.runIn(ctx, append(args, "--dir", filepath.Join(t.TempDir(), "state")))
		require.Equal(t, 130, r.code, "%v: %s", args, r.err)
		require.Contains(t, r.err, "interrupted")
		require.Equal(t, 1, strings.Count(r.err, "duenotice: "), r.err)
	}
}

func TestAShellCompletesWhatIsKnownWithoutAServer(t *testing.T) {
	t.Parallel()
	out := t.TempDir()
	for _, key := range []string{"P1", "P2"} {
		require.NoError(t, os.MkdirAll(filepath.Join(out, "EX-2026-03", "practices", key), 0o755))
	}
	require.NoError(t, os.MkdirAll(filepath.Join(out, "outbox"), 0o755))
	x := terminal{env: map[string]string{"DUENOTICE_OUT": out}}
	complete := func(words ...string) []string {
		r := x.runIn(t.Context(), append([]string{"__complete"}, words...))
		require.Zero(t, r.code, r.err)
		lines := strings.Split(strings.TrimSpace(r.out), "\n")
		return lines[:len(lines)-1] // the last one is for the shell
	}
	require.Equal(t, []string{"EX-2026-03"}, complete("status", ""))
	require.Equal(t, []string{"P1", "P2"}, complete("status", "EX-2026-03", "--practice", ""))
	require.Equal(t, []string{"P1", "P2"}, complete("delegate", "EX-2026-03", "--practice", ""))
	require.Equal(t, []string{"P1,P2"}, complete("delegate", "EX-2026-03", "--practice", "P1,"))
	require.Equal(t, []string{"EX-2026-03"}, complete("report", "open", ""))
	require.Equal(t, []string{"EX-2026-03"}, complete("report", "calendar", ""))
	require.Equal(t, []string{"EX-2026-03"}, complete("report", "board", ""))
	require.Subset(t, complete("delegate", "EX-2026-03", ""), []string{"all", "letters", "none"})
	require.Equal(t, []string{"presumed", "low_probability"}, complete("assess", "EX-2026-03", "--conclusion", ""))
	require.Contains(t, complete("record", "EX-2026-03", "--fact", ""), "letters_mailed")
	require.Equal(t, []string{"bash", "zsh", "fish"}, complete("completion", ""))
	for shell, sign := range map[string]string{"bash": "complete -o default -F __start_duenotice duenotice", "zsh": "#compdef duenotice", "fish": "complete -c duenotice"} {
		r := x.run(t, "completion", shell)
		require.Zero(t, r.code, r.err)
		require.Contains(t, r.out, sign)
	}
	require.Equal(t, 2, x.run(t, "completion", "cmd").code)
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

func TestDoctorBeforeTheFirstUpSaysThatNothingIsStartedYet(t *testing.T) {
	t.Parallel()
	r := terminal{env: map[string]string{"DUENOTICE_OUT": t.TempDir()}}.run(t, "doctor")
	require.Zero(t, r.code, r.out)
	require.NotContains(t, r.out, "WRONG")
	require.Regexp(t, `Nothing is started here yet, and nothing is wrong\. Next: duenotice up`, r.out)
	// A key file that is named and not there is wrong before anything is started.
	r = terminal{env: map[string]string{"DUENOTICE_OUT": t.TempDir(), "DUENOTICE_KEY_FILE": filepath.Join(t.TempDir(), "none")}}.run(t, "doctor")
	require.Equal(t, 1, r.code, r.out)
}

func TestDoctorAsksForTheDigestOfAnImage(t *testing.T) {
	t.Parallel()
	r := terminal{env: map[string]string{
		"DUENOTICE_OUT": t.TempDir(), "DUENOTICE_IMAGE_TEMPORAL": "temporalio/server:1.32.0",
		"DUENOTICE_IMAGE_POSTGRESQL": "postgres:17.11-bookworm@sha256:" + strings.Repeat("0", 64),
	}}.run(t, "doctor")
	require.Contains(t, r.out, "NOTE   image: temporalio/server:1.32.0 is named by a tag")
	require.Contains(t, r.out, "set DUENOTICE_IMAGE_TEMPORAL=temporalio/server:1.32.0@sha256:DIGEST in .env")
	require.NotContains(t, r.out, "postgres:17")
}

// TestPapersStayWhereTheyWereFirstPut: the place is the stack's, not that of the
// folder in which a command is given.
func TestPapersStayWhereTheyWereFirstPut(t *testing.T) {
	t.Parallel()
	dir, kept, other := t.TempDir(), filepath.Join(t.TempDir(), "papers"), t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(kept, "EX-2026-03", "practices", "P1"), 0o755))
	info, err := json.Marshal(map[string]any{"dir": dir, "worker_env": []string{"DUENOTICE_OUT=" + kept}})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "stack.json"), info, 0o600))

	r := terminal{}.runIn(t.Context(), []string{"__complete", "status", "--dir", dir, ""})
	require.Contains(t, r.out, "EX-2026-03")
	moved := terminal{env: map[string]string{"DUENOTICE_OUT": other}}
	r = moved.runIn(t.Context(), []string{"doctor", "--dir", dir})
	require.Contains(t, r.out, "output folder: "+kept)
	require.Contains(t, r.out, "NOTE   output folder: DUENOTICE_OUT names "+other)
	r = moved.runIn(t.Context(), []string{"up", "--dir", dir})
	require.Equal(t, 1, r.code)
	require.Contains(t, r.err, "the papers of the stack in "+dir+" are in "+kept)
	require.NoDirExists(t, filepath.Join(dir, "run"), "nothing was started")

	for named, want := range map[string]string{"": kept, kept: kept} {
		out, err := cli.PlaceOut(dir, func(string) string { return named })
		require.NoError(t, err)
		require.Equal(t, want, out)
	}
	require.NoError(t, os.RemoveAll(kept)) // moved by somebody
	out, err := cli.PlaceOut(dir, func(string) string { return other })
	require.NoError(t, err)
	require.Equal(t, other, out)
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
