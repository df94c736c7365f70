package play

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"duenotice/internal/rehearsal"
)

// The programs that take part, beside those of the stack (worker, temporal, postgres, pages).
const (
	commands  = "commands"
	rehearser = "rehearsal"
	database  = "postgres"
)

// ticks is how many units of processor time /proc counts in a second: USER_HZ, which is
// 100 for every program on every Linux.
const ticks = 100

// meter looks again and again at what the stack's processes took.
type meter struct {
	// run is the stack's folder with a record of each process.
	run string

	mu sync.Mutex
	// gone is the processor time of processes that ended, last what the one that runs
	// has taken, by name.
	gone map[string]float64
	last map[string]seen
	peak map[string]int64
}

type seen struct {
	pid int
	cpu float64
}

func newMeter(run string, before []rehearsal.Process) *meter {
	m := &meter{run: run, gone: map[string]float64{}, last: map[string]seen{}, peak: map[string]int64{}}
	for _, p := range before {
		m.peak[p.Name] = p.PeakBytes
	}
	return m
}

// watch looks until the context ends. Memory of PostgreSQL is looked at more seldom:
// the kernel walks all its pages for it.
func (m *meter) watch(ctx context.Context) {
	every := time.NewTicker(time.Second)
	defer every.Stop()
	for n := 0; ; n++ {
		m.look(n%10 == 0)
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
	}
}

// look reads what every process has taken by now.
func (m *meter) look(memory bool) {
	records, err := filepath.Glob(filepath.Join(m.run, "*.json"))
	if err != nil {
		return
	}
	children := childrenOf()
	for _, path := range records {
		var record struct {
			Name string `json:"name"`
			PID  int    `json:"pid"`
		}
		content, err := os.ReadFile(path)
		if err != nil || json.Unmarshal(content, &record) != nil {
			continue // ended just now, or not yet written
		}
		var cpu float64
		var peak int64
		for _, pid := range tree(record.PID, children) {
			cpu += cpuOf(pid, true)
			switch {
			case record.Name != database:
				peak = max(peak, memoryOf(pid, "status", "VmHWM:"))
			case memory:
				peak += memoryOf(pid, "smaps_rollup", "Pss:")
			}
		}
		m.saw(record.Name, record.PID, cpu, peak)
	}
	m.saw(rehearser, os.Getpid(), cpuOf(os.Getpid(), false), memoryOf(os.Getpid(), "status", "VmHWM:"))
}

func (m *meter) saw(name string, pid int, cpu float64, peak int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	before, ok := m.last[name]
	if ok && before.pid != pid {
		m.gone[name] += before.cpu
		before = seen{}
	}
	// A process that is ending counts less than it did a moment ago.
	m.last[name] = seen{pid, max(cpu, before.cpu)}
	m.peak[name] = max(m.peak[name], peak)
}

// command adds what a command of the officers' took.
func (m *meter) command(cpu float64, peak int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.gone[commands] += cpu
	m.peak[commands] = max(m.peak[commands], peak)
}

// taken is the processor time of every program up to now.
func (m *meter) taken() map[string]float64 {
	m.look(true)
	m.mu.Lock()
	defer m.mu.Unlock()
	sum := maps.Clone(m.gone)
	for name, s := range m.last {
		sum[name] += s.cpu
	}
	return sum
}

// processes are all programs with what they took, by name. before is what they took in
// parts of the run that an earlier process of the rehearsal measured.
func (m *meter) processes(phases []rehearsal.Phase) []rehearsal.Process {
	cpu := map[string]float64{}
	for _, p := range phases {
		for name, seconds := range p.CPU {
			cpu[name] += seconds
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []rehearsal.Process
	for _, name := range slices.Sorted(maps.Keys(m.peak)) {
		list = append(list, rehearsal.Process{Name: name, CPUSeconds: round(cpu[name]), PeakBytes: m.peak[name]})
	}
	return list
}

// childrenOf are the processes of this machine by the process that started them.
func childrenOf() map[int][]int {
	children := map[int][]int{}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return children
	}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if f := statOf(pid); len(f) > 3 {
			parent, _ := strconv.Atoi(f[1]) // the kernel writes a number there
			children[parent] = append(children[parent], pid)
		}
	}
	return children
}

// tree is a process with all that it started, and all that these started.
func tree(pid int, children map[int][]int) []int {
	all := []int{pid}
	for i := 0; i < len(all); i++ {
		all = append(all, children[all[i]]...)
	}
	return all
}

// statOf are the fields of /proc/PID/stat from the third on; the second is the name in
// parentheses, which may hold anything.
func statOf(pid int) []string {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil // it ended
	}
	return strings.Fields(string(content[strings.LastIndexByte(string(content), ')')+1:]))
}

// cpuOf is the processor time of a process, and if asked that of the children it waited
// for. The commands are children of the rehearsal and are counted by themselves.
func cpuOf(pid int, children bool) float64 {
	fields := []int{11, 12} // utime, stime
	if children {
		fields = []int{11, 12, 13, 14} // and cutime, cstime
	}
	f := statOf(pid)
	var sum float64
	for _, i := range fields {
		if i < len(f) {
			n, _ := strconv.ParseFloat(f[i], 64) // the kernel writes a number there
			sum += n
		}
	}
	return sum / ticks
}

// memoryOf is a line of a file of /proc about a process's memory, in bytes.
func memoryOf(pid int, file, line string) int64 {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, file))
	if err != nil {
		return 0 // it ended, or is another account's
	}
	for l := range strings.Lines(string(content)) {
		if rest, ok := strings.CutPrefix(l, line); ok {
			n, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64) // the kernel writes a number there
			return n << 10
		}
	}
	return 0
}

// load is the machine's load average of the last minute.
func load() float64 {
	content, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(content), " ")
	n, _ := strconv.ParseFloat(first, 64) // the kernel writes a number there
	return n
}

// measurable says whether processes can be measured here at all.
func measurable() error {
	if _, err := os.Stat("/proc/self/stat"); errors.Is(err, fs.ErrNotExist) {
		return errors.New("a rehearsal measures processes as Linux tells of them, in /proc; run it on Linux")
	}
	return nil
}

// size is what lies in a folder, in bytes.
func size(dir string) (sum int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return ignoreGone(err)
		}
		info, err := e.Info()
		if err == nil {
			sum += info.Size()
		}
		return ignoreGone(err)
	})
	return sum, err
}

// ignoreGone: a file that was there a moment ago takes no room.
func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
