package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres/sqlgen"
)

// contactColumns are what of practices.csv a contact says.
var contactColumns = []string{"privacy_officer", "email", "phone"}

// correctContact is a correction of one practice, in the transaction of the act that
// asks for it. The caller holds the locks of the incident and of the practice.
func (s *Store) correctContact(ctx context.Context, tx pgx.Tx, q *sqlgen.Queries, before breach.Practice, act casebook.Act) error {
	incident, err := q.LockIncident(ctx, act.IncidentID)
	if err != nil {
		return orUnknownIncident(err, act.IncidentID)
	}
	if err := notPrinting(ctx, q, act.IncidentID, incident.Facts.PrintRun); err != nil {
		return err
	}
	content, err := act.Content()
	if err != nil {
		return err
	}
	sum := sha256.Sum256(content)
	row := breach.Practice{
		Key: act.PracticeKey, LegalName: before.LegalName, CountingEntity: before.CountingEntity,
		PrivacyOfficer: act.Contact.PrivacyOfficer, Email: act.Contact.Email, Phone: act.Contact.Phone,
	}
	a := &amendment{
		s: s, tx: tx, q: q, incidentID: act.IncidentID, facts: incident.Facts, by: &act,
		in: AmendInput{SHA256: hex.EncodeToString(sum[:]), By: act.Who, At: act.At, Practices: []breach.Practice{row}, Columns: contactColumns},
	}
	return a.correctPractices(ctx)
}

// dispute keeps that a practice disputes people, or that somebody says that they stay.
// It refuses with code "nobody_to_dispute" where one of them is not on the practice's
// list, and with "nobody_disputed" where nobody disputes one who is to stay.
func dispute(ctx context.Context, q *sqlgen.Queries, practiceID int, act casebook.Act) error {
	keys := act.Dispute.PersonKeys
	if act.Dispute.Keep {
		kept, err := q.KeepDisputed(ctx, sqlgen.KeepDisputedParams{PracticeID: practiceID, PersonKeys: keys, ActID: act.ID})
		if err != nil {
			return err
		}
		if int(kept) < different(keys) {
			return breach.Refuse("nobody_disputed", "report open lists whom a practice disputes.",
				"practice %s does not dispute all of these people", act.PracticeKey)
		}
		return q.LetGoKept(ctx, sqlgen.LetGoKeptParams{
			PracticeID: practiceID, PersonKeys: keys, FromStates: names(account.Keep.From), ToState: string(account.Keep.To), Why: string(breach.HeldDisputed),
		})
	}
	disputed, err := q.Dispute(ctx, sqlgen.DisputeParams{PracticeID: practiceID, PersonKeys: keys, ActID: act.ID, At: act.At})
	if err != nil {
		return err
	}
	if int(disputed) < different(keys) {
		return breach.Refuse("nobody_to_dispute", "Take the keys from the list as it is now.",
			"practice %s does not have all of these people on its list", act.PracticeKey)
	}
	return holdDisputed(ctx, q, act.IncidentID, practiceID)
}

func different(keys []string) int {
	seen := map[string]bool{}
	for _, key := range keys {
		seen[key] = true
	}
	return len(seen)
}

// holdDisputed holds back the letters of those whom a practice disputes: of some
// practices, or with none of all of the incident's. Whatever makes a letter wait calls it.
func holdDisputed(ctx context.Context, q *sqlgen.Queries, incidentID string, practiceIDs ...int) error {
	return q.HoldDisputed(ctx, sqlgen.HoldDisputedParams{
		IncidentID: incidentID, PracticeIds: append([]int{}, practiceIDs...), FromStates: names(account.Dispute.From), ToState: string(account.Dispute.To), Why: string(breach.HeldDisputed),
	})
}

// OpenDisputes lists those of an incident whom nobody has looked into, in practice and
// person key order.
func (s *Store) OpenDisputes(ctx context.Context, incidentID string) ([]casebook.OpenDispute, error) {
	rows, err := s.q.OpenDisputes(ctx, incidentID)
	if err != nil {
		return nil, err
	}
	list := make([]casebook.OpenDispute, len(rows))
	for i, r := range rows {
		list[i] = casebook.OpenDispute{PracticeKey: r.PracticeKey, PersonKey: r.PersonKey, At: r.At.UTC(), Who: r.Who}
	}
	return list, nil
}
