package postgres

import (
	"context"
	"fmt"

	"duenotice/internal/casebook"
	"duenotice/internal/postgres/sqlgen"
)

// AddPayloadView writes down that somebody had payloads decoded.
func (s *Store) AddPayloadView(ctx context.Context, v casebook.PayloadView) error {
	err := s.q.InsertPayloadView(ctx, sqlgen.InsertPayloadViewParams(v))
	if err != nil {
		return fmt.Errorf("that payloads were looked at could not be written down: %w", err)
	}
	return nil
}

// PayloadViews returns every one, the oldest first.
func (s *Store) PayloadViews(ctx context.Context) ([]casebook.PayloadView, error) {
	rows, err := s.q.PayloadViews(ctx)
	if err != nil {
		return nil, err
	}
	views := make([]casebook.PayloadView, len(rows))
	for i, row := range rows {
		views[i] = casebook.PayloadView(row)
	}
	return views, nil
}
