package rules_test

import (
	"duenotice/internal/breach"
	"duenotice/internal/rules"
)

func mailedOn(on string) func(*rules.Subject) { return fact(breach.LettersMailed, on) }

func toldHHS(on string) func(*rules.Subject) { return fact(breach.HHSFiled, on) }

// found discovers the breach on a day, on which it also happened.
func found(on string) func(*rules.Subject) {
	return func(s *rules.Subject) {
		s.Incident.Discovered, s.Incident.Occurred = day(on), breach.Span{From: day(on), To: day(on)}
	}
}

func scope(on string) func(*rules.Subject) {
	return func(s *rules.Subject) { s.Incident.ScopeIdentified = day(on) }
}

func told(on string) func(*rules.Subject) {
	return func(s *rules.Subject) { s.Practice.NotifiedOn = day(on) }
}

func insurer(s *rules.Subject) { s.Practice.Insurer = breach.Yes }

// dayExamples are the States' own clocks for letters and agencies.
func dayExamples() []example {
	return []example{
		{"letters 30 days from discovery", "ca.individual", "2026-04-15", stateCase(living("CA", 1))},
		{"letters across the end of a year", "ca.individual", "2027-01-14", stateCase(living("CA", 1), found("2026-12-15"))},
		{"letters due on a leap day", "ca.individual", "2028-02-29", stateCase(living("CA", 1), found("2028-01-30"))},
		{"the same days without a leap day", "ca.individual", "2027-03-01", stateCase(living("CA", 1), found("2027-01-30"))},
		{"determination starts the 30 days, which end on a Saturday", "co.individual", "2026-05-02", stateCase(living("CO", 1), determined("2026-04-02"))},
		{"the State's day is the day before HIPAA's", "co.individual", "2026-05-14", stateCase(living("CO", 1), determined("2026-04-14"))},
		{"the State's day is HIPAA's, so HIPAA's letter is all", "co.individual", "", stateCase(living("CO", 1), determined("2026-04-15"))},
		{"the State's day comes after HIPAA's", "co.individual", "", stateCase(living("CO", 1), determined("2026-04-16"))},
		{"60 days from discovery are HIPAA's own", "la.individual", "", stateCase(living("LA", 1))},
		{"30 days from knowing who, a Sunday", "me.individual", "2026-05-10 unverified", stateCase(living("ME", 1), scope("2026-04-10"))},
		{"who is known too late for 30 days to matter", "me.individual", "", stateCase(living("ME", 1), scope("2026-04-20"))},
		{"without unreasonable delay is HIPAA's day, but the letter needs more", "nc.individual", "2026-05-15", stateCase(living("NC", 1))},
		{"a law that asks for no more than HIPAA", "vi.individual", "", stateCase(living("VI", 1))},
		{"a law that asks for no more than HIPAA", "ak.individual", "", stateCase(living("AK", 1))},
		{"a clause that nobody has read asks for no more than HIPAA", "gu.individual", "", stateCase(living("GU", 1))},
		{"no number of days and no more to say", "ms.individual", "", stateCase(living("MS", 1))},
		{"as expeditiously as possible, with a toll-free number", "pr.individual", "2026-05-15", stateCase(living("PR", 1))},
		{"ten days that cannot be extended end on a Saturday", "pr.regulator.department_of_consumer_affairs", "2026-03-28", stateCase(living("PR", 1), found("2026-03-18"))},
		{"45 days with a Social Security number", "vt.individual", "2026-04-30", stateCase(living("VT", 1))},
		{"45 days across the end of a year", "in.regulator.attorney_general", "2027-01-15 unverified", stateCase(living("IN", 1), found("2026-12-01"))},
		{"45 days from being told where that comes before determination", "al.regulator.attorney_general", "2026-05-04", stateCase(living("AL", 1001), determined("2026-04-02"), told("2026-03-20"))},
		{"both agencies as soon as practicable", "ma.regulator.consumer_affairs_and_business_regulation", "2026-05-15", stateCase(living("MA", 1))},
		{"a hold moves the letters to its end, and adds no day", "ca.individual", "2026-05-01", stateCase(living("CA", 1), hold("written", "2026-03-20", "2026-05-01"))},
		{"a hold that ends before the day changes nothing", "ca.individual", "2026-04-15", stateCase(living("CA", 1), hold("written", "2026-03-20", "2026-04-01"))},
		{"a hold moves no agency's own day", "co.regulator.attorney_general", "2026-04-15", stateCase(living("CO", 500), hold("written", "2026-03-20", "2026-06-30"))},
		{"but an agency that is told with the letters waits with them", "ne.regulator.attorney_general", "2026-06-30", stateCase(living("NE", 1), hold("written", "2026-03-20", "2026-06-30"))},
		{"a hold until the 60th day keeps no letter back", "la.regulator.attorney_general_delay", "", stateCase(living("LA", 1), hold("written", "2026-03-20", "2026-05-15"))},
		{"a hold one day longer: the reasons within 60 days", "la.regulator.attorney_general_delay", "2026-05-15", stateCase(living("LA", 1), hold("written", "2026-03-20", "2026-05-16"))},
	}
}

