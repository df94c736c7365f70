package postgres_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

// TestManyPracticesAreReadInParts: each once and in order, and the same as at once. A line
// says what the details of its practice say.
func TestManyPracticesAreReadInParts(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	const n = 1203
	keys := make([]string, n)
	for i := range keys {
		keys[i] = fmt.Sprintf("P%04d", i)
	}
	loaded(t, store, caseOf(incident(), practices(keys...), person(keys[0], "a")))
	pool := testkit.Pool(t, url)
	for _, statement := range []string{
		`INSERT INTO obligation (practice_id, obligation_id, position, rule, kind, regime, jurisdiction, recipient, form, count, trigger, clock, due, citation, why, confidence, settled_on, dropped)
			SELECT p.id, 'duty' || n AS id, n AS position, '', (ARRAY['covered_entity_notice', 'individual_notice', 'hhs_notice'])[n], 'hipaa', 'US', '', '', 1, '', '',
				CASE WHEN p.id % 11 > 0 THEN date '2026-05-15' + p.id % 7 * n END, '', '', '', CASE WHEN (p.id + n) % 3 = 0 THEN date '2026-05-18' END, (p.id + n) % 5 = 0
			FROM practice p CROSS JOIN generate_series(1, 3) n`,
		`UPDATE practice SET papers_sha256 = 'papers', phase = CASE WHEN id % 2 = 0 THEN 'waiting approval' ELSE 'open duties' END, needs_person = CASE WHEN id % 4 = 0 THEN 'approve' ELSE '' END,
			next_due = date '2026-05-15' + id % 7, late_at = timestamptz '2026-05-16 04:00Z' + id % 7 * interval '1 day'`,
		`INSERT INTO act (incident_id, id, practice_key, kind, who, at, terms) SELECT incident_id, practice_key AS id, practice_key, 'approve', 'Robin Officer', now(), '{}' FROM practice WHERE id % 3 = 0`,
		`INSERT INTO approval (practice_id, papers_sha256, person, who, at, act_id) SELECT id, papers_sha256, 'robin officer', 'Robin Officer', now(), practice_key FROM practice WHERE id % 3 = 0`,
		`INSERT INTO outbox (id, incident_id, practice_key, step, state) SELECT practice_key, incident_id, practice_key, 'practice_notice', 'sent' FROM practice WHERE id % 5 = 0`,
	} {
		_, err := pool.Exec(t.Context(), statement)
		require.NoError(t, err)
	}
	at := day("2026-05-18").Start(noon.Location()).Add(17 * 3600e9)
	for name, filter := range map[string]postgres.Filter{
		"all": {}, "late": {Late: true}, "waiting": {Waiting: true}, "phase": {Phase: casebook.PhaseApproval}, "due": {DueBefore: day("2026-05-17")},
		"late and waiting": {Late: true, Waiting: true}, "none": {Phase: casebook.PhaseClosed},
	} {
		whole, err := store.StatusDetails(t.Context(), incidentID, filter, at)
		require.NoError(t, err)
		parts := []casebook.PracticeStatus{}
		require.NoError(t, store.EachStatus(t.Context(), incidentID, filter, at, func(part []casebook.PracticeStatus) error {
			require.LessOrEqual(t, len(part), 500)
			parts = append(parts, part...)
			return nil
		}))
		require.Equal(t, whole, parts, name)
		var lines []casebook.StatusLine
		require.NoError(t, store.EachStatusLine(t.Context(), incidentID, filter, at, func(part []casebook.StatusLine) error {
			require.LessOrEqual(t, len(part), 500)
			lines = append(lines, part...)
			return nil
		}))
		require.Len(t, lines, len(whole), name)
		for i := range whole {
			require.Equal(t, lineOf(&whole[i]), lines[i])
		}
	}
	var brief []casebook.PracticeStatus
	require.NoError(t, store.EachStatus(t.Context(), incidentID, postgres.Filter{Brief: true}, at, func(part []casebook.PracticeStatus) error {
		brief = append(brief, part...)
		return nil
	}))
	whole, err := store.StatusDetails(t.Context(), incidentID, postgres.Filter{}, at)
	require.NoError(t, err)
	for i := range whole {
		open := []casebook.ObligationStatus{}
		for _, o := range whole[i].Obligations {
			if o.SettledOn.IsZero() {
				open = append(open, o)
			}
		}
		require.Equal(t, open, brief[i].Obligations, "of its duties those that are open")
		require.Equal(t, whole[i].Account, brief[i].Account)
		require.Equal(t, whole[i].AddsUp, brief[i].AddsUp)
		require.Empty(t, brief[i].Approvals)
	}
	var heard []casebook.Heard
	require.NoError(t, store.EachHeard(t.Context(), incidentID, func(part []casebook.Heard) error { heard = append(heard, part...); return nil }))
	at1, err := store.Heard(t.Context(), incidentID, keys...)
	require.NoError(t, err)
	require.Equal(t, at1, heard)
}

// lineOf is a practice's line, worked out from its details.
func lineOf(d *casebook.PracticeStatus) casebook.StatusLine {
	l := casebook.StatusLine{Approvals: d.Approvals, PracticeLine: casebook.PracticeLine{
		Key: d.Key, Name: d.Name, Phase: d.Phase, People: d.People, Delegation: d.Delegation, Late: d.Late, NeedsPerson: d.NeedsPerson, Notice: d.Notice,
	}}
	for _, o := range d.Obligations {
		if !o.SettledOn.IsZero() {
			l.Settled++
			continue
		}
		l.Open++
		l.NextDue = civil.Earlier(l.NextDue, o.Due)
	}
	return l
}
