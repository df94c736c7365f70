package rules

import (
	"maps"
	"slices"
	"sync"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/rules/states"
)

// law is one version of one State's row, ready to be asked.
type law struct {
	code string
	row  states.Row
	states.Version
	first    bool // nothing of the State is known before it
	elements []element
	// limited is hipaa.limited_to, monitored credit_monitoring.any_of.
	limited, monitored breach.DataClassSet
	rules              []*rule
}

// element is a states.Element as sets.
type element struct{ classes, with breach.DataClassSet }

func (e element) in(set breach.DataClassSet) bool {
	return set&e.classes != 0 && (e.with == 0 || set&e.with != 0)
}

// unnamed is the class that says nothing about what it is.
var unnamed = breach.SetOf("other")

// personal reports whether a person's classes are the State's personal
// information. What nobody named counts: the safe answer (docs/adr/0033).
func (l *law) personal(set breach.DataClassSet) bool {
	return set&unnamed != 0 || l.named(set)
}

// named is personal without the benefit of the doubt.
func (l *law) named(set breach.DataClassSet) bool {
	return slices.ContainsFunc(l.elements, func(e element) bool { return e.in(set) })
}

// laws are all States' versions, by code.
type laws map[string][]*law

// stateLaws reads the rows of this program. They are part of it and tested
// with it: a row that may not stand ends the program at once.
var stateLaws = sync.OnceValue(func() laws {
	rows, err := states.Embedded()
	if err != nil {
		panic(err)
	}
	return lawsOf(rows, rulesOf)
})

func lawsOf(rows []states.Row, ofRow func(*law) []*rule) laws {
	all := laws{}
	for _, row := range rows {
		for i, v := range row.Versions {
			l := &law{code: row.Jurisdiction, row: row, Version: v, first: i == 0, limited: states.Set(v.HIPAA.LimitedTo)}
			for _, e := range v.PersonalInformation.Elements {
				l.elements = append(l.elements, element{states.Set(e.Classes), states.Set(e.With)})
			}
			if v.CreditMonitoring != nil {
				l.monitored = states.Set(v.CreditMonitoring.AnyOf)
			}
			l.rules = ofRow(l)
			all[row.Jurisdiction] = append(all[row.Jurisdiction], l)
		}
	}
	return all
}

// rulesOf lists the version's rules: what it covers and excuses, then the
// duties in the order of every plan.
func rulesOf(l *law) []*rule {
	list := []*rule{personalInformation(l), hipaaClause(l)}
	if l.DataOwner != nil {
		list = append(list, dataOwnerNotice(l))
	}
	list = append(list, stateIndividualNotice(l))
	for i := range l.Regulators {
		list = append(list, regulatorNotice(l, &l.Regulators[i]))
	}
	if l.Bureaus != nil {
		list = append(list, bureauNotice(l))
	}
	if l.CreditMonitoring != nil {
		list = append(list, creditMonitoring(l))
	}
	if l.InsurerMonitoring != nil {
		list = append(list, insurerMonitoring(l))
	}
	if l.Insurers.Answer != states.ByRule {
		list = append(list, insurersWithoutRule(l))
	}
	return list
}

// rules lists every State's rules, by State and version.
func (all laws) rules() []*rule {
	var list []*rule
	for _, code := range slices.Sorted(maps.Keys(all)) {
		for _, l := range all[code] {
			list = append(list, l.rules...)
		}
	}
	return list
}

// judgedBy is the incident's own day that the version's window is held against.
func (l *law) judgedBy(m *matter) civil.Date {
	switch l.JudgedBy {
	case states.Discovered:
		return m.Incident.Discovered
	case states.Determined:
		return m.determined()
	}
	return m.occurred()
}

// governs reports whether the version is the one for the matter. The first one
// governs earlier days too, unless the law is known to have asked for nothing
// then: what it said is not known, and no duty may be lost for that.
func (l *law) governs(m *matter) bool {
	on := l.judgedBy(m)
	if l.assumed(m) {
		return l.Before != states.NothingBefore
	}
	return !on.Before(l.EffectiveFrom) && (l.EffectiveTo.IsZero() || on.Before(l.EffectiveTo))
}

// assumed: the version is applied to a day before its window.
func (l *law) assumed(m *matter) bool { return l.first && l.judgedBy(m).Before(l.EffectiveFrom) }

// governing is the version for the matter, nil when the State asks for nothing or has no row.
func (all laws) governing(code string, m *matter) *law {
	for _, l := range all[code] {
		if l.governs(m) {
			return l
		}
	}
	return nil
}
