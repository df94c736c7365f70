// Package rehearsal is what a rehearsal of an incident measures, and what is made of
// it: the table, how each phase grows with the incident, the chart, and what an
// incident of another size would take. The rehearsal itself is in internal/rehearsal/play.
//
// Everything here follows from the results' files alone, so that table, chart and
// docs/capacity.md can be made again from them.
package rehearsal

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Size is how large an incident is rehearsed.
type Size struct {
	Name              string
	Practices, People int
}

// Sizes are all of them, the smallest first: each is ten times the one before. tiny is
// for CI.
var Sizes = []Size{{"tiny", 45, 3_400}, {"small", 450, 34_000}, {"medium", 4_500, 340_000}, {"full", 45_000, 3_400_000}}

// SizeOf finds a size by its name.
func SizeOf(name string) (Size, error) {
	for _, s := range Sizes {
		if s.Name == name {
			return s, nil
		}
	}
	return Size{}, fmt.Errorf("there is no size %q: use tiny, small, medium or full", name)
}

// Result is one rehearsal: the file of a size.
type Result struct {
	Size      string    `json:"size"`
	Practices int       `json:"practices"`
	People    int       `json:"people"`
	Findings  int       `json:"findings"`
	Began     time.Time `json:"began"`
	// Program is what `duenotice --version` says, Commit the commit of the tree it was
	// built from, with "-dirty" where that had been changed.
	Program string  `json:"program"`
	Commit  string  `json:"commit"`
	Machine Machine `json:"machine"`
	Phases  []Phase `json:"phases"`
	// Processes are those of the whole run.
	Processes []Process `json:"processes"`
	Commands  []Command `json:"commands"`
	// Waiting is what Temporal had when every practice waited for people, Life what it
	// had in the end.
	Waiting Temporal `json:"waiting"`
	Life    Temporal `json:"life"`
	Disk    Disk     `json:"disk"`
	Outcome Outcome  `json:"outcome"`
}

// Machine is where it ran.
type Machine struct {
	OS    string `json:"os"`
	Cores int    `json:"cores"`
	// Note is what the person who ran it says of the machine: that others used it.
	Note string `json:"note"`
}

// Phase is one part of the story. Its processor time is that of everything that ran
// meanwhile, by process, in seconds; on a machine that others use it is what can be
// compared.
type Phase struct {
	Name string `json:"name"`
	// Items are what it worked on, Unit what they are.
	Items   int                `json:"items"`
	Unit    string             `json:"unit"`
	Seconds float64            `json:"seconds"`
	CPU     map[string]float64 `json:"cpu"`
	// Load is how many processes wanted a core on average in the minute before its end.
	Load float64 `json:"load"`
	// Sittings is how many times the rehearsal was begun on it, 0 for once: it was cut in
	// between, and went on. What it took in all of them is here.
	Sittings int `json:"sittings,omitempty"`
}

// CPUSeconds is the processor time of all processes.
func (p Phase) CPUSeconds() float64 {
	var sum float64
	for _, of := range p.CPU {
		sum += of
	}
	return sum
}

// Process is one of the programs that took part.
type Process struct {
	Name       string  `json:"name"`
	CPUSeconds float64 `json:"cpu_seconds"`
	// PeakBytes is the most memory it had. Of PostgreSQL it is the sum over its processes,
	// each page that several share counted once, looked at every few seconds.
	PeakBytes int64 `json:"peak_bytes"`
}

// Command is one of the officer's commands, given Times times; the rest is the most
// that one of these took.
type Command struct {
	Words      string  `json:"words"`
	When       string  `json:"when"`
	Times      int     `json:"times"`
	Seconds    float64 `json:"seconds"`
	CPUSeconds float64 `json:"cpu_seconds"`
	PeakBytes  int64   `json:"peak_bytes"`
	// Look: it only looks, and does not wait for work to be done.
	Look bool `json:"look,omitempty"`
}

// Temporal is what Temporal had to do and to keep up to a moment.
type Temporal struct {
	// Sampled is of how many practices the histories were read; Practices is the sum
	// over these.
	Sampled   int `json:"sampled"`
	Practices Use `json:"practices"`
	// Others are all other workflows, each of them read.
	Others Use `json:"others"`
}

// Use is what some workflows used.
type Use struct {
	Actions int   `json:"actions"`
	Events  int   `json:"events"`
	Bytes   int64 `json:"bytes"`
}

// Disk is what lay on disk in the end, in bytes.
type Disk struct {
	Files    int64 `json:"files"`
	Database int64 `json:"database"`
	Engine   int64 `json:"engine"`
}

// Outcome is what came of it.
type Outcome struct {
	Letters  int `json:"letters"`
	Pages    int `json:"pages"`
	Emails   int `json:"emails"`
	OnPages  int `json:"on_pages"`
	Returned int `json:"returned"`
	Closed   int `json:"closed"`
	// Posting have nothing open but a substitute notice that stays up for its 90 days.
	Posting int  `json:"posting"`
	AddsUp  bool `json:"adds_up"`
}

// Check says what did not come out as every rehearsal has to: all practices to their end,
// nobody missing from the account, and no process larger than it may be. Times are no
// part of it, since they are the machine's.
func (r Result) Check() error {
	var wrong []error
	if done := r.Outcome.Closed + r.Outcome.Posting; done != r.Practices {
		wrong = append(wrong, fmt.Errorf("%d of %d practices came to their end", done, r.Practices))
	}
	if !r.Outcome.AddsUp {
		wrong = append(wrong, errors.New("the account does not add up"))
	}
	if large := r.TooLarge(); len(large) > 0 {
		wrong = append(wrong, fmt.Errorf("more than 1 GB of memory: %s", strings.Join(large, ", ")))
	}
	return errors.Join(wrong...)
}

// Seconds is by the clock, of all phases.
func (r Result) Seconds() (sum float64) {
	for _, p := range r.Phases {
		sum += p.Seconds
	}
	return sum
}

// CPUSeconds is the processor time of all phases, of all processes.
func (r Result) CPUSeconds() (sum float64) {
	for _, p := range r.Phases {
		sum += p.CPUSeconds()
	}
	return sum
}

// Phase finds a phase by its name.
func (r Result) Phase(name string) (Phase, bool) {
	for _, p := range r.Phases {
		if p.Name == name {
			return p, true
		}
	}
	return Phase{}, false
}

// PerPractice divides what the practices that were looked at used among them.
func (t Temporal) PerPractice() (actions, events, bytes float64) {
	n := float64(max(t.Sampled, 1))
	return float64(t.Practices.Actions) / n, float64(t.Practices.Events) / n, float64(t.Practices.Bytes) / n
}

// Write writes the result into its size's file in a folder.
func (r Result) Write(dir string) error {
	content, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, r.Size+".json"), append(content, '\n'), 0o644)
}

// Read reads the results that a folder has, the smallest size first. A size that was
// not rehearsed is none.
func Read(dir string) ([]Result, error) {
	var results []Result
	for _, size := range Sizes {
		path := filepath.Join(dir, size.Name+".json")
		content, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		var r Result
		if err := json.Unmarshal(content, &r); err != nil {
			return nil, fmt.Errorf("%s is no result of a rehearsal: %w", path, err)
		}
		results = append(results, r)
	}
	return results, nil
}
