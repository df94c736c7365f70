package rules

import (
	"fmt"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

/*
California Health & Safety Code 1280.15(b) and 22 CCR 79902, in our words: a
licensed clinic, health facility, home health agency or hospice reports any
unlawful or unauthorized access to, or use or disclosure of, a patient's medical
information to the Department of Public Health, and to the affected patient, no
later than 15 business days after it has been detected. (c): where law
enforcement states that this would impede an investigation, both wait until the
day it names, at most 60 days after a written request or 30 after an oral one,
and follow within 15 business days of it.
*/
var (
	facilityDepartment = facilityRule("department", "Licensed facility, to the department",
		"A licensed California facility reports the breach of any patient's information to the Department of Public Health within 15 business days after detecting it, whatever the number of patients.",
		breach.FormDepartment, "California Department of Public Health", scopeOther)
	facilityPatient = facilityRule("patient", "Licensed facility, to the patients",
		"A licensed California facility writes to each affected patient within 15 business days after detecting the breach, wherever the patient lives: earlier than HIPAA's letter, which serves when it is in time.",
		breach.FormPatient, "affected patients", breach.CoversIndividual)
)

// facilityID begins the names of both duties, facilityDepartmentID is the department's.
const (
	facilityID           = "state.ca.facility."
	facilityDepartmentID = facilityID + "department"
)

// facilityDays are business days after detection, and after a hold's end (1280.15(b), (c)).
const facilityDays = 15

// facilityWrittenHold is the longest a written request holds these notices, in days (1280.15(c)(1)).
const facilityWrittenHold = 60

func facilityRule(name, title, text, form, recipient, scope string) *rule {
	return &rule{
		Rule: Rule{
			ID: facilityID + name, Regime: regimeState, Jurisdiction: "CA", Kind: breach.FacilityNotice,
			Title: title, Text: text + " Detection is the practice's discovery here. A law-enforcement hold makes it 15 business days after the hold's end.",
			Citation: "California Health & Safety Code 1280.15(b); 22 CCR 79902", Authority: "California Health & Safety Code 1280.15",
			EffectiveFrom: facilityFifteenDays, AsOf: asOf,
			// The 15 days are verified; the caps of a hold are from memory.
			Confidence: unverified,
			Parameters: []Parameter{{"clock", fmt.Sprintf("%d business days after detection", facilityDays)},
				{"hold", fmt.Sprintf("its end and %d business days; at most %d days written, %d oral", facilityDays, facilityWrittenHold, oralHoldDays)}},
		},
		judgedBy: occurred,
		applies:  func(m *matter) bool { return m.Practice.CALicensedFacility == breach.Yes && m.Tally.People > 0 },
		evaluate: func(m *matter) []breach.Obligation {
			o := breach.Obligation{
				Recipient: recipient, Form: form, Count: m.Tally.People,
				Trigger: triggerDiscovered, Clock: fmt.Sprintf("%d business days", facilityDays),
			}
			var due civil.Date
			if on := m.discovery.on; !on.IsZero() {
				due = on.AddBusinessDays(facilityDays)
			}
			o.Due, o.NotBefore, o.Why = facilityHeld(due, m.Incident.Holds, scope)
			why := people(o.Count) + " of a licensed facility; " + m.discovery.clause()
			if o.Why != "" {
				why += "; " + o.Why
			}
			o.Why = why
			return []breach.Obligation{o}
		},
	}
}

// publicHealth is the department as the agency of a RegulatorNotified fact: "CA:public_health".
const publicHealth = "public_health"

// scopeOther is what no word of a hold's list names: only a statement that
// covers every notice reaches it.
const scopeOther = "other"

// facilityHeld moves a due day by the holds as 1280.15(c) says: a statement
// made in time gives 15 business days after its own, capped, end.
func facilityHeld(due civil.Date, holds []breach.Hold, scope string) (moved, notBefore civil.Date, why string) {
	moved = due
	for _, s := range spans(holds, scope) {
		end := s.to
		if s.kind == breach.WrittenHold && !s.from.IsZero() {
			end = civil.Earlier(end, s.from.AddDays(facilityWrittenHold))
		}
		if end.After(notBefore) {
			notBefore, why = end, fmt.Sprintf("held by law enforcement until %s (%s statement of %s)", end, s.kind, s.from)
		}
		if !moved.IsZero() && !s.from.After(moved) {
			moved = civil.Later(moved, end.AddBusinessDays(facilityDays))
		}
	}
	return moved, notBefore, why
}

// facilityWarnings is said where HIPAA asks for nothing: California's own
// definition decides there (22 CCR 79901).
func facilityWarnings(m *matter) []Warning {
	if m.Practice.CALicensedFacility != breach.Yes || m.Tally.People == 0 {
		return nil
	}
	return []Warning{{"ca_facility_own_test", fmt.Sprintf(
		"nothing is owed under HIPAA, but this is a licensed California facility: whether the %d business days of Health & Safety Code 1280.15 run is decided by California's own definition of a breach (22 CCR 79901); needs counsel", facilityDays)}}
}
