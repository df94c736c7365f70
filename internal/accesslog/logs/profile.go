package logs

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"duenotice/internal/breach"
	"duenotice/internal/givenfile"
)

// The formats of logs.
const (
	// FormatText is CSV, or text with semicolons, tabs or bars in place of commas.
	FormatText = "text"
	// FormatJSON is JSON objects: one a line, or in a list.
	FormatJSON = "json"
	// FormatFHIR is FHIR AuditEvent as bundles, lists or NDJSON.
	FormatFHIR = "fhir"
)

// Names are the names of a column in different versions of a log. Capitals, spaces and
// punctuation make no difference. The first that has something in a line is taken.
type Names []string

// Profile says what a log's columns mean.
type Profile struct {
	ID     string `yaml:"id"`
	Title  string `yaml:"title"`
	Format string `yaml:"format"`
	// Header has the names of the columns where the file has no row of them; a file may
	// end with fewer columns than this, as earlier versions do, but not below Fewest.
	Header []string `yaml:"header"`
	Fewest int      `yaml:"fewest"`
	// Marks are names that tell this log from others.
	Marks []string `yaml:"marks"`
	// Zone is the zone of times that name none: UTC, or a name such as America/Chicago.
	// Empty asks whoever gives the log.
	Zone string `yaml:"zone"`
	// Dates is the order of dates with slashes, mdy or dmy.
	Dates string `yaml:"dates"`
	// Inner are columns that stand as CSV within one column.
	Inner Inner `yaml:"inner"`

	Time    Names `yaml:"time"`
	Account Names `yaml:"account"`
	Role    Names `yaml:"role"`
	Patient Names `yaml:"patient"`
	// PatientIn finds the patient in a text, such as a statement: the first group of the
	// first expression that matches, and each further match is a further patient.
	PatientIn PatientIn `yaml:"patient_in"`
	Practice  Practice  `yaml:"practice"`
	Action    Names     `yaml:"action"`
	// Rows is how many rows the line says that it gave.
	Rows   Names `yaml:"rows"`
	Source Names `yaml:"source"`
	// Outcome says whether the access was given. Failed are its words for no, and Done
	// those for yes: one of the two is enough, and everything else is the other.
	Outcome Outcome `yaml:"outcome"`
	// Actions are the words of Action by what they are: view, export, change, none. A
	// word that is in none of them counts as view, and is listed.
	Actions map[Action]Names `yaml:"actions"`
	// Objects, where it is set, are patterns of the names of objects with patients; lines
	// about others are none of patients.
	Objects Objects `yaml:"objects"`

	// SHA256 is the hash of the profile's text, in hexadecimal.
	SHA256 string `yaml:"-"`

	actions map[string]Action
}

// Inner are columns within a column.
type Inner struct {
	Column string   `yaml:"column"`
	Prefix string   `yaml:"prefix"`
	Names  []string `yaml:"names"`
}

// PatientIn is where a patient's number stands in a text.
type PatientIn struct {
	Columns  Names    `yaml:"columns"`
	Patterns []string `yaml:"patterns"`
	// Parameters is the column with a prepared statement's parameters as CSV: where a
	// pattern finds $2, the second of them is the number.
	Parameters string `yaml:"parameters"`

	compiled []*regexp.Regexp
}

// Practice is how a line says which practice it is about.
type Practice struct {
	ID   Names `yaml:"id"`
	NPI  Names `yaml:"npi"`
	Name Names `yaml:"name"`
}

// Outcome is how a line says whether the access was given.
type Outcome struct {
	Columns Names `yaml:"columns"`
	Done    Names `yaml:"done"`
	Failed  Names `yaml:"failed"`
}

// Objects are the tables and views with patients.
type Objects struct {
	Columns  Names    `yaml:"columns"`
	Patterns []string `yaml:"patterns"`

	compiled []*regexp.Regexp
}

//go:embed shipped/*.yaml
var shipped embed.FS

// Shipped are the profiles that come with the program, in the order of their ids.
func Shipped() ([]*Profile, error) { return readShipped() }

var readShipped = sync.OnceValues(func() ([]*Profile, error) {
	entries, err := fs.ReadDir(shipped, "shipped")
	if err != nil {
		return nil, err
	}
	var all []*Profile
	for _, entry := range entries {
		text, err := shipped.ReadFile("shipped/" + entry.Name())
		if err != nil {
			return nil, err
		}
		p, err := Parse(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", entry.Name(), err)
		}
		all = append(all, p)
	}
	return all, nil
})

// Text is the YAML of a shipped profile; is reports that there is one of the name.
func Text(id string) (text []byte, is bool) {
	text, err := shipped.ReadFile("shipped/" + id + ".yaml")
	return text, err == nil
}

