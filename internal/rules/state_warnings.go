package rules

import (
	"fmt"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/rules/states"
)

// Codes of warnings about State law.
const (
	// needsCounsel: the engine cannot decide; it says why and what it did.
	needsCounsel = "needs_counsel"
	// unverifiedLaw: the result rests on a reading not seen in the text of the law.
	unverifiedLaw = "unverified_law"
)

// stateWarnings say where State law could not be decided for the practice, or
// was decided by a reading that is not verified. What they say of one State is
// the same for every practice, so that a plan can say it once.
func stateWarnings(m *matter, all laws, owed []breach.Obligation) []Warning {
	var warnings []Warning
	unnamed, insurers := []string{}, []string{}
	for _, code := range m.codes() {
		l := all.governing(code, m)
		warnings = append(warnings, insurerWarnings(m, all, code, l)...)
		if l == nil {
			if len(all[code]) == 0 && m.moreThanContact(code) {
				warnings = append(warnings, Warning{needsCounsel, code + ": the law of this jurisdiction is not in the rulebook; residents get HIPAA's letter, and counsel decides what else is owed"})
			}
			continue
		}
		s := m.in(l)
		here := slices.DeleteFunc(slices.Clone(owed), func(o breach.Obligation) bool {
			return o.Regime != regimeState || o.Jurisdiction != code
		})
		if s.entity == 0 && s.own == 0 && len(here) == 0 {
			continue
		}
		warnings = append(warnings, s.warnings(here)...)
		if s.onlyUnnamed > 0 {
			unnamed = append(unnamed, code)
		}
		if slices.ContainsFunc(l.Regulators, func(r states.Regulator) bool { return r.If == states.Insurer }) || code == washingtonInsurer.Jurisdiction {
			insurers = append(insurers, code)
		}
	}
	if len(unnamed) > 0 {
		warnings = append(warnings, Warning{needsCounsel, fmt.Sprintf(
			"people of %s count under State law only because of the data class other, which may be anything; name what it is in findings.csv", strings.Join(unnamed, ", "))})
	}
	if len(insurers) > 0 && m.leads && m.Practice.Insurer == breach.Unknown {
		warnings = append(warnings, Warning{"insurer_unknown", fmt.Sprintf(
			"insurer is not answered; it counts as no, and the insurance regulators of %s are told by insurance licensees within days", strings.Join(insurers, ", "))})
	}
	return warnings
}

// contact is what no law takes for personal information by itself.
var contact = breach.SetOf("name", "address", "phone", "email")

func (m *matter) moreThanContact(code string) bool {
	return slices.ContainsFunc(slices.Concat(m.Tally.Of(code), m.counted.Of(code)), func(c breach.ClassCount) bool { return c.Set&^contact != 0 })
}

// warnings are about one State; owed is what the practice owes under its law.
func (s *stateMatter) warnings(owed []breach.Obligation) []Warning {
	var warnings []Warning
	add := func(code, format string, args ...any) {
		warnings = append(warnings, Warning{code, s.code + ": " + fmt.Sprintf(format, args...)})
	}
	if s.Binds.Practices == states.No || s.Binds.Practices == states.Unknown {
		add(needsCounsel, "the law binds %s; counsel decides whether a practice is one", sentence(s.Binds.Who))
	}
	if s.Binds.Practices == states.No {
		return warnings
	}
	if s.assumed(s.matter) {
		add(needsCounsel, "what the law said on the incident's day is not known; the version of %s is applied", s.EffectiveFrom)
	}
	certain := true
	for _, o := range owed {
		certain = certain && (o.Confidence == verified || s.answerFor(o) == dutyDoubtful)
	}
	if slices.ContainsFunc(owed, func(o breach.Obligation) bool { return s.answerFor(o) == dutyDoubtful }) {
		add(needsCounsel, "whether compliance with HIPAA excuses what is planned here is not certain; it is planned until counsel says otherwise")
	}
	if s.Bureaus != nil && s.Bureaus.Where != "" && slices.ContainsFunc(owed, func(o breach.Obligation) bool { return o.Kind == breach.CRANotice }) {
		add(needsCounsel, "the consumer reporting agencies are told where %s; it is planned until counsel says otherwise", sentence(s.Bureaus.Where))
	}
	if !certain && !s.assumed(s.matter) {
		add(unverifiedLaw, "a part of what is planned here rests on a reading not seen in the text of the law; counsel confirms it")
	}
	if s.excusesSomething() && s.confidence(states.Evidence{Confidence: s.HIPAA.Confidence}) == unverified {
		add(unverifiedLaw, "a notice is left out because HIPAA is complied with, by a clause not seen in the text of the law; counsel confirms it")
	}
	if day, shorter := s.reliedOn(); shorter {
		add(needsCounsel, "the letters' own day here, %s, is left out because notice under HIPAA takes the place of the State's; that rests on the notice being made to the residents, and whether one made after %s still gives the relief is counsel's question", day, day)
	}
	if c := s.CreditMonitoring; c != nil && s.monitored > 0 && s.excuseOf(s.HIPAA.CreditMonitoring) != dutyExcused &&
		s.Incident.CreditMonitoring.Months < c.Months {
		add("credit_monitoring_short", "the letters offer %d months of credit monitoring, the law asks for %d", s.Incident.CreditMonitoring.Months, c.Months)
	}
	if c := s.InsurerMonitoring; c != nil && s.Practice.Insurer == breach.Yes && s.toMonitor(c) > 0 && s.Incident.CreditMonitoring.Months < c.Months {
		add("credit_monitoring_short", "the letters offer %d months of credit monitoring, insurers are asked for %d", s.Incident.CreditMonitoring.Months, c.Months)
	}
	if s.leads {
		warnings = append(warnings, s.nearThresholds()...)
	}
	return warnings
}

