package postgres

import (
	"context"
	"encoding/json"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres/sqlgen"
)

// heardBy are the facts that show whether a practice heard of its notice and answered.
var heardBy = []string{breach.PracticeNotified, breach.NoticeBounced, breach.Acknowledged, breach.PracticeMailed, breach.PracticeReminded}

// Heard returns what shows whether practices heard of their notice, in key order: of those
// with the keys. Of each casebook.Practice it has only what that is decided by.
func (s *Store) Heard(ctx context.Context, incidentID string, practiceKeys ...string) ([]casebook.Heard, error) {
	return heard(ctx, s.q, sqlgen.HeardParams{IncidentID: incidentID, PracticeKeys: practiceKeys})
}

// HeardToCall is Heard of practices without those that nobody has to call or to write to,
// as casebook.Silence has it.
func (s *Store) HeardToCall(ctx context.Context, incidentID string, practiceKeys []string) ([]casebook.Heard, error) {
	return heard(ctx, s.q, sqlgen.HeardParams{IncidentID: incidentID, PracticeKeys: practiceKeys, OnlyWaiting: true})
}

func heard(ctx context.Context, q *sqlgen.Queries, of sqlgen.HeardParams) ([]casebook.Heard, error) {
	of.Kinds = heardBy
	rows, err := q.Heard(ctx, of)
	if err != nil {
		return nil, err
	}
	list := make([]casebook.Heard, len(rows))
	for i, r := range rows {
		var recorded []casebook.RecordTerms
		if err := json.Unmarshal(r.Recorded, &recorded); err != nil {
			return nil, err
		}
		records := make([]breach.Fact, len(recorded))
		for n, t := range recorded {
			records[n] = t.Fact
		}
		h := &list[i]
		h.Practice = casebook.Practice{
			IncidentID: of.IncidentID, Practice: r.Facts, Facts: breach.FactsOf(records), Phase: casebook.Phase(r.Phase), Notice: casebook.Message{State: r.Notice},
			Page: casebook.PageStanding{
				MadeAt: utc(r.MadeAt), OpenedAt: utc(r.OpenedAt), AnsweredAt: utc(r.AnsweredAt), AnswersWait: r.AnswersWait, Decided: r.Decided,
			},
		}
		h.Practice.Practice.Delegation = r.Delegation
		h.CodesEnded, h.Reminders, h.RemindedOn, h.EmailStopped = r.CodesEnded, r.Reminders, r.RemindedOn, r.EmailStopped
	}
	return list, nil
}

// countCalls counts the practices that somebody has to call.
func countCalls(ctx context.Context, q *sqlgen.Queries, b *casebook.Board) error {
	keys, err := q.SilentPractices(ctx, b.Status.Incident)
	if err != nil {
		return err
	}
	list, err := heard(ctx, q, sqlgen.HeardParams{IncidentID: b.Status.Incident, PracticeKeys: keys, OnlyWaiting: true})
	b.Calls = casebook.CountCalls(b.Incident.Incident, list, b.Status.AsOf)
	return err
}

// pageCounts are an incident's practices by where they are with their pages.
func pageCounts(ctx context.Context, q *sqlgen.Queries, incidentID string) (casebook.PageCounts, error) {
	r, err := q.PageCounts(ctx, incidentID)
	return casebook.PageCounts{Pages: r.Pages, Opened: r.Opened, Answered: r.Answered, Unopened: r.Unopened, CodesEnded: r.CodesEnded, EmailStopped: r.EmailStopped}, err
}
