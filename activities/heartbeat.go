package activities

import (
	"context"
	"time"

	"go.temporal.io/sdk/activity"
)

// beatEvery is well under every heartbeat timeout the workflows set.
const beatEvery = 5 * time.Second

// beating keeps a long step alive while it is inside one call that cannot say
// how far it is, such as a large statement. The heartbeat stops with the
// process, which is how a dead one is noticed soon. Call stop at the end.
func beating(ctx context.Context) (stop func()) {
	if !activity.IsActivity(ctx) {
		return func() {} // a test called the step as a function: nobody waits for a heartbeat
	}
	done := make(chan struct{})
	go func() {
		tick := time.NewTicker(beatEvery)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-ctx.Done():
				return
			case <-tick.C:
				activity.RecordHeartbeat(ctx)
			}
		}
	}()
	return func() { close(done) }
}
