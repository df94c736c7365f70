// Package profile has the profiles by which handed-over files are read: plain YAML that
// says which of a file's columns are which of ours, what its values mean, which kinds of
// data its columns stand for, and how practices are found. Those that are shipped can be
// printed, copied and changed.
package profile

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/givenfile"
)

// Role is what the rows of a table are.
type Role string

// The roles.
const (
	// People are rows of a person, with or without the practice.
	People Role = "people"
	// Visits are rows that say at which practice a person of another table was.
	Visits Role = "visits"
	// Practices are rows of practices: the client list, or an EHR's organizations.
	Practices Role = "practices"
	// Directory is a register in which practices are looked up by their NPI.
	Directory Role = "directory"
)

// FullName is the column of a whole name in one cell, which is taken apart.
const FullName = "full_name"

// The formats of files. Text and workbooks are tables alike.
const (
	FormatTable = "table"
	FormatFHIR  = "fhir"
	FormatX12   = "x12"
)

// Profile is one profile.
type Profile struct {
	ID    string `yaml:"id"`
	Title string `yaml:"title"`
	// Format is table, fhir or x12.
	Format string `yaml:"format"`
	// Masked says which setting of the program that wrote the file shows values in place
	// of counts or of yes and no.
	Masked string `yaml:"masked"`
	// Dates is the order of dates with slashes in this format, mdy or dmy; empty where
	// people write as they like, and are asked.
	Dates  string  `yaml:"dates"`
	Tables []Table `yaml:"tables"`

	// SHA256 is the hash of the profile's text, in hexadecimal.
	SHA256 string `yaml:"-"`
}

// Table is one kind of table of a format.
type Table struct {
	Role Role `yaml:"role"`
	// Of is the resource or kind of record, where the format has such; empty for any.
	Of string `yaml:"of"`
	// Needs are columns of ours, person or practice, without which the table is another.
	Needs []string `yaml:"needs"`
	// Marks are names that tell this format from others.
	Marks []string `yaml:"marks"`
	// Columns are the names of each column of ours, the first that is there being taken.
	Columns map[string]Names `yaml:"columns"`
	Person  Person           `yaml:"person"`
	// Practice is how a row says which practice it is about.
	Practice Practice `yaml:"practice"`
	// Kinds are the columns that stand for a kind of data: something in the cell, yes or
	// a count above 0 says that this person's was there. No value of them is kept.
	Kinds map[string]Names `yaml:"kinds"`
	// Always are the kinds that every row of the table is about.
	Always []string `yaml:"always"`
	// Values are what the words of a column mean in ours.
	Values map[string]map[string]string `yaml:"values"`
	// LeftOut are names that are known and not needed.
	LeftOut Names `yaml:"left_out"`
}

// Names are the names of a column in different versions of a format. Capitals, spaces
// and punctuation make no difference.
type Names []string

// Person is how a row says which person it is about.
type Person struct {
	// ID are the names of the column with the format's own id of a person. It becomes
	// the person's key by a keyed hash, and is kept nowhere.
	ID Names `yaml:"id"`
	// With are columns of ours that belong to the id, where several people share one.
	With []string `yaml:"with"`
	// Namespace tells ids of one system from those of another; empty is the profile's id.
	Namespace string `yaml:"namespace"`
	// Keep keeps the id as the key: it is opaque already.
	Keep bool `yaml:"keep"`
}

// Practice is how a row says which practice it is about: by an id of the same system,
// an NPI, or a name.
type Practice struct {
	ID   Names `yaml:"id"`
	NPI  Names `yaml:"npi"`
	Name Names `yaml:"name"`
	// Keep keeps the id as the practice's key.
	Keep bool `yaml:"keep"`
}

//go:embed shipped/*.yaml
var shipped embed.FS

// Own is the id of the profile of the case folder's own lists.
const Own = "duenotice"

// Shipped are the profiles that come with the program, in the order of their ids. They
// are read once, and must not be changed.
func Shipped() ([]Profile, error) { return readShipped() }

var readShipped = sync.OnceValues(func() ([]Profile, error) {
	entries, err := fs.ReadDir(shipped, "shipped")
	if err != nil {
		return nil, err
	}
	var all []Profile
	for _, entry := range entries {
		text, err := shipped.ReadFile("shipped/" + entry.Name())
		if err != nil {
			return nil, err
		}
		p, err := Parse(text)
		if err != nil {
			return nil, errors.Join(errors.New(entry.Name()), err)
		}
		all = append(all, p)
	}
	return all, nil
})

