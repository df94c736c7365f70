//go:build unix

package postgres_test

import (
	"testing"
	"time"

	"duenotice/internal/testkit"
)

// spent tells processor time of this process and of the database's server.
type spent struct{ server testkit.Process }

func newSpent(tb testing.TB, url string) spent {
	tb.Helper()
	return spent{testkit.DatabaseProcess(tb, url)}
}

// sofar is the time that both used.
func (s spent) sofar(tb testing.TB) time.Duration {
	tb.Helper()
	return testkit.SpentHere(tb) + s.server.Spent(tb)
}
