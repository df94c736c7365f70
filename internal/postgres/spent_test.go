//go:build unix

package postgres_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/testkit"
)

// spent tells processor time: the clock says little on a machine that others use too.
type spent struct {
	// server is the number of the database server's first process; 0 where that
	// cannot be seen, and then only this process counts.
	server int
}

func newSpent(tb testing.TB, url string) spent {
	tb.Helper()
	var session int
	require.NoError(tb, testkit.Pool(tb, url).QueryRow(tb.Context(), "SELECT pg_backend_pid()").Scan(&session))
	stat, _ := processStat(strconv.Itoa(session)) // no /proc: see spent.server
	return spent{stat.parent}
}

// sofar is the time that this process and every one of the server used.
func (s spent) sofar(tb testing.TB) time.Duration {
	tb.Helper()
	var usage syscall.Rusage
	require.NoError(tb, syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	sum := time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
	if s.server == 0 {
		return sum
	}
	all, err := filepath.Glob("/proc/[0-9]*")
	require.NoError(tb, err)
	for _, dir := range all {
		stat, err := processStat(filepath.Base(dir))
		switch {
		case err != nil: // it ended meanwhile
		case filepath.Base(dir) == strconv.Itoa(s.server):
			sum += stat.own + stat.ended
		case stat.parent == s.server:
			sum += stat.own
		}
	}
	return sum
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
