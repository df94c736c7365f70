package cli_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/evidence"
	"duenotice/internal/testkit"
)

func TestEvidenceIsPackedVerifiedAndRefusedWhenItWasTouched(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	folder := syntheticCase(t, 3, 12)
	const id, key = "DEMO-2026-03", "P-00001"
	o.startWorker()
	o.must("start", folder, "--by", "Ada Rivera")
	receipt := filepath.Join(t.TempDir(), "PS Form 3600.PDF")
	require.NoError(t, os.WriteFile(receipt, []byte("a postage statement"), 0o600))
	o.must("record", id, "--practice", key, "--fact", "media_sent", "--on", "2026-04-20", "--reference", "PS 3600", "--proof", receipt, "--by", "Ada Rivera")

	var packed struct {
		Pack      string          `json:"pack"`
		PublicKey string          `json:"public_key_file"`
		Query     string          `json:"timestamp_query"`
		Report    evidence.Report `json:"report"`
	}
	require.NoError(t, json.Unmarshal([]byte(o.must("report", "evidence", id, "--practice", key, "--json")), &packed))
	require.Equal(t, key, packed.Report.Practice)
	require.Positive(t, packed.Report.Anchors)
	require.FileExists(t, packed.Query)

	// The reader has the program, the pack and the key, and nothing else.
	reader := terminal{now: o.now}
	check := func(pack string, more ...string) result {
		return reader.runIn(t.Context(), append([]string{"verify", pack}, more...))
	}
	r := check(packed.Pack, "--key", packed.PublicKey)
	require.Zero(t, r.code, r.err)
	require.Contains(t, r.out, "every link holds")
	require.Contains(t, r.out, packed.Report.Fingerprint)
	// Without a key nobody's word stands behind it, and its first line and code say so.
	const nobody = "Nobody's word stands behind this pack: no key was given.\n"
	r = check(packed.Pack)
	require.Equal(t, 6, r.code)
	require.True(t, strings.HasPrefix(r.out, nobody), r.out)
	require.Contains(t, r.err, "--without-key")
	r = check(packed.Pack, "--json")
	require.Equal(t, 6, r.code)
	require.Contains(t, r.out, `"ok": false`)
	require.Contains(t, r.out, `"broken": null`)
	r = check(packed.Pack, "--without-key")
	require.Zero(t, r.code, r.err)
	require.True(t, strings.HasPrefix(r.out, nobody), r.out)
	r = check(packed.Pack, "--without-key", "--json")
	require.Zero(t, r.code, r.err)
	require.Contains(t, r.out, `"ok": true`)
	require.Contains(t, r.out, `"key_given": false`)
	// An empty key is none that was given, but a mistake.
	for _, empty := range [][]string{{"--key", ""}, {"--key="}, {"--key", " "}, {"--key", "", "--without-key"}, {"--tsa-roots", ""}, {"--key", packed.PublicKey, "--without-key"}} {
		r = check(packed.Pack, empty...)
		require.Equal(t, 2, r.code, "%q: %s", empty, r.out+r.err)
		require.Empty(t, r.out)
	}
	// By a clock of the day before, the pack is from after now, with its key too.
	r = terminal{now: o.now.AddDate(0, 0, -2)}.runIn(t.Context(), []string{"verify", packed.Pack, "--key", packed.PublicKey})
	require.Equal(t, 6, r.code)
	require.Contains(t, r.err, "after now")
	r = o.do("report", "evidence", id, "--as-of", o.now.AddDate(0, 0, 2).Format(time.DateOnly))
	require.Equal(t, 3, r.code, r.err)
	content, err := os.ReadFile(packed.Pack)
	require.NoError(t, err)
	require.Contains(t, string(content), "a postage statement", "the proof is in it")
	for _, patient := range patients(t, folder) {
		require.NotContains(t, string(content), patient)
	}

	touched := filepath.Join(t.TempDir(), "touched.zip")
	at := strings.Index(string(content), "a postage statement")
	changed := slices.Clone(content)
	changed[at] = 'A'
	require.NoError(t, os.WriteFile(touched, changed, 0o600))
	r = check(touched, "--key", packed.PublicKey)
	require.Equal(t, 6, r.code)
	require.Contains(t, r.err, "proofs/")
	r = check(touched, "--key", packed.PublicKey, "--json")
	require.Equal(t, 6, r.code)
	require.Contains(t, r.out, `"ok": false`)
	require.NoError(t, os.WriteFile(touched, content[:len(content)-7], 0o600))
	require.Equal(t, 6, check(touched).code)
	other := evidenceKey(t)
	require.Equal(t, 6, check(packed.Pack, "--key", other.Public()).code, "signed by somebody else")
	require.Equal(t, 1, check(filepath.Join(t.TempDir(), "none.zip")).code)
	require.Equal(t, 1, check(packed.Pack, "--key", "nonsense").code)

	require.Contains(t, o.must("report", "binder", id, "--practice", key), key+"-binder.pdf")
	require.Contains(t, o.must("report", "evidence", id), "4 ledgers")

	pool := testkit.Pool(t, o.env["DUENOTICE_OWNER_DATABASE_URL"])
	_, err = pool.Exec(t.Context(), `SET session_replication_role = replica;
		UPDATE ledger SET body = replace(body, 'Ada', 'Eve') WHERE practice_key = '`+key+`'; RESET session_replication_role`)
	require.NoError(t, err)
	r = o.do("report", "evidence", id, "--practice", key)
	require.Equal(t, 6, r.code)
	require.Contains(t, r.err, "the ledger of practice "+key)
}

func evidenceKey(t *testing.T) *evidence.Key {
	t.Helper()
	key, err := evidence.EnsureKey(filepath.Join(t.TempDir(), "key.pem"))
	require.NoError(t, err)
	return key
}

// patients are the names, and the streets, of the case's people.
func patients(t *testing.T, folder string) []string {
	t.Helper()
	file, err := os.Open(filepath.Join(folder, "findings.csv"))
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	column := func(row []string, name string) string { return row[slices.Index(rows[0], name)] }
	var words []string
	for _, row := range rows[1:] {
		words = append(words, column(row, "first_name")+" "+column(row, "last_name"))
		if street := column(row, "address1"); street != "" {
			words = append(words, street)
		}
	}
	require.NotEmpty(t, words)
	return words
}
