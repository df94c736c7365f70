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

const pairHeader = "Patient ID,First Name,Middle Name,Last Name,Suffix,DOB,Street Address,City,State,Zip Code,Email,SSN,Clinic Name\n"

// pairSources are two systems that know some of the same people. Nobody in them exists.
func pairSources(t testing.TB) []string {
	t.Helper()
	return []string{
		file(t, "one.csv", pairHeader+
			"1,Robert,,Example,,1980-01-02,12 Ash Street,Reno,NV,89501,,,Oak Street Medical Group\n"+ // 2: Bob of the other
			"2,Ann,,Sample,,1990-05-06,3 Elm St,Reno,NV,89501,,,Oak Street Medical Group\n"+ // 3: moved
			"3,John,,Specimen,Sr.,1950-03-04,9 Fir Rd,Reno,NV,89501,,,Oak Street Medical Group\n"+ // 4: the father
			"4,Mia,,Model,,2010-07-08,5 Bay Ln,Reno,NV,89501,,,Oak Street Medical Group\n"+ // 5: a twin
			"5,Eve,,Muster,,1975-02-03,1 Oak Dr,Reno,NV,89501,,000-12-3456,Oak Street Medical Group\n"), // 6: married, moved
		file(t, "two.csv", pairHeader+
			"A1,Bob,,EXAMPLE,,1980-01-02,12 Ash St.,Reno,NV,89501-1234,,,Elm Family Practice\n"+
			"A2,Ann,,Sample,,1990-05-06,77 Pine Ave,Sparks,NV,89431,,,Elm Family Practice\n"+
			"A3,John,,Specimen,Jr,1980-03-04,9 Fir Rd,Reno,NV,89501,,,Elm Family Practice\n"+
			"A4,Ava,,Model,,2010-07-08,5 Bay Ln,Reno,NV,89501,,,Elm Family Practice\n"+
			"A5,Eve,,Probe,,1975-02-03,40 Low St,Sparks,NV,89431,,000123456,Elm Family Practice\n"),
		file(t, "clients.csv", clients),
	}
}

// keysOf are the keys under which a last name stands in the list, each once.
func keysOf(people []map[string]string, last string) []string {
	var keys []string
	for _, row := range people {
		if strings.EqualFold(row["last_name"], last) && (len(keys) == 0 || keys[len(keys)-1] != row["person_key"]) {
			keys = append(keys, row["person_key"])
		}
	}
	return keys
}

func TestOnePersonOfTwoSystemsIsOneInTheList(t *testing.T) {
	t.Parallel()
	dir := caseDir(t)
	report, people := imported(t, intake.Options{Dir: dir, Sources: pairSources(t)})
	require.Equal(t, intake.PairCounts{Together: 2, Open: 1}, report.Pairs)
	require.Equal(t, 10, report.Written.Findings, "each practice keeps its own row")
	require.Equal(t, 8, report.Written.People)
	require.Len(t, keysOf(people, "Example"), 1, "Bob is Robert at one address, with one birth date")
	require.Equal(t, keysOf(people, "Muster"), keysOf(people, "Probe"), "a number and a birth date are one person's, whatever the name")
	require.Len(t, keysOf(people, "Sample"), 2, "name and birth date alone are a doubt")
	require.Len(t, keysOf(people, "Specimen"), 2, "a father and a son")
	require.Len(t, keysOf(people, "Model"), 2, "twins")
	for _, row := range people {
		if row["last_name"] == "Probe" {
			require.Equal(t, "40 Low St", row["address1"], "what a practice knows of somebody is its own")
		}
	}
	open := list(t, dir, intake.PairsFile)
	require.Len(t, open, 3)
	for _, name := range []string{intake.ReportCSV, intake.ReportJSON, intake.SourcesFile} {
		content, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		require.NotContains(t, string(content), "Sample", name)
		require.NotContains(t, string(content), "1990", name)
	}
	for _, name := range []string{intake.PairsFile, intake.ApartFile, casefolder.FindingsFile} {
		info, err := os.Stat(filepath.Join(dir, name))
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), name)
		content, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		require.NotContains(t, string(content), "123456", "no number is kept in %s", name)
	}
	requireValid(t, dir)
}

