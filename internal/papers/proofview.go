package papers

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"duenotice/internal/breach"
)

// mostRows is how many variants the table of a proof lists: those of most people. More
// than so many differ in their lists of information only, and all are in the counts.
const mostRows = 1500

type proofView struct {
	Incident, Entity, Whose   string
	People, Letters, Variants string
	DatedOn, SHA256           string
	Groups                    []proofGroup
	Rows                      []proofRow
	// More is how many variants are in no row, MorePeople those who get them.
	More, MorePeople string
	Hard, Failed     []string
	Reasons          []proofCount
	NotMailed        []proofCount
	// Counted: a text tells how many of a State's residents are affected.
	Counted   bool
	MostGrade string
}

// proofGroup is people counted by one thing that changes words.
type proofGroup struct {
	By     string
	Counts []proofCount
}

type proofCount struct{ What, People string }

type proofRow struct{ No, Reader, State, Offer, Classes, People, Pages, Grade string }

func viewProof(in ProofInput, measured []Measured, shown []showing) proofView {
	v := proofView{
		Incident: data(in.Incident.ID), Entity: data(in.Incident.Entity.Name), Whose: counted(in.Practices, "practice", "practices"),
		DatedOn: in.DatedOn.Long(), SHA256: in.SHA256, Variants: counted(len(in.Variants), "variant", "variants"), MostGrade: fmt.Sprintf("%.0f", MostGrade),
	}
	if in.Practice != nil {
		v.Whose = data(in.Practice.Name())
	}
	people, more, morePeople, letters := 0, 0, 0, 0
	reasons := countsBy{}
	by := map[string]countsBy{}
	for i, c := range in.Variants {
		people += c.People
		if shown[i].itself {
			letters++
		}
		if slices.Contains(CountedStates(), c.State) {
			v.Counted = true
		}
		for _, reason := range c.Reasons() {
			reasons.add(reason, c.People)
		}
		group := func(name, what string) {
			if by[name] == nil {
				by[name] = countsBy{}
			}
			by[name].add(what, c.People)
		}
		group(byReader, readerWords(c.Variant))
		group(byLanguage, languageNamed(c.Language))
		group(byState, stateWords(c.State))
		group(byOffer, offerWords(in.Incident, c.Variant))
		for _, class := range c.Classes.Classes() {
			group(byClass, class.Plain())
		}
		if measured[i].Hard() {
			v.Hard = append(v.Hard, fmt.Sprintf("Proof %d: grade %.1f", i+1, measured[i].Grade))
		}
		if len(measured[i].Failed) > 0 {
			v.Failed = append(v.Failed, fmt.Sprintf("Proof %d: %s", i+1, checksNamed(measured[i].Failed)))
		}
		if i >= mostRows && !shown[i].itself {
			more, morePeople = more+1, morePeople+c.People
			continue
		}
		v.Rows = append(v.Rows, rowOf(in.Incident, c, measured[i], i, shown[i]))
	}
	v.People, v.Letters = counted(people, "person gets a letter", "people get a letter"), counted(letters, "letter", "letters")
	if more > 0 {
		v.More, v.MorePeople = counted(more, "variant", "variants"), counted(morePeople, "person", "people")
	}
	for _, name := range groupNames {
		if counts := by[name]; len(counts) > 0 {
			v.Groups = append(v.Groups, proofGroup{name, counts.rows()})
		}
	}
	v.Reasons = reasons.rows()
	if in.NoAddress > 0 {
		v.NotMailed = append(v.NotMailed, proofCount{"there is no address that a letter can go to", thousands(in.NoAddress)})
	}
	for _, why := range slices.Sorted(maps.Keys(in.Held)) {
		v.NotMailed = append(v.NotMailed, proofCount{data(why.Words()), thousands(in.Held[why])})
	}
	return v
}

// What people are counted by.
const (
	byReader   = "Who reads it"
	byLanguage = "Language"
	byState    = "Words of the State"
	byOffer    = "What is offered"
	byClass    = "Kind of information"
)

var groupNames = []string{byReader, byLanguage, byState, byOffer, byClass}

// countsBy are people by some words.
type countsBy map[string]int

func (c countsBy) add(what string, people int) { c[what] += people }

// rows are the counts, most people first.
func (c countsBy) rows() []proofCount {
	var rows []proofCount
	for _, what := range slices.SortedFunc(maps.Keys(c), func(a, b string) int {
		if c[a] != c[b] {
			return c[b] - c[a]
		}
		return strings.Compare(a, b)
	}) {
		rows = append(rows, proofCount{data(what), thousands(c[what])})
	}
	return rows
}

func rowOf(incident breach.Incident, c ProofVariant, m Measured, i int, shown showing) proofRow {
	row := proofRow{
		No: fmt.Sprintf("PROOF-%d", i+1), Reader: readerWords(c.Variant), State: c.State, Offer: data(offerWords(incident, c.Variant)),
		Classes: plainClasses(c.Classes.Classes()), People: thousands(c.People), Pages: fmt.Sprint(m.Pages), Grade: fmt.Sprintf("%.1f", m.Grade),
	}
	if !shown.itself {
		row.No = "in"
		for _, at := range shown.in {
			row.No += fmt.Sprintf(" PROOF-%d", at+1)
		}
	}
	if m.Grade == 0 {
		row.Grade = ""
	}
	if !breach.IsEnglish(c.Language) {
		row.Reader += ", in " + languageNamed(c.Language)
	}
	return row
}

func readerWords(v breach.Variant) string {
	if v.ActsForSelf {
		return v.Voice.Words() + ", who acts for themselves"
	}
	return v.Voice.Words()
}

func stateWords(state string) string {
	if state == "" {
		return "none"
	}
	return breach.StateName(state)
}

// offerWords is what a letter of a variant offers, for whoever looks at a list of them.
func offerWords(incident breach.Incident, v breach.Variant) string {
	o := english().offerTo(incident, v.Voice)
	if o == nil {
		return "nothing"
	}
	words := unmark(o.What) + ", " + unmark(o.Provider)
	if v.Coded {
		words += ", with a code"
	}
	return words
}

func checksNamed(checks []Check) string {
	words := make([]string, len(checks))
	for i, c := range checks {
		words[i] = string(c)
	}
	return strings.Join(words, ", ")
}

// languageNamed is what a language is called in English, and its tag where it is not known.
func languageNamed(tag string) string {
	if name := display.English.Tags().Name(language.Make(tag)); name != "" {
		return name
	}
	return tag
}
