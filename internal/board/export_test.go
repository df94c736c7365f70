package board

import (
	"context"
	"time"

	"duenotice/internal/postgres"
)

// Style is the style sheet.
var Style = style

// ErrCounting and Kept are errCounting and kept, for numbers.
var ErrCounting = errCounting

type Kept struct{ kept kept[int] }

func (k *Kept) Get(ctx context.Context, patience time.Duration, count func(context.Context) (int, error)) (int, error) {
	return k.kept.get(ctx, "key", patience, count)
}

func (k *Kept) Close() { k.kept.close() }

// FileOf is File that tells of at most so many practices.
func FileOf(ctx context.Context, store *postgres.Store, s Surroundings, incident string, most int) ([]byte, error) {
	return fileOf(ctx, store, s, incident, most)
}