// pairOf is the pair of two rows of the sources.
func pairOf(t testing.TB, dir, last string) map[string]string {
	t.Helper()
	for _, row := range list(t, dir, intake.PairsFile) {
		if strings.Contains(strings.ToLower(row["name_a"]), strings.ToLower(last)) {
			return row
		}
	}
	t.Fatalf("no pair of %s", last)
	return nil
}

func decide(t testing.TB, dir string, choices ...intake.Choice) intake.Decided {
	t.Helper()
	done, err := intake.Decide(t.Context(), intake.People, dir, choices, "Ada Rivera", today)
	require.NoError(t, err)
	require.NoDirExists(t, filepath.Join(dir, ".import"))
	return done
}

// contents are the files that the sources and the decisions make.
func contents(t testing.TB, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, name := range []string{casefolder.FindingsFile, casefolder.PracticesFile, intake.PairsFile, intake.ApartFile, intake.DecisionsFile} {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if !os.IsNotExist(err) {
			require.NoError(t, err)
		}
		all[name] = string(content)
	}
	return all
}

func TestAMergeIsUndoneByOneWordAndMadeAgainByAnother(t *testing.T) {
	t.Parallel()
	dir, sources := caseDir(t), pairSources(t)
	_, _ = imported(t, intake.Options{Dir: dir, Sources: sources})
	before := contents(t, dir)

	bob := pairOf(t, dir, "Example")
	done := decide(t, dir, intake.Choice{Pair: bob["pair"], Decision: intake.DecideUndone, Reason: "father and son, says the practice"})
	require.Equal(t, 9, done.People)
	people := list(t, dir, casefolder.FindingsFile)
	require.Len(t, keysOf(people, "Example"), 2)
	require.Equal(t, "apart", pairOf(t, dir, "Example")["standing"])
	require.Equal(t, "Ada Rivera", pairOf(t, dir, "Example")["by"])
	requireValid(t, dir)

	ann := pairOf(t, dir, "Sample")
	done = decide(t, dir, intake.Choice{Pair: ann["pair"], Decision: intake.DecideSame, Reason: "moved in May"})
	require.Equal(t, 8, done.People)
	require.Zero(t, done.Pairs.Open)
	require.Len(t, keysOf(list(t, dir, casefolder.FindingsFile), "Sample"), 1)
	decided := contents(t, dir)

	again := decide(t, dir, intake.Choice{Pair: ann["pair"], Decision: intake.DecideSame, Reason: "moved in May"})
	require.Equal(t, 1, again.Known)
	require.Empty(t, again.New)
	require.Equal(t, decided, contents(t, dir), "the same word twice changes nothing")

	_, _ = imported(t, intake.Options{Dir: dir, Sources: sources})
	require.Equal(t, decided, contents(t, dir), "the same sources and decisions give the same bytes")

	for _, pair := range []string{ann["pair"], bob["pair"]} {
		decide(t, dir, intake.Choice{Pair: pair, Decision: intake.DecideUndone, Reason: "taken back"})
	}
	after := contents(t, dir)
	require.Contains(t, after[intake.DecisionsFile], "father and son", "what was said stays")
	after[intake.DecisionsFile] = ""
	require.Equal(t, before, after, "every word taken back leaves the list as the rules made it")
}

