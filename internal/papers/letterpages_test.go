package papers_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/papers"
)

// TestPagesEndWhereTheyShould sets letters whose texts grow sentence by sentence, for
// States with words of their own: no page ends with a heading or within the box or a
// State's words, none but the last is left mostly empty, the last has more than a line
// or two, and there is a second sheet only where the words do not fit on one.
func TestPagesEndWhereTheyShould(t *testing.T) {
	t.Parallel()
	for n := 60; n < 2400; n += 90 {
		for _, state := range []string{"KS", "NY", "NM"} {
			incident := exampleIncident()
			incident.WhatHappened, incident.WhatWeAreDoing = manyWords(n), manyWords(2 * n)[n:]
			p := examplePerson()
			p.State = state
			file, pieces := letters(t, incident, letterTo(p))
			pages := pagesAsPrinted(t, file)
			require.Len(t, pages, pieces[0].Pages)
			for at, page := range pages {
				last := page[len(page)-1]
				require.False(t, last.bold && last.size > 10, "%d %s: page %d ends with the heading %q", n, state, at+1, last.text)
				if at < len(pages)-1 {
					require.Greater(t, last.fromTop, 7.9*inch, "%d %s: page %d is left empty", n, state, at+1)
				} else {
					require.Greater(t, last.fromTop, 2.2*inch, "%d %s: the last page has next to nothing", n, state)
				}
			}
			require.LessOrEqual(t, pieces[0].Pages, 3)
			if 2*n <= casefolder.LetterTexts-len(incident.WhatYouCanDo) {
				require.Equal(t, 2, pieces[0].Pages, "one sheet is enough")
			}
			whole(t, pages, "What to Do Now", "More steps are under")
			switch state {
			case "NY":
				whole(t, pages, "For residents of New York", "Division of Consumer Protection")
			case "NM":
				whole(t, pages, "For residents of New Mexico", "Washington, DC 20552.")
			}
		}
	}
}

// pagesAsPrinted are the lines of each page without its footer.
func pagesAsPrinted(t *testing.T, file []byte) [][]printed {
	t.Helper()
	var pages [][]printed
	for _, line := range readPDF(t, file) {
		if line.fromTop > 10.5*inch {
			continue
		}
		for len(pages) < line.page {
			pages = append(pages, nil)
		}
		pages[line.page-1] = append(pages[line.page-1], line)
	}
	return pages
}

// whole requires that what begins and what ends some words stand on one page.
func whole(t *testing.T, pages [][]printed, begins, ends string) {
	t.Helper()
	for _, page := range pages {
		var text []string
		for _, line := range page {
			text = append(text, line.text)
		}
		joined := strings.Join(text, " ")
		if strings.Contains(joined, begins) {
			require.Contains(t, joined, ends, "a page ends within %q", begins)
			return
		}
	}
	require.Fail(t, "the words are on no page", begins)
}

// TestALettersWordsAreSetCloserBeforeTheyTakeAnotherSheet: a letter that is a few lines
// too long for one sheet is set on it all the same, never below the type of others.
func TestALettersWordsAreSetCloserBeforeTheyTakeAnotherSheet(t *testing.T) {
	t.Parallel()
	distances := map[float64]bool{}
	for n := 1400; n < 3000; n += 80 {
		incident := exampleIncident()
		incident.WhatHappened = manyWords(n)
		file, pieces := letters(t, incident, letterTo(examplePerson()))
		if pieces[0].Pages > 2 {
			break
		}
		last := printed{}
		for _, line := range readPDF(t, file) {
			if line.page == 2 && line.fromTop < 10.5*inch && line.text != "•" {
				require.GreaterOrEqual(t, line.size, 10.0)
				if strings.HasPrefix(last.text, "Experian") && strings.HasPrefix(line.text, "TransUnion") {
					distances[float64(int(100*(line.fromTop-last.fromTop)))] = true
				}
				last = line
			}
		}
	}
	require.Greater(t, len(distances), 1, "nothing was set closer before a third page was taken")
}

// TestALetterReadsAsEasilyAsItMay: the Flesch-Kincaid grade of every kind of reader's
// letter, names, addresses and numbers left out, stays below that of the eighth grade.
func TestALetterReadsAsEasilyAsItMay(t *testing.T) {
	t.Parallel()
	child, dead := may1.AddYears(-7), may1.AddDays(-90)
	for reader, change := range map[string]func(*breach.Person){
		"adult": func(*breach.Person) {}, "minor": func(p *breach.Person) { p.BirthDate = child },
		"kin": func(p *breach.Person) { p.DeceasedDate = dead },
		"represented": func(p *breach.Person) {
			p.RepresentativeName, p.RepresentativeRelation = "Gil Guardian", "guardian"
		},
	} {
		p := examplePerson()
		change(&p)
		file, _ := letters(t, exampleIncident(), letterTo(p))
		text := textOf(t, file)
		_, text, _ = strings.Cut(text, "We are writing")
		text, _, found := strings.Cut(text, "We regret")
		require.True(t, found)
		grade, _ := papers.ReadingGrade(text)
		require.Less(t, grade, papers.MostGrade, "%s: grade %.2f", reader, grade)
		require.Greater(t, grade, 4.0, "%s: the measure has lost its words", reader)
	}
}
