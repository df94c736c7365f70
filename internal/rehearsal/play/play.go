// Package play rehearses an incident: it invents one of a size, and takes it from the
// case folder to its close with the officers' commands, each a process of its own, on
// the stack of one machine that "up" starts. E-mail goes to a sink in this process,
// some of the practices answer on their pages, and the rest in bulk.
//
// It goes on where it was cut: what was finished is kept in the rehearsal's folder, and
// the part that was under way is done again, which the commands allow.
package play

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/rehearsal"
	"duenotice/internal/stack"
	"duenotice/internal/synthetic"
)

// The officers of a rehearsal.
const (
	firstOfficer  = "Ada Rivera"
	secondOfficer = "Ben Okafor"
)

// unanswered of a thousand practices have not said who writes to their patients when
// the incident starts.
const unanswered = 300

// Options say what is rehearsed.
type Options struct {
	Size rehearsal.Size
	// Dir is the rehearsal's folder, with everything that it makes.
	Dir string
	// Note is what is to be said of the machine beside the numbers.
	Note string
	// Engine is where Temporal keeps its state; "" is what "up" chooses.
	Engine string
	// Out gets a line for each part.
	Out io.Writer
}

// run is one rehearsal under way.
type run struct {
	Options
	office *office
	meter  *meter
	mail   *mailbox
	kept   kept
	// before is what the part under way took in earlier sittings.
	before spent
}

// kept is rehearsal.json: what is to be known to go on.
type kept struct {
	Result rehearsal.Result `json:"result"`
	// Under is the part that was under way when this was written, "" for none.
	Under      string     `json:"under"`
	Incident   string     `json:"incident"`
	Discovered civil.Date `json:"discovered"`
}

// part is one part of the story. items is how much it worked on, known when it is done.
type part struct {
	name, unit string
	do         func(ctx context.Context) (items int, err error)
}

