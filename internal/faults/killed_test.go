package faults_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/officetest"
)

// boundary is a moment of a step: before it begins, when the worker was given it, or after
// its effect, when its result was not reported yet.
type boundary struct {
	activity string
	after    bool
}

// boundaries are those of every step that a case takes from its start to its letters.
func boundaries() []boundary {
	var all []boundary
	for _, activity := range []string{
		"AdmitIncident", "PageOfPractices", "OpenPractices", "TellChanged", "MarkRunning", "PlanPractice", "PreparePapers", "SendNotice", "RollUpIncident",
		"ActOnPractice", "ActOnIncident", "TellPractices", "PlanMailRun", "RenderBatches", "UpdateWorksheet",
	} {
		all = append(all, boundary{activity, false}, boundary{activity, true})
	}
	return all
}

// killsInACase is how often the worker is killed at most in one case. Each time somebody
// waits until the step's time is up.
const killsInACase = 6

// TestTheWorkerKilledAtTheBoundariesOfSteps kills the worker as it is given a step, and
// when the step is done and its result on the way: each once in some case, all of them
// where there is time. What Temporal then gives to the next worker is done once.
func TestTheWorkerKilledAtTheBoundariesOfSteps(t *testing.T) {
	t.Parallel()
	random := seeded(t)
	chosen := boundaries()
	random.Shuffle(len(chosen), func(i, j int) { chosen[i], chosen[j] = chosen[j], chosen[i] })
	for some := range slices.Chunk(chosen[:times(1, len(chosen))], killsInACase) {
		t.Run(fmt.Sprint(some), func(t *testing.T) {
			t.Parallel()
			killAt(t, some)
		})
	}
}

func killAt(t *testing.T, boundaries []boundary) {
	t.Helper()
	on := officetest.SharedServers(t)
	b := furnish(t, on, 600, 20)
	temporal := standBetween(t, on.Temporal)
	b.WorkerEnv["TEMPORAL_ADDRESS"] = temporal.address
	var mu sync.Mutex
	left := map[boundary]bool{}
	for _, at := range boundaries {
		left[at] = true
	}
	kill := func(at boundary) bool {
		mu.Lock()
		defer mu.Unlock()
		if !left[at] {
			return true
		}
		delete(left, at)
		t.Logf("killed at %+v", at)
		b.KillWorker()
		b.StartWorker()
		return false
	}
	temporal.before = func(activity string, _ int) bool { return kill(boundary{activity, false}) }
	temporal.after = func(activity string, _ int) bool { return kill(boundary{activity, true}) }

	b.Begin()
	b.course()
	b.settled()
	mu.Lock()
	defer mu.Unlock()
	require.Empty(t, left, "these steps were never taken")
}

// TestTheServersKilledWhileTheyWork kills PostgreSQL, Temporal, the worker, and all of them
// at once, at moments that the seed decides, while a case goes its way.
func TestTheServersKilledWhileTheyWork(t *testing.T) {
	t.Parallel()
	takesTime(t)
	random := seeded(t)
	m := newMachine(t)
	b := furnish(t, m.servers(), 600, 20)
	b.Begin()
	meanwhile(t, func(stop <-chan struct{}) {
		for n := range times(3, 20) {
			if !pause(stop, random, 500*time.Millisecond, 4*time.Second) {
				return
			}
			everything := n == 0
			what := []string{"postgres", "temporal", "worker"}[random.IntN(3)]
			t.Logf("kill %s (everything: %v)", what, everything)
			for _, server := range []string{"postgres", "temporal"} {
				if everything || what == server {
					m.kill(server)
				}
			}
			if everything || what == "worker" {
				b.KillWorker()
			}
			m.start()
			if everything || what == "worker" {
				b.StartWorker()
			}
		}
	}, b.course)
	b.settled()
}

// meanwhile has something done beside something else until that ends, and then waits until
// it is over.
func meanwhile(t *testing.T, beside func(stop <-chan struct{}), do func()) {
	t.Helper()
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		beside(stop)
	}()
	defer func() {
		close(stop)
		<-stopped
	}()
	do()
}

// pause lets the seed decide how long nothing happens; false when it is over.
func pause(stop <-chan struct{}, random *rand.Rand, least, most time.Duration) bool {
	timer := time.NewTimer(least + time.Duration(random.Int64N(int64(most-least))))
	defer timer.Stop()
	select {
	case <-stop:
		return false
	case <-timer.C:
		return true
	}
}
