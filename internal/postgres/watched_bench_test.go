package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/temporalx"
	"duenotice/internal/testkit"
)

// BenchmarkWatched reads what operators are warned by of 45,000 practices, as each worker
// does once a minute, and then what status shows of them. "of-status" is the ratio.
func BenchmarkWatched(b *testing.B) {
	store, url := open(b)
	loaded(b, store, caseOf(incident(), practices("P1"), person("P1", "a")))
	pool := testkit.Pool(b, url)
	for _, statement := range []string{
		`INSERT INTO practice (incident_id, practice_key, facts, delegation, counted_as, tally, findings, phase, next_due, first_planned_at)
			SELECT p.incident_id, 'K' || n, p.facts, 'all', 'K' || n, p.tally, 76, 'waiting approval', date '2026-05-15' + n % 60, now() FROM practice p, generate_series(1, 45000) n`,
		`INSERT INTO account (practice_id, state, why, letter, residence, people)
			SELECT p.id, 'waiting', '', '', r, 19 FROM practice p, unnest(ARRAY['VA', 'TX', 'CA', 'NY']) r WHERE p.practice_key LIKE 'K%'`,
		`INSERT INTO obligation (practice_id, obligation_id, position, rule, kind, regime, jurisdiction, recipient, form, count, trigger, clock, due, citation, why, confidence, due_ends)
			SELECT p.id, 'duty' || k.n, k.n, 'rule', k.kind, 'hipaa', 'US', '', '', 76, '', '', p.next_due + k.n::integer, '', '', '', p.next_due + k.n::integer
			FROM practice p, unnest(ARRAY['covered_entity_notice', 'individual_notice', 'hhs_notice', 'media_notice', 'regulator_notice', 'substitute_notice', 'state_individual_notice', 'data_owner_notice'])
				WITH ORDINALITY k(kind, n) WHERE p.practice_key LIKE 'K%'`,
		`INSERT INTO ledger (incident_id, practice_key, at, prev, hash, body) SELECT p.incident_id, p.practice_key, now(), '', '', '{"kind":"decision"}' FROM practice p`,
		"ANALYZE",
	} {
		_, err := pool.Exec(b.Context(), statement)
		require.NoError(b, err)
	}
	var watching, status time.Duration
	for b.Loop() {
		began := time.Now()
		w, err := store.Watched(b.Context(), temporalx.Queue, noon, today)
		require.NoError(b, err)
		watching += time.Since(began)
		began = time.Now()
		s, err := store.Status(b.Context(), incidentID, noon, today)
		require.NoError(b, err)
		status += time.Since(began)
		require.Equal(b, s.Account, w.Incidents[0].Status.Account)
	}
	b.ReportMetric(float64(watching)/float64(status), "of-status")
	b.ReportMetric(float64(watching.Milliseconds())/float64(b.N), "ms-watched")
}
