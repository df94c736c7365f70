package play

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"

	"duenotice/internal/outfolder"
)

// spent is what a part took up to now, in all sittings, and is kept while it is under
// way: what ends a rehearsal does not ask.
type spent struct {
	Part     string             `json:"part"`
	Sittings int                `json:"sittings"`
	Seconds  float64            `json:"seconds"`
	CPU      map[string]float64 `json:"cpu"`
}

// keptEvery is how often that is done. So much of a part's time is lost at a cut.
const keptEvery = 5 * time.Second

// spentOn is what earlier sittings took of a part.
func (r *run) spentOn(part string) (spent, error) {
	content, err := os.ReadFile(r.path("spent.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return spent{Part: part}, nil
	}
	if err != nil {
		return spent{}, err
	}
	var s spent
	if err := json.Unmarshal(content, &s); err != nil {
		return spent{}, fmt.Errorf("%s cannot be read; remove it to go on, and what the part under way took before is not counted: %w", r.path("spent.json"), err)
	}
	if s.Part != part {
		return spent{Part: part}, nil
	}
	return s, nil
}

func (r *run) keepSpent(s spent) error {
	content, err := json.Marshal(s)
	if err != nil {
		return err
	}
	_, err = outfolder.WriteFile(r.path("spent.json"), content)
	return err
}

// keepSpending keeps again and again what the part takes, until the function it returns
// is called, which says what that was in all sittings.
func (r *run) keepSpending(ctx context.Context, part string) (stop func() spent) {
	before, began := r.meter.taken(), time.Now()
	now := func() spent {
		s := spent{Part: part, Sittings: r.before.Sittings + 1, Seconds: round(r.before.Seconds + time.Since(began).Seconds()), CPU: map[string]float64{}}
		for name, cpu := range r.meter.taken() {
			if took := round(r.before.CPU[name] + cpu - before[name]); took > 0 {
				s.CPU[name] = took
			}
		}
		return s
	}
	ctx, cancel := context.WithCancel(ctx)
	var done sync.WaitGroup
	done.Go(func() {
		every := time.NewTicker(keptEvery)
		defer every.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-every.C:
				// It is kept again in a moment, and in the end.
				_ = r.keepSpent(now())
			}
		}
	})
	return func() spent {
		cancel()
		done.Wait()
		return now()
	}
}
