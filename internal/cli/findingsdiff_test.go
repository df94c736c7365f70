package cli_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/intake"
	"duenotice/internal/listdiff"
	"duenotice/internal/plan"
)

const exportHeader = "Patient ID,First Name,Last Name,DOB,Street Address,City,State,Zip Code,SSN,Clinic Name,Acquired or Viewed\n"

// exported is a row of a review platform's export.
func exported(n int, address, ssn, viewed string) string {
	return fmt.Sprintf("%d,Ann,Doe%c,1980-01-02,%s,Boston,MA,02101,%s,Oak Street,%s\n", n, 'a'+rune(n%26), address, ssn, viewed)
}

// importedCase is a case folder whose list was imported from an export and a client list.
func importedCase(t *testing.T, export string) (dir, source string) {
	t.Helper()
	dir, source = filepath.Join(t.TempDir(), "case"), filepath.Join(t.TempDir(), "export.csv")
	require.NoError(t, os.CopyFS(dir, os.DirFS(filepath.Join("..", "..", "docs", "walkthrough"))))
	require.NoError(t, os.Remove(filepath.Join(dir, casefolder.FindingsFile)))
	require.NoError(t, os.Remove(filepath.Join(dir, casefolder.PracticesFile)))
	require.NoError(t, os.WriteFile(source, []byte(export), 0o600))
	list := filepath.Join(t.TempDir(), "clients.csv")
	require.NoError(t, os.WriteFile(list, []byte(clientsOfPeople), 0o600))
	r := terminal{}.run(t, "findings", "import", dir, source, list)
	require.Zero(t, r.code, r.out+r.err)
	return dir, source
}

