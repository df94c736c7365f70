package papers

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"sync"
	"text/template"

	"github.com/goccy/go-yaml"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/templates/callers"
	"duenotice/templates/pages"
)

// CallersScriptInput is what a call centre's script is made from. It holds no patient data.
type CallersScriptInput struct {
	Incident breach.Incident
	// Hours are when the number in the letters is answered, in the officer's words.
	Hours   string
	DatedOn civil.Date
}

type callersView struct {
	Incident, Entity, DatedOn string
	Number, Hours             string
	Offer                     *offerView
	Ways                      []string
}

var callersTexts = sync.OnceValues(func() (*template.Template, error) {
	return template.New("").Option("missingkey=error").ParseFS(callers.Files, "*.txt")
})

// CallersScript is what a call centre says to people who got a letter, in English and then
// in Spanish, as a PDF. It tells nothing that a letter does not tell.
func CallersScript(in CallersScriptInput) ([]byte, error) {
	all, err := callersTexts()
	if err != nil {
		return nil, fmt.Errorf("reading the call centre's script: %w", err)
	}
	var text strings.Builder
	for i, language := range scriptLanguages {
		if i > 0 {
			text.WriteString("\n\n===\n")
		}
		if err := all.ExecuteTemplate(&text, "script."+language+".txt", viewCallers(in, language)); err != nil {
			return nil, fmt.Errorf("filling in the call centre's script: %w", err)
		}
	}
	return typeset(fmt.Sprintf("Script for callers · incident %s", oneLine(in.Incident.ID)), oneStop(text.String()), in.DatedOn)
}

func viewCallers(in CallersScriptInput, language string) callersView {
	e := in.Incident.Entity
	v := callersView{
		Incident: data(in.Incident.ID), Entity: data(e.Name), DatedOn: in.DatedOn.Long(), Number: data(e.TollFree), Hours: data(in.Hours),
		Offer: english().offer(in.Incident.CreditMonitoring, breach.OfferToAll), Ways: waysTo(e),
	}
	if language == spanish {
		v.DatedOn = spanishDay(in.DatedOn)
		if c := in.Incident.CreditMonitoring; v.Offer != nil {
			v.Offer.How, v.Offer.By = strings.Join(waysToEnroll(c), " o "), spanishDay(c.EnrollBy)
		}
	}
	return v
}

// waysToEnroll are the ways to a provider, in Spanish.
func waysToEnroll(c breach.CreditMonitoring) []string {
	var ways []string
	if c.EnrollURL != "" {
		ways = append(ways, "visite "+data(c.EnrollURL))
	}
	if c.Phone != "" {
		ways = append(ways, "llame al "+data(c.Phone))
	}
	if len(ways) == 0 {
		return []string{"como dice la carta"}
	}
	return ways
}

const spanish = "es"

// scriptLanguages are those in which there is a script; the first is for everybody else too.
var scriptLanguages = []string{"en", spanish}

// scriptLanguage is the language of the script for somebody who reads a language.
func scriptLanguage(reads string) string {
	tag, _, _ := strings.Cut(strings.ToLower(reads), "-")
	if tag == spanish {
		return spanish
	}
	return scriptLanguages[0]
}

// Withdrawn is the script of a letter whose person left the list: nothing is said of it.
const Withdrawn = "withdrawn"

// CallersList is the list by which a call centre finds what it says: a row for each letter,
// and nothing that says whose it is. Which kinds of data somebody has is patient data all
// the same to whoever holds the letter.
type CallersList struct {
	out   *csv.Writer
	words map[string]string
	n     int
	err   error
}

// WriteCallers begins the list with its header.
func WriteCallers(w io.Writer) *CallersList {
	l := &CallersList{out: csv.NewWriter(w)}
	if l.words, l.err = spanishWords(); l.err == nil {
		l.err = l.out.Write([]string{"letter", "data", "script", "language"})
	}
	return l
}

// Add writes the row of a letter dated on a day, to the person in one or more practices.
// Nobody is a letter that was withdrawn.
func (l *CallersList) Add(letter string, people []breach.Person, datedOn civil.Date) error {
	if l.err != nil {
		return l.err
	}
	l.n++
	if len(people) == 0 {
		l.err = l.out.Write([]string{letter, "", Withdrawn, scriptLanguages[0]})
		return l.err
	}
	var classes []breach.DataClass
	for i := range people {
		classes = append(classes, people[i].DataClasses...)
	}
	asked, _ := people[0].AskedLanguage() // as for the letter
	reads := cmp.Or(asked, scriptLanguages[0])
	var kinds []string
	for _, c := range breach.SetOf(classes...).Classes() {
		word := c.Plain()
		if scriptLanguage(reads) == spanish {
			word = l.words["data."+string(c)]
		}
		kinds = append(kinds, word)
	}
	l.err = l.out.Write([]string{letter, strings.Join(kinds, "; "), string(people[0].ReaderOn(datedOn)), reads})
	return l.err
}

// Flush ends the list and returns how many letters it has.
func (l *CallersList) Flush() (int, error) {
	l.out.Flush()
	if l.err == nil {
		l.err = l.out.Error()
	}
	return l.n, l.err
}

// spanishWords are the words of the practices' pages, which have every kind of data.
var spanishWords = sync.OnceValues(func() (map[string]string, error) {
	content, err := pages.Files.ReadFile("es.yaml")
	if err != nil {
		return nil, err
	}
	words := map[string]string{}
	return words, yaml.Unmarshal(content, &words)
})