// chainExamples hang on an act that comes before them.
func chainExamples() []example {
	return []example{
		{"nothing runs until HHS is told", "il.regulator.attorney_general_hipaa", "-", stateCase(living("IL", 1))},
		{"five business days across Thanksgiving", "il.regulator.attorney_general_hipaa", "2026-11-30", stateCase(living("IL", 1), found("2026-10-01"), toldHHS("2026-11-20"))},
		{"told on the Saturday after Thanksgiving", "il.regulator.attorney_general_hipaa", "2026-12-04", stateCase(living("IL", 1), found("2026-10-01"), toldHHS("2026-11-28"))},
		{"across Christmas", "il.regulator.attorney_general_hipaa", "2026-12-31", stateCase(living("IL", 1), found("2026-11-02"), toldHHS("2026-12-23"))},
		{"across the end of a year", "il.regulator.attorney_general_hipaa", "2027-01-06", stateCase(living("IL", 1), found("2026-11-02"), toldHHS("2026-12-29"))},
		{"across Juneteenth", "il.regulator.attorney_general_hipaa", "2026-06-24", stateCase(living("IL", 1), found("2026-05-01"), toldHHS("2026-06-16"))},
		{"across an Independence Day kept on the Friday before", "il.regulator.attorney_general_hipaa", "2026-07-09", stateCase(living("IL", 1), found("2026-05-15"), toldHHS("2026-07-01"))},
		{"more than 500 is the rule for those outside HIPAA", "il.regulator.attorney_general", "", stateCase(living("IL", 501))},
		{"14 business days across Thanksgiving", "vt.regulator.attorney_general_preliminary", "2026-12-07", stateCase(living("VT", 1), found("2026-11-16"))},
		{"the letters come sooner than 14 business days", "vt.regulator.attorney_general_preliminary", "2026-11-20", stateCase(living("VT", 1), found("2026-11-16"), mailedOn("2026-11-20"))},
		{"no letter yet: its ten days have not begun", "la.regulator.attorney_general", "-", stateCase(living("LA", 1))},
		{"ten days from the letters", "la.regulator.attorney_general", "2026-04-30", stateCase(living("LA", 1), mailedOn("2026-04-20"))},
		{"ten days from the letters end on Memorial Day", "la.regulator.attorney_general", "2026-05-25", stateCase(living("LA", 1), mailedOn("2026-05-15"))},
		{"before the letters, which go out on the 60th day at the latest", "md.regulator.attorney_general", "2026-05-15 unverified", stateCase(living("MD", 1))},
		{"before the letters that went out", "md.regulator.attorney_general", "2026-04-10 unverified", stateCase(living("MD", 1), mailedOn("2026-04-10"))},
		{"in advance of the letters", "nj.regulator.state_police", "2026-05-15", stateCase(living("NJ", 1))},
		{"letters mailed the day before their last day", "ne.regulator.attorney_general", "2026-05-14", stateCase(living("NE", 1), mailedOn("2026-05-14"))},
		{"letters mailed on their last day", "ne.regulator.attorney_general", "2026-05-15", stateCase(living("NE", 1), mailedOn("2026-05-15"))},
		{"letters mailed the day after do not make it later", "ne.regulator.attorney_general", "2026-05-15", stateCase(living("NE", 1), mailedOn("2026-05-16"))},
		{"the notice says when the letters will go", "nh.regulator.attorney_general", "2026-05-15 unverified", stateCase(living("NH", 1))},
		{"at the same time as the letters", "mt.regulator.attorney_general", "2026-04-20", stateCase(living("MT", 1), mailedOn("2026-04-20"))},
		{"a letter that was not mailed tells nobody of North Carolina's agency", "nc.regulator.attorney_general", "-", stateCase(living("NC", 1))},
		{"five business days over the New Year", "ny.regulator.attorney_general_hipaa", "2027-01-08", stateCase(living("NY", 1), found("2026-11-02"), toldHHS("2026-12-31"))},
		{"HHS told on a Sunday", "ny.regulator.attorney_general_hipaa", "2026-05-15", stateCase(living("NY", 1), toldHHS("2026-05-10"))},
		{"60 days from the letters across the end of a year", "ok.regulator.attorney_general", "2027-01-19", stateCase(living("OK", 500), found("2026-10-01"), mailedOn("2026-11-20"))},
	}
}
