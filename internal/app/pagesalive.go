package app

import (
	"context"
	"errors"
	"time"

	"duenotice/internal/casebook"
)

// StepPages is the kind of the trouble while practices' pages are not served.
const StepPages = "ServePages"

// PagesTodo is what a person does about pages that are not served.
const PagesTodo = "See that duenotice-worker pages runs and reaches the database, and look into its log; on one machine up starts it."

const (
	// PagesLost is how long nothing is heard of the pages' server before people are told:
	// four of its signs.
	PagesLost = 4 * pagesSign
	// pagesEvery is how often it is looked.
	pagesEvery = 10 * time.Second
)

// pages sees that the pages are served where there are any, until ctx ends. In the
// beginning their server may be starting beside this worker.
func (k *keeper) pages(ctx context.Context) {
	t := casebook.Trouble{
		Kind: StepPages, Stopped: true, What: "Nothing is heard of the server of the practices' pages.",
		Todo: PagesTodo,
	}
	began := time.Now()
	every(ctx, pagesEvery, func(ctx context.Context) {
		limited, cancel := context.WithTimeout(ctx, askLimit)
		defer cancel()
		serve := k.config.PagesAddress == ""
		if !serve {
			var err error
			if serve, err = k.store.PagesServe(limited, PagesLost); err != nil {
				k.complain(ctx, "it cannot be asked whether the pages are served", err)
				return
			}
		}
		var err error
		switch {
		case serve:
			err = k.store.ClearTrouble(limited, "", "", StepPages, "")
		case time.Since(began) > PagesLost:
			err = k.store.NoteTrouble(limited, t)
		}
		if err != nil && !errors.Is(err, context.Canceled) {
			k.complain(ctx, "whether the pages are served could not be written down", err)
		}
	})
}
