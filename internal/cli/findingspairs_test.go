package cli_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// pairedPeople are two systems' lists; nobody in them exists. Bob is Robert; Ann moved.
var pairedPeople = []string{
	"Patient ID,First Name,Last Name,DOB,Street Address,City,State,Zip Code,Clinic Name\n" +
		"1,Robert,Example,1980-01-02,12 Ash Street,Boston,MA,02101,Oak Street\n2,Ann,Sample,1990-05-06,3 Elm St,Boston,MA,02101,Oak Street\n",
	"Patient ID,First Name,Last Name,DOB,Street Address,City,State,Zip Code,Clinic Name\n" +
		"A1,Bob,Example,1980-01-02,12 Ash St.,Boston,MA,02101,Oak Street\nA2,Ann,Sample,1990-05-06,77 Pine Ave,Boston,MA,02108,Oak Street\n",
}

// pairedCase is a case folder into which they were imported.
func pairedCase(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "case")
	require.NoError(t, os.CopyFS(dir, os.DirFS(filepath.Join("..", "..", "docs", "walkthrough"))))
	for _, name := range []string{"practices.csv", "findings.csv"} {
		require.NoError(t, os.Remove(filepath.Join(dir, name)))
	}
	words := []string{"findings", "import", dir, writeFile(t, clientsOfPeople)}
	for _, people := range pairedPeople {
		words = append(words, writeFile(t, people))
	}
	r := terminal{}.run(t, words...)
	require.Zero(t, r.code, r.out+r.err)
	require.Contains(t, r.out, "1 pair of people is put together")
	require.Contains(t, r.out, "findings pairs "+dir)
	return dir
}

func TestPairsAreLookedAtDecidedAndUndone(t *testing.T) {
	t.Parallel()
	dir := pairedCase(t)
	r := terminal{}.run(t, "findings", "pairs", dir)
	require.Zero(t, r.code, r.err)
	require.Contains(t, r.out, "moved, or two people")
	require.Contains(t, r.out, "1 together, 0 apart by decision, 1 open.")
	require.NotContains(t, r.out+r.err, "Sample", "names stand in the file alone")

	r = terminal{}.run(t, "validate", dir)
	require.Contains(t, r.out, "nobody decided about 1 pair of people")
	r = terminal{}.run(t, "plan", dir)
	require.Contains(t, r.out, "open_pairs")

	r = terminal{}.run(t, "findings", "pairs", dir, "--all", "--json")
	require.Zero(t, r.code, r.err)
	var document struct {
		Pairs []struct {
			Pair, Standing string
			A, B           struct{ Key string }
		}
		Counts struct{ Together, Open int }
	}
	require.NoError(t, json.Unmarshal([]byte(r.out), &document))
	require.Len(t, document.Pairs, 2)
	require.NotContains(t, r.out, "Sample")

	open, together := document.Pairs[0], document.Pairs[1]
	if open.Standing != "open" {
		open, together = together, open
	}
	r = terminal{}.run(t, "findings", "pairs", dir, open.Pair, "--same", "--reason", "moved in May")
	require.Equal(t, 2, r.code, "who decided is kept")
	r = terminal{}.run(t, "findings", "pairs", dir, open.Pair, "--same", "--by", "Ada Rivera")
	require.Equal(t, 3, r.code)
	require.Contains(t, r.err, "needs a reason")
	r = terminal{}.run(t, "findings", "pairs", dir, open.Pair, "--same", "--reason", "moved in May", "--by", "Ada Rivera")
	require.Zero(t, r.code, r.err)
	require.Contains(t, r.out, "2 people in 2 findings")
	r = terminal{}.run(t, "findings", "pairs", dir, together.A.Key, together.B.Key, "--undo", "--reason", "father and son", "--by", "Ada Rivera")
	require.Zero(t, r.code, r.err)
	require.Contains(t, r.out, "3 people in 3 findings")
	r = terminal{}.run(t, "findings", "pairs", dir, "--all", "--csv")
	require.Contains(t, r.out, "father and son")
	require.Contains(t, r.out, "Ada Rivera")
	r = terminal{}.run(t, "validate", dir)
	require.NotContains(t, r.out, "nobody decided")
}

