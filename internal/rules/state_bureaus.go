package rules

import (
	"fmt"
	"strings"

	"duenotice/internal/breach"
)

// bureauNotice is the notice to the nationwide consumer reporting agencies.
func bureauNotice(l *law) *rule {
	b := l.Bureaus
	r := stateRule(l, "consumer_reporting_agencies", breach.CRANotice, "Notice to consumer reporting agencies ("+stateName(l.code)+")", b.Evidence)
	recipient := b.Recipient
	if recipient == "" {
		recipient = "nationwide consumer reporting agencies"
	}
	r.Text = bureauText(l, recipient)
	r.Parameters = append([]Parameter{{"threshold", thresholdWords(b.Threshold)}}, clockParameters(b.Due)...)
	r.evaluate = func(m *matter) []breach.Obligation {
		s := m.in(l)
		n, what := s.toCount(b.Threshold)
		answer := s.excuseOf(l.HIPAA.Bureaus)
		if !m.leads || answer == dutyExcused || !b.Threshold.Reached(n) {
			return nil
		}
		reasons := []string{m.ofEntity(what)}
		if b.Where != "" {
			reasons = append(reasons, "owed where "+sentence(b.Where)+"; ask counsel")
		}
		return s.owed(breach.Obligation{Recipient: recipient, Count: n}, s.earliest(b.Due, m.entityDiscovery), b.Evidence, answer, reasons...)
	}
	return r
}

func bureauText(l *law, recipient string) string {
	var w strings.Builder
	fmt.Fprintf(&w, "The %s are told %s when the count is %s: timing, distribution and content of the letters and their number, no names.",
		recipient, clocksWords(l.Bureaus.Due), thresholdWords(l.Bureaus.Threshold))
	if l.Bureaus.Where != "" {
		fmt.Fprintf(&w, " Only where %s.", sentence(l.Bureaus.Where))
	}
	for _, text := range []string{l.Bureaus.Content, l.Bureaus.Note} {
		if text != "" {
			fmt.Fprintf(&w, " %s.", sentence(text))
		}
	}
	w.WriteString(excuseWords(l.HIPAA.Bureaus))
	return w.String()
}
