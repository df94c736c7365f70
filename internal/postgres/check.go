package postgres

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres/finding"
	"duenotice/internal/postgres/sqlgen"
)

// CheckPeople opens everybody of an incident and holds what is kept in clear against
// it: each person's columns, each practice's counts, its account and whether its
// letters may be printed. What was changed past the program is written down as when
// it is met in use, at most one thing of each practice, and what was mended is taken
// back. It returns how many practices something is wrong with.
//
// It sees neither a practice that is gone altogether nor rows that were all put back
// to an earlier day: the ledger and the packs that were given away do.
func (s *Store) CheckPeople(ctx context.Context, incidentID string) (int, error) {
	var found []*finding.Altered
	after := ""
	for {
		var rows []sqlgen.PracticesToCheckRow
		// What a list changes is changed for all of it at once.
		err := s.inSnapshot(ctx, func(q *sqlgen.Queries) error {
			people, err := s.counting(ctx, q, incidentID)
			if err != nil {
				return err
			}
			rows, err = q.PracticesToCheck(ctx, sqlgen.PracticesToCheckParams{IncidentID: incidentID, After: after, Page: practicesAtOnce})
			if err != nil {
				return err
			}
			some, err := people.check(ctx, rows)
			found = append(found, some...)
			return err
		})
		if err != nil {
			return 0, err
		}
		if len(rows) < practicesAtOnce {
			break
		}
		after = rows[len(rows)-1].PracticeKey
	}
	list := make([]casebook.Trouble, len(found))
	for i, was := range found {
		s.tellAltered(ctx, was)
		list[i] = troubleOf(was)
	}
	return len(found), s.ReplaceTroubles(ctx, incidentID, casebook.TroubleAltered, list)
}

// sound refuses a practice of which something was altered. Whose people were
// destroyed has nothing that could be looked at.
func (s *Store) sound(ctx context.Context, q *sqlgen.Queries, incidentID, practiceKey string) error {
	people, err := s.counting(ctx, q, incidentID)
	if refusal, ok := breach.AsRefusal(err); ok && refusal.Code == codeShredded {
		return nil
	}
	if err != nil {
		return err
	}
	rows, err := q.PracticesToCheck(ctx, sqlgen.PracticesToCheckParams{IncidentID: incidentID, One: practiceKey, Page: 1})
	if err != nil {
		return err
	}
	altered, err := people.check(ctx, rows)
	if err == nil && len(altered) > 0 {
		return altered[0]
	}
	return err
}

// check returns what was altered of some practices, one thing of each.
func (c counting) check(ctx context.Context, rows []sqlgen.PracticesToCheckRow) ([]*finding.Altered, error) {
	ids := make([]int, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	accounts, err := c.q.AccountsThatDiffer(ctx, sqlgen.AccountsThatDifferParams{PracticeIds: ids, LeftList: string(account.Left)})
	if err != nil {
		return nil, err
	}
	states, err := c.q.StatesWithoutLetters(ctx, sqlgen.StatesWithoutLettersParams{
		PracticeIds: ids, States: names([]account.State{account.Printing, account.Printed, account.Mailed, account.Held, account.Returned}),
		Held: string(account.Held), Disputed: string(breach.HeldDisputed),
	})
	if err != nil {
		return nil, err
	}
	var found []*finding.Altered
	for i := range rows {
		err := c.checkPractice(ctx, &rows[i])
		switch {
		case err != nil:
		case slices.Contains(states, rows[i].ID):
			err = c.read.Altered(rows[i].PracticeKey, "", "state")
		case slices.Contains(accounts, rows[i].ID):
			err = c.read.Altered(rows[i].PracticeKey, "", "account")
		}
		var was *finding.Altered
		if errors.As(err, &was) {
			found = append(found, was)
		} else if err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (c counting) checkPractice(ctx context.Context, p *sqlgen.PracticesToCheckRow) error {
	sum := &finding.Counter{}
	err := c.each(ctx, []theirs{{p.ID, p.PracticeKey}}, func(of theirs, f *sqlgen.Finding) error {
		if _, err := c.read.Person(f, of.key); err != nil {
			return err
		}
		sum.Add(finding.CountedOf(f))
		return nil
	})
	if err != nil {
		return err
	}
	same, err := sameTally(p.Tally, sum.Tally())
	if err != nil {
		return err
	}
	var columns []string
	for _, column := range []struct {
		name string
		same bool
	}{
		{"list_sha256", p.ListSHA256 == sum.ListSHA256()}, {"tally", same}, {"people", p.People == sum.People}, {"findings", p.Findings == sum.Findings},
		{"printable", !p.Printable || bytes.Equal(p.StandingSeal, printableSeal(c.read, p.PracticeKey, p.StandingOf))},
	} {
		if !column.same {
			columns = append(columns, column.name)
		}
	}
	if len(columns) == 0 {
		return nil
	}
	return c.read.Altered(p.PracticeKey, "", columns...)
}

func sameTally(a, b breach.Tally) (bool, error) {
	one, err := json.Marshal(a)
	if err != nil {
		return false, err
	}
	other, err := json.Marshal(b)
	return bytes.Equal(one, other), err
}
