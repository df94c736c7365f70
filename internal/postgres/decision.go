package postgres

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"duenotice/internal/casebook"
	"duenotice/internal/howfar"
	"duenotice/internal/postgres/sqlgen"
)

// keptDecision is a decision as it is stored: the incident's facts apart, since
// all its practices' decisions have the same.
type keptDecision sqlgen.InsertDecisionParams

// The two places between which a canonical subject's incident stands
// (rules.Subject.Canonical): cut there, the parts make the whole again.
const (
	incidentOpens = `{"incident":`
	incidentEnds  = `,`
)

// decisionOf returns the plan's decision for storing; SHA256 is "" for a plan
// that comes without its inputs.
func decisionOf(plan casebook.Plan) (keptDecision, error) {
	if plan.Inputs == nil {
		return keptDecision{}, nil
	}
	var inputs struct {
		Incident json.RawMessage `json:"incident"`
	}
	if err := json.Unmarshal(plan.Inputs, &inputs); err != nil {
		return keptDecision{}, fmt.Errorf("the inputs of a decision cannot be read: %w", err)
	}
	subject, ok := bytes.CutPrefix(plan.Inputs, []byte(incidentOpens+string(inputs.Incident)+incidentEnds))
	if !ok {
		return keptDecision{}, fmt.Errorf("the inputs of a decision do not begin with the incident")
	}
	return keptDecision{
		SHA256:          casebook.DecisionSHA256(plan.RulebookSHA256, plan.Inputs, plan.Result),
		RulebookVersion: plan.RulebookVersion, RulebookSHA256: plan.RulebookSHA256,
		IncidentSHA256: sha256Of(inputs.Incident), Facts: string(inputs.Incident),
		Subject: string(subject), Result: string(plan.Result),
	}, nil
}

func (d keptDecision) write(ctx context.Context, q *sqlgen.Queries, practiceID int) error {
	if d.SHA256 == "" {
		return nil
	}
	d.PracticeID = practiceID
	return q.InsertDecision(ctx, sqlgen.InsertDecisionParams(d))
}

func sha256Of(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// decisionPage is how many decisions are read at a time.
const decisionPage = 500

// Decisions gives every decision ever taken on the incident's practices to
// each, in the order in which they were taken. How many were given is told (howfar).
func (s *Store) Decisions(ctx context.Context, incidentID string, each func(casebook.Decision) error) error {
	page := sqlgen.DecisionsParams{IncidentID: incidentID, Page: decisionPage}
	total, err := s.q.CountDecisions(ctx, incidentID)
	if err != nil {
		return err
	}
	given, tell := 0, howfar.Of(ctx)
	for {
		rows, err := s.q.Decisions(ctx, page)
		if err != nil {
			return err
		}
		for _, r := range rows {
			err := each(casebook.Decision{
				Seq: r.Seq, PracticeKey: r.PracticeKey, SHA256: r.SHA256, RulebookVersion: r.RulebookVersion, RulebookSHA256: r.RulebookSHA256,
				Inputs: []byte(incidentOpens + r.Facts + incidentEnds + r.Subject), Result: []byte(r.Result), At: r.At.UTC(),
			})
			if err != nil {
				return err
			}
			page.After = r.Seq
			given++
			tell(given, total)
		}
		if len(rows) < decisionPage {
			return nil
		}
	}
}

// StandingDecisions gives the decision that each practice goes by, in key
// order, without its inputs. Practices that are closed or have none are left out.
func (s *Store) StandingDecisions(ctx context.Context, incidentID string, each func(casebook.Decision) error) error {
	return standingDecisions(ctx, s.q, incidentID, each)
}

func standingDecisions(ctx context.Context, q *sqlgen.Queries, incidentID string, each func(casebook.Decision) error) error {
	page := sqlgen.StandingDecisionsParams{IncidentID: incidentID, Page: decisionPage}
	for {
		rows, err := q.StandingDecisions(ctx, page)
		if err != nil {
			return err
		}
		for _, r := range rows {
			err := each(casebook.Decision{
				PracticeKey: r.PracticeKey, RulebookVersion: r.RulebookVersion, RulebookSHA256: r.RulebookSHA256, Result: []byte(r.Result),
			})
			if err != nil {
				return err
			}
			page.After = r.PracticeKey
		}
		if len(rows) < decisionPage {
			return nil
		}
	}
}
