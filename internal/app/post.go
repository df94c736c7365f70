package app

import (
	"context"
	"time"

	"duenotice/activities"
	"duenotice/internal/casebook"
)

// postEvery is how often it is looked whether letters to practices wait to be printed:
// whoever asked for them waits at a terminal.
const postEvery = 2 * time.Second

// troublePost is what could not be done of letters to practices.
const troublePost = "PrintNotices"

// post prints the letters to practices that somebody asked for, a batch after the
// other. One batch is printed by one worker at a time.
func (k *keeper) post(ctx context.Context) {
	n := noticing{store: k.store, log: k.log}
	for ctx.Err() == nil {
		batch, printed, err := activities.PrintPost(ctx, k.steps, k.store, k.id)
		t := casebook.Trouble{Incident: batch.IncidentID, Kind: troublePost}
		switch {
		case err != nil && ctx.Err() == nil && batch.IncidentID != "":
			n.note(ctx, t, err)
			return
		case err != nil:
			k.complain(ctx, "letters to practices cannot be printed", err)
			return
		case !printed:
			return
		}
		n.clear(ctx, t, nil)
	}
}
