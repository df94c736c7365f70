package accesslog

import (
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/intake"
)

// The bounds of what is kept in memory. More than that is another column than it was
// taken for.
const (
	mostAccounts  = 100_000
	mostRoles     = 5_000
	mostPractices = 500_000
)

// names gives texts numbers in the order in which they come. Texts that differ only in
// capitals are one: one system writes KIM where another writes kim.
type names struct {
	what   string
	most   int
	number map[string]uint32
	text   []string
}

func newNames(what string, most int) *names {
	return &names{what: what, most: most, number: map[string]uint32{}}
}

func (n *names) of(text string) (uint32, error) {
	if number, there := n.number[text]; there {
		return number, nil
	}
	folded := strings.ToLower(text)
	number, there := n.number[folded]
	if !there {
		if len(n.text) == n.most {
			return 0, breach.Refuse("log_too_many", "Look which column is taken for it in the profile, and name another in a copy.", "the logs have more than %d %s", n.most, n.what)
		}
		number = uint32(len(n.text))
		n.text = append(n.text, strings.Clone(text))
		n.number[strings.Clone(folded)] = number
	}
	if text != folded && len(n.number) < 2*n.most {
		n.number[strings.Clone(text)] = number
	}
	return number, nil
}

// given is how a line names its practice.
type given struct{ id, npi, name string }

func (g given) label() string {
	switch {
	case g.name != "":
		return g.name
	case g.npi != "":
		return "NPI " + g.npi
	}
	return g.id
}

// places gives practices numbers: one for each practice of the case's list, whatever a
// line calls it, and one for each name that the list does not have.
type places struct {
	list   *intake.PracticeKeys
	number map[given]uint32
	byKey  map[string]uint32
	all    []place
}

// place is a practice as lines name it. Number 0 is none.
type place struct {
	// key is the practice_key, "" where the list has none; rule says why.
	key, rule, label string
}

func newPlaces(list *intake.PracticeKeys) *places {
	return &places{list: list, number: map[given]uint32{{}: 0}, byKey: map[string]uint32{}, all: []place{{rule: "no_practice"}}}
}

func (p *places) of(g given) (uint32, error) {
	if number, there := p.number[g]; there {
		return number, nil
	}
	if len(p.number) > mostPractices {
		return 0, breach.Refuse("log_too_many", "Look which column is taken for the practice in the profile, and name another in a copy.", "the logs name more than %d practices", mostPractices)
	}
	g = given{strings.Clone(g.id), strings.Clone(g.npi), strings.Clone(g.name)}
	key, rule := p.list.Find(g.id, g.npi, g.name)
	if number, there := p.byKey[key]; there && key != "" {
		p.number[g] = number
		return number, nil
	}
	number := uint32(len(p.all))
	p.all = append(p.all, place{key, rule, g.label()})
	if key != "" {
		p.byKey[key] = number
	}
	p.number[g] = number
	return number, nil
}
