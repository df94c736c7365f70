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

// printedLook is what was found when it was last looked which letters of an incident lie
// printed; the zero value is that nobody looked yet.
type printedLook struct {
	at time.Time
	// known are the batches that the database knew as printed.
	known map[string]bool
	// alarm says that some lay there that it did not know, or that it could not be seen.
	alarm bool
}

// due reports whether it has to be looked again, by the batches that the database knows as
// printed now. A database that was put back to an earlier day has forgotten some, or its
// worker was started anew; one that only knows more has nothing to learn from the folder.
func (l printedLook) due(printed map[string]bool, now time.Time) bool {
	if l.at.IsZero() || l.alarm || now.Sub(l.at) >= printedEvery {
		return true
	}
	for name := range l.known {
		if !printed[name] {
			return true
		}
	}
	return false
}

// printedBatches are the batches that the database knows as printed, to patients and to practices.
func (k *keeper) printedBatches(ctx context.Context, incident string) (map[string]bool, error) {
	letters, err := k.store.Batches(ctx, incident, "")
	if err != nil {
		return nil, err
	}
	printed := map[string]bool{}
	for _, b := range letters {
		if !b.PrintedAt.IsZero() {
			printed[b.Name] = true
		}
	}
	notices, err := k.store.PostBatches(ctx, incident)
	for _, b := range notices {
		if !b.PrintedAt.IsZero() {
			printed[b.Name] = true
		}
	}
	return printed, err
}

// restored sees whether letters lie printed that the database knows nothing of, as after a
// backup was restored: said now, and not when the next letters are due, which looks for
// itself. Those to practices it takes over once somebody said so; those to patients the
// next mail run does.
func (k *keeper) restored(ctx context.Context, incident string) {
	n, t := k.noticing(), casebook.Trouble{Incident: incident, Kind: casebook.TroubleRestored}
	now := time.Now()
	printed, err := k.printedBatches(ctx, incident)
	look := k.printed[incident]
	if err == nil && !look.due(printed, now) {
		return
	}
	// What it knew before it looked: what is printed meanwhile is new to the next look.
	look.at, look.known = now, printed
	if err == nil {
		err = k.unknownLetters(ctx, incident)
	}
	if ctx.Err() != nil {
		return
	}
	look.alarm = err != nil
	k.printed[incident] = look
	if err != nil {
		n.note(ctx, t, err)
		return
	}
	n.clear(ctx, t, nil)
}

// unknownLetters takes over what it may, and refuses where letters lie printed that the
// database does not know.
func (k *keeper) unknownLetters(ctx context.Context, incident string) error {
	unknown, _, err := activities.PrintedBefore(ctx, k.store, k.steps.Out.Incident(incident), incident)
	if err == nil && len(unknown) > 0 {
		err = activities.ErrPrintedBefore(incident, unknown)
	}
	if post := activities.AdoptPost(ctx, k.steps, incident); err == nil {
		err = post
	}
	return err
}
