package door

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"duenotice/internal/casebook"
	"duenotice/internal/logging"
)

// refusal counts one way's refusals: anybody can cause them, so that a burst is one
// row of the record and one line of the log a minute.
type refusal struct {
	counted logging.Counted
	mu      sync.Mutex
	last    casebook.DoorEvent
}

// guess takes one of the guesses that there are for all who try. right gives it
// back, for what was none. Without one it answers, and ok is false.
func (d *Door) guess(w http.ResponseWriter, r *http.Request, now time.Time) (right func(), ok bool) {
	guess := d.guesses.ReserveN(now, 1)
	if guess.DelayFrom(now) > 0 {
		guess.CancelAt(now)
		w.Header().Set("Retry-After", "3")
		d.explain(w, r, http.StatusTooManyRequests, "Too many wrong links and passkeys were tried. Go back and try again in a few seconds.")
		return nil, false
	}
	return func() { guess.CancelAt(now) }, true
}

// refuse notes that somebody was not let in.
func (d *Door) refuse(r *http.Request, how, why string) {
	d.refuseWhom(r, casebook.DoorEvent{How: how, Why: why})
}

func (d *Door) refuseWhom(r *http.Request, e casebook.DoorEvent) {
	counted := d.refusals[e.How]
	e.What, e.At, e.Address, e.Browser = casebook.DoorRefused, d.Now(), from(r), said(r.UserAgent())
	counted.mu.Lock()
	counted.last = e
	counted.mu.Unlock()
	d.tell(r.Context(), e, counted.counted.Again(e.At))
}

// rememberingRefusals tells of the rest of a burst once it is over, with whatever
// request comes next: a health check at the latest.
func (d *Door) rememberingRefusals(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, counted := range d.refusals {
			if count := counted.counted.Rest(d.Now()); count > 0 {
				counted.mu.Lock()
				last := counted.last
				counted.mu.Unlock()
				d.tell(r.Context(), last, count)
			}
		}
		next.ServeHTTP(w, r)
	})
}

// tell writes the row and the line. Who is refused need not wait for either, and is
// refused all the same where the database is away.
func (d *Door) tell(ctx context.Context, e casebook.DoorEvent, count int) {
	if count == 0 {
		return
	}
	e.Times = count
	d.Log.WarnContext(ctx, "a sign-in was refused", slog.String("kind", e.How), slog.String("reason", e.Why), slog.Int("count", count))
	if err := d.Store.AddDoorEvent(context.WithoutCancel(ctx), e); err != nil {
		d.Log.ErrorContext(ctx, "that a sign-in was refused could not be written down", slog.Any("error", err))
	}
}
