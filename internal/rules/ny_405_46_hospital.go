package rules

import (
	"fmt"

	"duenotice/internal/breach"
	"duenotice/internal/rules/states"
)

/*
10 NYCRR 405.46, in our words: a general hospital licensed under article 28 of
the Public Health Law notifies the Department of Health as promptly as possible,
and no later than 72 hours after determining that a cybersecurity incident has
occurred: an event that had a material adverse impact on its normal operations,
is reasonably likely to harm a material part of them, or put ransomware into a
material part of its systems. The duty to report has been in force since October
2, 2024; the rest of the section a year longer.
*/
var newYorkHospital = &rule{
	Rule: Rule{
		ID: "state.ny.regulator.department_of_health", Regime: regimeState, Jurisdiction: "NY", Kind: breach.RegulatorNotice,
		Title:    "General hospitals, to New York's Department of Health",
		Text:     "A general hospital licensed in New York tells the Department of Health within 72 hours of determining that a cybersecurity incident occurred, whatever the number of patients and wherever they live. Whether the event was an incident, one that touched the hospital's operations or brought ransomware, a case folder does not tell: it is planned, and counsel decides.",
		Citation: "10 NYCRR 405.46", Authority: "N.Y. Public Health Law article 28",
		EffectiveFrom: hospitalReports, AsOf: asOf, Confidence: unverified,
		Parameters: []Parameter{{"clock", fmt.Sprintf("%d hours from the determination", hospitalHours)}},
	},
	judgedBy: occurred,
	applies:  func(m *matter) bool { return m.Practice.NYGeneralHospital == breach.Yes && m.Tally.People > 0 },
	evaluate: func(m *matter) []breach.Obligation {
		o := breach.Obligation{
			Recipient: "New York State Department of Health", Count: m.Tally.People,
			Trigger: states.Determined, Clock: fmt.Sprintf("%d hours", hospitalHours),
		}
		o.Why = people(o.Count) + " of a general hospital; " + m.discovery.clause()
		if !m.discovery.on.IsZero() {
			on := m.ownDetermination()
			o.Due = on.AddDays((hospitalHours + 23) / 24)
			o.Why = fmt.Sprintf("%s of a general hospital; determined %s", people(o.Count), on)
		}
		return []breach.Obligation{o}
	},
}

// hospitalHours are hours after the determination (10 NYCRR 405.46).
const hospitalHours = 72

// hospitalWarnings ask for what decides the duty and no case folder tells.
func hospitalWarnings(m *matter) []Warning {
	if m.Practice.NYGeneralHospital != breach.Yes || m.Tally.People == 0 || !newYorkHospital.InForce(m.occurred()) {
		return nil
	}
	return []Warning{{needsCounsel,
		"NY: whether this was a cybersecurity incident of a general hospital, with an impact on its operations or ransomware, decides the 72 hours of 10 NYCRR 405.46; the report is planned until counsel says otherwise"}}
}
