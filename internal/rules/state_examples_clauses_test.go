package rules_test

import (
	"duenotice/internal/breach"
	"duenotice/internal/rules"
)

// noHarm: two people found a low probability of compromise.
func noHarm(s *rules.Subject) {
	s.Assessment = &rules.Assessment{Conclusion: breach.LowProbability, Factors: factors, ConfirmedBy: []string{"ann", "bob"}}
}

// clauseExamples are what compliance with HIPAA excuses, and what it does not.
func clauseExamples() []example {
	many := func(code string) rules.Subject { return stateCase(living(code, 20000), mailedOn("2026-04-10")) }
	return []example{
		{"a covered entity is outside the statute", "az.regulator.homeland_security", "", many("AZ")},
		{"a covered entity is outside the statute: no bureau either", "az.consumer_reporting_agencies", "", many("AZ")},
		{"who complies with HIPAA is outside the section", "ia.regulator.attorney_general", "", many("IA")},
		{"who is subject to HIPAA is outside the section", "ky.consumer_reporting_agencies", "", many("KY")},
		{"who is subject to HIPAA is outside the act", "nm.regulator.attorney_general", "", many("NM")},
		{"who is subject to HIPAA is outside the act, letters and all", "nm.individual", "", many("NM")},
		{"a covered entity is outside the section", "oh.individual", "", many("OH")},
		{"but its insurance licence is another chapter", "oh.regulator.superintendent_of_insurance", "2026-03-19 unverified", stateCase(living("OH", 1), insurer)},
		{"who is subject to HIPAA is outside the section", "tn.individual", "", many("TN")},
		{"a covered entity is outside the section", "wi.individual", "", many("WI")},
		{"who keeps its regulator's procedures has complied", "id.individual", "", many("ID")},
		{"the agency's 24 hours are for public bodies", "id.regulator.attorney_general_agencies", "", many("ID")},
		{"the whole chapter is satisfied", "nd.regulator.attorney_general", "", many("ND")},
		{"the whole chapter is satisfied", "ri.regulator.attorney_general", "", many("RI")},
		{"the whole chapter is satisfied, letters too", "ri.individual", "", many("RI")},
		{"the bureaus are in the same section", "sd.consumer_reporting_agencies", "", many("SD")},
		{"letters are excused", "wv.individual", "", many("WV")},
		{"letters are excused", "wy.individual", "", many("WY")},
		{"letters are excused", "ks.individual", "", many("KS")},
		{"letters are excused, on a shorter day too", "fl.individual", "", many("FL")},
		{"letters are excused, the Attorney General is not", "ct.individual", "", many("CT")},
		{"letters are excused, whatever the State wants said in them", "il.individual", "", many("IL")},
		{"letters are excused, the shorter day is not", "co.individual", "2026-04-15", many("CO")},
		{"only the letter's content is deemed to comply", "ca.individual", "2026-04-15", many("CA")},
		{"health data alone under HIPAA is all that the clause excuses", "vt.regulator.attorney_general_preliminary", "", stateCase(living("VT", 40, "diagnosis", "health_insurance_id"))},
		{"health data alone: letters too", "vt.individual", "", stateCase(living("VT", 40, "claims"))},
		{"one Social Security number among them and nothing is excused", "vt.regulator.attorney_general_preliminary", "2026-04-03", stateCase(living("VT", 39, "diagnosis"), living("VT", 1, "diagnosis", "ssn"))},
		{"nobody is notified under HIPAA, so its notices excuse nothing", "sd.regulator.attorney_general_no_harm", "2026-05-15", stateCase(living("SD", 1), noHarm)},
		{"who notifies has found harm", "sd.regulator.attorney_general_no_harm", "", stateCase(living("SD", 1))},
		{"no letter where no harm is likely, but its Attorney General is told", "ak.regulator.attorney_general_no_harm", "2026-05-15", stateCase(living("AK", 1), noHarm)},
		{"30 days from the finding that no harm is likely", "fl.regulator.department_of_legal_affairs_no_harm", "2026-05-02", stateCase(living("FL", 1), noHarm, determined("2026-04-02"))},
		{"nothing is excused: no clause", "mn.individual", "", many("MN")},
		{"a federal rule that is not as protective excuses nothing for certain", "me.regulator.attorney_general", "2026-04-15 unverified", stateCase(living("ME", 1))},
		{"an insurer tells its own department instead", "me.regulator.attorney_general", "", stateCase(living("ME", 1), insurer)},
		{"an insurer's three business days are its own act's", "va.regulator.bureau_of_insurance", "2026-03-19", stateCase(living("VA", 250), insurer)},
		{"249 residents are not 250", "va.regulator.bureau_of_insurance", "", stateCase(living("VA", 249), insurer)},
		{"an insurer's 72 hours", "sc.regulator.director_of_insurance", "2026-03-19", stateCase(living("SC", 250), insurer)},
		{"a practice is no insurer", "sc.regulator.director_of_insurance", "", stateCase(living("SC", 250))},
	}
}

