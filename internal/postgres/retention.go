package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres/sqlgen"
)

// SetLegalHold puts the incident's people under a legal hold for a matter, or
// ends it: while one stands, nothing of the incident is destroyed. It delays no
// notice: that is a law-enforcement hold. fresh is false when the matter stood
// or was released already.
func (s *Store) SetLegalHold(ctx context.Context, incidentID, matter string, release bool, who string, at time.Time) (fresh bool, err error) {
	err = s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		if _, err := q.LockIncident(ctx, incidentID); err != nil {
			return orUnknownIncident(err, incidentID)
		}
		holds, acts, err := legalHolds(ctx, q, incidentID)
		if err != nil {
			return err
		}
		if stands := holds.has(matter); stands != release {
			if release && acts == 0 {
				return breach.Refuse("no_legal_hold", "", "incident %s has no legal hold", incidentID)
			}
			return nil
		}
		act := casebook.Act{
			IncidentID: incidentID, Kind: casebook.ActLegalHold, Who: who, At: at, LegalHold: &casebook.LegalHoldTerms{Matter: matter},
		}
		if release {
			act.Kind = casebook.ActLegalRelease
		}
		// The same matter may be held, released and held again.
		act.ID = fmt.Sprintf("%s-%d", act.Kind, acts+1)
		fresh, err = insertAct(ctx, q, act)
		return err
	})
	return fresh && err == nil, err
}

// matters are what legal holds stand for.
type matters []string

func (m matters) has(matter string) bool {
	for _, other := range m {
		if breach.FoldText(other) == breach.FoldText(matter) {
			return true
		}
	}
	return false
}

// legalHolds returns the matters whose hold stands, in the order they came, and
// how many acts there are about holds.
func legalHolds(ctx context.Context, q *sqlgen.Queries, incidentID string) (stand matters, acts int, err error) {
	rows, err := q.ActsOfKinds(ctx, sqlgen.ActsOfKindsParams{
		IncidentID: incidentID, Kinds: []string{casebook.ActLegalHold, casebook.ActLegalRelease},
	})
	if err != nil {
		return nil, 0, err
	}
	stand = matters{}
	for _, r := range rows {
		var t casebook.Terms
		if err := json.Unmarshal(r.Terms, &t); err != nil {
			return nil, 0, fmt.Errorf("act %s of %s cannot be read: %w", r.ID, incidentID, err)
		}
		if t.LegalHold == nil {
			return nil, 0, fmt.Errorf("act %s of %s names no matter", r.ID, incidentID)
		}
		if r.Kind == casebook.ActLegalHold {
			stand = append(stand, t.LegalHold.Matter)
			continue
		}
		left := matters{}
		for _, m := range stand {
			if breach.FoldText(m) != breach.FoldText(t.LegalHold.Matter) {
				left = append(left, m)
			}
		}
		stand = left
	}
	return stand, len(rows), nil
}

// Retained is an incident that is closed, and how long its people are kept.
type Retained struct {
	IncidentID string
	ClosedOn   civil.Date
	// Until is the last day they have to be kept (breach.RetainedUntil).
	Until      civil.Date
	Findings   int
	LegalHolds []string
	// ShreddedAt is zero while the people can be read.
	ShreddedAt time.Time
}

// RetainedIncidents returns the closed incidents, the first closed first.
func (s *Store) RetainedIncidents(ctx context.Context) ([]Retained, error) {
	rows, err := s.q.RetainedIncidents(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]Retained, len(rows))
	for i, r := range rows {
		holds, _, err := legalHolds(ctx, s.q, r.ID)
		if err != nil {
			return nil, err
		}
		list[i] = Retained{
			IncidentID: r.ID, ClosedOn: r.ClosedOn, Until: breach.RetainedUntil(r.ClosedOn), Findings: r.Findings,
			LegalHolds: holds, ShreddedAt: utc(r.ShreddedAt),
		}
	}
	return list, nil
}

// shredRef names the one destruction of an incident's key in its ledger.
const shredRef = "incident-key"

// shredEntry is what the ledger says before the key is destroyed and after.
func shredEntry(kind, who string, at time.Time, state string, what casebook.ShredTerms) (ledger.Body, ledger.Step) {
	return ledger.Body{Kind: kind, Who: who, When: at, Ref: shredRef}, ledger.Step{What: ledger.StepKeyShred, State: state, Detail: map[string]any{
		"closed_on": what.ClosedOn, "retained_until": what.RetainedUntil, "findings": what.Findings,
	}}
}