func TestADecisionThatCannotStandIsRefused(t *testing.T) {
	t.Parallel()
	dir := caseDir(t)
	_, people := imported(t, intake.Options{Dir: dir, Sources: pairSources(t)})
	twins, moved := keysOf(people, "Model"), pairOf(t, dir, "Sample")
	before := contents(t, dir)
	for _, try := range []struct {
		code   string
		choice []intake.Choice
	}{
		{"no_reason", []intake.Choice{{Pair: moved["pair"], Decision: intake.DecideSame}}},
		{"unknown_pair", []intake.Choice{{Pair: "MAAAAAAAAAA", Decision: intake.DecideSame, Reason: "x"}}},
		{"decision_word", []intake.Choice{{Pair: moved["pair"], Decision: "perhaps", Reason: "x"}}},
		{"pair_form", []intake.Choice{{A: twins[0], B: twins[0], Decision: intake.DecideSame, Reason: "x"}}},
		{"unknown_person", []intake.Choice{{A: twins[0], B: "NOBODY", Decision: intake.DecideSame, Reason: "x"}}},
		{"nothing_to_undo", []intake.Choice{{Pair: moved["pair"], Decision: intake.DecideUndone, Reason: "x"}}},
		{"decisions_contradict", []intake.Choice{
			{A: twins[0], B: moved["key_a"], Decision: intake.DecideSame, Reason: "x"},
			{A: twins[0], B: moved["key_b"], Decision: intake.DecideSame, Reason: "x"},
			{Pair: moved["pair"], Decision: intake.DecideApart, Reason: "x"},
		}},
	} {
		_, err := intake.Decide(t.Context(), intake.People, dir, try.choice, "Ada Rivera", today)
		refusal, is := breach.AsRefusal(err)
		require.True(t, is, "%s: %v", try.code, err)
		require.Equal(t, try.code, refusal.Code)
		require.Equal(t, before, contents(t, dir), "nothing is written after %s", try.code)
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, casefolder.FindingsFile), []byte(before[casefolder.FindingsFile]+"\n"), 0o600))
	_, err := intake.Decide(t.Context(), intake.People, dir, []intake.Choice{{Pair: moved["pair"], Decision: intake.DecideSame, Reason: "x"}}, "Ada Rivera", today)
	refusal, is := breach.AsRefusal(err)
	require.True(t, is)
	require.Equal(t, "list_changed", refusal.Code)
}

// TestPeopleNamedByAPersonAreOne, though no rule found them.
func TestPeopleNamedByAPersonAreOne(t *testing.T) {
	t.Parallel()
	dir, sources := caseDir(t), pairSources(t)
	_, people := imported(t, intake.Options{Dir: dir, Sources: sources})
	twins := keysOf(people, "Model")
	done := decide(t, dir, intake.Choice{A: twins[1], B: twins[0], Decision: intake.DecideSame, Reason: "one child with two names"})
	require.Len(t, keysOf(list(t, dir, casefolder.FindingsFile), "Model"), 1)
	require.Equal(t, 3, done.Pairs.Together)
	decided := contents(t, dir)
	_, _ = imported(t, intake.Options{Dir: dir, Sources: sources})
	require.Equal(t, decided, contents(t, dir))
}

// TestRowsOfOnePracticeBecomeOneRow: validate refuses two of one person and practice.
func TestRowsOfOnePracticeBecomeOneRow(t *testing.T) {
	t.Parallel()
	dir := caseDir(t)
	report, people := imported(t, intake.Options{Dir: dir, Sources: []string{
		file(t, "people.csv", pairHeader+
			"1,Ann,,Sample,,1990-05-06,3 Elm Street,Reno,NV,89501,,000-12-3456,Oak Street Medical Group\n"+
			"9,Ann,,Sample,,1990-05-06,3 Elm St,Reno,NV,89501,ann@example.org,,Oak Street Medical Group\n"),
		file(t, "clients.csv", clients),
	}})
	require.Equal(t, 1, report.Pairs.Together)
	require.Len(t, people, 1)
	require.Equal(t, "ann@example.org", people[0]["email"])
	require.Equal(t, "3 Elm Street", people[0]["address1"])
	require.Equal(t, "address;date_of_birth;email;name;ssn", people[0]["data_classes"])
	require.Equal(t, "S1 row 2; S1 row 3", people[0]["source"])
	requireValid(t, dir)
	decide(t, dir, intake.Choice{Pair: pairOf(t, dir, "Sample")["pair"], Decision: intake.DecideUndone, Reason: "two people"})
	people = list(t, dir, casefolder.FindingsFile)
	require.Len(t, people, 2)
	require.Equal(t, []string{"address;date_of_birth;name;ssn", "address;date_of_birth;email;name"}, classesBySource(people))
	requireValid(t, dir)
}

