package stack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"

	gops "github.com/shirou/gopsutil/v4/process"
)

// record is run/NAME.json.
type record struct {
	Name     string   `json:"name"`
	PID      int      `json:"pid"`
	Identity string   `json:"identity"`
	Command  []string `json:"command"`
	// Wanted is a hash of what the process was started with: a running worker
	// with another one is not the worker that is asked for now.
	Wanted string `json:"wanted,omitempty"`
}

// alive tells whether the recorded process still runs.
func (r record) alive() bool { return r.Identity != "" && identity(r.PID) == r.Identity }

// spec says how to start a process.
type spec struct {
	name   string
	args   []string
	env    []string // the whole environment
	dir    string
	user   *account // nil: as we are
	wanted string
}

// proc is a process of the stack, started by us now or by an earlier command.
type proc struct {
	record
	folder folder
}

// running returns the recorded process where it still runs. A record of one that
// does not is removed.
func (f folder) running(name string) (*proc, bool) {
	var r record
	path := f.path("run", name+".json")
	if !readJSON(path, &r) {
		return nil, false
	}
	if !r.alive() {
		_ = os.Remove(path) // a leftover that stays is looked at again next time
		return nil, false
	}
	return &proc{record: r, folder: f}, true
}

// start runs a process that outlives us: in a session of its own, so that the
// terminal's Ctrl-C and hang-up do not reach it, with its output in its log.
func (f folder) start(s spec) (*proc, error) {
	log, err := openLog(f.log(s.name))
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }() // the process has its own copy

	cmd := exec.Command(s.args[0], s.args[1:]...) //nolint:noctx // it outlives every context of ours
	cmd.Env, cmd.Dir = s.env, s.dir
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: s.user.credential()}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("cannot start %s: %w", s.name, err)
	}
	p := &proc{folder: f, record: record{
		Name: s.name, PID: cmd.Process.Pid, Identity: identity(cmd.Process.Pid), Command: s.args, Wanted: s.wanted,
	}}
	// Reap it if it ends before we do; as a zombie it would keep its pid.
	go func() { _ = cmd.Wait() }()
	if err := writeJSON(f.path("run", s.name+".json"), p.record); err != nil {
		return nil, errors.Join(fmt.Errorf("cannot record %s: %w", s.name, err), cmd.Process.Kill())
	}
	return p, nil
}

// openLog opens a log for appending, and begins a new one when the old is large.
func openLog(path string) (*os.File, error) {
	const large = 16 << 20
	if info, err := os.Stat(path); err == nil && info.Size() > large {
		if err := os.Rename(path, path+".1"); err != nil {
			return nil, err
		}
	}
	return os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
}

// stop asks the process to end, waits for at most grace, then kills it, and
// removes its record once it is gone.
func (p *proc) stop(ctx context.Context, ask syscall.Signal, grace time.Duration) error {
	for _, step := range []struct {
		signal syscall.Signal
		wait   time.Duration
	}{{ask, grace}, {syscall.SIGKILL, 10 * time.Second}} {
		if !p.alive() {
			break
		}
		if err := syscall.Kill(p.PID, step.signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("cannot stop %s (process %d): %w", p.Name, p.PID, err)
		}
		waiting, cancel := context.WithTimeout(ctx, step.wait)
		_ = poll(waiting, func(context.Context) (bool, error) { return !p.alive(), nil })
		cancel()
		if ctx.Err() != nil && p.alive() {
			return fmt.Errorf("%s (process %d) is still stopping: %w", p.Name, p.PID, context.Cause(ctx))
		}
	}
	if p.alive() {
		return fmt.Errorf("%s (process %d) does not end, not even when killed", p.Name, p.PID)
	}
	path := p.folder.path("run", p.Name+".json")
	var there record
	if readJSON(path, &there) && there.PID != p.PID {
		return nil // it had none, and this is another one's
	}
	err := os.Remove(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// strays returns processes that match by their command line but have no record under any
// of the names: the command that started them was killed before it could write one.
func (f folder) strays(ctx context.Context, names []string, match func(args []string) bool) []*proc {
	all, err := gops.ProcessesWithContext(ctx)
	if err != nil {
		return nil // nothing can be said about other processes here
	}
	known := map[int]bool{}
	for _, name := range names {
		if p, ok := f.running(name); ok {
			known[p.PID] = true
		}
	}
	var found []*proc
	for _, p := range all {
		args, err := p.CmdlineSliceWithContext(ctx)
		if err != nil || !match(args) || known[int(p.Pid)] {
			continue
		}
		found = append(found, &proc{folder: f, record: record{
			Name: names[0], PID: int(p.Pid), Identity: identity(int(p.Pid)), Command: args,
		}})
	}
	return found
}

// programOf returns the name of the program a process runs, or nothing.
func programOf(pid int) string {
	p, err := gops.NewProcess(int32(pid))
	if err != nil {
		return ""
	}
	name, err := p.Name()
	if err != nil {
		return ""
	}
	return name
}