// Text is the YAML of a shipped profile, to be copied.
func Text(id string) ([]byte, error) {
	text, err := shipped.ReadFile("shipped/" + id + ".yaml")
	if errors.Is(err, fs.ErrNotExist) || strings.ContainsAny(id, `/\`) {
		return nil, unknown(id)
	}
	return text, err
}

func unknown(id string) error {
	var ids []string
	all, err := Shipped()
	if err != nil {
		return err
	}
	for _, p := range all {
		ids = append(ids, p.ID)
	}
	return breach.Refuse("profile_unknown", "Shipped are "+strings.Join(ids, ", ")+"; one of your own is named by its file.", "there is no profile %q", id)
}

// Named is a shipped profile by its id, or one of a person's own by the path of its file.
func Named(name string) (Profile, error) {
	if !strings.HasSuffix(name, ".yaml") && !strings.HasSuffix(name, ".yml") && !strings.ContainsRune(name, os.PathSeparator) {
		text, err := Text(name)
		if err != nil {
			return Profile{}, err
		}
		return Parse(text)
	}
	text, err := givenfile.Read(name)
	if err != nil {
		return Profile{}, breach.Refuse("profile_unread", "Give the name of a shipped profile or the path of a file.", "the profile cannot be read: %v", err)
	}
	p, err := Parse(text)
	if err != nil {
		return Profile{}, breach.Refuse("profile", "Correct the file; `duenotice findings profiles NAME` prints a shipped one to compare.", "%s: %v", filepath.Base(name), err)
	}
	return p, nil
}

// Parse reads a profile, and refuses words that would be silently nothing.
func Parse(text []byte) (Profile, error) {
	var p Profile
	if err := yaml.UnmarshalWithOptions(text, &p, yaml.Strict()); err != nil {
		return p, err
	}
	sum := sha256.Sum256(text)
	p.SHA256 = hex.EncodeToString(sum[:])
	return p, p.check()
}

func (p *Profile) check() error {
	switch {
	case !breach.IsKey(p.ID):
		return errors.New("id is not 1 to 64 of A-Z a-z 0-9 . _ -")
	case !slices.Contains([]string{FormatTable, FormatFHIR, FormatX12}, p.Format):
		return errors.New("format is not table, fhir or x12")
	case !slices.Contains([]string{"", "mdy", "dmy"}, p.Dates):
		return errors.New("dates is not mdy or dmy")
	case len(p.Tables) == 0:
		return errors.New("tables is empty")
	}
	for i := range p.Tables {
		if err := p.Tables[i].check(); err != nil {
			return err
		}
		if p.Tables[i].Person.Namespace == "" {
			p.Tables[i].Person.Namespace = p.ID
		}
	}
	return nil
}

func (t *Table) check() error {
	ours := t.Ours()
	if ours == nil {
		return errors.New("role is not people, visits, practices or directory")
	}
	for column := range t.Columns {
		if !slices.Contains(ours, column) {
			return errors.New("columns has " + column + ", which is no column of ours")
		}
	}
	for _, need := range t.Needs {
		if need != "person" && need != "practice" && !slices.Contains(ours, need) {
			return errors.New("needs has " + need + ", which is no column of ours, person or practice")
		}
	}
	for column := range t.Values {
		if _, ok := t.Columns[column]; !ok {
			return errors.New("values has " + column + ", which is not among its columns")
		}
	}
	for kind := range t.Kinds {
		if !breach.DataClass(kind).Known() {
			return errors.New("kinds has " + kind + ", which is no kind of data")
		}
	}
	for _, kind := range t.Always {
		if !breach.DataClass(kind).Known() {
			return errors.New("always has " + kind + ", which is no kind of data")
		}
	}
	for _, column := range t.Person.With {
		if !slices.Contains(ours, column) {
			return errors.New("person.with has " + column + ", which is no column of ours")
		}
	}
	return nil
}

// Ours are the columns of ours that the table can fill; nil for a role there is not.
func (t *Table) Ours() []string {
	switch t.Role {
	case People, Visits:
		return append(casefolder.FindingColumns(), FullName)
	case Practices, Directory:
		return append(casefolder.PracticeColumns(), "replaced_by", "closed_on")
	}
	return nil
}
