package intake

import (
	"path/filepath"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
)

// OwnKeys stands for people whose person_key is the sources' own.
const OwnKeys = "person_key"

// idTexts are what the key of a person with an id is made of.
func idTexts(system, id string) []string { return []string{"id", system, strings.TrimSpace(id)} }

// PersonKeys finds a case's people by the ids that other systems, such as an access log, have
// for them.
type PersonKeys struct {
	// Imported says that an import wrote the list and nobody changed it since; the rest is
	// only known of such a list.
	Imported bool
	// Systems are those whose ids people have: namespaces of profiles, or OwnKeys.
	Systems []string
	// WithoutID is how many rows of people have no id, so that no log can name them.
	WithoutID int

	key32 []byte
	// standsAs is the key under which somebody stands in the list who was put together with
	// others.
	standsAs func(key string) string
}

// PersonKeysOf looks how a case's list of people was made. findingsSHA256 is that of the list
// as it is.
func PersonKeysOf(dir, findingsSHA256 string) (*PersonKeys, error) {
	m, err := readMemory(dir)
	if err != nil {
		return nil, err
	}
	p := &PersonKeys{}
	if p.key32, err = readKey(dir); err != nil {
		return nil, err
	}
	if m.FindingsSHA256 == findingsSHA256 && findingsSHA256 != "" {
		p.Imported, p.Systems, p.WithoutID = true, m.IDs, m.WithoutID
		return p, p.together(dir)
	}
	return p, nil
}

// together finds out who stands in the list under another's key.
func (p *PersonKeys) together(dir string) (err error) {
	j := &joining{dir: dir, apart: filepath.Join(dir, ApartFile), pairs: filepath.Join(dir, PairsFile)}
	if j.decided, err = readDecisions(dir, People); err != nil {
		return err
	}
	p.standsAs = j.keyOf
	if err := j.decide(); err != nil {
		return err
	}
	return j.chooseRoots()
}

// Knows reports whether ids of a system can be looked up.
func (p *PersonKeys) Knows(system string) bool { return system == OwnKeys || p.key32 != nil }

// Key is the person_key of an id of a system; "" where the id can be nobody's.
func (p *PersonKeys) Key(system, id string) string {
	id = strings.TrimSpace(id)
	switch {
	case id == "" || system != OwnKeys && p.key32 == nil:
		return ""
	case system != OwnKeys:
		id = opaque(p.key32, idTexts(system, id)...)
	case !breach.IsKey(id):
		return ""
	}
	if p.standsAs != nil {
		return p.standsAs(id)
	}
	return id
}

// PracticeKeys looks practices up in a case's practices.csv.
type PracticeKeys struct{ directory *directory }

// PracticeKeysOf reads a case's list of practices; it may be empty.
func PracticeKeysOf(dir string) (*PracticeKeys, error) {
	p := &PracticeKeys{newDirectory()}
	content, err := readList(dir, casefolder.PracticesFile)
	if err != nil || content == nil {
		return p, err
	}
	return p, readPractices(content, p.directory, func([]string) {})
}

// Find is the key of the practice that an id, an NPI and a name mean: an id that is a
// practice_key, or what an import made a key of, then by NPI, then by name. The rule says
// why there is none.
func (p *PracticeKeys) Find(id, npi, name string) (key, rule string) {
	if !breach.IsNPI(npi) {
		npi = ""
	}
	f := ref{id: id, npi: npi, name: name, keep: true}
	if f.empty() {
		return "", "no_practice"
	}
	found, rule := p.directory.find(f)
	if found == nil {
		return "", rule
	}
	return found.key, ""
}
