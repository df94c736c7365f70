package seeing_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/seeing"
)

// clock is set by the test.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func TestWhatIsNotDoneForTooLongIsStuck(t *testing.T) {
	t.Parallel()
	c := &clock{at: time.Unix(1_800_000_000, 0)}
	h := seeing.NewHealth(c.now)
	require.Empty(t, h.Stuck(), "nothing is watched yet")
	beat, stop := h.Pulse("signs of life", time.Minute)
	_, again := h.Pulse("other", time.Hour)
	c.pass(time.Minute)
	require.Empty(t, h.Stuck())
	c.pass(time.Second)
	require.Equal(t, []string{"signs of life: nothing for 1m1s"}, h.Stuck())
	beat()
	require.Empty(t, h.Stuck())
	c.pass(2 * time.Hour)
	require.Len(t, h.Stuck(), 2)
	// What begins anew under a name is not ended by the end of what had it before.
	h.Pulse("signs of life", time.Minute)
	stop()
	again()
	c.pass(time.Hour)
	require.Equal(t, []string{"signs of life: nothing for 1h0m0s"}, h.Stuck())
}

func TestEveryPartHasToBeReady(t *testing.T) {
	t.Parallel()
	c := &clock{at: time.Unix(1_800_000_000, 0)}
	h := seeing.NewHealth(c.now)
	ready := func() []string { c.pass(time.Minute); return h.Ready(t.Context()) }
	require.Equal(t, []string{"it is starting"}, ready())
	north, south := h.Part("north"), h.Part("south")
	require.Equal(t, []string{"north: it is starting", "south: it is starting"}, ready())
	var wrong error
	north.Ask(func(context.Context) error { return wrong })
	south.Ask(func(context.Context) error { return nil })
	require.Empty(t, ready())
	wrong = errors.New("the database cannot be reached")
	require.Equal(t, []string{"north: the database cannot be reached"}, ready())
	wrong = nil
	south.NotReady("it has ended")
	require.Equal(t, []string{"south: it has ended"}, ready())
	h.Part("south").Ask(func(context.Context) error { return nil })
	require.Empty(t, ready())
}

// Who asks without end gets the last answer, and a question is not asked twice at once.
func TestAnAnswerServesAllWhoAsk(t *testing.T) {
	t.Parallel()
	c := &clock{at: time.Unix(1_800_000_000, 0)}
	h := seeing.NewHealth(c.now)
	asked := 0
	h.Part("").Ask(func(ctx context.Context) error {
		asked++ // a second one at the same time would be a race
		_, bounded := ctx.Deadline()
		require.True(t, bounded)
		return nil
	})
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { h.Ready(t.Context()) })
	}
	all.Wait()
	require.Equal(t, 1, asked)
	c.pass(2 * time.Second)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	require.Empty(t, h.Ready(gone), "the answer is for others too")
	require.Equal(t, 2, asked)
}
