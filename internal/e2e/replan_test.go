package e2e_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/officetest"
	"duenotice/internal/rulebooks"
	"duenotice/internal/testkit"
)

// TestACaseOfAnUnknownRulebookStopsUntilItIsReplanned moves a running incident
// under a rulebook nobody has, as after a downgrade, and re-plans it: shown
// first, refused when the difference is another, then done and replayed.
func TestACaseOfAnUnknownRulebookStopsUntilItIsReplanned(t *testing.T) {
	t.Parallel()
	o := newOffice(t, nil)
	dir, made := officetest.MakeCase(t, 6_000, 20)
	id := made.IncidentID
	o.Do("start", dir, "--by", "Ada Officer")
	o.AwaitNothingIn(id, "starting")
	require.Contains(t, o.Do("audit", "replay", id), "every one the same bit for bit")
	require.Contains(t, o.Do("replan", id, "--by", "Ada Officer"), "already; nothing changed")

	pool := testkit.Pool(t, o.Env["DUENOTICE_OWNER_DATABASE_URL"])
	_, err := pool.Exec(t.Context(), "UPDATE incident SET rulebook_version = '2001.01', rulebook_sha256 = 'of nobody'")
	require.NoError(t, err)
	today := testkit.Today().String()
	code, _, errs := o.Run("record", id, "--practice", somePractice(t, o, id), "--fact", "practice_notified", "--on", today, "--by", "Ada Officer")
	require.Equal(t, 3, code, "nothing is decided under a rulebook the worker does not have")
	require.Contains(t, errs, "2001.01")
	require.Zero(t, count(t, o, "SELECT count(*) FROM act WHERE kind = 'record' AND terms #>> '{Record,Fact,fact}' = 'practice_notified'"),
		"a refused act is not written")

	shown := struct {
		SHA256 string
		Done   bool
	}{}
	require.NoError(t, json.Unmarshal([]byte(o.Do("replan", id, "--dry-run", "--json")), &shown))
	require.False(t, shown.Done)
	code, _, errs = o.Run("replan", id, "--difference", "another", "--by", "Ada Officer")
	require.Equal(t, 3, code, errs)
	code, _, _ = o.Run("replan", id)
	require.Equal(t, 2, code, "an act needs the person who did it")
	require.Contains(t, o.Do("replan", id, "--difference", shown.SHA256, "--by", "Ada Officer"), rulebooks.Kept().Newest().Version())
	require.Contains(t, o.Do("replan", id, "--by", "Ada Officer"), "already; nothing changed")

	require.Equal(t, 1, count(t, o, "SELECT count(*) FROM act WHERE kind = 'replan'"))

	// Acts are taken again.
	o.Do("record", id, "--practice", somePractice(t, o, id), "--fact", "practice_notified", "--on", today, "--by", "Ada Officer")
	require.Contains(t, o.Do("audit", "replay", id), "every one the same bit for bit")

	_, err = pool.Exec(t.Context(), `ALTER TABLE decision DISABLE TRIGGER decision_is_only_added_to;
		UPDATE decision SET result = replace(result, '"notifiable":true', '"notifiable":false') WHERE seq = (SELECT min(seq) FROM decision);
		ALTER TABLE decision ENABLE TRIGGER decision_is_only_added_to`)
	require.NoError(t, err)
	code, out, _ := o.Run("audit", "replay", id)
	require.Equal(t, 6, code)
	require.Contains(t, out, "the record was changed")
}

// somePractice is some practice of the incident.
func somePractice(t *testing.T, o *office, id string) string {
	t.Helper()
	pool := testkit.Pool(t, o.Env["DUENOTICE_OWNER_DATABASE_URL"])
	var key string
	require.NoError(t, pool.QueryRow(t.Context(), "SELECT min(practice_key) FROM practice WHERE incident_id = $1", id).Scan(&key))
	return key
}

func count(t *testing.T, o *office, query string) int {
	t.Helper()
	n := 0
	require.NoError(t, testkit.Pool(t, o.Env["DUENOTICE_OWNER_DATABASE_URL"]).QueryRow(t.Context(), query).Scan(&n))
	return n
}
