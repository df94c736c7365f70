package rules

import (
	"fmt"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/rules/states"
)

// creditMonitoring is compulsory credit monitoring: an offer in the letters.
func creditMonitoring(l *law) *rule {
	c := l.CreditMonitoring
	r := stateRule(l, "credit_monitoring", breach.CreditMonitoringDuty, "Credit monitoring for residents of "+stateName(l.code), c.Evidence)
	r.Text = fmt.Sprintf("Residents are offered %d months of credit monitoring or identity theft services without charge: %s.%s", c.Months, sentence(c.Says), excuseWords(l.HIPAA.CreditMonitoring))
	r.Parameters = monitoringParameters(c)
	r.evaluate = func(m *matter) []breach.Obligation {
		s := m.in(l)
		answer := s.excuseOf(l.HIPAA.CreditMonitoring)
		if s.monitored == 0 || answer == dutyExcused {
			return nil
		}
		return s.offer(c, s.monitored, answer)
	}
	return r
}

// insurerMonitoring is the same where insurance licensees owe it under a law of their own.
func insurerMonitoring(l *law) *rule {
	c := l.InsurerMonitoring
	r := stateRule(l, "insurer_credit_monitoring", breach.CreditMonitoringDuty, "Credit monitoring by insurers for residents of "+stateName(l.code), c.Evidence)
	r.Text = fmt.Sprintf("Insurance licensees offer residents %d months of credit monitoring without charge: %s.", c.Months, sentence(c.Says))
	if c.Note != "" {
		r.Text += fmt.Sprintf(" Note: %s.", sentence(c.Note))
	}
	r.Parameters = monitoringParameters(c)
	r.evaluate = func(m *matter) []breach.Obligation {
		s := m.in(l)
		if n := s.toMonitor(c); n > 0 && m.Practice.Insurer == breach.Yes {
			return s.offer(c, n, dutyStays)
		}
		return nil
	}
	return r
}

func monitoringParameters(c *states.Monitoring) []Parameter {
	return []Parameter{{"months", fmt.Sprint(c.Months)}, {"data_classes", strings.Join(c.AnyOf, ", ")}}
}

// toMonitor is the number of the practice's residents whose data calls for it.
func (s *stateMatter) toMonitor(c *states.Monitoring) int {
	n, set := 0, states.Set(c.AnyOf)
	for _, count := range s.Tally.Of(s.code) {
		if count.Set&set != 0 {
			n += count.People
		}
	}
	return n
}

// offer is the duty to offer it to n residents in their letters.
func (s *stateMatter) offer(c *states.Monitoring, n int, answer excuse) []breach.Obligation {
	d := s.discovery
	day := deadline{due: d.outerLimit(), trigger: triggerDiscovered, why: d.limitClause(), onAWord: !d.clock.IsZero()}
	if s.clockBinds() {
		if own := s.earliest(s.Individuals.Due, d); !own.due.IsZero() && own.due.Before(day.due) {
			day = own
		}
	}
	o := s.dated(breach.Obligation{
		Recipient: "affected residents of " + stateName(s.code), Count: n,
		Trigger: day.trigger, Clock: fmt.Sprintf("%d months, offered in the letters", c.Months),
	}, day.due, breach.CoversIndividual,
		fmt.Sprintf("%s of %s with %s", people(n), s.code, strings.Join(c.AnyOf, " or ")), day.why)
	return []breach.Obligation{s.finished(o, day, c.Evidence, answer)}
}
