package e2e_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
	"duenotice/internal/mail"
	"duenotice/internal/mailsink"
	"duenotice/internal/officetest"
)

// The worker is killed again and again while it works; whatever it was doing
// is finished by the next one, and nothing is done twice.
func TestTheWorkerKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	provider, err := mailsink.Start(t.Context(), "SG.test", time.Now)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, provider.Close()) })
	o := newOffice(t, map[string]string{"SENDGRID_API_KEY": "SG.test", "DUENOTICE_MAIL_FROM": "notices@vendor-of-records.com", "SENDGRID_HOST": provider.URL})
	dir, made := officetest.MakeCase(t, 6_000, 20)
	o.Env["CASE"] = dir

	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		// Seeded, so that a failure can be run again with the same pauses.
		random := rand.New(rand.NewPCG(1, 2))
		for range 12 {
			pause := time.NewTimer(time.Duration(300+random.IntN(2500)) * time.Millisecond)
			select {
			case <-stop:
				pause.Stop()
				return
			case <-pause.C:
			}
			o.KillWorker()
			o.StartWorker()
		}
	}()
	o.Steer(dir, made, 0)
	o.AwaitAllIn(made.IncidentID, casebook.PhaseClosed, casebook.PhasePosting)
	close(stop)
	<-stopped
	o.Reconcile(made)

	times := map[string]int{}
	for _, m := range provider.Taken() {
		times[m.Args[mail.MessageIDArg]]++
	}
	require.NotEmpty(t, times)
	for id, n := range times {
		require.NotEmpty(t, id)
		require.Equal(t, 1, n, "message %s", id)
	}
}
