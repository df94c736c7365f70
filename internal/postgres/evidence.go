package postgres

import (
	"context"
	"time"

	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/evidence"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres/sqlgen"
)

// Evidence hands out what a pack is made from, as it stands at one moment: of
// one practice, or of the whole incident when practiceKey is "". Its Entries can
// be read only while use runs. Duties are late or not as of a day.
func (s *Store) Evidence(ctx context.Context, incidentID, practiceKey string, asOf civil.Date, use func(evidence.Source) error) error {
	return s.inSnapshot(ctx, func(q *sqlgen.Queries) error {
		incident, err := readIncident(ctx, q, incidentID)
		if err != nil {
			return err
		}
		src := evidence.Source{Incident: incident, Entries: func(each func(ledger.Entry) error) error {
			return readLedger(ctx, q, incidentID, practiceKey, practiceKey == "", each)
		}}
		if practiceKey != "" {
			practice, _, err := readPractice(ctx, q, incidentID, practiceKey)
			if err != nil {
				return err
			}
			src.Practice = &practice
			rows, err := q.DetailedPractices(ctx, sqlgen.DetailedPracticesParams{IncidentID: incidentID, PracticeKeys: []string{practiceKey}})
			if err != nil {
				return err
			}
			details, err := withObligations(ctx, q, rows, false, incident.Incident.ApproversNeeded(), func(*time.Location) civil.Date { return asOf })
			if err != nil {
				return err
			}
			if src.Looks, err = provedLooks(ctx, q, incidentID, practiceKey); err != nil {
				return err
			}
			src.Duties = details[0].Obligations
			src.Account = casebook.IncidentAccount{
				Findings: details[0].Findings, Lines: details[0].Account.Plus(), AddsUp: details[0].AddsUp,
			}
		} else if src.Account, err = statusAccount(ctx, q, incidentID); err != nil {
			return err
		}
		anchored, err := q.Anchored(ctx, incidentID)
		if err != nil {
			return err
		}
		src.Anchored = make([]evidence.Anchored, len(anchored))
		for i, a := range anchored {
			src.Anchored[i] = evidence.Anchored{Anchor: a.Anchor, Practice: a.PracticeKey, Seq: a.Seq}
			copy(src.Anchored[i].Hash[:], a.Hash)
		}
		return use(src)
	})
}