// Named is a shipped profile by its id, or one of a person's own by the path of its file.
// It is refused with code "log_profile".
func Named(name string) (*Profile, error) {
	if !strings.HasSuffix(name, ".yaml") && !strings.HasSuffix(name, ".yml") && !strings.ContainsRune(name, os.PathSeparator) {
		all, err := Shipped()
		if err != nil {
			return nil, err
		}
		var ids []string
		for _, p := range all {
			if p.ID == name {
				return p, nil
			}
			ids = append(ids, p.ID)
		}
		return nil, breach.Refuse("log_profile", "Shipped are "+strings.Join(ids, ", ")+"; one of your own is named by its file.", "there is no profile %q for logs", name)
	}
	text, err := givenfile.Read(name)
	if err != nil {
		return nil, breach.Refuse("log_profile", "Give the name of a shipped profile or the path of a file.", "the profile cannot be read: %v", err)
	}
	p, err := Parse(text)
	if err != nil {
		return nil, breach.Refuse("log_profile", "Correct the file; `duenotice findings profiles access-log` prints a shipped one to compare.", "%s: %v", filepath.Base(name), err)
	}
	return p, nil
}

// Parse reads a profile, and refuses words that would be silently nothing.
func Parse(text []byte) (*Profile, error) {
	p := &Profile{}
	if err := yaml.UnmarshalWithOptions(text, p, yaml.Strict()); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	p.SHA256 = hex.EncodeToString(sum[:])
	return p, p.check()
}

func (p *Profile) check() error {
	switch {
	case !breach.IsKey(p.ID):
		return errors.New("id is not 1 to 64 of A-Z a-z 0-9 . _ -")
	case !slices.Contains([]string{FormatText, FormatJSON, FormatFHIR}, p.Format):
		return errors.New("format is not text, json or fhir")
	case !slices.Contains([]string{"", "mdy", "dmy"}, p.Dates):
		return errors.New("dates is not mdy or dmy")
	case len(p.Time) == 0:
		return errors.New("time is empty: without times nothing can be said of a log")
	case len(p.Account) == 0:
		return errors.New("account is empty: without accounts nothing can be said of a log")
	case len(p.PatientIn.Patterns) > 0 && len(p.PatientIn.Columns) == 0, len(p.Objects.Patterns) > 0 && len(p.Objects.Columns) == 0:
		return errors.New("patterns need columns to look in")
	case len(p.Outcome.Done) > 0 && len(p.Outcome.Failed) > 0:
		return errors.New("outcome has both done and failed: one is enough, everything else is the other")
	}
	if p.Zone != "" {
		if _, err := ZoneOf(p.Zone); err != nil {
			return errors.New("zone is no name of a zone such as UTC or America/Chicago")
		}
	}
	p.actions = map[string]Action{}
	for action, words := range p.Actions {
		if !slices.Contains([]Action{View, Export, Change, None}, action) {
			return fmt.Errorf("actions has %s, which is not view, export, change or none", action)
		}
		for _, word := range words {
			if other, there := p.actions[fold(word)]; there && other != action {
				return fmt.Errorf("actions has %q twice", word)
			}
			p.actions[fold(word)] = action
		}
	}
	var err error
	if p.PatientIn.compiled, err = compile(p.PatientIn.Patterns, 1); err != nil {
		return fmt.Errorf("patient_in: %w", err)
	}
	if p.Objects.compiled, err = compile(p.Objects.Patterns, 0); err != nil {
		return fmt.Errorf("objects: %w", err)
	}
	return nil
}

func compile(patterns []string, groups int) ([]*regexp.Regexp, error) {
	var all []*regexp.Regexp
	for _, pattern := range patterns {
		one, err := regexp.Compile("(?i)" + pattern)
		if err != nil {
			return nil, err
		}
		if one.NumSubexp() < groups {
			return nil, fmt.Errorf("%q has no group ( ) around the number", pattern)
		}
		all = append(all, one)
	}
	return all, nil
}

// fold makes names and words of a log alike however they are written.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r == ' ' || r == '_' || r == '-' || r == '\t':
			return -1
		}
		return r
	}, name)
}

// all are every name of a column that the profile reads.
func (p *Profile) all() []string {
	var names []string
	for _, of := range []Names{p.Marks, p.Time, p.Account, p.Role, p.Patient, p.PatientIn.Columns, p.Practice.ID, p.Practice.NPI, p.Practice.Name, p.Action, p.Rows, p.Source, p.Outcome.Columns, p.Objects.Columns} {
		for _, name := range of {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}
