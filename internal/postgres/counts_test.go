package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
	"duenotice/internal/testkit"
)

// TestCountsAreWhatARecountSays after everything that changes them, also past the program;
// the histories of TestTheSimulationsStoreIsTheRealOne compare the two after each step. What
// was changed past the triggers is counted anew.
func TestCountsAreWhatARecountSays(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	loaded(t, store, caseOf(incident(), practices("P1", "P2", "P3"), person("P1", "a"), person("P2", "b")))
	pool := testkit.Pool(t, url)
	do := func(statement string) {
		t.Helper()
		_, err := pool.Exec(t.Context(), statement)
		require.NoError(t, err)
	}
	const counts = "SELECT string_agg(c::text, ' ' ORDER BY c.practice_key) FROM practice_count c"
	var before string
	require.NoError(t, pool.QueryRow(t.Context(), counts).Scan(&before))
	for _, statement := range []string{
		`INSERT INTO obligation (practice_id, obligation_id, position, rule, kind, regime, jurisdiction, recipient, form, count, trigger, clock, due, citation, why, confidence, settled_on)
			SELECT p.id, k.kind || k.form, 1, '', k.kind, 'hipaa', 'US', '', k.form, 1, '', '', date '2026-05-15', '', '', '', CASE WHEN p.practice_key = 'P2' THEN date '2026-05-20' END
			FROM practice p CROSS JOIN (VALUES ('covered_entity_notice', ''), ('hhs_notice', 'annual_log'), ('hhs_notice', 'immediate'), ('media_notice', ''), ('regulator_notice', '')) AS k (kind, form)`,
		`UPDATE obligation SET settled_on = date '2026-05-18' WHERE kind = 'media_notice'`,
		`UPDATE obligation SET due = date '2026-05-16'`,
		`UPDATE obligation SET dropped = true WHERE form = 'immediate'`,
		`UPDATE obligation SET practice_id = (SELECT id FROM practice WHERE practice_key = 'P1'), obligation_id = 'moved' WHERE kind = 'regulator_notice'
			AND practice_id = (SELECT id FROM practice WHERE practice_key = 'P3')`,
		`DELETE FROM obligation WHERE kind = 'regulator_notice' AND obligation_id <> 'moved'`,
		`UPDATE practice SET phase = 'waiting approval', people = 7, needs_person = 'approve', next_due = date '2026-05-16', late_at = now(), has_notice = true WHERE practice_key <> 'P3'`,
		`UPDATE practice SET phase = 'closed', closed_on = date '2026-06-01', email_stopped = 'came back' WHERE practice_key = 'P2'`,
		`INSERT INTO outbox (id, incident_id, practice_key, step, state, attempt) SELECT practice_key || n, incident_id, practice_key, 'practice_notice', 'intended', n FROM practice CROSS JOIN generate_series(1, 2) n`,
		`UPDATE outbox SET detail = 'no connection' WHERE practice_key = 'P1'`,
		`UPDATE outbox SET state = CASE attempt WHEN 1 THEN 'rejected' ELSE 'sent' END WHERE practice_key <> 'P1'`,
		`INSERT INTO page_practice (practice_id, link_sha256, salt, recipient, answers_to, secrets) SELECT id, sha256(practice_key::bytea), 'sixteen octets !', '', '', '' FROM practice`,
		`UPDATE page_practice SET opened_at = now(), wrong = 10`,
		`UPDATE page_practice SET answered_at = now(), wrong = 0 WHERE practice_id IN (SELECT id FROM practice WHERE practice_key = 'P1')`,
	} {
		do(statement)
		wrong, err := store.Recount(t.Context(), incidentID)
		require.NoError(t, err)
		require.Empty(t, wrong, statement)
		var after string
		require.NoError(t, pool.QueryRow(t.Context(), counts).Scan(&after))
		require.NotEqual(t, before, after, "it changes a count: %s", statement)
		before = after
	}
	status, err := store.Status(t.Context(), incidentID, noon, today)
	require.NoError(t, err)
	require.Equal(t, casebook.PageCounts{Pages: 3, Opened: 3, Answered: 1, CodesEnded: 1}, status.Pages)
	require.Equal(t, casebook.NoticeCounts{Stopped: 1, StoppedBy: "no connection"}, status.Notices, "by the latest attempt of each")

	do("ALTER TABLE practice DISABLE TRIGGER USER")
	do("UPDATE practice SET people = 70 WHERE practice_key = 'P1'")
	do("DELETE FROM practice_count WHERE practice_key = 'P3'")
	wrong, err := store.Recount(t.Context(), incidentID)
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"P1", "P3"}, wrong)
	wrong, err = store.Recount(t.Context(), incidentID)
	require.NoError(t, err)
	require.Empty(t, wrong, "it was mended")
}
