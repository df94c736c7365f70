package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/intake/rows"
)

// ref is how a row names its practice.
type ref struct {
	// system tells ids of one system from those of another; keep says that the id is a
	// key of the client list.
	system, id, npi, name string
	keep                  bool
}

func (f ref) empty() bool { return f.id == "" && f.npi == "" && f.name == "" }

// label names the practice in a list for people.
func (f ref) label() string {
	switch {
	case f.name != "":
		return f.name
	case f.npi != "":
		return "NPI " + f.npi
	}
	return f.id
}

// key is the practice's key where the list has none: its NPI, its id, or a hash of what
// there is. A key names folders.
func (f ref) key() string {
	switch {
	case breach.IsNPI(f.npi):
		return f.npi
	case breach.IsKey(f.id) && len(f.id) <= 40:
		return f.id
	}
	sum := sha256.Sum256([]byte(f.system + "\x00" + f.id + "\x00" + f.npi + "\x00" + nameKey(f.name)))
	return "PR-" + hex.EncodeToString(sum[:5])
}

func refOf(t *table, row *rows.Row) ref {
	m := &t.match
	f := ref{system: m.Table.Person.Namespace, keep: m.Table.Practice.Keep, id: cell(row, m.PracticeID), npi: cell(row, m.PracticeNPI), name: cell(row, m.PracticeName)}
	if !breach.IsNPI(f.npi) {
		f.npi = ""
	}
	return f
}

// practice is one practice of the list.
type practice struct {
	key   string
	cells map[string]string
	// base: it stands in the case's own practices.csv.
	base bool
	// listed: a client list has it. used: somebody in the list of people is its patient.
	listed, used bool
	// added: a source that is no client list has it, though there is one. fromRows: only
	// rows of people name it.
	added, fromRows bool
	// ids is the practice's id in each system that has one.
	ids map[string]string
}

// directory is the list of practices while an import looks practices up.
type directory struct {
	list   []*practice
	byKey  map[string]*practice // in small letters
	byID   map[string]*practice
	byNPI  map[string][]*practice
	byName map[string][]*practice
	// now are the keys of practices that people decided are others.
	now map[string]string
}

func newDirectory() *directory {
	return &directory{byKey: map[string]*practice{}, byID: map[string]*practice{}, byNPI: map[string][]*practice{}, byName: map[string][]*practice{}}
}

// companyWords stand behind a company's name or do not.
var companyWords = map[string]bool{"inc": true, "llc": true, "llp": true, "pllc": true, "pc": true, "pa": true, "ltd": true, "corp": true, "corporation": true, "co": true, "company": true, "the": true, "lp": true, "psc": true, "sc": true, "apc": true}

// nameKey is a practice's name as names are compared: without case, punctuation and the
// form of its company.
func nameKey(name string) string {
	words := strings.FieldsFunc(strings.NewReplacer(".", "", "'", "", "’", "", "&", " and ").Replace(breach.FoldText(name)), func(r rune) bool {
		return strings.ContainsRune(" ,-/()*#:;", r)
	})
	kept := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return companyWords[w] })
	if len(kept) == 0 {
		kept = words
	}
	return strings.Join(kept, " ")
}

func (d *directory) add(key string, cells map[string]string, base bool) *practice {
	p := &practice{key: key, cells: cells, base: base, ids: map[string]string{}}
	cells["practice_key"] = key
	d.list = append(d.list, p)
	d.byKey[strings.ToLower(key)] = p
	if npi := cells["npi"]; breach.IsNPI(npi) {
		d.byNPI[npi] = append(d.byNPI[npi], p)
	}
	names := []string{nameKey(cells["legal_name"])}
	if dba := nameKey(cells["dba"]); dba != names[0] {
		names = append(names, dba)
	}
	for _, name := range names {
		if name != "" {
			d.byName[name] = append(d.byName[name], p)
		}
	}
	return p
}

// found is what a practice was looked up as.
type found struct {
	practice *practice
	rule     string
}

// lookUp is find for rows, of which many name one practice: the list is whole by then.
func (r *run) lookUp(f ref) (*practice, string) {
	known, before := r.lookedUp[f]
	if !before {
		known.practice, known.rule = r.directory.find(f)
		r.lookedUp[f] = known
	}
	return known.practice, known.rule
}

// find looks a practice up: by its id, its NPI, its name. The rule says why there is
// none.
func (d *directory) find(f ref) (p *practice, rule string) {
	if f.id != "" {
		if p := d.byID[f.system+"\x00"+f.id]; p != nil {
			return p, ""
		}
		if p := d.byKey[strings.ToLower(f.id)]; p != nil && f.keep {
			return p, ""
		}
	}
	if f.npi != "" {
		switch of := d.byNPI[f.npi]; {
		case d.one(of) != nil:
			return d.one(of), ""
		case len(of) > 1:
			for _, p := range of {
				if f.name != "" && nameKey(p.cells["legal_name"]) == nameKey(f.name) {
					return p, ""
				}
			}
			return nil, "practice_ambiguous"
		}
	}
	if f.name != "" {
		switch of := d.byName[nameKey(f.name)]; {
		case d.one(of) != nil:
			return d.one(of), ""
		case len(of) > 1:
			return nil, "practice_ambiguous"
		}
	}
	return nil, "practice_unknown"
}

// one is the practice that all of several are; nil where they are more, or none.
func (d *directory) one(of []*practice) *practice {
	if len(of) == 1 {
		return of[0]
	}
	is := ""
	for _, p := range of {
		key := cmpOr(d.now[p.key], p.key)
		if is != "" && is != key {
			return nil
		}
		is = key
	}
	return d.byKey[strings.ToLower(is)]
}

// freeKey is a key that no practice has, also not in other capitals.
func (d *directory) freeKey(key string) string {
	free := key
	for n := 2; d.byKey[strings.ToLower(free)] != nil; n++ {
		free = fmt.Sprintf("%s-%d", key, n)
	}
	return free
}
