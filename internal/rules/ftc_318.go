package rules

import "duenotice/internal/breach"

/*
16 CFR 318.3 to 318.5, in our words: a vendor of personal health records, or a
related entity, that is neither a HIPAA covered entity nor acts as a business
associate notifies each individual without unreasonable delay and within 60
calendar days, the FTC at the same time when 500 or more are affected (else once
a year), and prominent media where 500 or more residents of a State are; a third
party service provider notifies the vendor. 318.2 leaves HIPAA-covered entities
and their business associates, as such, outside.
*/
var ftcHealthRecords = &rule{Rule: Rule{
	ID: "ftc.318.personal_health_records", Regime: regimeFTC, Jurisdiction: federal, Kind: "definition",
	Title:    "Personal health records outside HIPAA",
	Text:     "What an entity keeps outside HIPAA as personal health records falls under the FTC's Health Breach Notification Rule and not under this rulebook. Its lines are not HIPAA's: media notice there begins at 500 residents of a State, not above 500. The engine says so and plans nothing for those people.",
	Citation: "16 CFR 318.2-318.5", Authority: "HITECH Act section 13407, 42 U.S.C. 17937",
	EffectiveFrom: ftcRuleEffective, AsOf: asOf, Confidence: unverified,
}}

func healthRecordsWarnings(i breach.Incident) []Warning {
	if i.Entity.PersonalHealthRecords != breach.Yes {
		return nil
	}
	return []Warning{{"ftc_318",
		"the entity also keeps personal health records outside HIPAA: people whose records it holds that way, and not for a covered entity, are owed notice under 16 CFR part 318 (60 calendar days; the FTC with the letters from 500 people; media from 500 residents of a State), which is not planned here; needs counsel"}}
}
