package rules

import (
	"fmt"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/rules/states"
)

// regimeState is the regime of every State's rules.
const regimeState = "state"

// stateRule is what is the same in every rule of a version.
func stateRule(l *law, name, kind, title string, e states.Evidence) *rule {
	citation := l.Citation
	if e.Citation != "" {
		citation = e.Citation
	}
	from := civil.Later(l.EffectiveFrom, e.From)
	return &rule{
		Rule: Rule{
			ID: "state." + strings.ToLower(l.code) + "." + name, Regime: regimeState, Jurisdiction: l.code, Kind: kind, Title: title,
			Citation: citation, Authority: l.Statute, EffectiveFrom: from, EffectiveTo: l.EffectiveTo,
			AsOf: l.AsOf, Confidence: l.confidence(e),
		},
		judgedBy: l.judgedBy,
		applies:  func(*matter) bool { return true },
	}
}

// personalInformation explains what the State's law is about.
func personalInformation(l *law) *rule {
	r := stateRule(l, "personal_information", "definition", "Personal information in "+stateName(l.code), states.Evidence{})
	var w strings.Builder
	switch l.PersonalInformation.HealthData {
	case states.Yes:
		w.WriteString("A name with health data and nothing else is personal information here. ")
	case states.Part:
		w.WriteString("Only some health data is personal information here. ")
	default:
		w.WriteString("Health data is no personal information here. ")
	}
	var says []string
	for _, e := range l.PersonalInformation.Elements {
		says = append(says, sentence(e.Says))
		words := strings.Join(e.Classes, ", ")
		if len(e.With) > 0 {
			words += " with " + strings.Join(e.With, ", ")
		}
		if words != "" {
			r.Parameters = append(r.Parameters, Parameter{"element", words})
		}
	}
	fmt.Fprintf(&w, "A name with: %s.", strings.Join(says, "; "))
	if l.PersonalInformation.Detail != "" {
		fmt.Fprintf(&w, " %s.", sentence(l.PersonalInformation.Detail))
	}
	switch l.HarmTest.Exists {
	case states.Yes:
		w.WriteString(" The law has a harm test")
		if l.HarmTest.Says != "" {
			w.WriteString(": " + sentence(l.HarmTest.Says))
		}
		w.WriteString(".")
	case states.No:
		w.WriteString(" The law has no harm test.")
	}
	if l.Binds.Who != "" {
		fmt.Fprintf(&w, " It binds: %s.", sentence(l.Binds.Who))
	}
	r.Text = w.String()
	return r
}

// hipaaClause explains what compliance with HIPAA excuses, and on what grounds.
func hipaaClause(l *law) *rule {
	h := l.HIPAA
	r := stateRule(l, "hipaa", "exemption", "What HIPAA excuses in "+stateName(l.code), states.Evidence{Confidence: h.Confidence})
	var w strings.Builder
	if h.Exempt == states.Yes {
		w.WriteString("The law does not apply. ")
	}
	fmt.Fprintf(&w, "%s.", sentence(h.Basis))
	if len(h.LimitedTo) > 0 {
		fmt.Fprintf(&w, " Only while the breach is limited to: %s.", strings.Join(h.LimitedTo, ", "))
	}
	if h.Note != "" {
		fmt.Fprintf(&w, " %s.", sentence(h.Note))
	}
	r.Text = w.String()
	for _, p := range []Parameter{
		{"exempt", string(h.Exempt)}, {"letter", string(h.Letter)}, {"regulators", string(h.Regulators)},
		{"consumer_reporting_agencies", string(h.Bureaus)}, {"credit_monitoring", string(h.CreditMonitoring)},
		{"the_State's_day_for_letters_stays", string(h.ClockStays)}, {"condition", h.Condition}, {"reaches", strings.Join(h.Reaches, ", ")},
	} {
		if p.Value != "" {
			r.Parameters = append(r.Parameters, p)
		}
	}
	return r
}

func clockParameters(clocks []states.Clock) []Parameter {
	var list []Parameter
	for _, k := range clocks {
		list = append(list, Parameter{"clock", fromWords(k)})
	}
	return list
}

func contentParameters(demand states.LetterDemand) []Parameter {
	var list []Parameter
	for _, c := range demand.Requires {
		list = append(list, Parameter{"letter_requires", c.Says})
	}
	for _, c := range demand.Forbids {
		list = append(list, Parameter{"letter_forbids", c.Says})
	}
	return list
}

// clocksWords is a list of clocks in a sentence.
func clocksWords(clocks []states.Clock) string {
	words := make([]string, len(clocks))
	for i, k := range clocks {
		words[i] = fromWords(k)
		switch k.Unit {
		case states.Promptly, states.BeforeLetters, states.WithLetters, states.ByLetters:
		default:
			words[i] = "within " + words[i]
		}
	}
	text := strings.Join(words, ", or ")
	if len(words) > 1 {
		text += ", whichever is earlier"
	}
	return text
}

// sentence is text without white space and full stop at its end.
func sentence(text string) string {
	return strings.TrimRight(strings.Join(strings.Fields(text), " "), ".")
}

// in is the matter in one State's eyes, worked out once.
func (m *matter) in(l *law) *stateMatter {
	if s := m.byState[l.code]; s != nil && s.law == l {
		return s
	}
	s := newStateMatter(m, l)
	if m.byState == nil {
		m.byState = map[string]*stateMatter{}
	}
	m.byState[l.code] = s
	return s
}

// owed applies each State's law to its residents, by code.
func (all laws) owed(m *matter, noBreach bool) []breach.Obligation {
	var owed []breach.Obligation
	for _, code := range m.codes() {
		l := all.governing(code, m)
		if l == nil || l.Binds.Practices == states.No {
			continue
		}
		for _, r := range l.rules {
			if r.evaluate != nil && (!noBreach || r.withoutBreach) && !m.in(l).tooYoung(r.EffectiveFrom) {
				owed = append(owed, r.complete(m, r.evaluate(m))...)
			}
		}
	}
	return owed
}
