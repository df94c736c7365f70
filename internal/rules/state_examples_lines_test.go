package rules_test

// lineExamples are the agencies' thresholds: one below, on, and one above.
// "More than" begins one above its number, "or more" on it.
func lineExamples() []example {
	const april2, april10 = "2026-04-02", "2026-04-10"
	return []example{
		{"1,000 residents are not more than 1,000", "al.regulator.attorney_general", "", stateCase(living("AL", 1000))},
		{"1,001 residents: 45 days from determination, a Sunday that does not roll", "al.regulator.attorney_general", "2026-05-17", stateCase(living("AL", 1001), determined(april2))},
		{"1,001 people, one of them a resident: Arkansas counts everybody", "ar.regulator.attorney_general", "2026-04-30 unverified", stateCase(living("AR", 1), living("OH", 1000))},
		{"1,000 people, one of them a resident", "ar.regulator.attorney_general", "", stateCase(living("AR", 1), living("OH", 999))},
		{"500 residents are not more than 500", "ca.regulator.attorney_general", "", stateCase(living("CA", 500), mailedOn(april10))},
		{"501 residents: 15 days from the letters, a Saturday", "ca.regulator.attorney_general", "2026-04-25", stateCase(living("CA", 501), mailedOn(april10))},
		{"501 residents and no letter yet", "ca.regulator.attorney_general", "-", stateCase(living("CA", 501))},
		{"499 residents are not 500", "co.regulator.attorney_general", "", stateCase(living("CO", 499))},
		{"500 residents or more: 30 days from determination", "co.regulator.attorney_general", "2026-04-15", stateCase(living("CO", 500))},
		{"501 residents", "co.regulator.attorney_general", "2026-04-15", stateCase(living("CO", 501))},
		{"one resident is enough, not later than the letters", "ct.regulator.attorney_general", "2026-05-15", stateCase(living("CT", 1))},
		{"49 residents are not 50", "dc.regulator.attorney_general", "", stateCase(living("DC", 49))},
		{"50 residents or more", "dc.regulator.attorney_general", "2026-05-15", stateCase(living("DC", 50))},
		{"51 residents", "dc.regulator.attorney_general", "2026-05-15", stateCase(living("DC", 51))},
		{"500 residents are not more than 500", "de.regulator.attorney_general", "", stateCase(living("DE", 500))},
		{"501 residents: done although the clause's words reach it", "de.regulator.attorney_general", "2026-05-15 unverified", stateCase(living("DE", 501))},
		{"499 individuals are not 500", "fl.regulator.department_of_legal_affairs", "", stateCase(living("FL", 499))},
		{"500 individuals or more: from reason to believe, which comes before determination", "fl.regulator.department_of_legal_affairs", "2026-04-15", stateCase(living("FL", 500), determined(april2))},
		{"1,000 people, one of them a resident", "hi.regulator.office_of_consumer_protection", "", stateCase(living("HI", 1), living("OH", 999), mailedOn(april10))},
		{"1,001 people notified, one of them a resident", "hi.regulator.office_of_consumer_protection", "2026-05-15 unverified", stateCase(living("HI", 1), living("OH", 1000), mailedOn(april10))},
		{"one resident: 45 days from discovery", "in.regulator.attorney_general", "2026-04-30 unverified", stateCase(living("IN", 1))},
		{"1,000 consumers told are not more than 1,000", "mo.regulator.attorney_general", "", stateCase(living("MO", 1000), mailedOn(april10))},
		{"1,001 consumers told", "mo.regulator.attorney_general", "2026-05-15 unverified", stateCase(living("MO", 1001), mailedOn(april10))},
		{"499 residents are not 500", "ok.regulator.attorney_general", "", stateCase(living("OK", 499), mailedOn(april10))},
		{"500 residents or more: 60 days from the letters", "ok.regulator.attorney_general", "2026-06-09", stateCase(living("OK", 500), mailedOn(april10))},
		{"a practice under HIPAA sends its copy for one resident", "or.regulator.attorney_general_hipaa", "2026-04-30 unverified", stateCase(living("OR", 1))},
		{"500 residents are not more than 500", "pa.regulator.attorney_general", "", stateCase(living("PA", 500))},
		{"501 residents: at the same time as the letters", "pa.regulator.attorney_general", "2026-05-15 unverified", stateCase(living("PA", 501))},
		{"1,000 are not more than 1,000", "sc.regulator.department_of_consumer_affairs", "", stateCase(living("SC", 1000), mailedOn(april10))},
		{"1,001, and the letters were mailed", "sc.regulator.department_of_consumer_affairs", "2026-05-15", stateCase(living("SC", 1001), mailedOn(april10))},
		{"1,001, and no letter was mailed", "sc.regulator.department_of_consumer_affairs", "-", stateCase(living("SC", 1001))},
		{"251 residents do not matter to who keeps to HIPAA", "sd.regulator.attorney_general", "", stateCase(living("SD", 251))},
		{"499 residents are not 500", "ut.regulator.utah_cyber_center", "", stateCase(living("UT", 499))},
		{"500 residents or more: both agencies", "ut.regulator.utah_cyber_center", "2026-05-15 unverified", stateCase(living("UT", 500))},
		{"500 residents or more: the Attorney General too", "ut.regulator.attorney_general", "2026-05-15 unverified", stateCase(living("UT", 500))},
		{"one resident is enough", "va.regulator.attorney_general", "2026-05-15 unverified", stateCase(living("VA", 1))},
		{"1,000 are not more than 1,000: no second notice", "va.regulator.attorney_general_over_1000", "", stateCase(living("VA", 1000), mailedOn(april10))},
		{"1,001: timing, distribution and content too", "va.regulator.attorney_general_over_1000", "2026-05-15 unverified", stateCase(living("VA", 1001), mailedOn(april10))},
		{"500 residents are not more than 500", "wa.regulator.attorney_general_hipaa", "", stateCase(living("WA", 500))},
		{"501 residents: HIPAA's 60 days for a covered entity", "wa.regulator.attorney_general_hipaa", "2026-05-15", stateCase(living("WA", 501))},
		{"the 30 days are for those outside HIPAA", "wa.regulator.attorney_general", "", stateCase(living("WA", 501))},
	}
}