// elementExamples are data that the State's law is about, or not.
func elementExamples() []example {
	return []example{
		{"health data alone is personal information", "al.regulator.attorney_general", "2026-04-30", stateCase(living("AL", 1001, "treatment"))},
		{"medical information", "ct.regulator.attorney_general", "2026-05-15", stateCase(living("CT", 1, "medication"))},
		{"medical information", "dc.regulator.attorney_general", "2026-05-15", stateCase(living("DC", 50, "lab_result"))},
		{"medical information", "wa.regulator.attorney_general_hipaa", "2026-05-15", stateCase(living("WA", 501, "mental_health"))},
		{"a date of birth with a name", "wa.regulator.attorney_general_hipaa", "2026-05-15", stateCase(living("WA", 501, "date_of_birth"))},
		{"a date of birth is none in most States", "tx.regulator.attorney_general", "", stateCase(living("TX", 501, "date_of_birth"))},
		{"health data is none", "in.regulator.attorney_general", "", stateCase(living("IN", 501, "diagnosis"))},
		{"health data is none", "la.regulator.attorney_general", "", stateCase(living("LA", 501, "diagnosis"), mailedOn("2026-04-10"))},
		{"health data is none", "ma.regulator.attorney_general", "", stateCase(living("MA", 501, "diagnosis"))},
		{"health data is none", "ne.regulator.attorney_general", "", stateCase(living("NE", 501, "diagnosis"))},
		{"health data is none", "nj.regulator.state_police", "", stateCase(living("NJ", 501, "diagnosis"))},
		{"health data is none of a private practice's", "va.regulator.attorney_general", "", stateCase(living("VA", 501, "diagnosis"))},
		{"a passport is one", "va.regulator.attorney_general", "2026-05-15 unverified", stateCase(living("VA", 1, "passport"))},
		{"a medical identification number is one", "nv.consumer_reporting_agencies", "2026-05-15", stateCase(living("NV", 1001, "medical_record_number"))},
		{"what it stands for is none", "nv.consumer_reporting_agencies", "", stateCase(living("NV", 1001, "diagnosis"))},
		{"health insurance with what opens it is one", "pa.regulator.attorney_general", "2026-05-15 unverified", stateCase(living("PA", 501, "health_insurance_id"))},
		{"medical data is a State agency's only", "pa.regulator.attorney_general", "", stateCase(living("PA", 501, "diagnosis"))},
		{"a report to HHS is copied whatever the data was", "il.regulator.attorney_general_hipaa", "-", stateCase(living("IL", 1, "address"))},
		{"what nobody named may be anything", "ne.regulator.attorney_general", "2026-05-15", stateCase(living("NE", 1, "other"))},
		{"contact data is nothing by itself", "pr.regulator.department_of_consumer_affairs", "", stateCase(living("PR", 1, "address", "phone", "email"))},
	}
}

// monitoringExamples are compulsory offers, due with the letters.
func monitoringExamples() []example {
	return []example{
		{"a Social Security number", "ct.credit_monitoring", "2026-05-15", stateCase(living("CT", 1))},
		{"a taxpayer identification number", "ct.credit_monitoring", "2026-05-15", stateCase(living("CT", 1, "tin"))},
		{"a driver's license is not enough", "ct.credit_monitoring", "", stateCase(living("CT", 1, "drivers_license"))},
		{"a driver's license is enough, by the letters' earlier day", "ca.credit_monitoring", "2026-04-15", stateCase(living("CA", 1, "drivers_license"))},
		{"health data is not", "ca.credit_monitoring", "", stateCase(living("CA", 1, "diagnosis"))},
		{"a Social Security number", "dc.credit_monitoring", "2026-05-15", stateCase(living("DC", 1))},
		{"a Social Security number", "de.credit_monitoring", "2026-05-15 unverified", stateCase(living("DE", 1))},
		{"a taxpayer number is not enough", "de.credit_monitoring", "", stateCase(living("DE", 1, "tin"))},
		{"a Social Security number", "ma.credit_monitoring", "2026-05-15 unverified", stateCase(living("MA", 1))},
		{"a bank account", "pa.credit_monitoring", "2026-05-15 unverified", stateCase(living("PA", 1, "financial_account"))},
		{"a payment card is no bank account", "pa.credit_monitoring", "", stateCase(living("PA", 1, "payment_card"))},
	}
}

// windowExamples are the days on which a version of the law begins.
func windowExamples() []example {
	return []example{
		{"the day before the 30 days: what the law said is not known here", "ca.individual", "2026-01-30 unverified", stateCase(living("CA", 1), found("2025-12-31"))},
		{"the first day of the 30 days", "ca.individual", "2026-01-31", stateCase(living("CA", 1), found("2026-01-01"))},
		{"happened before, discovered after: discovery judges", "ca.individual", "2026-01-31", stateCase(living("CA", 1), found("2026-01-01"), happened("2025-11-01"))},
		{"determined the day before its Attorney General is told", "ok.regulator.attorney_general", "2026-03-11 unverified", stateCase(living("OK", 500), found("2025-12-31"), mailedOn("2026-01-10"))},
		{"determined on the first day", "ok.regulator.attorney_general", "2026-03-11", stateCase(living("OK", 500), found("2026-01-01"), mailedOn("2026-01-10"))},
		{"the last day before insurers' four business days", "mo.regulator.department_of_commerce_and_insurance", "", stateCase(living("MO", 250), insurer, happened("2025-12-31"))},
		{"the first day of insurers' four business days", "mo.regulator.department_of_commerce_and_insurance", "2026-03-20", stateCase(living("MO", 250), insurer, happened("2026-01-01"))},
		{"what began before and went on past the first day", "mo.regulator.department_of_commerce_and_insurance", "2026-03-20", stateCase(living("MO", 250), insurer, func(s *rules.Subject) {
			s.Incident.Occurred = breach.Span{From: day("2025-12-01"), To: day("2026-01-01")}
		})},
		{"the day before 14 business days were law in this form", "vt.individual", "2026-04-30 unverified", stateCase(living("VT", 1), happened("2020-06-30"))},
		{"and on the day", "vt.individual", "2026-04-30", stateCase(living("VT", 1), happened("2020-07-01"))},
	}
}