func classesBySource(people []map[string]string) []string {
	if people[0]["source"] > people[1]["source"] {
		people[0], people[1] = people[1], people[0]
	}
	return []string{people[0]["data_classes"], people[1]["data_classes"]}
}

// TestHalfOfAnAddressIsNotTakenFromAnother: a letter to a made-up address reaches nobody.
func TestHalfOfAnAddressIsNotTakenFromAnother(t *testing.T) {
	t.Parallel()
	header := "Patient ID,First Name,Last Name,DOB,Street Address,Address Line 2,City,State,Zip Code,Email,Clinic Name\n"
	_, people := imported(t, intake.Options{Dir: caseDir(t), Sources: []string{
		file(t, "people.csv", header+
			"1,Ann,Sample,1990-05-06,3 Elm St,,Reno,NV,89501,,Oak Street Medical Group\n"+
			"1,Ann,Sample,1990-05-06,77 Pine Ave,Apt 4,Sparks,NV,89431,ann@example.org,Oak Street Medical Group\n"),
		file(t, "clients.csv", clients),
	}})
	require.Len(t, people, 1)
	require.Equal(t, "3 Elm St", people[0]["address1"])
	require.Empty(t, people[0]["address2"])
	require.Equal(t, "ann@example.org", people[0]["email"])
}

// TestAnInterruptedDecisionIsCarriedOutByTheNext: the word is written before the list.
func TestAnInterruptedDecisionIsCarriedOutByTheNext(t *testing.T) {
	t.Parallel()
	dir := caseDir(t)
	_, _ = imported(t, intake.Options{Dir: dir, Sources: pairSources(t)})
	before := contents(t, dir)
	decide(t, dir, intake.Choice{Pair: pairOf(t, dir, "Sample")["pair"], Decision: intake.DecideSame, Reason: "moved in May"})
	after := contents(t, dir)
	memory, err := os.ReadFile(filepath.Join(dir, intake.SourcesFile))
	require.NoError(t, err)
	// Killed behind the word and before, or behind, the list.
	for n, there := range []string{before[casefolder.FindingsFile], after[casefolder.FindingsFile]} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, casefolder.FindingsFile), []byte(there), 0o600))
		require.NoError(t, os.WriteFile(filepath.Join(dir, intake.PairsFile), []byte(before[intake.PairsFile]), 0o600))
		require.NoError(t, os.WriteFile(filepath.Join(dir, intake.SourcesFile), []byte(strings.Replace(string(memory), "{", `{"deciding": true,`, 1)), 0o600))
		decide(t, dir)
		require.Equal(t, after, contents(t, dir), "case %d", n)
	}
}

func TestChoicesComeFromTheListThatWasFilledIn(t *testing.T) {
	t.Parallel()
	choices, err := intake.ReadChoices(file(t, "pairs.csv", "\uFEFFpair,standing,decision,reason\nMA,open,Same,moved\nMB,open,,\nMC,open,apart,twins\n"))
	require.NoError(t, err)
	require.Equal(t, []intake.Choice{{Pair: "MA", Decision: "same", Reason: "moved", Line: 2}, {Pair: "MC", Decision: "apart", Reason: "twins", Line: 4}}, choices)
	_, err = intake.ReadChoices(file(t, "pairs.csv", "pair,reason\nMA,x\n"))
	require.ErrorContains(t, err, "no column decision")
}
