package intake_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/intake"
)

// twoOaks is a client list in which one practice stands twice, and one was taken over.
const twoOaks = `practice_key,legal_name,npi,address1,city,state,zip,email,phone
OAK,Oak Street Medical Group,1234567893,1 Oak St,Reno,NV,89501,,775-555-0100
OAK2,"Oak Street Medical Group, LLC",1234567893,1 Oak St,Reno,NV,89501,office@oak.example.org,
ELM,Elm Family Practice,,2 Elm Ave,Reno,NV,89502,office@elm.example.org,
FIR,Fir Clinic,1245319599,3 Fir Rd,Reno,NV,89503,office@fir.example.org,
`

// atTwoOaks has Ann at both, Bob at the second, and Eve at a practice that is named by
// what both are called.
const atTwoOaks = "Patient ID,First Name,Last Name,DOB,Street Address,City,State,Zip Code,Clinic Name,Practice Key\n" +
	"1,Ann,Sample,1990-05-06,3 Elm St,Reno,NV,89501,,OAK\n" +
	"1,Ann,Sample,1990-05-06,3 Elm St,Reno,NV,89501,,OAK2\n" +
	"2,Bob,Example,1980-01-02,12 Ash St,Reno,NV,89501,,OAK2\n" +
	"3,Eve,Muster,1975-02-03,1 Oak Dr,Reno,NV,89501,,ELM\n"

func practiceSources(t testing.TB) []string {
	t.Helper()
	return []string{file(t, "people.csv", atTwoOaks), file(t, "clients.csv", twoOaks)}
}

// allContents are all files that sources and decisions make.
func allContents(t testing.TB, dir string) map[string]string {
	t.Helper()
	all := contents(t, dir)
	for _, name := range []string{intake.PracticePairsFile, intake.PracticeDecisionsFile, intake.PracticeApartFile} {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if !os.IsNotExist(err) {
			require.NoError(t, err)
		}
		all[name] = string(content)
	}
	return all
}

func decidePractices(t testing.TB, dir string, choices ...intake.Choice) intake.Decided {
	t.Helper()
	done, err := intake.Decide(t.Context(), intake.Practices, dir, choices, "Ada Rivera", today)
	require.NoError(t, err)
	return done
}

func TestAPracticeThatIsThereTwiceIsAskedAbout(t *testing.T) {
	t.Parallel()
	dir := caseDir(t)
	report, people := imported(t, intake.Options{Dir: dir, Sources: practiceSources(t)})
	require.Equal(t, intake.PairCounts{Open: 1}, report.PracticePairs, "no rule makes two practices one")
	require.Len(t, people, 4)
	require.Len(t, list(t, dir, casefolder.PracticesFile), 4)
	pairs := list(t, dir, intake.PracticePairsFile)
	require.Len(t, pairs, 1)
	require.Equal(t, "same_name_address", pairs[0]["rule"])
	require.Equal(t, "OAK", pairs[0]["key_a"])
	require.Equal(t, "OAK2", pairs[0]["key_b"])
	requireValid(t, dir)
}

func TestPracticesThatAreOneBecomeOneAndTwoAgain(t *testing.T) {
	t.Parallel()
	dir, sources := caseDir(t), practiceSources(t)
	_, _ = imported(t, intake.Options{Dir: dir, Sources: sources})
	before := allContents(t, dir)
	pair := list(t, dir, intake.PracticePairsFile)[0]["pair"]

	done := decidePractices(t, dir, intake.Choice{Pair: pair, Decision: intake.DecideSame, Reason: "one covered entity, says the client"})
	require.Equal(t, 3, done.Findings, "Ann has one row at one practice")
	practices := list(t, dir, casefolder.PracticesFile)
	require.Len(t, practices, 3)
	require.Equal(t, "office@oak.example.org", practices[2]["email"], "what the one lacks is filled from the other")
	require.Equal(t, "775-555-0100", practices[2]["phone"])
	for _, row := range list(t, dir, casefolder.FindingsFile) {
		require.NotEqual(t, "OAK2", row["practice_key"])
	}
	requireValid(t, dir)
	decided := allContents(t, dir)
	_, _ = imported(t, intake.Options{Dir: dir, Sources: sources})
	require.Equal(t, decided, allContents(t, dir), "the same sources and decisions give the same bytes")

	decidePractices(t, dir, intake.Choice{Pair: pair, Decision: intake.DecideUndone, Reason: "two, after all"})
	after := allContents(t, dir)
	require.Equal(t, before[casefolder.FindingsFile], after[casefolder.FindingsFile])
	require.Equal(t, before[casefolder.PracticesFile], after[casefolder.PracticesFile])
	_, _ = imported(t, intake.Options{Dir: dir, Sources: sources})
	require.Equal(t, after, allContents(t, dir))
}

