package stack

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// MaxWorkers bounds how many workers one stack has. Each has up to sixteen
// connections to the stack's PostgreSQL, which has room for a hundred of everybody's.
const MaxWorkers = 4

// chooseWorkers says how many workers the stack has: as many as were asked for, else as
// many as the last time, else one.
func (f folder) chooseWorkers(asked int) (int, error) {
	if asked < 0 || asked > MaxWorkers {
		return 0, fmt.Errorf("a stack on one machine has 1 to %d workers, and not %d: more of them share the same cores and the same PostgreSQL; start others on other machines (docs/deployment.md)", MaxWorkers, asked)
	}
	var before Info
	if asked == 0 && readJSON(f.path("stack.json"), &before) {
		asked = before.Workers
	}
	return max(asked, 1), nil
}

// workerName is what the nth worker is recorded and logged as, the first being 1.
func workerName(n int) string {
	if n == 1 {
		return worker
	}
	return worker + "-" + strconv.Itoa(n)
}

// workerNames are the names under which workers of this stack may run: the first one's,
// and those of which there is a record.
func (f folder) workerNames() []string {
	names := []string{worker}
	found, _ := filepath.Glob(f.path("run", worker+"-*.json")) // the pattern is one
	for _, path := range found {
		name := strings.TrimSuffix(filepath.Base(path), ".json")
		if n, err := strconv.Atoi(strings.TrimPrefix(name, worker+"-")); err == nil && n > 1 && name == workerName(n) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// startWorkers runs the workers, unless the very same ones run already, and stops those
// that are too many.
func (f folder) startWorkers(ctx context.Context, i *Info, more func(n int) []string, progress func(string)) error {
	for _, p := range f.strays(ctx, f.workerNames(), f.isProgram(i.WorkerArgs)) {
		if err := stopWorker(ctx, p); err != nil {
			return err
		}
	}
	var wanted []string
	for n := 1; n <= max(i.Workers, 1); n++ {
		wanted = append(wanted, workerName(n))
		var env []string
		if n > 1 {
			// The first one shows the pages for people.
			env = []string{"DUENOTICE_UI_LISTEN="}
			if more != nil {
				env = append(env, more(n)...)
			}
		}
		if err := f.startWorker(ctx, i, workerName(n), env, progress); err != nil {
			return err
		}
	}
	for _, name := range f.workerNames() {
		if p, ok := f.running(name); ok && !slices.Contains(wanted, name) {
			progress("Stopping " + titleOf(name) + ": it is one too many")
			if err := stopWorker(ctx, p); err != nil {
				return err
			}
		}
	}
	return nil
}

// titleOf is what a worker is called before people.
func titleOf(name string) string {
	if number, more := strings.CutPrefix(name, worker+"-"); more {
		return "worker " + number
	}
	return "the worker"
}
