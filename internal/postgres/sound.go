package postgres

import (
	"context"
	"slices"
	"strconv"

	"duenotice/internal/casebook"
	"duenotice/internal/postgres/finding"
	"duenotice/internal/postgres/sqlgen"
)

// counting reads people to count them, or to see that what SQL is about to count is
// what the program wrote.
type counting struct {
	q    *sqlgen.Queries
	read *finding.Reader
}

// counting reads the incident's people in the transaction of q.
func (s *Store) counting(ctx context.Context, q *sqlgen.Queries, incidentID string) (counting, error) {
	key, err := s.dataKey(ctx, q, incidentID)
	return counting{q, finding.NewReader(incidentID, key)}, err
}

// theirs is a practice whose people are read.
type theirs struct {
	id  int
	key string
}

// practicesAtOnce is how many practices' people one question asks for.
const practicesAtOnce = 500

// each opens every finding of the practices, which are in the order of their ids,
// and hands it on; one that was altered ends it. do may be nil.
func (c counting) each(ctx context.Context, practices []theirs, do func(theirs, *sqlgen.Finding) error) error {
	for some := range slices.Chunk(practices, practicesAtOnce) {
		keys := make(map[int]string, len(some))
		page := sqlgen.FindingsOfParams{Page: pageRows}
		for _, p := range some {
			keys[p.id] = p.key
			page.PracticeIds = append(page.PracticeIds, p.id)
		}
		page.AfterPractice, page.LastPractice = some[0].id, some[len(some)-1].id // no person_key is empty
		for {
			rows, err := c.q.FindingsOf(ctx, page)
			if err != nil {
				return err
			}
			for i := range rows {
				f := &rows[i].Finding
				if _, err := c.read.Open(f, keys[f.PracticeID]); err != nil {
					return err
				}
				if do == nil {
					continue
				}
				if err := do(theirs{f.PracticeID, keys[f.PracticeID]}, f); err != nil {
					return err
				}
			}
			if len(rows) < pageRows {
				break
			}
			last := &rows[len(rows)-1].Finding
			page.AfterPractice, page.AfterPerson = last.PracticeID, last.PersonKey
		}
	}
	return nil
}

// practice counts the people of one practice.
func (c counting) practice(ctx context.Context, p theirs) (*finding.Counter, error) {
	sum := &finding.Counter{}
	err := c.each(ctx, []theirs{p}, func(_ theirs, f *sqlgen.Finding) error {
		sum.Add(finding.CountedOf(f))
		return nil
	})
	return sum, err
}

// groups sees that the people of counting entities are what was written, before SQL
// counts them: those of one entity, or with "" of all.
func (c counting) groups(ctx context.Context, incidentID, entity string) error {
	rows, err := c.q.PracticesOfGroups(ctx, sqlgen.PracticesOfGroupsParams{IncidentID: incidentID, Entity: entity})
	if err != nil {
		return err
	}
	practices := make([]theirs, len(rows))
	for i, r := range rows {
		practices[i] = theirs{r.ID, r.PracticeKey}
	}
	return c.each(ctx, practices, nil)
}

// sealStanding is what says that a standing in which letters may be printed is one
// that the program worked out; empty for any other.
func (s *Store) sealStanding(ctx context.Context, q *sqlgen.Queries, incidentID, practiceKey string, standing casebook.Standing) ([]byte, error) {
	if !standing.Printable {
		return []byte{}, nil
	}
	count, err := s.counting(ctx, q, incidentID)
	if err != nil {
		return nil, err
	}
	return printableSeal(count.read, practiceKey, standing.Changes), nil
}

// printableSeal is the seal of a practice's standing in which its letters may be printed,
// worked out when it had changed so many times.
func printableSeal(read *finding.Reader, practiceKey string, changes int) []byte {
	seal := read.Hash("printable", practiceKey, strconv.Itoa(changes))
	return seal[:]
}

// incident sees that all of an incident's people are what was written.
func (c counting) incident(ctx context.Context, incidentID string) error {
	rows, err := c.q.PracticesOf(ctx, incidentID)
	if err != nil {
		return err
	}
	practices := make([]theirs, len(rows))
	for i, r := range rows {
		practices[i] = theirs{r.ID, r.PracticeKey}
	}
	return c.each(ctx, practices, nil)
}
