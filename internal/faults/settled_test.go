package faults_test

import (
	"encoding/csv"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
	"duenotice/internal/officetest"
	"duenotice/internal/plan"
	"duenotice/internal/testkit"
)

// settled holds everything against everything once nothing moves any more: what every
// case ends with.
func (b *broken) settled() {
	b.T.Helper()
	b.quiet()
	b.everybodyIsThere()
	b.mailWentOutOnce()
	b.lettersAreThoseOnRecord()
	b.dutiesAreThePlans()
	b.evidenceVerifies()
}

// quiet waits until nobody works and nothing is in the way.
func (b *broken) quiet() {
	b.T.Helper()
	testkit.Await(b.T, func() bool {
		code, out, _ := b.Run("status", b.id, "--json")
		var s casebook.Status
		return code == 0 && json.Unmarshal([]byte(out), &s) == nil && s.Launched == s.Practices && b.untroubled(s) && s.Worker.Working &&
			b.number("SELECT count(*) FROM outbox WHERE state IN ('intended', 'sending')") == 0 &&
			b.number("SELECT count(*) FROM practice WHERE incident_id = $1 AND closed_on IS NULL AND standing_of <> changes", b.id) == 0 &&
			b.number("SELECT count(*) FROM finding WHERE state = 'printing'") == 0
	}, func() string { return b.Do("status", b.id) })
}

// untroubled: nothing could not be done. What is shown for a week, because somebody did
// something past the program, is there only where a case did that.
func (b *broken) untroubled(s casebook.Status) bool {
	return !slices.ContainsFunc(s.Troubles, func(t casebook.Trouble) bool { return !b.tampered || !slices.Contains(casebook.Alarms, t.Kind) })
}

// everybodyIsThere: each row of the list is in one state, and the states add up to them.
func (b *broken) everybodyIsThere() {
	b.T.Helper()
	s := b.status()
	require.True(b.T, s.Account.AddsUp, "the account does not add up: %+v", s.Account)
	require.Equal(b.T, b.made.Findings, s.Account.Findings)
	require.Equal(b.T, b.made.Findings, b.number("SELECT count(*) FROM finding"))
	require.Equal(b.T, b.made.Findings, b.number("SELECT coalesce(sum(people), 0) FROM account"))
	for _, d := range s.Details {
		require.True(b.T, d.AddsUp, d.Key)
	}
}

// mailWentOutOnce: no message was taken twice, and each that was taken is on record as
// sent, with the provider's id, and no other.
func (b *broken) mailWentOutOnce() {
	b.T.Helper()
	for id, n := range b.handed() {
		require.Equal(b.T, 1, n, "message %s", id)
	}
	rows, err := b.pool.Query(b.T.Context(), "SELECT id, provider_id FROM outbox WHERE state = 'sent'")
	require.NoError(b.T, err)
	recorded := map[string]string{}
	for rows.Next() {
		var id, provider string
		require.NoError(b.T, rows.Scan(&id, &provider))
		recorded[id] = provider
	}
	require.NoError(b.T, rows.Err())
	for _, m := range b.mail.Taken() {
		id := m.Args["duenotice_message_id"]
		state := ""
		require.NoError(b.T, b.pool.QueryRow(b.T.Context(), "SELECT state FROM outbox WHERE id = $1", id).Scan(&state))
		if slices.Contains([]string{casebook.MessageUnknown, casebook.MessageRecorded, casebook.MessageBounced}, state) {
			continue // a person is asked, or was
		}
		require.Equal(b.T, m.ProviderID, recorded[id], "message %s to %s is %s", id, m.To, state)
		delete(recorded, id)
	}
	require.Empty(b.T, recorded, "recorded as sent, and never taken")
}