// IntendShred writes down that who is about to destroy the incident's data key,
// and returns what is destroyed. It is refused with code "not_closed", "retention"
// or "legal_hold". done is true when it is destroyed already; nothing is then
// written, nor where the intent stands since an attempt that died.
func (s *Store) IntendShred(ctx context.Context, incidentID, who string, at time.Time, today civil.Date) (what casebook.ShredTerms, done bool, err error) {
	err = s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) (err error) {
		what, done, err = mayShred(ctx, q, incidentID, today)
		if err != nil || done {
			return err
		}
		intended, err := shredIntended(ctx, q, incidentID)
		if err != nil || intended {
			return err
		}
		body, step := shredEntry(ledger.KindIntent, who, at, "intended", what)
		body.Identity = string(s.identity)
		return appendEntry(ctx, q, incidentID, "", body, step)
	})
	return what, done, err
}

// Shred destroys the wrapped data key of the incident, for good, and writes it
// down in the same transaction; IntendShred came before, and what it refuses is
// refused again. Nobody can read the incident's people afterwards. Everything
// else stays: acts, plans, counts, hashes, the ledger.
//
// A backup of the database from before still holds the wrapped key: docs/keys.md
// says what to do about those.
func (s *Store) Shred(ctx context.Context, incidentID, who string, at time.Time, today civil.Date) error {
	return s.inTx(ctx, func(tx pgx.Tx, q *sqlgen.Queries) error {
		what, done, err := mayShred(ctx, q, incidentID, today)
		if err != nil || done {
			return err
		}
		intended, err := shredIntended(ctx, q, incidentID)
		if err != nil {
			return err
		}
		if !intended {
			return fmt.Errorf("the data key of %s is not destroyed before its destruction is written down", incidentID)
		}
		if _, err := q.ShredIncidentKey(ctx, sqlgen.ShredIncidentKeyParams{IncidentID: incidentID, ShreddedAt: &at}); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "SELECT rewrite_incident_keys()"); err != nil {
			return err
		}
		if err := forgetPages(ctx, q, incidentID); err != nil {
			return err
		}
		if _, err := insertAct(ctx, q, casebook.Act{
			ID: casebook.ActShred, IncidentID: incidentID, Kind: casebook.ActShred, Who: who, At: at, Shred: &what,
		}); err != nil {
			return err
		}
		body, step := shredEntry(ledger.KindResult, who, at, "finished", what)
		body.Identity = string(s.identity)
		return appendEntry(ctx, q, incidentID, "", body, step)
	})
}

func shredIntended(ctx context.Context, q *sqlgen.Queries, incidentID string) (bool, error) {
	return q.EntryIsThere(ctx, sqlgen.EntryIsThereParams{IncidentID: incidentID, Kind: ledger.KindIntent, Ref: shredRef})
}

func mayShred(ctx context.Context, q *sqlgen.Queries, incidentID string, today civil.Date) (what casebook.ShredTerms, done bool, err error) {
	if _, err := q.LockIncident(ctx, incidentID); err != nil {
		return what, false, orUnknownIncident(err, incidentID)
	}
	key, err := q.IncidentKey(ctx, incidentID)
	if err != nil {
		return what, false, err
	}
	if key.ShreddedAt != nil {
		return what, true, nil
	}
	incident, err := readIncident(ctx, q, incidentID)
	if err != nil {
		return what, false, err
	}
	if incident.ClosedOn.IsZero() {
		return what, false, breach.Refuse("not_closed", "An incident's people are needed until each of its practices is closed.",
			"incident %s is not closed", incidentID)
	}
	what = casebook.ShredTerms{ClosedOn: incident.ClosedOn, RetainedUntil: breach.RetainedUntil(incident.ClosedOn), Findings: incident.Findings}
	if !today.After(what.RetainedUntil) {
		return what, false, breach.Refuse("retention", "45 CFR 164.530(j)(2) has the documentation kept for six years.",
			"incident %s was closed on %s and is kept until %s", incidentID, what.ClosedOn, what.RetainedUntil)
	}
	holds, _, err := legalHolds(ctx, q, incidentID)
	if err != nil {
		return what, false, err
	}
	if len(holds) > 0 {
		return what, false, breach.Refuse("legal_hold", "Release it with keys release once counsel says that the matter is over.",
			"incident %s is under legal hold: %s", incidentID, strings.Join(holds, "; "))
	}
	return what, false, nil
}
