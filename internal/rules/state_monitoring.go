package rules

import (
	"fmt"
	"strings"

	"duenotice/internal/breach"
)

// creditMonitoring is compulsory credit monitoring: an offer in the letters.
func creditMonitoring(l *law) *rule {
	c := l.CreditMonitoring
	r := stateRule(l, "credit_monitoring", breach.CreditMonitoringDuty, "Credit monitoring for residents of "+stateName(l.code), c.Evidence)
	r.Text = fmt.Sprintf("Residents are offered %d months of credit monitoring or identity theft services without charge: %s.%s", c.Months, sentence(c.Says), excuseWords(l.HIPAA.CreditMonitoring))
	r.Parameters = []Parameter{{"months", fmt.Sprint(c.Months)}, {"data_classes", strings.Join(c.AnyOf, ", ")}}
	r.evaluate = func(m *matter) []breach.Obligation {
		s := m.in(l)
		answer := s.excuseOf(l.HIPAA.CreditMonitoring)
		if s.monitored == 0 || answer == dutyExcused {
			return nil
		}
		day := deadline{due: m.discovery.outerLimit(), trigger: triggerDiscovered, why: m.discovery.limitClause(), onAWord: !m.discovery.clock.IsZero()}
		if s.clockBinds() {
			if own := s.earliest(l.Individuals.Due, m.discovery); !own.due.IsZero() && own.due.Before(day.due) {
				day = own
			}
		}
		o := m.dated(breach.Obligation{
			Recipient: "affected residents of " + stateName(l.code), Count: s.monitored,
			Trigger: day.trigger, Clock: fmt.Sprintf("%d months, offered in the letters", c.Months),
		}, day.due, breach.CoversIndividual,
			fmt.Sprintf("%s of %s with %s", people(s.monitored), l.code, strings.Join(c.AnyOf, " or ")), day.why)
		return []breach.Obligation{s.finished(o, day, c.Evidence, answer)}
	}
	return r
}