// lettersAreThoseOnRecord: the pieces in the folders are those of the database, each once,
// no finding is in two letters, and each file is what the database and the manifest say.
func (b *broken) lettersAreThoseOnRecord() {
	b.T.Helper()
	root := filepath.Join(b.Out, b.id, "mail")
	entries, err := os.ReadDir(root)
	if !os.IsNotExist(err) {
		require.NoError(b.T, err)
	}
	onDisk := map[string]bool{}
	for _, e := range entries {
		dir := filepath.Join(root, e.Name())
		if _, notices := casebook.PostBatchNumber(e.Name()); notices {
			b.noticesAreThoseOnRecord(dir)
		}
		if _, _, ok := casebook.BatchOf(e.Name()); !ok {
			continue
		}
		rows, err := csv.NewReader(strings.NewReader(officetest.ReadFile(b.T, filepath.Join(dir, "pieces.csv")))).ReadAll()
		require.NoError(b.T, err)
		for _, row := range rows[1:] {
			id := row[officetest.Column(rows[0], "piece_id")]
			require.False(b.T, onDisk[id], "piece %s twice", id)
			onDisk[id] = true
		}
		var m struct {
			Files []struct{ Name, SHA256 string }
		}
		require.NoError(b.T, json.Unmarshal([]byte(officetest.ReadFile(b.T, filepath.Join(dir, "manifest.json"))), &m))
		for _, f := range m.Files {
			require.Equal(b.T, f.SHA256, sum([]byte(officetest.ReadFile(b.T, filepath.Join(dir, f.Name)))), "%s/%s", e.Name(), f.Name)
		}
		var pdf, list string
		require.NoError(b.T, b.pool.QueryRow(b.T.Context(), "SELECT pdf_sha256, csv_sha256 FROM batch WHERE name = $1", e.Name()).Scan(&pdf, &list), e.Name())
		require.Equal(b.T, pdf, sum([]byte(officetest.ReadFile(b.T, filepath.Join(dir, "letters.pdf")))), e.Name())
		require.Equal(b.T, list, sum([]byte(officetest.ReadFile(b.T, filepath.Join(dir, "pieces.csv")))), e.Name())
	}
	rows, err := b.pool.Query(b.T.Context(), `SELECT DISTINCT 'R' || to_char(r.number, 'FM000') || '-' || to_char(m.piece_no, 'FM000000')
		FROM piece m JOIN mail_run r ON r.id = m.run_id WHERE m.held = ''`)
	require.NoError(b.T, err)
	recorded := map[string]bool{}
	for rows.Next() {
		var id string
		require.NoError(b.T, rows.Scan(&id))
		recorded[id] = true
	}
	require.NoError(b.T, rows.Err())
	require.Equal(b.T, slices.Sorted(maps.Keys(recorded)), slices.Sorted(maps.Keys(onDisk)))
	require.Equal(b.T, b.number("SELECT count(*) FROM finding WHERE letter <> ''"),
		b.number("SELECT count(*) FROM piece WHERE held = '' AND NOT superseded"), "findings in letters")
	require.Zero(b.T, b.number(`SELECT count(*) FROM (SELECT practice_id, person_key FROM piece WHERE NOT superseded
		GROUP BY 1, 2 HAVING count(*) > 1) twice`))
}

// noticesAreThoseOnRecord: the letters to practices of a batch are those of the database.
func (b *broken) noticesAreThoseOnRecord(dir string) {
	b.T.Helper()
	number, _ := casebook.PostBatchNumber(filepath.Base(dir))
	var pdf, list string
	var pieces int
	require.NoError(b.T, b.pool.QueryRow(b.T.Context(), `SELECT pdf_sha256, csv_sha256, (SELECT count(*) FROM post_piece WHERE batch_id = b.id AND held = '')
		FROM post_batch b WHERE number = $1`, number).Scan(&pdf, &list, &pieces), dir)
	require.Equal(b.T, pdf, sum([]byte(officetest.ReadFile(b.T, filepath.Join(dir, "letters.pdf")))), dir)
	content := officetest.ReadFile(b.T, filepath.Join(dir, "pieces.csv"))
	require.Equal(b.T, list, sum([]byte(content)), dir)
	rows, err := csv.NewReader(strings.NewReader(content)).ReadAll()
	require.NoError(b.T, err)
	require.Len(b.T, rows, pieces+1, dir)
}

// dutiesAreThePlans: each practice owes what the plan of its case folder says, and each
// decision on record comes out the same again.
func (b *broken) dutiesAreThePlans() {
	b.T.Helper()
	code, out, _ := b.Run("plan", b.dir, "--json")
	require.Zero(b.T, code)
	var planned plan.Document
	require.NoError(b.T, json.Unmarshal([]byte(out), &planned))
	want := map[string]bool{}
	for _, p := range planned.Practices {
		for _, o := range p.Obligations {
			want[strings.Join([]string{p.PracticeKey, o.Rule, o.Kind, o.Jurisdiction, o.Form}, " ")] = true
		}
	}
	rows, err := b.pool.Query(b.T.Context(), `SELECT p.practice_key || ' ' || d.rule || ' ' || d.kind || ' ' || d.jurisdiction || ' ' || d.form
		FROM obligation d JOIN practice p ON p.id = d.practice_id WHERE NOT d.dropped`)
	require.NoError(b.T, err)
	owed := map[string]bool{}
	for rows.Next() {
		var duty string
		require.NoError(b.T, rows.Scan(&duty))
		owed[duty] = true
	}
	require.NoError(b.T, rows.Err())
	require.Equal(b.T, slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(owed)))
	b.Do("audit", "replay", b.id)
}

// evidenceVerifies: the pack of the whole incident, by its key and nothing else.
func (b *broken) evidenceVerifies() {
	b.T.Helper()
	var packed struct {
		Pack      string `json:"pack"`
		PublicKey string `json:"public_key_file"`
	}
	require.NoError(b.T, json.Unmarshal([]byte(b.Do("report", "evidence", b.id, "--json")), &packed))
	b.Do("verify", packed.Pack, "--key", packed.PublicKey)
}
