package papers_test

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/casefolder"
	"duenotice/internal/cases"
	"duenotice/internal/civil"
	"duenotice/internal/papers"
	"duenotice/templates"
)

// readCase reads a case that nothing is wrong with.
func readCase(t *testing.T, name string) (*casefolder.Case, []breach.Person) {
	t.Helper()
	return readFolder(t, cases.Folder(t, name))
}

func readFolder(t *testing.T, dir string) (*casefolder.Case, []breach.Person) {
	t.Helper()
	c, report, err := casefolder.Read(t.Context(), dir, civil.MustParse("2026-11-28"), func(p casefolder.Problem) error {
		require.NotEqual(t, casefolder.SeverityError, p.Severity, "%s %d: %s", p.File, p.Line, p.Message)
		return nil
	})
	require.NoError(t, err)
	require.False(t, report.Refused())
	var people []breach.Person
	require.NoError(t, c.Findings(t.Context(), func(_ int, p *breach.Person) error {
		people = append(people, *p)
		return nil
	}))
	return c, people
}

// pagesOf are the letters' texts, a letter each.
func lettersOf(t *testing.T, c *casefolder.Case, people []breach.Person) []string {
	t.Helper()
	var texts []string
	for i, p := range people {
		file, _ := letters(t, c.Incident, casebook.Letter{PieceID: "EX-" + string(rune('1'+i)), Person: p, Practices: c.Practices[:1]})
		texts = append(texts, flowed(textOf(t, file)))
	}
	return texts
}

func TestEachLetterHasItsPersonsOwnCode(t *testing.T) {
	t.Parallel()
	c, people := readCase(t, "activation-code")
	require.Len(t, people, 2)
	child, dead, none := people[0], people[0], people[0]
	child.BirthDate, dead.DeathDayUnknown, none.EnrollmentCode = civil.MustParse("2020-01-01"), true, ""
	texts := lettersOf(t, c, append(people, child, dead, none))

	require.Contains(t, texts[0], "through Example Monitoring at no cost to you.")
	require.Contains(t, texts[0], "Your enrollment code: ABCD-1234-EFGH")
	require.Equal(t, 1, strings.Count(texts[0], "ABCD-1234-EFGH"))
	require.Contains(t, texts[1], "Your enrollment code: JKLM-5678-NPQR")
	require.NotContains(t, texts[1], "ABCD-1234-EFGH")
	require.Contains(t, texts[2], "The enrollment code: ABCD-1234-EFGH")
	require.NotContains(t, texts[3], "ABCD-1234-EFGH", "credit monitoring cannot be opened for the dead")
	require.NotContains(t, texts[4], "enrollment code")

	// In one batch every letter has its own code, though their words are laid out once.
	all := make([]casebook.Letter, len(people))
	for i, p := range people {
		all[i] = casebook.Letter{PieceID: "EX-" + string(rune('1'+i)), Person: p, Practices: c.Practices}
	}
	file, _ := letters(t, c.Incident, all...)
	text := textOf(t, file)
	first, second := strings.Index(text, "ABCD-1234-EFGH"), strings.Index(text, "JKLM-5678-NPQR")
	require.Positive(t, first)
	require.Less(t, first, second)

	var list strings.Builder
	w := papers.WritePeopleCSV(&list)
	for _, p := range append(people, dead) {
		require.NoError(t, w.Add(p))
	}
	require.NoError(t, w.Flush())
	require.NotContains(t, list.String(), "ABCD-1234-EFGH", "the practice has no use for it")
	require.Contains(t, list.String(), ",unknown,", "and learns that the day of death is not known")

	proof, err := proofOf(c.Incident, c.Practices[0])
	require.NoError(t, err)
	require.Contains(t, flowed(textOf(t, proof)), "Your enrollment code: (each person's own code)")
}

func TestALetterSaysThatTheDayOfTheBreachIsNotKnown(t *testing.T) {
	t.Parallel()
	c, people := readCase(t, "breach-date-unknown")
	require.Contains(t, lettersOf(t, c, people)[0], "The incident happened on a date that is not known. We discovered it on October 5, 2026.")

	release, err := papers.MediaRelease(papers.MediaInput{Incident: c.Incident, Practice: c.Practices[0], State: "TX", Residents: 501, Classes: people[0].DataClasses, DatedOn: may1})
	require.NoError(t, err)
	require.Contains(t, flowed(textOf(t, release)), "The incident happened on a date that is not known.")
	notice, err := papers.Notice(papers.NoticeInput{
		Incident: c.Incident, Practice: c.Practices[0], Tally: breach.Tally{People: len(people)}, Discovered: c.Incident.Discovered, DatedOn: may1,
	})
	require.NoError(t, err)
	require.Contains(t, flowed(textOf(t, notice)), "The incident happened on a date that is not known.")
}

// TestThereIsATemplateForEveryLanguageOfALetter: what validate goes by is what there is.
func TestThereIsATemplateForEveryLanguageOfALetter(t *testing.T) {
	t.Parallel()
	names, err := fs.Glob(templates.Texts(), "languages/*")
	require.NoError(t, err)
	languages := []string{breach.English}
	for _, name := range names {
		languages = append(languages, strings.TrimPrefix(name, "languages/"))
	}
	require.Equal(t, languages, breach.ShippedLanguages)
}
