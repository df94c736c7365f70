package app

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"duenotice/activities"
	"duenotice/internal/casebook"
	"duenotice/internal/logging"
	"duenotice/internal/postgres"
)

const (
	// packetsEvery is how often it is asked which practices' packets are to be sealed.
	packetsEvery = 2 * time.Second
	// packetInHand is how long a worker has for one before another may take it.
	packetInHand = 10 * time.Minute
	// packetsAtOnce is how many are taken in hand with one question.
	packetsAtOnce = 100
	// peopleInMemory bounds the lists that are open at the same time. A longer one
	// waits until it has the memory for itself.
	peopleInMemory = 20_000
	// quietTries is how many attempts may fail before it is a trouble: a file of the
	// folder is written a moment before it is noted.
	quietTries = 1
)

// packets seals what practices find on their pages, whenever it has changed.
func (k *keeper) packets(ctx context.Context) {
	if err := k.store.RemakePackets(ctx, activities.PacketProgram()); err != nil {
		k.complain(ctx, "the packets of an earlier program cannot be looked for", err)
	}
	every(ctx, packetsEvery, func(ctx context.Context) {
		if err := sealPackets(ctx, k.store, k.steps, k.noticing(), time.Now); err != nil {
			k.complain(ctx, "the packets of practices cannot be sealed", err)
		}
	})
}

// sealPackets seals all packets that wait, several at a time. One that cannot be
// sealed is noted and waits longer each time; the others go on.
func sealPackets(ctx context.Context, store *postgres.Store, steps *activities.Activities, n noticing, now func() time.Time) error {
	for ctx.Err() == nil {
		waiting, err := store.TakePackets(ctx, packetsAtOnce, now(), now().Add(packetInHand))
		if err != nil || len(waiting) == 0 {
			return err
		}
		memory := semaphore.NewWeighted(peopleInMemory)
		hands := make(chan struct{}, max(2, runtime.GOMAXPROCS(0)))
		var all sync.WaitGroup
		for _, w := range waiting {
			weight := int64(min(max(w.People, 1), peopleInMemory))
			if memory.Acquire(ctx, weight) != nil {
				break // the worker ends
			}
			hands <- struct{}{}
			all.Go(func() {
				defer func() { <-hands; memory.Release(weight) }()
				sealOne(ctx, store, steps, n, now, w)
			})
		}
		all.Wait()
	}
	return nil
}

func sealOne(ctx context.Context, store *postgres.Store, steps *activities.Activities, n noticing, now func() time.Time, w postgres.WaitingPacket) {
	trouble := casebook.Trouble{Incident: w.Of.IncidentID, Practice: w.Of.Key, Kind: troublePacket}
	err := seal(ctx, steps, w)
	switch {
	case ctx.Err() != nil: // the worker ends
	case err == nil:
		if w.Tries > 0 {
			n.clear(ctx, trouble, nil)
		}
	default:
		if w.Tries >= quietTries {
			n.note(ctx, trouble, err)
		}
		pause := min(5*time.Minute, 5*time.Second<<min(w.Tries, 6))
		if err := store.PacketFailed(ctx, w.Of, now().Add(pause)); err != nil {
			n.log.Warn("that a packet could not be sealed could not be noted", slog.Any("error", err))
		}
	}
}

// seal seals one packet. A panic at one practice's data would end the worker for all.
func seal(ctx context.Context, steps *activities.Activities, w postgres.WaitingPacket) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = errors.New(string(logging.Panicked(value)))
		}
	}()
	ref := activities.PracticeRef{IncidentID: w.Of.IncidentID, PracticeKey: w.Of.Key}
	if w.First {
		return activities.SealFirst(ctx, steps, ref)
	}
	return activities.SealPacket(ctx, steps, ref)
}

// troublePacket is the kind of trouble of a packet that cannot be sealed.
const troublePacket = "SealPacket"
