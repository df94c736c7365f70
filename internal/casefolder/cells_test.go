package casefolder_test

import "strings"

// cellCases are cells that are wrong whatever their column says.
func cellCases() []spoiled {
	finding := func(column, value string) func(*folder) {
		return func(f *folder) { f.findings.set(column, value) }
	}
	practice := func(column, value string) func(*folder) {
		return func(f *folder) { f.practices.set(column, value) }
	}
	at := func(rule, column string) []string { return []string{rule + " findings.csv:2 " + column} }
	atPractice := func(rule, column string) []string { return []string{rule + " practices.csv:2 " + column} }
	return []spoiled{
		{"a letter of Windows-1252", finding("last_name", "Mu\xf1oz"), at("E101", "last_name")},
		{"a letter another program gave up", finding("last_name", "Mu\ufffdoz"), at("E101", "last_name")},
		{"a damaged letter in a column left out", func(f *folder) {
			f.findings.header = append(f.findings.header, "note")
			f.findings.set("note", "Mu\xf1oz")
		}, []string{"W001 findings.csv:1 note", "E101 findings.csv:2 note"}},
		{"NUL", finding("last_name", "Exam\x00ple"), at("E102", "last_name")},
		{"a line break", finding("address1", "1 Main St\nApt 3"), at("E102", "address1")},
		{"a bell of Unicode's second set", finding("city", "Spring\u0087field"), at("E102", "city")},
		{"text turned around", finding("last_name", "Exam\u202eple"), at("E102", "last_name")},
		{"a joiner of Persian names", finding("last_name", "علی\u200cزاده"), at("W221", "last_name")},
		{"a formula with =", finding("last_name", "=HYPERLINK(1)"), at("E103", "last_name")},
		{"a formula with +", finding("source", "+1"), at("E103", "source")},
		{"a formula with -", finding("suffix", "-1"), at("E103", "suffix")},
		{"a formula with @", finding("first_name", "@SUM(A1)"), at("E103", "first_name")},
		{"a formula behind a space", finding("first_name", " =A1"), at("E103", "first_name")},
		{"a tab in front", finding("first_name", "\tAda"), at("E103", "first_name")},
		{"a carriage return in front", finding("first_name", "\rAda"), at("E103", "first_name")},
		{"a full-width equals sign", finding("first_name", "\uff1dA1"), at("E103", "first_name")},
		{"a hyphen for nothing", finding("middle_name", "-"), at("E103", "middle_name")},
		{"a telephone number with a formula", finding("phone", "+cmd|' /C calc'!A0"), at("E103", "phone")},
		{"a telephone number with +", finding("phone", "+1 217-555-0100"), nil},
		{"an apostrophe in front", finding("last_name", "'t Hooft"), nil},
		{"a hyphen inside", finding("last_name", "Smith-Example"), nil},
		{"256 letters", finding("last_name", strings.Repeat("ễ", 256)), at("W222", "last_name")},
		{"257 letters", finding("last_name", strings.Repeat("ễ", 257)), at("E104", "last_name")},
		{"a key of 65", finding("person_key", strings.Repeat("k", 65)), at("E104", "person_key")},
		{"a key of 64", finding("person_key", strings.Repeat("k", 64)), nil},
		{"a Social Security number in a note", finding("source", "file of 123-45-6789"), at("E105", "source")},
		{"nine digits for a person", finding("person_key", "123456789"), at("E105", "person_key")},
		{"nine digits for a telephone", finding("phone", "123456789"), nil},
		{"nine digits for a ZIP", finding("zip", "627011234"), nil},
		{"nine digits for a practice", func(f *folder) {
			f.practices.set("practice_key", "123456789")
			f.findings.set("practice_key", "123456789")
		}, nil},
		{"a parted Social Security number in a ZIP", finding("zip", "123-45-6789"), at("E105", "zip")},
		{"nine digits in a column called ssn that is left out", func(f *folder) {
			f.findings.header = append(f.findings.header, "patient ssn")
			f.findings.set("patient ssn", "123456789")
		}, []string{"W001 findings.csv:1 patient ssn", "E105 findings.csv:2 patient ssn"}},
		{"nine digits in another column that is left out", func(f *folder) {
			f.findings.header = append(f.findings.header, "account")
			f.findings.set("account", "123456789")
		}, []string{"W001 findings.csv:1 account"}},
		{"a Social Security number for an NPI", practice("npi", "123-45-6789"), atPractice("E105", "npi")},
		{"a card number", finding("source", "4111 1111 1111 1111"), at("E106", "source")},
		{"a card number with a wrong check digit", finding("source", "4111 1111 1111 1112"), nil},
		{"no last name", finding("last_name", ""), at("E107", "last_name")},
		{"a last name of spaces", finding("last_name", "  "), at("E107", "last_name")},
		{"no person key", finding("person_key", ""), at("E107", "person_key")},
		{"no data classes", finding("data_classes", ""), at("E107", "data_classes")},
		{"data classes of separators", finding("data_classes", "; ;"), at("E107", "data_classes")},
		{"no practice", finding("practice_key", ""), at("E107", "practice_key")},
		{"no legal name", practice("legal_name", ""), atPractice("E107", "legal_name")},
		{"a day that does not exist", finding("birth_date", "2023-02-29"), at("E108", "birth_date")},
		{"a leap day that does", finding("birth_date", "2024-02-29"), []string{"W206 findings.csv:2 representative_name"}},
		{"a date in American form", finding("birth_date", "02/28/1980"), at("E108", "birth_date")},
		{"a date without its zeros", finding("birth_date", "1980-2-8"), at("E108", "birth_date")},
		{"a date with a time", finding("birth_date", "1980-02-28 00:00:00"), at("E108", "birth_date")},
		{"a date before anybody alive", finding("birth_date", "1849-12-31"), at("E108", "birth_date")},
		{"the first date taken", finding("birth_date", "1850-01-01"), nil},
		{"a spreadsheet's day number", finding("birth_date", "29279"), at("E109", "birth_date")},
		{"a spreadsheet's day number with its time", finding("email_agreed_on", "45292.5"), at("E109", "email_agreed_on")},
		{"a date without separators", finding("birth_date", "19800228"), at("E108", "birth_date")},
		{"an unknown relation", finding("representative_relation", "cousin"), []string{"E110 findings.csv:2 representative_relation", "W208 findings.csv:2 representative_relation"}},
		{"an unknown knowledge", finding("acquired_or_viewed", "maybe"), at("E110", "acquired_or_viewed")},
		{"knowledge in capitals", finding("acquired_or_viewed", "YES"), nil},
		{"true for yes", finding("confidential_address", "true"), at("E110", "confidential_address")},
		{"an unknown delegation", practice("delegation", "some"), atPractice("E110", "delegation")},
		{"unknown for an agent", practice("agent", "unknown"), atPractice("E110", "agent")},
		{"an unknown insurer", practice("insurer", "y"), atPractice("E110", "insurer")},
		{"a key with a slash", finding("person_key", "N/1"), at("E111", "person_key")},
		{"a counting entity with a space", practice("counting_entity", "ACE 1"), atPractice("E111", "counting_entity")},
		{"a key of dots", finding("person_key", ".."), at("E111", "person_key")},
		{"born tomorrow", finding("birth_date", "2026-04-21"), at("E112", "birth_date")},
		{"born today", finding("birth_date", "2026-04-20"), []string{"W206 findings.csv:2 representative_name"}},
		{"agreed tomorrow", finding("email_agreed_on", "2026-04-21"), at("E112", "email_agreed_on")},
		{"dead tomorrow", finding("deceased_date", "2026-04-21"), at("E112", "deceased_date")},
		{"told tomorrow", practice("notified_on", "2026-04-21"), atPractice("E112", "notified_on")},
		{"scientific notation", finding("person_key", "1.23457E+08"), at("E113", "person_key")},
		{"a spreadsheet's error", finding("city", "#N/A"), at("E113", "city")},
		{"a column too narrow", finding("birth_date", "########"), at("E113", "birth_date")},
		{"a number sign that is an address", finding("address2", "#4"), nil},
		{"a State's name", finding("state", "Illinois"), at("E114", "state")},
		{"a State that is none", practice("state", "XX"), atPractice("E114", "state")},
		{"a State in small letters", finding("state", "il"), nil},
		{"a province abroad", finding("country", "CA"), nil},
		{"a province abroad by its name", func(f *folder) { f.findings.set("country", "Canada", "state", "Ontario", "zip", "K1A 0B1") }, nil},
		{"a placeholder", practice("legal_name", "<legal name>"), atPractice("E115", "legal_name")},
	}
}
