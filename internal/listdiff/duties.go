package listdiff

import (
	"context"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/plan"
	"duenotice/internal/rules"
)

// Duties plans a case before and after, as of a day and under a rulebook, and returns what
// changes in what is owed. Of the list after, those count whom the comparison lets stay.
func (r *Result) Duties(ctx context.Context, before, after plan.Input, asOf civil.Date, book *rules.Book) (old, current *plan.Document, changes []plan.Change, err error) {
	if old, err = plan.Of(ctx, before, asOf, book); err != nil {
		return nil, nil, nil, err
	}
	all := after.Findings
	after.Findings = func(ctx context.Context, each func(row int, p *breach.Person) error) error {
		return all(ctx, func(row int, p *breach.Person) error {
			if !r.Stays(p) {
				return nil
			}
			return each(row, p)
		})
	}
	if current, err = plan.Of(ctx, after, asOf, book); err != nil {
		return nil, nil, nil, err
	}
	return old, current, plan.Diff(old, current), nil
}