// TestASuccessorTakesThePatientsOfThePracticeBefore: the first that is named stays.
func TestASuccessorTakesThePatientsOfThePracticeBefore(t *testing.T) {
	t.Parallel()
	dir := caseDir(t)
	_, _ = imported(t, intake.Options{Dir: dir, Sources: practiceSources(t)})
	decidePractices(t, dir, intake.Choice{A: "FIR", B: "ELM", Decision: intake.DecideSame, Reason: "took the practice over in January"})
	for _, row := range list(t, dir, casefolder.FindingsFile) {
		require.NotEqual(t, "ELM", row["practice_key"])
	}
	decidePractices(t, dir, intake.Choice{A: "ELM", B: "FIR", Decision: intake.DecideSame, Reason: "the other way round"})
	keys := map[string]bool{}
	for _, row := range list(t, dir, casefolder.FindingsFile) {
		keys[row["practice_key"]] = true
	}
	require.Equal(t, map[string]bool{"OAK": true, "OAK2": true, "ELM": true}, keys)
	for _, choice := range []intake.Choice{{A: "ELM", B: "NONE", Decision: intake.DecideSame, Reason: "x"}} {
		_, err := intake.Decide(t.Context(), intake.Practices, dir, []intake.Choice{choice}, "Ada Rivera", today)
		refusal, is := breach.AsRefusal(err)
		require.True(t, is)
		require.Equal(t, "unknown_practice", refusal.Code)
	}
}

// TestARowThatCouldBeOfEitherFindsThePracticeThatBothAre.
func TestARowThatCouldBeOfEitherFindsThePracticeThatBothAre(t *testing.T) {
	t.Parallel()
	dir := caseDir(t)
	sources := []string{
		file(t, "people.csv", "Patient ID,First Name,Last Name,DOB,Street Address,City,State,Zip Code,Clinic Name\n4,Ida,Probe,1985-01-09,4 Low St,Reno,NV,89501,Oak Street Medical Group\n"),
		file(t, "clients.csv", twoOaks),
	}
	report, _ := imported(t, intake.Options{Dir: dir, Sources: sources})
	require.Equal(t, 1, report.Written.Unplaced)
	decidePractices(t, dir, intake.Choice{A: "OAK", B: "OAK2", Decision: intake.DecideSame, Reason: "one"})
	report, people := imported(t, intake.Options{Dir: dir, Sources: sources})
	require.Zero(t, report.Written.Unplaced)
	require.Equal(t, "OAK", people[0]["practice_key"])
}

// TestColumnsOfTheCasesOwnListStay, though they are not ours: they were lost when an import
// wrote the list anew.
func TestColumnsOfTheCasesOwnListStay(t *testing.T) {
	t.Parallel()
	dir := caseDir(t)
	lines := strings.Split(strings.TrimSpace(twoOaks), "\n")
	lines[0] += ",account_manager"
	for i := range lines[1:] {
		lines[i+1] += ",Kim"
	}
	own := strings.Join(lines, "\n") + "\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, casefolder.PracticesFile), []byte(own), 0o600))
	_, _ = imported(t, intake.Options{Dir: dir, Sources: []string{file(t, "people.csv", atTwoOaks)}})
	practices := list(t, dir, casefolder.PracticesFile)
	require.Len(t, practices, 4)
	for _, row := range practices {
		require.Equal(t, "Kim", row["account_manager"])
	}
	decidePractices(t, dir, intake.Choice{A: "OAK", B: "OAK2", Decision: intake.DecideSame, Reason: "one"})
	decided := allContents(t, dir)
	require.Len(t, list(t, dir, casefolder.PracticesFile), 3)
	_, _ = imported(t, intake.Options{Dir: dir, Sources: []string{file(t, "people.csv", atTwoOaks)}, Replace: true})
	require.Equal(t, "Kim", list(t, dir, casefolder.PracticesFile)[0]["account_manager"])
	require.Equal(t, decided[casefolder.PracticesFile], allContents(t, dir)[casefolder.PracticesFile])
}
