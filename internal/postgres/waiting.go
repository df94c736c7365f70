package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres/sqlgen"
)

// Waiting lists the practices whose papers wait for an approval that who could
// give: one that who has not given yet, or with who empty, any.
func (s *Store) Waiting(ctx context.Context, incidentID, who string) (casebook.Waiting, error) {
	var w casebook.Waiting
	err := s.inSnapshot(ctx, func(q *sqlgen.Queries) (err error) {
		incident, err := readIncident(ctx, q, incidentID)
		if err != nil {
			return err
		}
		w, _, err = waiting(ctx, q, incident.Incident, who)
		return err
	})
	return w, err
}

// waiting also returns the practices' ids.
func waiting(ctx context.Context, q *sqlgen.Queries, facts breach.Incident, who string) (casebook.Waiting, []int, error) {
	needed := facts.ApproversNeeded()
	names, err := namesOf(ctx, q, facts.ID, who)
	if err != nil {
		return casebook.Waiting{}, nil, err
	}
	rows, err := q.Waiting(ctx, sqlgen.WaitingParams{IncidentID: facts.ID, OwnNames: names, Needed: needed, Waiting: string(account.Waiting)})
	if err != nil {
		return casebook.Waiting{}, nil, err
	}
	ids := make([]int, len(rows))
	w := casebook.Waiting{Practices: make([]casebook.WaitingPractice, len(rows))}
	h := sha256.New()
	for i, r := range rows {
		ids[i] = r.ID
		w.Practices[i] = casebook.WaitingPractice{
			Key: r.PracticeKey, Name: r.Facts.Name(), People: r.People, Letters: r.Letters,
			Minors: r.Tally.Minors, Deceased: r.Tally.Deceased,
			PapersSHA256: r.PapersSHA256, ApprovedBy: r.ApprovedBy, Needed: needed,
		}
		fmt.Fprintf(h, "%s %s\n", r.PracticeKey, r.PapersSHA256)
	}
	w.SHA256 = hex.EncodeToString(h.Sum(nil))
	return w, ids, nil
}

// namesOf are the ways in which the person has typed their name when approving. What
// an earlier program folded otherwise is compared too.
func namesOf(ctx context.Context, q *sqlgen.Queries, incidentID, who string) ([]string, error) {
	if breach.PersonNamed(who) == "" {
		return []string{}, nil
	}
	names, err := q.Approvers(ctx, incidentID)
	return slices.DeleteFunc(names, func(name string) bool { return !breach.SamePerson(name, who) }), err
}

// ApproveAll records act.Who's approval for every practice that waits for one
// and does not have act.Who's yet. It is refused with code
// "changed_since_looked" when what waits no longer hashes to
// act.Approve.SHA256, and "nothing_waits" when nothing is left for act.Who. The
// same act again returns the number it approved and changes nothing.
func (s *Store) ApproveAll(ctx context.Context, act casebook.Act) (approved int, err error) {
	if act.Approve == nil {
		return 0, fmt.Errorf("an approval of %s says nothing of what was looked at", act.IncidentID)
	}
	act.PracticeKey = ""
	err = s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		incident, err := q.LockIncident(ctx, act.IncidentID)
		if err != nil {
			return orUnknownIncident(err, act.IncidentID)
		}
		// Before looking: nobody's approval and no new papers come in between.
		if err := q.LockWaiting(ctx, act.IncidentID); err != nil {
			return err
		}
		there, err := q.ActIsThere(ctx, sqlgen.ActIsThereParams{IncidentID: act.IncidentID, ID: act.ID})
		if err != nil {
			return err
		}
		if there {
			approved, err = q.ApprovalsOfAct(ctx, sqlgen.ApprovalsOfActParams{IncidentID: act.IncidentID, ActID: act.ID})
			return err
		}
		w, ids, err := waiting(ctx, q, incident.Facts, act.Who)
		if err != nil {
			return err
		}
		switch {
		case len(ids) == 0:
			return breach.Refuse("nothing_waits", "Run approve --list to see what waits for whom.",
				"nothing of %s waits for an approval of %s", act.IncidentID, act.Who)
		case w.SHA256 != act.Approve.SHA256:
			return breach.Refuse("changed_since_looked", "Look again with approve --list, then approve.",
				"what waits for approval in %s changed since you looked at it", act.IncidentID)
		}
		if err := s.oneName(ctx, q, act); err != nil {
			return err
		}
		if _, err := insertAct(ctx, q, act); err != nil {
			return err
		}
		if err := q.NoteChange(ctx, ids); err != nil {
			return err
		}
		approved = len(ids)
		err = q.ApproveEach(ctx, sqlgen.ApproveEachParams{
			PracticeIds: ids, Person: breach.PersonNamed(act.Who), Who: act.Who, At: act.At, ActID: act.ID,
		})
		if err != nil {
			return err
		}
		return eachPractice(ctx, q, act.IncidentID, w.Practices, func(p casebook.WaitingPractice) (string, ledger.Body, any) {
			body := ledger.Body{
				Kind: ledger.KindApproval, Who: act.Who, Identity: act.Identity, When: act.At, Ref: act.ID, Inputs: map[string]string{"papers": p.PapersSHA256},
			}
			return p.Key, body, ledger.Approval{PapersSHA256: p.PapersSHA256}
		})
	})
	if err != nil {
		return 0, err
	}
	return approved, nil
}
