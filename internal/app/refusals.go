package app

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"duenotice/internal/casebook"
	"duenotice/internal/codec"
	"duenotice/internal/ledger"
	"duenotice/internal/temporalx"
)

// refusals writes down what came through Temporal and was not believed, in the ledger
// and as an alarm that status and doctor show.
type refusals struct {
	store refusalStore
	log   *slog.Logger
	now   func() time.Time
	// replayed are those of workflows, which cannot wait for a database and say it
	// again when their history is read.
	replayed chan *codec.Refusal

	mu sync.Mutex
	// noted are the refs that this process has written in the hour that began at since.
	noted map[string]bool
	since time.Time
}

// refusalStore keeps them.
type refusalStore interface {
	NoteRefused(ctx context.Context, ref string, alarm casebook.Trouble, refused ledger.Refused) error
}

// notedAnHour is how many a process writes down in an hour. Somebody who reaches
// Temporal can make up any number of workflows, and the ledger is for good.
const notedAnHour = 100

func newRefusals(store refusalStore, log *slog.Logger, now func() time.Time) *refusals {
	return &refusals{store: store, log: log, now: now, replayed: make(chan *codec.Refusal, notedAnHour), noted: map[string]bool{}}
}

// note is told by the codec. What an activity refuses it refuses once, so it is
// written down before the activity says so.
func (r *refusals) note(refusal *codec.Refusal) {
	if !refusal.Replayed {
		r.write(context.Background(), refusal)
		return
	}
	select {
	case r.replayed <- refusal:
	default: // it is refused again when the history is read again
	}
}

// hear writes down what workflows refuse, until ctx ends.
func (r *refusals) hear(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case refusal := <-r.replayed:
			r.write(ctx, refusal)
		}
	}
}

func (r *refusals) write(ctx context.Context, refusal *codec.Refusal) {
	at := refusal.At
	if at.IsZero() {
		at = r.now()
	}
	ref := refusalRef(refusal, at)
	if !r.first(ref) {
		return
	}
	r.log.Error("what came through Temporal was refused", slog.String("WorkflowID", refusal.Used.Workflow), slog.Any("error", refusal))
	alarm, entry := alarmOf(refusal)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteLimit)
	defer cancel()
	if err := r.store.NoteRefused(ctx, ref, alarm, entry); err != nil {
		r.log.Error("what was refused could not be written down", slog.Any("error", err))
		r.mu.Lock()
		delete(r.noted, ref)
		r.mu.Unlock()
	}
}

// first reports whether the ref is to be written, and remembers it.
func (r *refusals) first(ref string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := r.now(); now.Sub(r.since) >= time.Hour {
		r.noted, r.since = map[string]bool{}, now
	}
	if r.noted[ref] || len(r.noted) >= notedAnHour {
		return false
	}
	r.noted[ref] = true
	return true
}

// refusalRef is the same for the same attempt on the same day, whoever sees it and
// however often: what somebody without a key can make up at will is no part of it.
func refusalRef(refusal *codec.Refusal, at time.Time) string {
	used, made := refusal.Used, refusal.Made
	used.Of, made.Of = "", ""
	if used.Purpose == codec.Signal {
		used.Name = ""
	}
	reason := reasonOf(refusal)
	return fmt.Sprintf("%x", sha256.Sum256(fmt.Appendf(nil, "%q %q %q %s", used, made, reason, at.UTC().Format(time.DateOnly))))
}

// reasonOf is why it was refused, without the name of a key that somebody made up.
func reasonOf(refusal *codec.Refusal) string {
	for _, reason := range []error{codec.ErrMoved, codec.ErrMissing, codec.ErrNotEncrypted, codec.ErrForged, codec.ErrUnknownKey} {
		if errors.Is(refusal, reason) {
			return reason.Error()
		}
	}
	return "it could not be read"
}

// alarmOf is what people are told, and what the ledger says.
func alarmOf(refusal *codec.Refusal) (casebook.Trouble, ledger.Refused) {
	used, made := refusal.Used, refusal.Made
	t := casebook.Trouble{Kind: casebook.TroubleRefused, Part: string(used.Purpose)}
	if used.Purpose != codec.Signal {
		t.Part += " " + used.Name
	}
	t.Incident, t.Practice = temporalx.Subject(used.Workflow)
	t.What, _ = Explain(refusal)
	t.Todo = "Somebody reached Temporal who should not. Nothing was done with it, and a step it was the answer to is tried again by itself. " +
		"Find out who: the workflow's history in Temporal's UI names the identity, and docs/threat-model.md says who can reach it."
	entry := ledger.Refused{Used: used.String(), Reason: reasonOf(refusal)}
	if incident, practice := temporalx.Subject(made.Workflow); incident == t.Incident && (practice == "" || practice == t.Practice) {
		entry.Made = made.String()
	} else if made != (codec.Place{}) {
		made.Workflow = "another case"
		entry.Made = made.String()
	}
	return t, entry
}
