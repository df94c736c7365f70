package rules

import (
	"fmt"

	"duenotice/internal/breach"
	"duenotice/internal/rules/states"
)

// insurersWithoutRule says what is known of insurance licensees in a State that
// has no rule for them, so that nobody takes silence for an answer.
func insurersWithoutRule(l *law) *rule {
	r := stateRule(l, "insurers", "definition", "Insurers in "+stateName(l.code), states.Evidence{Confidence: unverified})
	r.Text = insurersText(l) + "."
	return r
}

func insurersText(l *law) string {
	if l.Insurers.Answer == states.NoneFound {
		return fmt.Sprintf("No notice of insurance licensees to a regulator of their own: none found, as of %s (%s)", l.AsOf, sentence(l.Insurers.Says))
	}
	return fmt.Sprintf("Whether insurance licensees tell a regulator of their own is counsel's question: %s", sentence(l.Insurers.Says))
}

// insurerWarnings say, for a practice that is an insurance licensee, what the
// rulebook does not decide of it in a State.
func insurerWarnings(m *matter, all laws, code string, l *law) []Warning {
	if !m.leads || !m.someInsurer(true) {
		return nil
	}
	switch {
	case l == nil && len(all[code]) == 0:
		return []Warning{{needsCounsel, code + ": the law of this jurisdiction is not in the rulebook; counsel decides what an insurance licensee tells its regulator"}}
	case l == nil || l.Insurers.Answer == states.ByRule:
		return nil
	case l.Insurers.Answer == states.NoneFound:
		return []Warning{{"insurer_none_found", code + ": " + insurersText(l)}}
	}
	return []Warning{{needsCounsel, code + ": " + insurersText(l)}}
}

// someInsurer reports whether one of the practices that are counted as one is an
// insurance licensee, or whether one is not.
func (m *matter) someInsurer(licensee bool) bool {
	if (m.Practice.Insurer == breach.Yes) == licensee {
		return true
	}
	for _, p := range m.Peers {
		if (p.Insurer == breach.Yes) == licensee {
			return true
		}
	}
	return false
}
