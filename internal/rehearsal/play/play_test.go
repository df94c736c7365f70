package play

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/mailsink"
	"duenotice/internal/rehearsal"
)

// TestWhatIsDoneIsNotDoneAgain after a cut, and the part that was under way counts both of its sittings.
func TestWhatIsDoneIsNotDoneAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var did []string
	var r *run
	begin := func() *run {
		r := &run{Options: Options{Size: rehearsal.Sizes[0], Dir: dir, Out: &bytes.Buffer{}}}
		require.NoError(t, r.load())
		r.meter = newMeter(filepath.Join(dir, "run"), nil)
		r.office = &office{result: &r.kept.Result}
		return r
	}
	// Every sitting of a part takes a second of the commands.
	do := func(name string, err error) part {
		return part{name, "practices", func(context.Context) (int, error) {
			did = append(did, name)
			r.meter.command(1, 0)
			return 7, err
		}}
	}
	r = begin()
	require.NoError(t, r.play(t.Context(), do("plan", nil)))
	require.ErrorIs(t, r.play(t.Context(), do("start", context.Canceled)), context.Canceled)

	r = begin()
	require.NoError(t, r.play(t.Context(), do("plan", nil)))
	require.NoError(t, r.play(t.Context(), do("start", nil)))
	require.NoError(t, r.play(t.Context(), do("print", nil)))
	require.Equal(t, []string{"plan", "start", "start", "print"}, did)
	var sittings []int
	for _, p := range r.kept.Result.Phases {
		sittings = append(sittings, p.Sittings)
	}
	require.Equal(t, []int{0, 2, 0}, sittings)
	require.InDelta(t, 2, r.kept.Result.Phases[1].CPU[commands], 1e-9, "what the first sitting took is in it")
	require.InDelta(t, 1, r.kept.Result.Phases[2].CPU[commands], 1e-9)

	other := &run{Options: Options{Size: rehearsal.Sizes[1], Dir: dir, Out: &bytes.Buffer{}}}
	require.ErrorContains(t, other.load(), "has a rehearsal of size tiny")
}

// TestThePathToAPageOutlivesTheRehearsal: two messages give it, also to one that goes on
// later, whose last line was cut in the middle.
func TestThePathToAPageOutlivesTheRehearsal(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "mail.jsonl")
	m, err := openMailbox(t.Context(), path)
	require.NoError(t, err)
	page := "https://pages.example.org/p/" + "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ"
	m.take(mailsink.Message{To: "office@example.org", Text: "Open " + page})
	_, whole := m.invitation("office@example.org", "manager@example.org")
	require.False(t, whole)
	m.take(mailsink.Message{To: "manager@example.org", Text: "The code:\n\n    ABCDE-23456\n"})
	require.NoError(t, m.close())
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = file.WriteString(`{"to":"x@exam`)
	require.NoError(t, err)
	require.NoError(t, file.Close())

	m, err = openMailbox(t.Context(), path)
	require.NoError(t, err)
	way, whole := m.invitation("office@example.org", "manager@example.org")
	require.True(t, whole)
	require.Equal(t, page, way.Page)
	require.Equal(t, "ABCDE-23456", way.Code)
	n, err := m.count()
	require.NoError(t, err)
	require.Equal(t, 2, n)
	require.NoError(t, m.close())
}

// TestProcessesAreMeasured with the children they waited for, and go on being counted
// when another process takes the place of one.
func TestProcessesAreMeasured(t *testing.T) {
	t.Parallel()
	require.NoError(t, measurable())
	dir := t.TempDir()
	m := newMeter(dir, nil)
	// A shell that works for a third of a second in a child, and then stays.
	shell := exec.CommandContext(t.Context(), "sh", "-c", `(i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done); echo done; read wait`)
	hold, err := shell.StdinPipe()
	require.NoError(t, err)
	said, err := shell.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, shell.Start())
	_, err = said.Read(make([]byte, 4))
	require.NoError(t, err)
	record, err := json.Marshal(map[string]any{"name": "worker", "pid": shell.Process.Pid})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "worker.json"), record, 0o600))
	took := m.taken()["worker"]
	require.Positive(t, took)
	require.NoError(t, hold.Close())
	_ = shell.Wait() // its read fails, which is how it ends
	m.saw("worker", -1, 5, 0)
	require.InDelta(t, took+5, m.taken()["worker"], 1e-9)
	processes := m.processes([]rehearsal.Phase{{CPU: map[string]float64{"worker": 2}}, {CPU: map[string]float64{"worker": 1}}})
	for _, p := range processes {
		require.Positive(t, p.PeakBytes, p.Name)
	}
	require.InDelta(t, 3, processes[len(processes)-1].CPUSeconds, 1e-9)
}

// TestTheMostOfACommandIsKept, by its words and by the part of the story.
func TestTheMostOfACommandIsKept(t *testing.T) {
	t.Parallel()
	o := &office{result: &rehearsal.Result{}}
	o.note(rehearsal.Command{Words: "status", When: "look", Times: 1, Seconds: 2, CPUSeconds: 0.1, PeakBytes: 5})
	o.note(rehearsal.Command{Words: "status", When: "look", Times: 1, Seconds: 1, CPUSeconds: 0.3, PeakBytes: 4})
	o.note(rehearsal.Command{Words: "status", When: "close", Times: 1, Seconds: 9})
	require.Equal(t, []rehearsal.Command{
		{Words: "status", When: "look", Times: 2, Seconds: 2, CPUSeconds: 0.3, PeakBytes: 5},
		{Words: "status", When: "close", Times: 1, Seconds: 9},
	}, o.result.Commands)
}

// TestACommandThatFailsSaysWhatItSaid and what it took is counted all the same.
func TestACommandThatFailsSaysWhatItSaid(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "duenotice")
	require.NoError(t, os.WriteFile(program, []byte("#!/bin/sh\necho \"$1 is refused\" >&2\nexit 3\n"), 0o755))
	var log bytes.Buffer
	o := &office{program: program, state: "state", log: &log, meter: newMeter("", nil), result: &rehearsal.Result{}, when: "print"}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	err := o.do(ctx, "approve", "approve", "EX")
	require.ErrorContains(t, err, "duenotice approve EX: exit status 3\napprove is refused")
	require.Contains(t, log.String(), "$ duenotice approve EX")
	require.Len(t, o.result.Commands, 1)
}
