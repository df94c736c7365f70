package cli_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casefolder"
	"duenotice/internal/intake"
)

// The case folder's sources are newer files by now: a dry run shows what they change and
// writes nothing; then those whose data nobody saw leave, their letters are named, and the
// evidence has the hashes of the files.
func TestACaseIsAmendedFromItsSources(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.startWorker()
	const id = "EX-2026-07"
	var first, later strings.Builder
	first.WriteString(exportHeader)
	later.WriteString(exportHeader)
	for n := range 5 {
		first.WriteString(exported(n, "1 Ash St", "yes", "unknown"))
	}
	later.WriteString(exported(7, "7 Ash St", "yes", "unknown")) // before the others, whose rows move
	for n := range 5 {
		if viewed := []string{"no", "unknown", "unknown", "unknown", ""}[n]; viewed != "" {
			later.WriteString(exported(n, "1 Ash St", "yes", viewed))
		}
	}
	folder, source := importedCase(t, first.String())
	o.must("start", folder, "--by", "Ada Rivera", "--yes")
	require.NoError(t, os.WriteFile(source, []byte(later.String()), 0o600))
	before := readText(t, filepath.Join(folder, casefolder.FindingsFile))

	amend := func(more ...string) result {
		return o.do(append([]string{"amend", id, "--by", "Ada Rivera"}, more...)...)
	}
	trial := amend("--from-sources", folder, "--dry-run")
	require.Zero(t, trial.code, trial.err)
	for _, line := range []string{
		`S1 +export.csv +SHA-256`, `would become list 2`, `added +1\n`, `changed +0\n`, `as before +3\n`, `taken out +1\n`, `because nobody saw their data +1\n`,
		`in no source, and staying +1\n`, `OAK +MA +1 +0 +0\n`,
	} {
		require.Regexp(t, line, trial.out)
	}
	require.NotContains(t, trial.out+trial.err, "Doe")
	require.Equal(t, before, readText(t, filepath.Join(folder, casefolder.FindingsFile)), "the case folder stays as it is")
	require.NoDirExists(t, filepath.Join(folder, ".import"))

	done := amend("--from-sources", folder)
	require.Zero(t, done.code, done.out+done.err)
	require.Contains(t, done.out, "list 2 is loaded")
	require.NotEqual(t, before, readText(t, filepath.Join(folder, casefolder.FindingsFile)))
	again := amend("--from-sources", folder)
	require.Contains(t, again.out, "was loaded before, as list 2")
	require.Regexp(t, `1 left the list: nobody saw their data`, o.must("status", id, "--practice", "OAK"))

	var packed struct {
		Pack      string `json:"pack"`
		PublicKey string `json:"public_key_file"`
	}
	require.NoError(t, json.Unmarshal([]byte(o.must("report", "evidence", id, "--json")), &packed))
	require.Zero(t, terminal{now: o.now}.runIn(t.Context(), []string{"verify", packed.Pack, "--key", packed.PublicKey}).code)
	sum := sha256.Sum256([]byte(later.String()))
	require.Contains(t, readText(t, packed.Pack), hex.EncodeToString(sum[:]), "the evidence names the later source")

	// A list that was imported is in the ledger with its sources however it is given.
	require.NoError(t, os.WriteFile(source, []byte(later.String()+exported(9, "9 Ash St", "yes", "unknown")), 0o600))
	options, err := intake.Again(folder)
	require.NoError(t, err)
	imported := o.do(append([]string{"findings", "import", folder}, options.Sources...)...)
	require.Zero(t, imported.code, imported.out+imported.err)
	given := amend("--findings", filepath.Join(folder, casefolder.FindingsFile))
	require.Zero(t, given.code, given.out+given.err)
	require.Contains(t, given.err, "--from-sources")

	require.Equal(t, 2, amend("--from-sources", folder, "--findings", "x").code)
	other := filepath.Join(t.TempDir(), "other")
	require.NoError(t, os.CopyFS(other, os.DirFS(folder)))
	incident := filepath.Join(other, casefolder.IncidentFile)
	require.NoError(t, os.WriteFile(incident, []byte(strings.Replace(readText(t, incident), id, "EX-2026-08", 1)), 0o600))
	refused := amend("--from-sources", other)
	require.Equal(t, 3, refused.code)
	require.Contains(t, refused.err, "not of EX-2026-07")
	require.NoError(t, os.Remove(source))
	refused = amend("--from-sources", folder)
	require.Equal(t, 3, refused.code)
	require.Contains(t, refused.err, "export.csv is not where it was")
}
