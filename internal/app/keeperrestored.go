package app

import (
	"context"
	"time"

	"duenotice/activities"
	"duenotice/internal/casebook"
)

// printedEvery is how often the printed letters of an incident are listed where nothing
// says that the database was restored: each time costs a bucket's requests for all of them.
const printedEvery = 10 * time.Minute

// printedLook is what there was when it was last looked which letters of an incident lie
// printed; the zero value is that nobody looked yet.
type printedLook struct {
	at time.Time
	// known are the batches that the database knew as printed, adopted how many somebody
	// had said are to be taken over.
	known   []string
	adopted int
	// alarm says that some lay there that it did not know, or that it could not be seen.
	alarm bool
}

// due reports whether it has to be looked again, by the batches that the database knows
// now and how many are to be taken over. A database that was put back to an earlier day has
// forgotten some, or its worker was started anew; one that only knows more has nothing to
// learn from the folder.
func (l printedLook) due(known []string, adopted int, now time.Time) bool {
	if l.at.IsZero() || l.alarm || adopted != l.adopted || now.Sub(l.at) >= printedEvery {
		return true
	}
	there := make(map[string]bool, len(known))
	for _, name := range known {
		there[name] = true
	}
	for _, name := range l.known {
		if !there[name] {
			return true
		}
	}
	return false
}

// restored sees whether letters lie printed that the database knows nothing of, as after a
// backup was restored: said now, and not when the next letters are due, which looks for
// itself. Those to practices it takes over once somebody said so; those to patients the next
// mail run does.
func (k *keeper) restored(ctx context.Context, incident string) {
	look, err := k.printedNow(ctx, incident)
	before := k.printed[incident]
	if err == nil && !before.due(look.known, look.adopted, look.at) {
		return
	}
	if err == nil {
		err = k.lookPrinted(ctx, incident)
	}
	if ctx.Err() != nil {
		return
	}
	look.alarm = err != nil
	k.printed[incident] = look
	n, t := k.noticing(), casebook.Trouble{Incident: incident, Kind: casebook.TroubleRestored}
	if err != nil {
		n.note(ctx, t, err)
		return
	}
	n.clear(ctx, t, nil)
}

// printedNow is what the database knows. It is asked before the folder is listed: what is
// printed meanwhile is new to the next look.
func (k *keeper) printedNow(ctx context.Context, incident string) (look printedLook, err error) {
	look.at = time.Now()
	if look.known, err = k.store.KnownBatches(ctx, incident); err != nil {
		return look, err
	}
	adopted, err := k.store.AdoptedBatches(ctx, incident)
	look.adopted = len(adopted)
	return look, err
}

// lookPrinted lists what lies printed, takes over what is to be, and fails with what is left.
func (k *keeper) lookPrinted(ctx context.Context, incident string) error {
	unknown, _, err := activities.PrintedBefore(ctx, k.store, k.steps.Out.Incident(incident), incident)
	if err == nil && len(unknown) > 0 {
		err = activities.ErrPrintedBefore(incident, unknown)
	}
	if post := activities.AdoptPost(ctx, k.steps, incident); err == nil {
		err = post
	}
	return err
}