// bureauExamples are the thresholds of the notice to the nationwide consumer
// reporting agencies.
func bureauExamples() []example {
	const april10 = "2026-04-10"
	return []example{
		{"1,000 residents are not more than 1,000", "ak.consumer_reporting_agencies", "", stateCase(living("AK", 1000))},
		{"1,001 residents", "ak.consumer_reporting_agencies", "2026-05-15", stateCase(living("AK", 1001))},
		{"1,001, but the chapter does not bind who keeps to federal law", "al.consumer_reporting_agencies", "", stateCase(living("AL", 1001))},
		{"1,001 residents", "co.consumer_reporting_agencies", "2026-05-15 unverified", stateCase(living("CO", 1001))},
		{"1,001 residents: the clause is about residents' letters only", "dc.consumer_reporting_agencies", "2026-05-15", stateCase(living("DC", 1001))},
		{"1,000 individuals", "fl.consumer_reporting_agencies", "", stateCase(living("FL", 1000))},
		{"1,001 individuals", "fl.consumer_reporting_agencies", "2026-05-15", stateCase(living("FL", 1001))},
		{"10,001 residents, but a practice is no information broker", "ga.consumer_reporting_agencies", "", stateCase(living("GA", 10001))},
		{"1,001 consumers: 45 days", "in.consumer_reporting_agencies", "2026-04-30 unverified", stateCase(living("IN", 1001))},
		{"1,001 consumers at one time", "ks.consumer_reporting_agencies", "2026-05-15 unverified", stateCase(living("KS", 1001))},
		{"999 individuals are not 1,000", "md.consumer_reporting_agencies", "", stateCase(living("MD", 999))},
		{"1,000 individuals or more", "md.consumer_reporting_agencies", "2026-05-15 unverified", stateCase(living("MD", 1000))},
		{"1,001 residents: HIPAA compliance is compliance with the section", "mi.consumer_reporting_agencies", "", stateCase(living("MI", 1001), mailedOn(april10))},
		{"500 persons are not more than 500", "mn.consumer_reporting_agencies", "", stateCase(living("MN", 500))},
		{"501 persons: 48 hours", "mn.consumer_reporting_agencies", "2026-03-18 unverified", stateCase(living("MN", 501))},
		{"no number in the sources, before letters that speak of credit files", "mt.consumer_reporting_agencies", "2026-05-15 unverified", stateCase(living("MT", 1))},
		{"1,000 residents", "nh.consumer_reporting_agencies", "", stateCase(living("NH", 1000))},
		{"1,001 residents", "nh.consumer_reporting_agencies", "2026-05-15 unverified", stateCase(living("NH", 1001))},
		{"1,000 persons", "nj.consumer_reporting_agencies", "", stateCase(living("NJ", 1000))},
		{"1,001 persons", "nj.consumer_reporting_agencies", "2026-05-15", stateCase(living("NJ", 1001))},
		{"1,000 persons", "nv.consumer_reporting_agencies", "", stateCase(living("NV", 1000))},
		{"1,001 persons", "nv.consumer_reporting_agencies", "2026-05-15", stateCase(living("NV", 1001))},
		{"500 persons", "pa.consumer_reporting_agencies", "", stateCase(living("PA", 500))},
		{"501 persons", "pa.consumer_reporting_agencies", "2026-05-15 unverified", stateCase(living("PA", 501))},
		{"999 residents are not 1,000", "ut.consumer_reporting_agencies", "", stateCase(living("UT", 999))},
		{"1,000 residents or more", "ut.consumer_reporting_agencies", "2026-05-15 unverified", stateCase(living("UT", 1000))},
		{"1,000 persons", "wv.consumer_reporting_agencies", "", stateCase(living("WV", 1000))},
		{"1,001 persons", "wv.consumer_reporting_agencies", "2026-05-15 unverified", stateCase(living("WV", 1001))},
		{"1,000 or more, but the statute is not for covered entities", "wi.consumer_reporting_agencies", "", stateCase(living("WI", 1000))},
	}
}
