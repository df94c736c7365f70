package plan

import (
	"context"

	"duenotice/internal/casefolder"
	"duenotice/internal/civil"
	"duenotice/internal/rules"
)

// Make plans a case folder that was read without a refusal, in one more pass
// over its findings.
func Make(ctx context.Context, c *casefolder.Case, asOf civil.Date, book *rules.Book) (*Document, error) {
	return Of(ctx, Input{Incident: c.Incident, Practices: c.Practices, Findings: c.Findings}, asOf, book)
}
