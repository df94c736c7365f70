package casefolder

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

var (
	yesNo     = []string{"yes", "no"}
	knowledge = []string{"yes", "no", "unknown"}
)

// cells reads one row's cells with the checks both lists share. A cell that
// broke a rule already is not reported again.
type cells struct {
	c     *collector
	row   *row
	names []column
	today civil.Date
}

// word reads a cell that must be one of the words, in any capitals, or empty.
func (r cells) word(col int, words []string) string {
	if !r.row.fine(col) {
		return ""
	}
	word := strings.ToLower(r.row.cells[col])
	if !slices.Contains(words, word) {
		name := r.names[col].name
		r.c.problemFix(ruleWord, name, name+" is not one of "+strings.Join(words, ", "),
			"Write one of "+strings.Join(words, ", ")+", or leave the cell empty.")
		return ""
	}
	return word
}

// pastDate reads a cell that must be a date not after today, or empty.
func (r cells) pastDate(col int) civil.Date {
	if !r.row.fine(col) {
		return civil.Date{}
	}
	name := r.names[col].name
	day, fault := readDate(r.row.cells[col])
	if fault != dateFine {
		r.c.problemFix(fault.rule(), name, name+" "+fault.message(), fault.fix(name))
		return civil.Date{}
	}
	if day.After(r.today) {
		r.c.problem(ruleFuture, name, name+" lies in the future")
		return civil.Date{}
	}
	return day
}

// key reads a cell that must have the form of a key.
func (r cells) key(col int) (string, bool) {
	if !r.row.fine(col) {
		return "", false
	}
	key := r.row.cells[col]
	if !breach.IsKey(key) {
		name := r.names[col].name
		r.c.problem(ruleKey, name, name+" is not 1 to 64 of A-Z a-z 0-9 . _ - that every system takes for a file's name")
		return "", false
	}
	return key, true
}

// state reads the State of a domestic address, or the province of one abroad.
func (r cells) state(col int, domestic bool) string {
	if !r.row.fine(col) {
		return ""
	}
	state := strings.ToUpper(r.row.cells[col])
	if domestic && !breach.IsPostalCode(state) {
		name := r.names[col].name
		r.c.problem(ruleState, name, name+" is not the two-letter code of a State, the District of Columbia or a territory")
		return ""
	}
	return state
}

// isSafeKey reports a key that may be repeated in a message.
func isSafeKey(s string) bool { return breach.IsKey(s) && smuggled(s, ownKey) == "" }

// nfc composes letters and accents (Unicode NFC), so that one name is one
// string and fonts find the letter.
func nfc(s string) string {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return norm.NFC.String(s)
		}
	}
	return s
}

// vocabulary remembers what cells with few different values came to; a list
// has thousands of rows for each of them. It forgets nothing and so stops
// learning at a bound.
type vocabulary struct {
	languages map[string]string // canonical tag; noLanguage for a text that is none
	classes   map[string]classCell
	countries map[string]bool
}

// classCell is a data_classes cell: its classes in the order of letters, how
// many words it had, and the number of the first unknown one (1 is the first).
type classCell struct {
	classes []breach.DataClass
	words   int
	unknown int
}

const vocabularyBound = 4096

func newVocabulary() *vocabulary {
	return &vocabulary{languages: map[string]string{"": ""}, classes: map[string]classCell{}, countries: map[string]bool{}}
}

// noLanguage stands for a text that is no BCP 47 tag. It is none itself.
const noLanguage = "?"

// languageTag returns the canonical BCP 47 tag, "" for an empty cell: the person asked
// for no language; and noLanguage for a text that is none.
func (v *vocabulary) languageTag(s string) string {
	if tag, ok := v.languages[s]; ok {
		return tag
	}
	canonical := canonicalTag(s)
	if len(v.languages) < vocabularyBound {
		v.languages[strings.Clone(s)] = canonical
	}
	return canonical
}

// canonicalTag is a BCP 47 tag in its canonical form, noLanguage for a text that is none.
func canonicalTag(s string) string {
	tag, err := language.Parse(s)
	if err != nil || tag == language.Und {
		return noLanguage
	}
	return tag.String()
}

// country reports whether a text names a country.
func (v *vocabulary) country(s string) bool {
	known, seen := v.countries[s]
	if !seen {
		known = isCountry(s)
		if len(v.countries) < vocabularyBound {
			v.countries[strings.Clone(s)] = known
		}
	}
	return known
}

func (v *vocabulary) dataClasses(s string) classCell {
	if cell, ok := v.classes[s]; ok {
		return cell
	}
	var cell classCell
	var named []breach.DataClass
	for word := range strings.SplitSeq(s, ";") {
		word = strings.ToLower(strings.TrimSpace(word))
		if word == "" {
			continue
		}
		cell.words++
		if class := breach.DataClass(word); class.Known() {
			named = append(named, breach.DataClass(strings.Clone(word)))
		} else if cell.unknown == 0 {
			cell.unknown = cell.words
		}
	}
	cell.classes = breach.SetOf(named...).Classes()
	if len(v.classes) < vocabularyBound {
		v.classes[strings.Clone(s)] = cell
	}
	return cell
}
