package testkit

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Patience is how long a test waits for what the engine does by itself. It is
// far longer than that takes: a step whose worker was lost, or whose server was
// busy beside other packages' tests, is tried again after half a minute.
const Patience = 4 * time.Minute

// Await waits until met says true. It asks in the test's own goroutine, so that
// met may fail the test and nothing still asks when the test ends; saw, when
// given, tells on failure what was there instead.
func Await(t testing.TB, met func() bool, saw ...func() string) {
	t.Helper()
	wait := 25 * time.Millisecond
	for end := time.Now().Add(Patience); !met(); {
		if time.Now().After(end) {
			var last []string
			for _, see := range saw {
				last = append(last, see())
			}
			require.FailNow(t, "never came about", last)
		}
		// Longer each time: asking is work too, and takes the machine from what is waited for.
		wait = min(wait*3/2, time.Second)
		pause := time.NewTimer(wait)
		select {
		case <-t.Context().Done():
			require.NoError(t, t.Context().Err())
		case <-pause.C:
		}
	}
}