// Run rehearses, or goes on with a rehearsal that was cut, and returns what it took.
// The stack is stopped in the end, whatever became of it; its state stays.
func Run(ctx context.Context, o Options) (_ rehearsal.Result, err error) {
	if err := measurable(); err != nil {
		return rehearsal.Result{}, err
	}
	if o.Dir, err = filepath.Abs(o.Dir); err != nil {
		return rehearsal.Result{}, err
	}
	// As root PostgreSQL runs as another account, which has to pass through.
	if err := os.MkdirAll(o.Dir, 0o711); err != nil {
		return rehearsal.Result{}, err
	}
	unlock, err := stack.Lock(ctx, filepath.Join(o.Dir, "lock"), func() { fmt.Fprintln(o.Out, "Waiting for another rehearsal in", o.Dir) })
	if err != nil {
		return rehearsal.Result{}, err
	}
	defer unlock()
	r := &run{Options: o}
	if err := r.load(); err != nil {
		return rehearsal.Result{}, err
	}
	log, err := os.OpenFile(r.path("commands.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return rehearsal.Result{}, err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	if r.mail, err = openMailbox(ctx, r.path("mail.jsonl")); err != nil {
		return rehearsal.Result{}, err
	}
	defer func() { err = errors.Join(err, r.mail.close()) }()
	program, err := build(ctx, o.Dir)
	if err != nil {
		return rehearsal.Result{}, err
	}
	r.builtFrom(commit(ctx))
	state := r.path("stack")
	r.meter = newMeter(filepath.Join(state, "run"), r.kept.Result.Processes)
	watching, stop := context.WithCancel(ctx)
	defer stop()
	go r.meter.watch(watching)
	r.office = &office{program: program, state: state, log: log, meter: r.meter, result: &r.kept.Result, env: r.environment()}

	// After a cut the stack's worker writes to a mailbox that is gone.
	if err := stack.Down(ctx, state, r.step); err != nil {
		return rehearsal.Result{}, err
	}
	defer func() { err = errors.Join(err, stack.Down(context.WithoutCancel(ctx), state, r.step)) }()
	fmt.Fprintln(o.Out, "Starting the stack in", state)
	words := []string{"up"}
	if o.Engine != "" {
		words = append(words, "--engine", o.Engine)
	}
	r.office.when = "before"
	if err := r.office.do(ctx, "up", words...); err != nil {
		return rehearsal.Result{}, err
	}
	for _, p := range r.parts() {
		if err := r.play(ctx, p); err != nil {
			return rehearsal.Result{}, fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return r.kept.Result, nil
}

// play does a part that is not done yet, and keeps what it took in this sitting and
// those before.
func (r *run) play(ctx context.Context, p part) error {
	if _, done := r.kept.Result.Phase(p.name); done {
		return nil
	}
	r.kept.Under = p.name
	if err := r.save(); err != nil {
		return err
	}
	var err error
	if r.before, err = r.spentOn(p.name); err != nil {
		return err
	}
	r.office.when = p.name
	spending := r.keepSpending(ctx, p.name)
	items, err := p.do(ctx)
	took := spending()
	if err != nil {
		return errors.Join(err, r.keepSpent(took), r.save())
	}
	phase := rehearsal.Phase{Name: p.name, Items: items, Unit: p.unit, Seconds: took.Seconds, CPU: took.CPU, Load: load()}
	if took.Sittings > 1 {
		phase.Sittings = took.Sittings
	}
	r.kept.Result.Phases = append(r.kept.Result.Phases, phase)
	r.kept.Result.Processes = r.meter.processes(r.kept.Result.Phases)
	r.kept.Under = ""
	fmt.Fprintf(r.Out, "%-10s %10d %-10s %9.1f s  %9.1f s of processor time\n", phase.Name, phase.Items, phase.Unit, phase.Seconds, phase.CPUSeconds())
	return r.save()
}

// builtFrom names the commit of the tree that this sitting was built from beside those of
// earlier ones. A rehearsal that is through has had its last.
func (r *run) builtFrom(commit string) {
	through := !slices.ContainsFunc(r.parts(), func(p part) bool {
		_, done := r.kept.Result.Phase(p.name)
		return !done
	})
	if through || slices.Contains(strings.Split(r.kept.Result.Commit, ", then "), commit) {
		return
	}
	if r.kept.Result.Commit != "" {
		commit = r.kept.Result.Commit + ", then " + commit
	}
	r.kept.Result.Commit = commit
}

// load reads what an earlier run of this rehearsal kept, or begins a new one.
func (r *run) load() error {
	content, err := os.ReadFile(r.path("rehearsal.json"))
	if err == nil {
		if err := json.Unmarshal(content, &r.kept); err != nil {
			return fmt.Errorf("%s cannot be read, so the rehearsal cannot go on; remove its folder and begin anew: %w", r.path("rehearsal.json"), err)
		}
		if r.kept.Result.Size != r.Size.Name {
			return fmt.Errorf("%s has a rehearsal of size %s", r.Dir, r.kept.Result.Size)
		}
		fmt.Fprintf(r.Out, "Going on with the rehearsal in %s\n", r.Dir)
		return nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return err
	}
	now := time.Now()
	params := synthetic.Default(civil.OfTime(now.UTC()).AddDays(-20))
	r.kept = kept{Incident: "REHEARSAL-" + strings.ToUpper(r.Size.Name), Discovered: params.Discovered, Result: rehearsal.Result{
		Size: r.Size.Name, Practices: r.Size.Practices, People: r.Size.People, Began: now.UTC().Truncate(time.Second), Machine: machine(r.Note),
	}}
	return r.save()
}

// save keeps it in one step: a cut leaves what was there before or what is there now.
func (r *run) save() error {
	content, err := json.MarshalIndent(r.kept, "", "  ")
	if err != nil {
		return err
	}
	next := r.path("rehearsal.json.next")
	if err := os.WriteFile(next, content, 0o600); err != nil {
		return err
	}
	return os.Rename(next, r.path("rehearsal.json"))
}

// environment is what every command is told: nothing of the person's own that would
// lead it to another server or to a mail provider.
func (r *run) environment() []string {
	env := []string{"DUENOTICE_OUT=" + r.path("out"), "NO_COLOR=1"}
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		if !strings.HasPrefix(name, "DUENOTICE_") && !strings.HasPrefix(name, "TEMPORAL_") && !strings.HasPrefix(name, "SENDGRID_") && name != "NO_COLOR" {
			env = append(env, v)
		}
	}
	return append(env, r.mail.settings()...)
}

func (r *run) path(elem ...string) string { return filepath.Join(append([]string{r.Dir}, elem...)...) }

func (r *run) step(line string) { fmt.Fprintln(r.Out, line) }

// status is where the incident stands.
func (r *run) status(ctx context.Context) (s casebook.Status, err error) {
	err = r.office.read(ctx, &s, "status --json", "status", r.kept.Incident, "--json")
	return s, err
}

// stuckAfter is how long nothing may move before a rehearsal gives up.
const stuckAfter = 20 * time.Minute

// errStill is what await returns where nothing moves any more.
var errStill = errors.New("nothing moved")

// await looks where the incident stands until done says yes, and gives up where nothing
// moved for too long.
func (r *run) await(ctx context.Context, done func(casebook.Status) (moved int, ok bool)) error {
	err := r.awaitMoving(ctx, stuckAfter, done)
	if errors.Is(err, errStill) {
		return fmt.Errorf("%w for %s. Start it again with make rehearsal, then look with: duenotice status %s --needs --dir %s", err, stuckAfter, r.kept.Incident, r.office.state)
	}
	return err
}

// awaitMoving looks until done says yes, and returns errStill where nothing moved for as
// long as said. moved is a number that changes while something happens. It looks less
// often the longer it takes: looking costs the machine that is measured.
func (r *run) awaitMoving(ctx context.Context, still time.Duration, done func(casebook.Status) (moved int, ok bool)) error {
	last, since := math.MinInt, time.Now()
	pause := 500 * time.Millisecond
	for {
		status, err := r.status(ctx)
		if err != nil {
			return err
		}
		moved, ok := done(status)
		if ok {
			return nil
		}
		if moved != last {
			last, since = moved, time.Now()
		}
		if time.Since(since) > still {
			return errStill
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
			pause = min(pause+pause/8, 15*time.Second)
		}
	}
}

func round(seconds float64) float64 { return math.Round(seconds*1000) / 1000 }

// Remove stops a rehearsal's stack and removes everything of it.
func Remove(ctx context.Context, dir string) error {
	return errors.Join(stack.Remove(ctx, filepath.Join(dir, "stack"), func(string) {}), os.RemoveAll(dir))
}
