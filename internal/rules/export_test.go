package rules

import (
	"slices"

	"duenotice/internal/breach"
)

// FormerLogic names a logic that only tests have: letters were due on the 30th
// day, and no warning was given. It is put together as an earlier logic is: the
// present one, with what it had put back.
const FormerLogic = "former, of the tests"

func former() logic {
	l := present()
	l.name = FormerLogic
	individual := *individualNotice
	individual.evaluate = func(m *matter) []breach.Obligation {
		o := breach.Obligation{Recipient: "affected individuals", Count: m.Tally.People, Trigger: triggerDiscovered, Clock: "30 calendar days"}
		return []breach.Obligation{m.dated(o, m.discovery.on.AddDays(30), breach.CoversIndividual, people(m.Tally.People))}
	}
	l.inCode[slices.Index(l.inCode, individualNotice)] = &individual
	l.decide = func(b *Book, s Subject) Decision {
		d := b.decide(s)
		d.Warnings = nil
		return d
	}
	return l
}

// EarlierOfTests is Earlier for a program that has the former logic too.
func EarlierOfTests(m Manifest, kept func(name, sha256 string) ([]byte, error)) (*Book, error) {
	return earlier(m, append([]logic{former()}, logics()...), kept)
}

// RowText is a State's row as it is written.
func RowText(name string) []byte {
	files, err := files(federalRules())
	if err != nil {
		panic(err)
	}
	return files[name]
}