// TestEveryCountIsShownWithAndWithoutThePairs: people, residents and what is owed.
func TestEveryCountIsShownWithAndWithoutThePairs(t *testing.T) {
	t.Parallel()
	dir := pairedCase(t)
	before, err := os.ReadFile(filepath.Join(dir, "findings.csv"))
	require.NoError(t, err)
	r := terminal{}.run(t, "findings", "pairs", dir, "--counts", "--csv")
	require.Zero(t, r.code, r.err)
	rows, err := csv.NewReader(strings.NewReader(r.out)).ReadAll()
	require.NoError(t, err)
	for _, want := range [][]string{{"all", "people", "3", "2", "4"}, {"OAK", "people", "3", "2", "4"}, {"OAK", "residents of MA", "3", "2", "4"}} {
		require.True(t, slices.ContainsFunc(rows, func(row []string) bool { return slices.Equal(row, want) }), "%v in %v", want, rows)
	}
	r = terminal{}.run(t, "findings", "pairs", dir, "--counts")
	require.Zero(t, r.code, r.err)
	require.Contains(t, r.out, "IF EVERY OPEN PAIR WERE ONE")
	after, err := os.ReadFile(filepath.Join(dir, "findings.csv"))
	require.NoError(t, err)
	require.Equal(t, before, after, "counting changes nothing")
	require.NoDirExists(t, filepath.Join(dir, ".import"))
}

// TestAListOfPairsThatWasFilledInIsTaken, whole or not at all.
func TestAListOfPairsThatWasFilledInIsTaken(t *testing.T) {
	t.Parallel()
	dir := pairedCase(t)
	content, err := os.ReadFile(filepath.Join(dir, "findings-pairs.csv"))
	require.NoError(t, err)
	rows, err := csv.NewReader(strings.NewReader(string(content))).ReadAll()
	require.NoError(t, err)
	filled := [][]string{rows[0]}
	for _, row := range rows[1:] {
		if row[1] == "open" {
			row[2], row[3] = "apart", "two people, says the practice"
			filled = append(filled, row)
		}
	}
	write := func(rows [][]string) string {
		var b strings.Builder
		require.NoError(t, csv.NewWriter(&b).WriteAll(rows))
		return writeFile(t, b.String())
	}
	bad := append(slices.Clone(filled), append([]string{"MAAAAAAAAAA", "open", "same", "x"}, rows[1][4:]...))
	r := terminal{}.run(t, "findings", "pairs", dir, "--decide", write(bad), "--by", "Ada Rivera")
	require.Equal(t, 3, r.code)
	require.Contains(t, r.err, "line 3")
	require.NoFileExists(t, filepath.Join(dir, "findings-decisions.csv"), "one refused line refuses all")
	r = terminal{}.run(t, "findings", "pairs", dir, "--decide", write(filled), "--by", "Ada Rivera")
	require.Zero(t, r.code, r.err)
	require.Contains(t, r.out, "Nothing is open")
}

// TestPracticesThatMayBeOneAreLookedAtAndDecided, with every count as two and as one.
func TestPracticesThatMayBeOneAreLookedAtAndDecided(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "case")
	require.NoError(t, os.CopyFS(dir, os.DirFS(filepath.Join("..", "..", "docs", "walkthrough"))))
	for _, name := range []string{"practices.csv", "findings.csv"} {
		require.NoError(t, os.Remove(filepath.Join(dir, name)))
	}
	people := "Patient ID,First Name,Last Name,DOB,Street Address,City,State,Zip Code,Practice Key\n" +
		"1,Ann,Sample,1990-05-06,3 Elm St,Boston,MA,02101,OAK\n1,Ann,Sample,1990-05-06,3 Elm St,Boston,MA,02101,OAK2\n"
	twice := clientsOfPeople + "OAK2,\"Oak Street, LLC\",1234567893,privacy@oak.example.org,Boston,MA,02101,1 Oak St\n"
	r := terminal{}.run(t, "findings", "import", dir, writeFile(t, people), writeFile(t, twice))
	require.Zero(t, r.code, r.out+r.err)
	require.Contains(t, r.out, "1 pair of practices may be one covered entity")
	r = terminal{}.run(t, "findings", "practices", dir)
	require.Zero(t, r.code, r.err)
	require.Contains(t, r.out, "OAK | OAK2")
	require.Contains(t, terminal{}.run(t, "validate", dir).out, "1 pair of practices")
	require.Contains(t, terminal{}.run(t, "plan", dir).out, "open_practice_pairs")
	r = terminal{}.run(t, "findings", "practices", dir, "--counts", "--csv")
	require.Zero(t, r.code, r.err)
	require.Contains(t, r.out, "all,findings,2,1,2")
	require.Contains(t, r.out, "OAK2,people,1,0,1")
	r = terminal{}.run(t, "findings", "practices", dir, "OAK2", "OAK", "--same", "--reason", "taken over", "--by", "Ada Rivera")
	require.Zero(t, r.code, r.err)
	require.Contains(t, r.out, "1 person in 1 finding now")
	practices, err := os.ReadFile(filepath.Join(dir, "practices.csv"))
	require.NoError(t, err)
	require.Contains(t, string(practices), "OAK2,")
	require.NotContains(t, string(practices), "OAK,", "the first that is named stays")
	require.NotContains(t, terminal{}.run(t, "validate", dir).out, "pair of practices")
}
