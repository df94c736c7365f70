package faults_test

import (
	"context"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/app"
	"duenotice/internal/officetest"
	"duenotice/internal/testkit"
)

// TestAWorkersClockIsAnHourOff runs the worker by a clock that is an hour ahead of or behind
// everybody else's: it does nothing, everybody is told why, and once the clock is right it
// goes on by itself. Then the clock jumps while it works, and back.
func TestAWorkersClockIsAnHourOff(t *testing.T) {
	t.Parallel()
	takesTime(t)
	b := furnish(t, officetest.SharedServers(t), 400, 20)
	off := []time.Duration{time.Hour, -time.Hour}
	first := seeded(t).IntN(2)
	var by atomic.Int64
	by.Store(int64(off[first]))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- (&app.Workers{
			Names: []string{""}, Log: io.Discard, Now: func() time.Time { return time.Now().Add(time.Duration(by.Load())) },
			Load: func(string) (app.Config, error) {
				return app.LoadConfig(func(name string) string { return b.Env[name] }, t.TempDir())
			},
		}).Run(ctx)
	}()
	defer func() {
		cancel()
		require.NoError(t, <-ended)
	}()
	clockIsWrong := func() bool {
		_, out, errs := b.Run("doctor")
		return strings.Contains(out+errs, "by the database's")
	}
	testkit.Await(t, clockIsWrong)
	by.Store(0)
	b.AwaitWorker()
	b.course()
	by.Store(int64(off[1-first]))
	testkit.Await(t, clockIsWrong)
	code, _, _ := b.Run("status", b.id, "--exit-code")
	require.Equal(t, 7, code, "nobody works by a clock that is right")
	by.Store(0)
	b.AwaitWorker()
	b.settled()
}

// TestAWorkerLivesInAnotherZone: the machine's zone is nobody's.
func TestAWorkerLivesInAnotherZone(t *testing.T) {
	t.Parallel()
	takesTime(t)
	zones := []string{"Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu"}
	b := furnish(t, officetest.SharedServers(t), 400, 20)
	b.WorkerEnv["TZ"] = zones[seeded(t).IntN(len(zones))]
	b.Begin()
	b.course()
	b.settled()
}
