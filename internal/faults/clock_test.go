package faults_test

import (
	"context"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/app"
	"duenotice/internal/officetest"
)

// TestAWorkersClockIsAnHourOff runs the worker by a clock that is an hour ahead of or behind
// everybody else's.
func TestAWorkersClockIsAnHourOff(t *testing.T) {
	t.Parallel()
	off := []time.Duration{time.Hour, -time.Hour}
	if !long() {
		off = []time.Duration{off[seeded(t).IntN(2)]}
	}
	for _, by := range off {
		t.Run(by.String(), func(t *testing.T) {
			t.Parallel()
			b := furnish(t, officetest.SharedServers(t), 400, 20)
			config, err := app.LoadConfig(func(name string) string { return b.Env[name] }, t.TempDir())
			require.NoError(t, err)
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() {
				ended <- (&app.Worker{Config: config, Log: io.Discard, Now: func() time.Time { return time.Now().Add(by) }}).Run(ctx)
			}()
			defer func() {
				cancel()
				require.NoError(t, <-ended)
			}()
			b.AwaitWorker()
			b.course()
			b.settled()
		})
	}
}

// TestAWorkerLivesInAnotherZone: the machine's zone is nobody's.
func TestAWorkerLivesInAnotherZone(t *testing.T) {
	t.Parallel()
	zones := []string{"Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu"}
	b := furnish(t, officetest.SharedServers(t), 400, 20)
	b.WorkerEnv["TZ"] = zones[seeded(t).IntN(len(zones))]
	b.Begin()
	b.course()
	b.settled()
}
