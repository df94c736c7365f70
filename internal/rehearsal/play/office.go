package play

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"duenotice/internal/rehearsal"
)

// office is where the officers sit: it gives the program's commands as they would, each
// a process of its own, and notes what each took.
type office struct {
	program string
	// state is the stack's state folder, env what every command is told.
	state string
	env   []string
	log   io.Writer
	meter *meter
	// result is where commands are noted, when in which part of the story.
	result *rehearsal.Result
	when   string
}

// do gives a command. shown is the command as it stands in the table: what differs from one
// size to the next is left out of it.
func (o *office) do(ctx context.Context, shown string, words ...string) error {
	return o.give(ctx, shown, false, io.Discard, words...)
}

// look gives a command that only looks, and returns what it printed.
func (o *office) look(ctx context.Context, shown string, words ...string) ([]byte, error) {
	var out bytes.Buffer
	err := o.give(ctx, shown, true, &out, words...)
	return out.Bytes(), err
}

// glance is look of which nobody reads what it printed, which may be a hundred megabytes.
func (o *office) glance(ctx context.Context, shown string, words ...string) error {
	return o.give(ctx, shown, true, io.Discard, words...)
}

func (o *office) give(ctx context.Context, shown string, look bool, out io.Writer, words ...string) error {
	cmd := exec.CommandContext(ctx, o.program, append(words, "--dir", o.state)...)
	cmd.Env = o.env
	// As Ctrl-C would: a command that is cut off leaves nothing half done.
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 20 * time.Second
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = out, io.MultiWriter(&tail{to: &said}, o.log)
	if !look {
		fmt.Fprintf(o.log, "\n$ duenotice %s\n", strings.Join(words, " "))
	}
	began := time.Now()
	err := cmd.Run()
	if usage, ok := rusage(cmd); ok {
		cpu := usage.cpu
		o.meter.command(cpu, usage.peak)
		o.note(rehearsal.Command{Words: shown, When: o.when, Times: 1, Seconds: time.Since(began).Seconds(), CPUSeconds: cpu, PeakBytes: usage.peak, Look: look})
	}
	if err != nil {
		return fmt.Errorf("duenotice %s: %w\n%s", strings.Join(words, " "), errors.Join(err, ctx.Err()), said.String())
	}
	return nil
}

// note keeps the most that a command took.
func (o *office) note(c rehearsal.Command) {
	for i := range o.result.Commands {
		if had := &o.result.Commands[i]; had.Words == c.Words && had.When == c.When {
			had.Times++
			had.Seconds, had.CPUSeconds, had.PeakBytes = max(had.Seconds, c.Seconds), max(had.CPUSeconds, c.CPUSeconds), max(had.PeakBytes, c.PeakBytes)
			return
		}
	}
	o.result.Commands = append(o.result.Commands, c)
}

// read gives a looking command with --json and decodes what it says.
func (o *office) read(ctx context.Context, into any, shown string, words ...string) error {
	out, err := o.look(ctx, shown, words...)
	if err != nil {
		return err
	}
	return json.Unmarshal(out, into)
}

type used struct {
	cpu  float64
	peak int64
}

func rusage(cmd *exec.Cmd) (used, bool) {
	if cmd.ProcessState == nil {
		return used{}, false
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return used{}, false
	}
	return used{(cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds(), usage.Maxrss << 10}, true // kibibytes on Linux
}

// tail keeps the end of what was written: an error is explained by its last lines.
type tail struct{ to *bytes.Buffer }

func (t *tail) Write(p []byte) (int, error) {
	const keep = 4 << 10
	t.to.Write(p)
	if t.to.Len() > keep {
		t.to.Next(t.to.Len() - keep)
	}
	return len(p), nil
}

// build compiles the program that is rehearsed, from the tree that this one is run in.
func build(ctx context.Context, dir string) (string, error) {
	path := filepath.Join(dir, "bin", "duenotice")
	out, err := exec.CommandContext(ctx, "go", "build", "-o", path, "./starter").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("the program cannot be built; start the rehearsal in the project's folder, with make rehearsal: %w\n%s", err, out)
	}
	return path, nil
}