// reliedOn is the State's own day for the letters where it comes before HIPAA's
// and only notice under HIPAA, when it is made, takes its place.
func (s *stateMatter) reliedOn() (civil.Date, bool) {
	if s.own == 0 || s.HIPAA.Condition != states.NoticeGiven || s.clockBinds() {
		return civil.Date{}, false
	}
	day, hipaa := s.earliest(s.Individuals.Due, s.discovery).due, s.discovery.outerLimit()
	mailed := s.mailed(s.code, s.discovery)
	inTime := !mailed.IsZero() && !mailed.After(day)
	return day, !day.IsZero() && day.Before(hipaa) && !inTime
}

// answerFor is what the HIPAA clause does to a duty.
func (s *stateMatter) answerFor(o breach.Obligation) excuse {
	switch o.Kind {
	case breach.RegulatorNotice:
		_, id, _ := strings.Cut(o.Rule, ".regulator.")
		for _, g := range s.Regulators {
			if g.ID == id {
				return s.excuseOf(s.Excuses(g))
			}
		}
	case breach.CRANotice:
		return s.excuseOf(s.HIPAA.Bureaus)
	case breach.CreditMonitoringDuty:
		if strings.HasSuffix(o.Rule, ".insurer_credit_monitoring") {
			return dutyStays
		}
		return s.excuseOf(s.HIPAA.CreditMonitoring)
	}
	return s.excuseOf(s.HIPAA.Letter)
}

// excusesSomething: the HIPAA clause takes a duty away that would be owed.
func (s *stateMatter) excusesSomething() bool {
	return s.excuseOf(s.HIPAA.Letter) == dutyExcused ||
		slices.ContainsFunc(s.Regulators, func(g states.Regulator) bool {
			return s.filer(g.If) && !s.tooYoung(g.From) && s.excuseOf(s.Excuses(g)) == dutyExcused
		}) ||
		(s.excuseOf(s.HIPAA.Bureaus) == dutyExcused && s.Bureaus != nil) ||
		(s.excuseOf(s.HIPAA.CreditMonitoring) == dutyExcused && s.CreditMonitoring != nil)
}

// nearThresholds points out counts close below a line of the State.
func (s *stateMatter) nearThresholds() []Warning {
	var warnings []Warning
	near := func(t states.Threshold, who string, answer excuse) {
		n, what := s.toCount(t)
		if t.N == nil || answer == dutyExcused || t.Reached(n) || !t.Reached(n+nearBy) {
			return
		}
		line := *t.N
		if t.Op == states.MoreThan {
			line++
		}
		warnings = append(warnings, Warning{"near_threshold", fmt.Sprintf("%s: %d more and notice to %s is owed", what, line-n, who)})
	}
	for _, r := range s.Regulators {
		if _, _, owed := s.reached(&r); s.filer(r.If) && !s.tooYoung(r.From) && !owed {
			near(r.Threshold, r.Name, s.excuseOf(s.Excuses(r)))
		}
	}
	if s.Bureaus != nil {
		near(s.Bureaus.Threshold, "the consumer reporting agencies", s.excuseOf(s.HIPAA.Bureaus))
	}
	return warnings
}

// withoutBreachWarnings say, where nobody is notified under HIPAA, that State
// law may see it otherwise.
func withoutBreachWarnings(m *matter, all laws) []Warning {
	var warnings []Warning
	for _, code := range m.codes() {
		l := all.governing(code, m)
		if l == nil || l.Binds.Practices == states.No || m.in(l).own == 0 || l.HIPAA.Exempt == states.Yes {
			continue
		}
		switch {
		case m.noHarm && l.HarmTest.Exists != states.Yes:
			warnings = append(warnings, Warning{needsCounsel, code + ": the law here is not known to let notice go where no harm is likely; a low probability under HIPAA does not decide it"})
		case m.noHarm:
			warnings = append(warnings, Warning{needsCounsel, code + ": the law here has a harm test of its own words; counsel holds the assessment against it"})
		default:
			warnings = append(warnings, Warning{needsCounsel, code + ": nothing is owed under HIPAA; whether State law knows the same exclusion or safe harbour is counsel's question"})
		}
	}
	return warnings
}
