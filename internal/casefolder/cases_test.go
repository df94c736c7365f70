package casefolder_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/cases"
	"duenotice/internal/civil"
)

// caseDay is the day on which the cases are read: after all of their dates.
var caseDay = civil.MustParse("2026-11-28")

// readCase reads a case that once went wrong and returns what is said of it,
// each problem as in the tables, and its people when it is not refused.
func readCase(t *testing.T, dir string) ([]string, []breach.Person) {
	t.Helper()
	var said []string
	c, report, err := casefolder.Read(t.Context(), dir, caseDay, func(p casefolder.Problem) error {
		said = append(said, place(p))
		require.NotEmpty(t, p.Fix)
		return nil
	})
	require.NoError(t, err)
	var people []breach.Person
	if !report.Refused() {
		require.NoError(t, c.Findings(t.Context(), func(_ int, p *breach.Person) error {
			people = append(people, *p)
			return nil
		}))
	}
	return said, people
}

// rows repeats what is said for the rows from one line to another.
func rows(rule, column string, from, to int) []string {
	var said []string
	for line := from; line <= to; line++ {
		said = append(said, rule+" findings.csv:"+itoa(line)+" "+column)
	}
	return said
}

func TestCasesThatOnceWentWrong(t *testing.T) {
	t.Parallel()
	// How many people it is missing for is said once for a language.
	spanishMissing := []string{"W223 findings.csv:0 language"}
	for _, c := range []struct {
		dir  string
		want []string
	}{
		{cases.Folder(t, "address-words-1"), rows("W202", "address1", 2, 2)},
		{cases.Folder(t, "country-pr"), spanishMissing},
		{cases.Folder(t, "country-pr-501"), spanishMissing},
		{cases.Folder(t, "country-pr-501-blank"), spanishMissing},
		{cases.Folder(t, "deceased-kin-no-date"), rows("E307", "deceased_date", 2, 2)},
		{cases.Folder(t, "deceased-kin-variants"), append(rows("E307", "deceased_date", 2, 3), "W213 findings.csv:5 representative_relation")},
		{cases.Folder(t, "deceased-no-date"), []string{
			"E307 findings.csv:2 deceased_date", "E307 findings.csv:3 deceased_date", "E108 findings.csv:4 deceased_date", "E108 findings.csv:5 deceased_date",
			"W214 findings.csv:6 deceased_date", "W207 findings.csv:6 representative_name", "E108 findings.csv:7 deceased_date", "E108 findings.csv:8 deceased_date",
		}},
		{cases.Folder(t, "partial-dob"), append(rows("E108", "birth_date", 2, 8), "E109 findings.csv:9 birth_date")},
		{cases.Folder(t, "zip-float"), []string{
			"E113 findings.csv:2 zip", "E113 findings.csv:3 zip", "E113 findings.csv:4 zip", "E113 findings.csv:5 zip", "W218 findings.csv:6 zip",
			"E113 findings.csv:7 zip", "E103 findings.csv:8 zip", "E113 findings.csv:9 zip", "E113 findings.csv:10 zip",
		}},
		{cases.Folder(t, "zip-float-all"), rows("E113", "zip", 2, 13)},
		{cases.Folder(t, "zip-state-501"), rows("W211", "zip", 2, 502)},
		{cases.Folder(t, "quoted-semicolons"), []string{"E003 findings.csv:1"}},
		{cases.Folder(t, "quoted-tabs"), []string{"E003 findings.csv:1"}},
		{cases.Folder(t, "idn-email-1"), []string{"E203 practices.csv:2 email"}},
		{cases.Folder(t, "idn-email-run"), []string{"E203 practices.csv:2 email", "E203 practices.csv:3 email"}},
		{cases.Folder(t, "breach-date-unknown"), []string{"W307 incident.yaml:1 occurred"}},
		{cases.Folder(t, "breach-after-discovery"), nil},
		{cases.Folder(t, "utf16-bom"), []string{"E002 findings.csv:0"}},
		{cases.Folder(t, "double-bom"), nil},
		{cases.Folder(t, "yaml-bom"), nil},
		{cases.Folder(t, "nbsp-header"), []string{"E007 findings.csv:1 practice_key"}},
		{cases.Folder(t, "sep-line"), []string{"E003 findings.csv:1"}},
		{cases.Folder(t, "nul-csv"), []string{"E102 findings.csv:2 first_name"}},
		{cases.Folder(t, "nul-yaml"), []string{"E102 incident.yaml:14 what_we_are_doing"}},
		{cases.Folder(t, "slash-id"), []string{"E111 incident.yaml:1 id"}},
		{cases.Folder(t, "spanish"), append(rows("W212", "language", 2, 2), spanishMissing...)},
		{cases.Folder(t, "activation-code"), nil},
	} {
		t.Run(filepath.Base(c.dir), func(t *testing.T) {
			t.Parallel()
			said, _ := readCase(t, c.dir)
			require.Equal(t, c.want, said)
		})
	}
}

