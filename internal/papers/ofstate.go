package papers

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"duenotice/internal/breach"
	"duenotice/templates"
)

// officesFile has the offices that letters name.
const officesFile = "states/offices.yaml"

// office is an office a letter tells people to turn to.
type office struct {
	Name    string `yaml:"name"`
	Address string `yaml:"address"`
	Phone   string `yaml:"phone"`
	Web     string `yaml:"web"`
	// AsOf is the day it was last compared with a public source; Confidence is
	// verified or unverified. Neither is printed.
	AsOf       string `yaml:"as_of"`
	Confidence string `yaml:"confidence"`
}

// line is the office as printed: name, address; telephone; web site.
func (o office) line() string {
	who := o.Name
	if o.Address != "" {
		who += ", " + o.Address
	}
	return strings.Join([]string{who, o.Phone, o.Web}, "; ")
}

func lines(all []office) []string {
	printed := make([]string, len(all))
	for i, o := range all {
		printed[i] = data(o.line())
	}
	return printed
}

type officeBook struct {
	Bureaus         []office            `yaml:"bureaus"`
	TradeCommission office              `yaml:"trade_commission"`
	States          map[string][]office `yaml:"states"`
}

// readOffices reads the offices of a folder of templates and refuses an entry
// that lacks what is printed of it, or when it was compared and how sure it is.
func readOffices(folder fs.FS) (officeBook, error) {
	var book officeBook
	text, err := fs.ReadFile(folder, officesFile)
	if err != nil {
		return book, fmt.Errorf("a template is missing: %w", err)
	}
	if err := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict()).Decode(&book); err != nil {
		return book, fmt.Errorf("templates/%s: %w", officesFile, err)
	}
	all := append(slices.Clone(book.Bureaus), book.TradeCommission)
	for _, state := range slices.Sorted(maps.Keys(book.States)) {
		if !breach.IsState(state) {
			return book, breach.Refuse("unknown_state", "Write the two-letter code.", "templates/%s has offices of %q", officesFile, state)
		}
		all = append(all, book.States[state]...)
	}
	for _, o := range all {
		known := o.Confidence == breach.Verified || o.Confidence == breach.Unverified
		if o.Name == "" || o.Phone == "" || o.Web == "" || o.AsOf == "" || !known {
			return book, breach.Refuse("office_incomplete", "Write name, phone, web, as_of, and verified or unverified.",
				"templates/%s lacks something of %q", officesFile, o.Name)
		}
	}
	return book, nil
}

// offices are the built-in ones. CheckTemplates has refused bad ones before
// anything is printed.
var offices = sync.OnceValue(func() officeBook {
	book, err := readOffices(templates.Texts())
	if err != nil {
		panic(err) // The file is embedded, and the tests read it.
	}
	return book
})

// stateText is the name of a State's English text among the templates.
func stateText(state string) string { return strings.ToLower(state) + ".en.txt" }

// statesWithText lists the States with a text of their own.
var statesWithText = sync.OnceValue(func() []string { return textsIn(templates.Texts()) })

func textsIn(folder fs.FS) []string {
	names, err := fs.Glob(folder, "states/*.txt")
	if err != nil {
		panic(err) // The pattern is a constant; only a malformed one is an error.
	}
	var states []string
	for _, name := range names {
		code, _, _ := strings.Cut(path.Base(name), ".")
		states = append(states, strings.ToUpper(code))
	}
	return states
}

// affectedField is how a text prints the number of residents.
const affectedField = "{{.Affected}}"

// CountedStates lists the States whose letters tell how many of their residents are affected.
var CountedStates = sync.OnceValue(func() []string {
	return slices.DeleteFunc(slices.Clone(statesWithText()), func(state string) bool {
		text, err := fs.ReadFile(templates.Texts(), "states/"+stateText(state))
		return err != nil || !bytes.Contains(text, []byte(affectedField))
	})
})

// ofState is what a letter's words depend on of the State of its address.
type ofState struct {
	// state has a text of its own; "" has not.
	state    string
	affected int
}

// ofState is what a letter depends on of a variant's State.
func (b *LetterBatch) ofState(state string) (ofState, error) {
	if state == "" {
		return ofState{}, nil
	}
	of := ofState{state, b.residents[state]}
	if of.affected == 0 && slices.Contains(CountedStates(), state) {
		return of, fmt.Errorf("letters to %s tell how many of its residents are affected, and the number is not known", breach.StateName(state))
	}
	return of, nil
}

// forbiddenCounts find the number of a State's residents in somebody's words.
var forbiddenCounts = sync.OnceValue(func() map[string]*regexp.Regexp {
	patterns := map[string]*regexp.Regexp{}
	for _, state := range statesForbidding("number_affected") {
		name := regexp.QuoteMeta(breach.StateName(state))
		people := `(?:residents|people|patients|individuals|persons|members|customers)`
		patterns[state] = regexp.MustCompile(`(?i)\d\s+(?:\w+\s+){0,2}(?:` + people +
			`\s+(?:of|in|from|living in|who live in)\s+(?:the\s+)?(?:(?:state|commonwealth)\s+of\s+)?` + name + `|` + name + `\s+` + people + `)\b`)
	}
	return patterns
})

// forbidCounts refuses an incident whose texts tell how many residents of a
// State are affected that forbids it in its letters (815 ILCS 530/10, M.G.L.
// c. 93H, s. 3(b)): the texts stand in everybody's letter.
func forbidCounts(i breach.Incident) error {
	texts := map[string]string{"what_happened": i.WhatHappened, "what_we_are_doing": i.WhatWeAreDoing, "what_you_can_do": i.WhatYouCanDo}
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		for _, state := range slices.Sorted(maps.Keys(forbiddenCounts())) {
			if forbiddenCounts()[state].MatchString(texts[key]) {
				return breach.Refuse("count_forbidden", "Leave the number out of incident.yaml.",
					"%s tells how many residents of %s are affected, which its law forbids in letters", key, breach.StateName(state))
			}
		}
	}
	return nil
}
