//go:build unix

package testkit

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Process is a program whose processor time is measured, with the processes that it
// starts: the clock says little on a machine that others use too. The zero value, as it
// is on a system that does not tell, has used none.
type Process struct{ id int }

// DatabaseProcess is the server that the database at url is on.
func DatabaseProcess(tb testing.TB, url string) Process {
	tb.Helper()
	var session int
	if err := Pool(tb, url).QueryRow(context.Background(), "SELECT pg_backend_pid()").Scan(&session); err != nil {
		tb.Fatalf("testkit: %v", err)
	}
	stat, _ := processStat(strconv.Itoa(session)) // no /proc: see Process
	return Process{stat.parent}
}

// ProcessOf is one that runs.
func ProcessOf(p *os.Process) Process { return Process{p.Pid} }

// Process is the server itself. It is found by the folder it was started with, in which
// its certificates are too.
func (s TemporalServer) Process(tb testing.TB) Process {
	tb.Helper()
	for _, dir := range processes(tb) {
		command, _ := os.ReadFile(filepath.Join(dir, "cmdline")) // it may have ended meanwhile
		program, arguments, _ := strings.Cut(string(command), "\x00")
		if strings.Contains(filepath.Base(program), "engine") && strings.Contains(arguments, filepath.Dir(string(s.Certificates))) {
			id, _ := strconv.Atoi(filepath.Base(dir)) // that is what processes gives
			return Process{id}
		}
	}
	return Process{}
}

// Spent is the processor time that it used so far.
func (p Process) Spent(tb testing.TB) time.Duration {
	tb.Helper()
	if p.id == 0 {
		return 0
	}
	var sum time.Duration
	for _, dir := range processes(tb) {
		stat, err := processStat(filepath.Base(dir))
		switch {
		case err != nil: // it ended meanwhile
		case filepath.Base(dir) == strconv.Itoa(p.id):
			sum += stat.own + stat.ended
		case stat.parent == p.id:
			sum += stat.own
		}
	}
	return sum
}

// SpentHere is the processor time that this process used so far.
func SpentHere(tb testing.TB) time.Duration {
	tb.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		tb.Fatalf("testkit: %v", err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// processes are the folders of /proc, none where there is no /proc.
func processes(tb testing.TB) []string {
	tb.Helper()
	all, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		tb.Fatalf("testkit: %v", err)
	}
	return all
}

// processTimes is what Linux says of a process.
type processTimes struct {
	parent int
	// own is the process's time, ended that of its children that are gone.
	own, ended time.Duration
}

// tick is the unit of /proc's times on every Linux there is.
const tick = 10 * time.Millisecond

func processStat(process string) (processTimes, error) {
	text, err := os.ReadFile(filepath.Join("/proc", process, "stat"))
	if err != nil {
		return processTimes{}, err
	}
	// The name, in brackets, may hold spaces.
	_, rest, _ := strings.Cut(string(text), ") ")
	f := strings.Fields(rest)
	if len(f) < 15 {
		return processTimes{}, fmt.Errorf("process %s: %q", process, text)
	}
	n := make([]int, 15)
	for i := 1; i < len(n); i++ {
		n[i], _ = strconv.Atoi(f[i]) // numbers, by proc(5)
	}
	return processTimes{parent: n[1], own: time.Duration(n[11]+n[12]) * tick, ended: time.Duration(n[13]+n[14]) * tick}, nil
}