func TestWordsAreNoAddress(t *testing.T) {
	t.Parallel()
	said, people := readCase(t, cases.Folder(t, "address-words"))
	require.Subset(t, said, rows("W202", "address1", 2, 11))
	require.Len(t, people, 10)
	for _, p := range people {
		require.False(t, p.HasUsableAddress(), p.Key)
		require.Equal(t, "TX", p.Residence(), "the State is known all the same")
	}
}

func TestATerritoryAsACountryIsTheState(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"PR", "Puerto Rico", "US", ""} {
		f := wholeFolder()
		f.findings.set("country", name, "state", "PR", "zip", "00907")
		if name == "PR" {
			f.findings.set("state", "")
		}
		_, people := readCase(t, f.write(t))
		require.Equal(t, "PR", people[0].Residence(), name)
		require.True(t, people[0].InUnitedStates() && people[0].HasUsableAddress(), name)
	}
}

func TestTheMessageSaysWhatToWriteForAYear(t *testing.T) {
	t.Parallel()
	var fixes []string
	_, _, err := casefolder.Read(t.Context(), cases.Folder(t, "year-as-birth-date"), caseDay, func(p casefolder.Problem) error {
		require.Equal(t, "birth_date is a year or a month alone, not a date", p.Message)
		fixes = append(fixes, p.Fix)
		return nil
	})
	require.NoError(t, err)
	require.Len(t, fixes, 1)
	require.Contains(t, fixes[0], "leave the cell empty for an adult")
	require.NotContains(t, fixes[0], "Format the column as a date", "that would make 1905 of it")
}

func TestBothStatesOfAContradictionAreNamed(t *testing.T) {
	t.Parallel()
	var said []string
	_, report, err := casefolder.Read(t.Context(), cases.Folder(t, "zip-state"), caseDay, func(p casefolder.Problem) error {
		said = append(said, p.Message)
		return nil
	})
	require.NoError(t, err)
	require.False(t, report.Refused())
	require.Equal(t, []string{"the ZIP is of VT, state is WA"}, said)
}

// TestWhatTheSenderRefusesIsRefused: a notice that could never leave would be
// seen only after the start.
func TestWhatTheSenderRefusesIsRefused(t *testing.T) {
	t.Parallel()
	said, _ := readCase(t, cases.Folder(t, "idn-email"))
	require.Equal(t, []string{
		"E203 practices.csv:3 email", "E203 practices.csv:4 email", "E203 practices.csv:5 email", "E203 practices.csv:6 email", "E203 practices.csv:7 email",
		"E203 practices.csv:8 email", "E203 practices.csv:9 email", "W110 practices.csv:10 email", "W110 practices.csv:11 email",
	}, said[:9])
}

func TestQuotedReturnsWithAnotherSeparator(t *testing.T) {
	t.Parallel()
	path := filepath.Join(cases.Folder(t, "quoted-semicolons"), "returns-quoted.csv")
	var said []string
	_, report, err := casefolder.ReadReturns(t.Context(), path, casefolder.ListOptions{}, caseDay, printed, func(p casefolder.Problem) error {
		said = append(said, p.Message)
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, []string{"the columns are separated by semicolons, not by commas"}, said)
	require.Equal(t, 1, report.ByRule["E003"])
}

// TestLaterListsGoThroughTheSameReading: columns of the incident are theirs too,
// and so is what the command leaves out.
func TestLaterListsGoThroughTheSameReading(t *testing.T) {
	t.Parallel()
	f := wholeFolder()
	f.findings.rename("zip", "Zip Code")
	f.findings.header = append(f.findings.header, "Town")
	f.findings.set("Town", "Springfield")
	dir := f.write(t)
	path := filepath.Join(dir, "findings.csv")
	practices := []breach.Practice{{Key: "P1"}}
	read := func(options casefolder.ListOptions) ([]string, []breach.Person) {
		var said []string
		list, report, err := casefolder.ReadList(t.Context(), path, practices, options, today, func(p casefolder.Problem) error {
			said = append(said, place(p))
			return nil
		})
		require.NoError(t, err)
		if report.Refused() {
			return said, nil
		}
		var people []breach.Person
		require.NoError(t, list.Findings(t.Context(), func(_ int, p *breach.Person) error {
			people = append(people, *p)
			return nil
		}))
		return said, people
	}
	said, _ := read(casefolder.ListOptions{})
	require.Equal(t, []string{"E012 findings.csv:1 zip", "E012 findings.csv:1 city"}, said)

	options := casefolder.ListOptions{IgnoreColumns: []string{"Town"}}
	options.Incident.Columns = map[string]string{"Zip Code": "zip"}
	said, people := read(options)
	require.Empty(t, said)
	require.Equal(t, "62701-1234", people[0].ZIP)

	var first []string
	_, _, err := casefolder.Read(t.Context(), dir, today, func(p casefolder.Problem) error {
		first = append(first, place(p))
		return nil
	}, "town", "ZIP_CODE")
	require.NoError(t, err)
	require.Equal(t, []string{"W202 findings.csv:2 address1"}, first, "left out, the column is empty")
}