func TestALaterExportIsComparedBeforeItIsLoaded(t *testing.T) {
	t.Parallel()
	var first, later strings.Builder
	first.WriteString(exportHeader)
	later.WriteString(exportHeader)
	for n := range 503 { // of which two turn out not to be affected, and one is no longer there
		first.WriteString(exported(n, fmt.Sprintf("%d Ash St", n), "yes", "unknown"))
		switch n {
		case 0, 1:
			later.WriteString(exported(n, fmt.Sprintf("%d Ash St", n), "yes", "no"))
		case 2:
		case 3:
			later.WriteString(exported(n, "9 Elm Ave", "yes", "unknown"))
		case 4:
			later.WriteString(exported(n, fmt.Sprintf("%d Ash St", n), "", "unknown"))
		default:
			later.WriteString(exported(n, fmt.Sprintf("%d Ash St", n), "yes", "unknown"))
		}
	}
	dir, source := importedCase(t, first.String())
	before := readText(t, filepath.Join(dir, casefolder.FindingsFile))
	require.NoError(t, os.WriteFile(source, []byte(later.String()), 0o600))

	people := filepath.Join(t.TempDir(), "people.csv")
	r := terminal{}.run(t, "findings", "diff", dir, "--people", people)
	require.Zero(t, r.code, r.out+r.err)
	require.Regexp(t, `0 added, 1 removed, 2 leaving, 1 of other kinds of data, 1 at another address, 0 otherwise changed`, r.out)
	require.Regexp(t, `OAK +MA +503 +0 +1 +2 +0 +0 +0 +500`, r.out)
	require.Regexp(t, `dropped +.*[Mm]edia`, r.out)
	require.NotContains(t, r.out+r.err, "Doe")
	require.NotContains(t, r.out+r.err, "Ash")
	require.Equal(t, before, readText(t, filepath.Join(dir, casefolder.FindingsFile)), "nothing is written")
	rows, err := csv.NewReader(strings.NewReader(readText(t, people))).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 1+5)
	what := map[string]int{}
	for _, row := range rows[1:] {
		require.Equal(t, "OAK", row[0])
		what[row[3]]++
	}
	require.Equal(t, map[string]int{listdiff.Leaving: 2, listdiff.Removed: 1, listdiff.Kinds: 1, listdiff.Address: 1}, what)
	require.NotContains(t, readText(t, people), "Doe")

	r = terminal{}.run(t, "findings", "diff", dir, "--json")
	require.Zero(t, r.code, r.err)
	var d struct {
		Total  listdiff.Counts
		Lines  []listdiff.Line
		Duties []plan.Change
	}
	require.NoError(t, json.Unmarshal([]byte(r.out), &d))
	require.Equal(t, listdiff.Counts{Before: 503, Removed: 1, Leaving: 2, After: 500, Kinds: 1, Address: 1}, d.Total)
	kinds := map[string]string{}
	for _, c := range d.Duties {
		if c.Before != nil {
			kinds[c.Before.Kind] = c.What
		}
	}
	require.Equal(t, plan.Dropped, kinds[breach.MediaNotice])

	// Another day of discovery moves the days, whoever is on the lists.
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	require.NoError(t, os.CopyFS(elsewhere, os.DirFS(dir)))
	incident := filepath.Join(elsewhere, casefolder.IncidentFile)
	require.NoError(t, os.WriteFile(incident, []byte(strings.Replace(readText(t, incident), "discovered: 2026-03-16", "discovered: 2026-03-15", 1)), 0o600))
	r = terminal{}.run(t, "findings", "diff", dir, elsewhere)
	require.Zero(t, r.code, r.out+r.err)
	require.Regexp(t, `moved +Individual notice +2026-05-14 +2026-05-15`, r.out)

	// The same by name, as a list of its own, and as a list without a folder.
	r = terminal{}.run(t, "findings", "diff", dir, source, "--csv")
	require.Zero(t, r.code, r.out+r.err)
	require.Contains(t, r.out, "OAK,MA,503,0,1,2,0,0,0,500,1,1,0")
	kept := filepath.Join(t.TempDir(), "first.csv")
	require.NoError(t, os.WriteFile(kept, []byte(before), 0o600))
	r = terminal{}.run(t, "findings", "import", dir, source, "--profile", "list")
	require.Zero(t, r.code, r.out+r.err)
	for _, args := range [][]string{{kept, dir}, {kept, filepath.Join(dir, casefolder.FindingsFile)}} {
		r = terminal{}.run(t, append([]string{"findings", "diff", "--csv"}, args...)...)
		require.Zero(t, r.code, r.out+r.err)
		require.Contains(t, r.out, "OAK,MA,503,0,1,2,0,0,0,500,1,1,0")
	}
	r = terminal{}.run(t, "findings", "diff", kept, filepath.Join(dir, casefolder.FindingsFile))
	require.Contains(t, r.out, "give a case folder with a complete incident.yaml")
	bare := filepath.Join(t.TempDir(), "bare") // somebody compares before incident.yaml is filled in
	require.Zero(t, terminal{}.run(t, "init", bare).code)
	require.NoError(t, os.WriteFile(filepath.Join(bare, casefolder.FindingsFile), []byte(before), 0o600))
	r = terminal{}.run(t, "findings", "diff", bare, kept)
	require.Zero(t, r.code, r.out+r.err)
	require.Contains(t, r.out, "The lists say the same of the same people")
	r = terminal{}.run(t, "findings", "diff", kept, source)
	require.Equal(t, 3, r.code)
	require.Contains(t, r.err, "Give the case folder in the place of its list")
	require.NoDirExists(t, filepath.Join(dir, ".import"))
}

func TestARowOfTheListIsTracedInWords(t *testing.T) {
	t.Parallel()
	dir, _ := importedCase(t, exportHeader+exported(1, "1 Ash St", "yes", "unknown")+exported(1, "1 Ash St", "", "unknown"))
	r := terminal{}.run(t, "findings", "trace", dir, "2")
	require.Zero(t, r.code, r.out+r.err)
	require.Regexp(t, `findings.csv line 2: person P\w+ at OAK\n  S1 export.csv, row 2, read as list\n  S1 export.csv, row 3, read as list\n      merged \(a row of the same person`, r.out)
	require.NotContains(t, r.out, "Doe")
	r = terminal{}.run(t, "findings", "trace", dir, "2", "--json")
	var trace intake.Trace
	require.NoError(t, json.Unmarshal([]byte(r.out), &trace))
	require.Len(t, trace.Findings[0].Rows, 2)
	r = terminal{}.run(t, "findings", "trace", dir, trace.Findings[0].PersonKey, "--csv")
	require.Regexp(t, `,3,[0-9a-f]{64},list,merged merged\n`, r.out)
	r = terminal{}.run(t, "findings", "trace", dir, "77")
	require.Equal(t, 3, r.code)
	require.Contains(t, r.err, "has no such row")
}
