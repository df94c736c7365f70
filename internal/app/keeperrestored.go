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

// due reports whether it has to be looked again, by the batches that the database knows
// now. A database that was put back to an earlier day has forgotten some, or its worker was
// started anew; one that only knows more has nothing to learn from the folder.
func (l printedLook) due(there []casebook.MailedBatch, now time.Time) bool {
	if l.at.IsZero() || l.alarm || now.Sub(l.at) >= printedEvery {
		return true
	}
	still := 0
	for name := range printedOf(there) {
		if l.known[name] {
			still++
		}
	}
	return still < len(l.known)
}

// printedOf are the batches that the database knows as printed.
func printedOf(there []casebook.MailedBatch) map[string]bool {
	printed := make(map[string]bool, len(there))
	for _, b := range there {
		if !b.PrintedAt.IsZero() {
			printed[b.Name] = true
		}
	}
	return printed
}

// restored sees whether letters lie printed that the database knows nothing of, as after a
// backup was restored: said now, and not when the next letters are due, which looks for itself.
func (k *keeper) restored(ctx context.Context, incident string) {
	n, t := k.noticing(), casebook.Trouble{Incident: incident, Kind: casebook.TroubleRestored}
	now := time.Now()
	there, err := k.store.Batches(ctx, incident, "")
	look := k.printed[incident]
	if err == nil && !look.due(there, now) {
		return
	}
	// What it knew before it looked: what is printed meanwhile is new to the next look.
	look.at, look.known = now, printedOf(there)
	if err == nil {
		var unknown []string
		if unknown, _, err = activities.PrintedBefore(ctx, k.store, k.steps.Out.Incident(incident), incident); len(unknown) > 0 {
			err = activities.ErrPrintedBefore(incident, unknown)
		}
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
