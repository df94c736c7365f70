package app

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"go.temporal.io/sdk/client"

	"duenotice/internal/access"
	"duenotice/internal/board"
	"duenotice/internal/door"
	"duenotice/internal/openitems"
	"duenotice/internal/postgres"
)

// boardPath is where the officers' board is, behind the door.
const boardPath = "/board/"

// board is the officers' board for who came through the door, each in their own role
// and reach.
func (v *Viewer) board(now func() time.Time, logger *slog.Logger) *board.Board {
	config := v.Config
	around := board.Surroundings{
		Now: now, Zone: config.Zone, Queue: config.Queue(), Command: config.Command, StepWords: StepWords,
		Namespace: cmp.Or(config.TemporalNamespace, client.DefaultNamespace),
	}
	if config.UIUpstream != "" {
		around.TemporalUI = config.TemporalUI
	}
	if around.Command == nil {
		around.Command = openitems.Typed
	}
	return &board.Board{
		Surroundings: around, Who: door.Who, Menu: []board.Link{link("Who is signed in", door.AccountPath)}, Log: logger,
		Open: func(ctx context.Context, scope access.Scope) (*postgres.Store, error) {
			return postgres.Open(ctx, config.DatabaseURL, postgres.InEnvironment(config.Environment), postgres.As(scope))
		},
	}
}

func link(words, address string) board.Link { return board.Link{Words: words, Address: address} }
