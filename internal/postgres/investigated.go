package postgres

import (
	"context"
	"reflect"

	"duenotice/internal/breach"
	"duenotice/internal/postgres/finding"
	"duenotice/internal/postgres/sqlgen"
)

// investigated is a list that the sources of the investigation gave, held against the
// people whom the incident has (breach.OfLaterRow).
type investigated struct {
	q    *sqlgen.Queries
	l    *finding.Loader
	read *finding.Reader
	// waits are rows that say no, whose people have not been looked up.
	waits []breach.Removal
	// leaving are those whom the list takes out; gone has them and those who are passed over.
	leaving []breach.Removal
	gone    map[[2]string]bool
	passed  int
}

// settle reads the list and decides of each row that says no. It keeps those who leave, and
// nobody else.
func settle(ctx context.Context, q *sqlgen.Queries, l *finding.Loader, list Findings) (*investigated, error) {
	in := &investigated{q: q, l: l, read: l.Reader(), gone: map[[2]string]bool{}}
	err := list(ctx, func(row int, p *breach.Person) error {
		if breach.OfLaterRow(false, "", p.AcquiredOrViewed) == breach.LaterTakes {
			return nil // whatever the incident says of them
		}
		in.waits = append(in.waits, breach.Removal{Row: row, PracticeKey: p.PracticeKey, PersonKey: p.Key, Why: p.Source})
		if len(in.waits) < pageRows {
			return nil
		}
		return in.lookUp(ctx)
	})
	if err != nil {
		return nil, err
	}
	return in, in.lookUp(ctx)
}

// lookUp decides of the rows that wait.
func (in *investigated) lookUp(ctx context.Context) error {
	asked := sqlgen.FindingsByKeyParams{}
	for _, r := range in.waits {
		if id, known := in.l.PracticeID(r.PracticeKey); known { // another is refused where the list is loaded
			asked.PracticeIds, asked.PersonKeys = append(asked.PracticeIds, id), append(asked.PersonKeys, r.PersonKey)
		}
	}
	rows, err := in.q.FindingsByKey(ctx, asked)
	if err != nil {
		return err
	}
	before := make(map[[2]string]string, len(rows))
	for i := range rows {
		p, err := in.read.Person(&rows[i].Finding, rows[i].PracticeKey)
		if err != nil {
			return err
		}
		before[[2]string{p.PracticeKey, p.Key}] = p.AcquiredOrViewed
	}
	for _, r := range in.waits {
		who := [2]string{r.PracticeKey, r.PersonKey}
		said, known := before[who]
		switch breach.OfLaterRow(known, said, string(breach.No)) {
		case breach.LaterLeaves:
			where := r.Why
			if r.Why = "acquired_or_viewed was unknown and is no"; where != "" {
				r.Why += ": " + where
			}
			r.Reason = breach.NotAcquired
			in.leaving = append(in.leaving, r)
			in.gone[who] = true
		case breach.LaterPasses:
			in.passed++
			in.gone[who] = true
		}
	}
	in.waits = in.waits[:0]
	return nil
}

// of are the rows of the list that say who is on it from now on.
func (in *investigated) of(list Findings) Findings {
	return func(ctx context.Context, each func(row int, p *breach.Person) error) error {
		return list(ctx, func(row int, p *breach.Person) error {
			if in.gone[[2]string{p.PracticeKey, p.Key}] {
				return nil
			}
			return each(row, p)
		})
	}
}

// dropMoved drops the rows of a further list that differ only in where they were found, and
// returns how many. A later export of the same people has them in other rows, and no paper
// and no approval is to fall because of that.
func dropMoved(ctx context.Context, q *sqlgen.Queries, l *finding.Loader, practiceIDs []int) (int, error) {
	read, dropped := l.Reader(), 0
	page := sqlgen.IncomingOtherwiseParams{PracticeIds: practiceIDs, Page: pageRows}
	for {
		rows, err := q.IncomingOtherwise(ctx, page)
		if err != nil {
			return dropped, err
		}
		var same sqlgen.DropIncomingParams
		for i := range rows {
			people, err := read.Both(&rows[i].Finding, rows[i].After, rows[i].PracticeKey)
			if err != nil {
				return dropped, err
			}
			people[1].Source = people[0].Source
			if reflect.DeepEqual(people[0], people[1]) {
				same.PracticeIds, same.PersonKeys = append(same.PracticeIds, rows[i].Finding.PracticeID), append(same.PersonKeys, rows[i].Finding.PersonKey)
			}
		}
		if len(same.PracticeIds) > 0 {
			if err := q.DropIncoming(ctx, same); err != nil {
				return dropped, err
			}
		}
		if dropped += len(same.PracticeIds); len(rows) < pageRows {
			return dropped, nil
		}
		last := &rows[len(rows)-1].Finding
		page.AfterPractice, page.AfterPerson = last.PracticeID, last.PersonKey
	}
}
