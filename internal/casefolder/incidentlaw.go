package casefolder

import (
	"fmt"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// checkDates holds the incident's dates against each other. A date that was
// refused is zero and is held against nothing.
func (s *section) checkDates(i breach.Incident) {
	if !i.Discovered.IsZero() && i.Discovered.Before(lawApplies) {
		s.note(s.lineFor("discovered"), "discovered", ruleBeforeLaw, "discovered is before 2009-09-23")
	}
	for _, pair := range []struct {
		earlier, later         civil.Date
		earlierName, laterName string
	}{
		{i.Occurred.From, i.Occurred.To, "occurred.from", "occurred.to"},
		{i.Occurred.From, i.Discovered, "occurred.from", "discovered"},
		{i.Discovered, i.Determined, "discovered", "determined"},
		{i.Discovered, i.ScopeIdentified, "discovered", "scope_identified"},
		{i.Discovered, i.MaterialDetermined, "discovered", "material_determined"},
		{i.Discovered, i.Letters.MailBy, "discovered", "letters.mail_by"},
		{civil.Later(i.Discovered, i.Letters.MailBy), i.CreditMonitoring.EnrollBy, "the letters", "credit_monitoring.enroll_by"},
		{civil.Later(i.Discovered, i.Letters.MailBy), i.CreditMonitoring.Minors.EnrollBy, "the letters", "credit_monitoring.minors.enroll_by"},
	} {
		if !pair.earlier.IsZero() && !pair.later.IsZero() && pair.later.Before(pair.earlier) {
			line := s.lineFor(strings.SplitN(pair.laterName, ".", 2)[0])
			s.note(line, pair.laterName, ruleDateOrder, pair.laterName+" is before "+pair.earlierName)
		}
	}
}

// checkKnowledge refuses a day of discovery that is later than a day on which
// somebody's knowledge was the entity's own (45 CFR 164.404(a)(2), 164.410(a)(2)).
func (s *section) checkKnowledge(i breach.Incident) {
	for n, k := range i.Knowledge {
		path := fmt.Sprintf("knowledge[%d]", n+1)
		if k.Relation == breach.Subcontractor && k.Agent == breach.No && k.ToldOn.IsZero() && !s.refused("knowledge") {
			s.note(s.lineFor("knowledge"), path+".told_on", ruleRequired, path+" is no agent and told_on is empty")
		}
		if on := k.ImputedOn(); !on.IsZero() && on.Before(i.Discovered) {
			s.note(s.lineFor("discovered"), "discovered", ruleImputed, "discovered is after "+path+" was known to the entity by law")
		}
	}
}

// checkExemptions refuses what would take duties away without the proof that
// the law puts on the entity (45 CFR 164.414(b)).
func (s *section) checkExemptions(i breach.Incident) {
	if i.DataSecurity == breach.Encrypted || i.DataSecurity == breach.Destroyed {
		var lacks []string
		if i.DataSecurityStandard == "" && !s.refused("data_security_standard") {
			lacks = append(lacks, "data_security_standard")
		}
		if i.DataSecurity == breach.Encrypted && i.KeysCompromised == "" && !s.refused("keys_compromised") {
			lacks = append(lacks, "keys_compromised")
		}
		if len(lacks) > 0 {
			s.note(s.lineFor("data_security"), "data_security", ruleSecurity, "data_security is "+i.DataSecurity+" without "+strings.Join(lacks, " and "))
		}
		if i.DataSecurity == breach.Encrypted && (i.KeysCompromised == breach.Yes || i.KeysCompromised == "unknown") {
			s.note(s.lineFor("keys_compromised"), "keys_compromised", warnKeysUnsure, "keys_compromised is "+string(i.KeysCompromised)+", which makes the data unsecured")
		}
	}
	if i.Exclusion != "" && i.ExclusionReason == "" && !s.refused("exclusion_reason") {
		s.note(s.lineFor("exclusion"), "exclusion", ruleExclusion, "exclusion is given without exclusion_reason")
	}
	if i.RiskAssessment.Conclusion != breach.LowProbability {
		return
	}
	line, path := s.lineFor("risk_assessment"), "risk_assessment.factors"
	if missing := i.RiskAssessment.Factors.Missing(); len(missing) > 0 {
		s.note(line, path, ruleLowProbability, "the conclusion is low_probability without "+strings.Join(missing, ", "))
	}
	if i.Letters.Approvers == 1 {
		s.note(s.lineFor("letters"), "letters.approvers", ruleLowProbability, "the conclusion is low_probability with one approver")
	}
}

// warnIncident says what will be missed later.
func (s *section) warnIncident(i breach.Incident) {
	var lacks []string
	if i.BreachType == "" && !s.refused("breach_type") {
		lacks = append(lacks, "breach_type")
	}
	if len(i.Location) == 0 && !s.refused("location") {
		lacks = append(lacks, "location")
	}
	if len(lacks) > 0 {
		s.note(s.lineFor(lacks[0]), lacks[0], warnHHSFields, strings.Join(lacks, " and ")+" left empty")
	}
	e := i.Entity
	if e.TollFree == "" && e.Email == "" && e.Website == "" {
		s.note(s.lineFor("entity"), "entity", warnNoInquiry, "entity has no toll_free, email or website")
	}
	late := !i.Discovered.IsZero() && i.Letters.MailBy.After(i.Discovered.AddDays(breach.NoticeDays))
	if late && len(i.Holds) == 0 { // a hold may be the reason
		s.note(s.lineFor("letters"), "letters.mail_by", warnMailBy, "letters.mail_by is more than 60 days after discovered")
	}
}
