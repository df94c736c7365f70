package e2e_test

import (
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
)

// provider stands in for SendGrid and remembers which messages were handed to it.
type provider struct {
	mu    sync.Mutex
	taken map[string]int
}

func (p *provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Personalizations []struct {
			CustomArgs map[string]string `json:"custom_args"`
		} `json:"personalizations"`
		CustomArgs map[string]string `json:"custom_args"`
	}
	content, err := io.ReadAll(r.Body)
	if err != nil || json.Unmarshal(content, &body) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	id := body.CustomArgs["duenotice_message_id"]
	for _, to := range body.Personalizations {
		if id == "" {
			id = to.CustomArgs["duenotice_message_id"]
		}
	}
	p.mu.Lock()
	p.taken[id]++
	p.mu.Unlock()
	w.Header().Set("X-Message-Id", id)
	w.WriteHeader(http.StatusAccepted)
}

// The worker is killed again and again while it works; whatever it was doing
// is finished by the next one, and nothing is done twice.
func TestTheWorkerKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	mail := &provider{taken: map[string]int{}}
	server := httptest.NewServer(mail)
	t.Cleanup(server.Close)
	o := newOffice(t, map[string]string{"SENDGRID_API_KEY": "SG.test", "DUENOTICE_MAIL_FROM": "notices@vendor-of-records.com", "SENDGRID_HOST": server.URL})
	dir, made := makeCase(t, 6_000, 20)
	o.env["CASE"] = dir

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
			o.killWorker()
			o.startWorker()
		}
	}()
	steer(o, dir, made, 0)
	awaitAllIn(o, made.IncidentID, casebook.PhaseClosed, casebook.PhasePosting)
	close(stop)
	<-stopped
	reconcile(o, made)

	mail.mu.Lock()
	defer mail.mu.Unlock()
	require.NotEmpty(t, mail.taken)
	for id, times := range mail.taken {
		require.NotEmpty(t, id)
		require.Equal(t, 1, times, "message %s", id)
	}
}
