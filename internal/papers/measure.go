package papers

import (
	"slices"
	"strings"

	"duenotice/internal/breach"
)

// Measured is what a variant's letter comes to, before it is printed.
type Measured struct {
	Pages, Words int
	// Grade is its reading grade, 0 in a language that there is no measure for.
	Grade float64
	// Failed are the checks that its words do not pass, in their order: the five elements
	// of 45 CFR 164.404(c)(1) and all else that a printed letter is read back for.
	Failed []Check
}

// Hard reports whether its reading grade is not below MostGrade.
func (m Measured) Hard() bool { return m.Grade >= MostGrade }

// measure sets the words of a variant's letter and holds them against what it must say.
// The pages are kept for a letter that will be shown.
func (b *LetterBatch) measure(practices []breach.Practice, v breach.Variant, shown bool) (Measured, error) {
	var m Measured
	in, err := b.speak(v.Language)
	if err != nil {
		return m, err
	}
	key := bodyKey{practices: practiceKeys(practices), Variant: v}
	text, pages, err := b.words(in, practices, key)
	if err != nil {
		return m, err
	}
	if shown {
		b.measured[key] = pages
	}
	w, err := b.wantedFor(in, practices, key)
	if err != nil {
		return m, err
	}
	m.Pages = len(pages)
	lines, all := linesOf(parse(text), oneLine(b.incident.Entity.Name))
	grade, words := ReadingGrade(strings.Join(lines, "\n"))
	if m.Words = words; breach.IsEnglish(v.Language) {
		m.Grade = grade
	}
	w.check(all, func(check Check, failed bool) {
		if failed && !slices.Contains(m.Failed, check) {
			m.Failed = append(m.Failed, check)
		}
	})
	if v.Classes == 0 {
		m.Failed = append(m.Failed, CheckClasses)
	}
	return m, nil
}

// linesOf are the sentences and headings of a letter, a line for each block, and all that
// it says with the spaces left out. The name at its head, its title and who signs it are
// no sentences.
func linesOf(blocks []block, signed string) (lines []string, all string) {
	var squeezedAll strings.Builder
	for _, b := range blocks {
		words := unmark(strings.ReplaceAll(b.text, "**", ""))
		squeezedAll.WriteString(squeezed(words))
		switch {
		case b.kind == letterhead, b.kind == title, words == signed, words == "":
		case b.kind == bullet:
			lines = append(lines, "• "+words)
		default:
			lines = append(lines, words)
		}
	}
	return lines, squeezedAll.String()
}
