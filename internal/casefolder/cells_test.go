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
		{"a letter lost in a name", finding("last_name", "Mu?oz"), at("E118", "last_name")},
		{"every letter lost", finding("first_name", "???"), at("E118", "first_name")},
		{"a letter lost in a street", finding("address1", "12 ?cole Street"), at("E118", "address1")},
		{"a question in a note", finding("source", "export 7 (complete?)"), nil},
		{"a company with a question", practice("dba", "Got Milk? Pediatrics"), nil},
		{"a company that lost a letter", practice("legal_name", "Caf? Clinic, Mu?oz & Co"), atPractice("E118", "legal_name")},
		{"an accent decoded twice", finding("last_name", "MuÃ±oz"), at("E117", "last_name")},
		{"an apostrophe decoded twice", finding("last_name", "Oâ€™Brien"), at("E117", "last_name")},
		{"an accent decoded twice by a Macintosh", finding("city", "M√ºnchen"), at("E117", "city")},
		{"a Polish letter decoded twice", finding("first_name", "Å‚ukasz"), at("E117", "first_name")},
		{"Cyrillic decoded twice", finding("last_name", "ÐŸÑƒÑˆÐºÐ¸Ð½"), at("E117", "last_name")},
		{"a capital with an accent and a quotation mark", finding("source", "“École” et «CAFÉ»"), nil},
		{"two letters with accents", finding("last_name", "Őßäöüéè"), nil},
		{"a damaged letter in a column left out", func(f *folder) {
			f.findings.header = append(f.findings.header, "note")
			f.findings.set("note", "Mu\xf1oz")
		}, []string{"W001 findings.csv:1 note", "E101 findings.csv:2 note"}},
		{"NUL", finding("last_name", "Exam\x00ple"), at("E102", "last_name")},
		{"a line break", finding("address1", "1 Main St\nApt 3"), at("E102", "address1")},
		{"a bell of Unicode's second set", finding("city", "Spring\u0087field"), at("E102", "city")},
		{"text turned around", finding("last_name", "Exam\u202eple"), at("E102", "last_name")},
		{"letters that run downwards", finding("last_name", "ᠪᠠᠲᠤ"), at("W221", "last_name")},
		{"a joiner of Persian names", finding("last_name", "علی\u200cزاده"), nil},
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
		{"a date with a time and its zone", finding("birth_date", "1980-02-28T00:00:00Z"), at("E108", "birth_date")},
		{"a year alone", finding("birth_date", "1974"), at("E108", "birth_date")},
		{"a year and a month", finding("birth_date", "1974-12"), at("E108", "birth_date")},
		{"a year and zeros", finding("birth_date", "1974-00-00"), at("E108", "birth_date")},
		{"a word for a date", finding("birth_date", "UNKNOWN"), at("E116", "birth_date")},
		{"zeros for a date", finding("email_agreed_on", "0000-00-00"), at("E116", "email_agreed_on")},
		{"a program's first day", finding("birth_date", "1900-01-01"), at("E116", "birth_date")},
		{"a program's last day", finding("deceased_date", "9999-12-31"), at("E116", "deceased_date")},
		{"ones for a date", practice("notified_on", "1111-11-11"), atPractice("E116", "notified_on")},
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
		{"a key that hides", finding("person_key", ".N1"), at("E111", "person_key")},
		{"a key that loses its dot", finding("person_key", "N1."), at("E111", "person_key")},
		{"a key that is a device", practice("counting_entity", "nul.txt"), atPractice("E111", "counting_entity")},
		{"born tomorrow", finding("birth_date", "2026-04-21"), at("E112", "birth_date")},
		{"born today", finding("birth_date", "2026-04-20"), []string{"W206 findings.csv:2 representative_name"}},
		{"agreed tomorrow", finding("email_agreed_on", "2026-04-21"), at("E112", "email_agreed_on")},
		{"dead tomorrow", finding("deceased_date", "2026-04-21"), at("E112", "deceased_date")},
		{"told tomorrow", practice("notified_on", "2026-04-21"), atPractice("E112", "notified_on")},
		{"scientific notation", finding("person_key", "1.23457E+08"), at("E113", "person_key")},
		{"a key from a dataframe", finding("person_key", "12345.0"), at("E113", "person_key")},
		{"a telephone number from a dataframe", finding("phone", "2175550103.0"), at("E113", "phone")},
		{"an apartment from a dataframe", finding("address2", "4.0"), at("E113", "address2")},
		{"a dataframe's missing value", finding("middle_name", "nan"), at("E113", "middle_name")},
		{"a database's missing value", finding("phone", "NULL"), at("E113", "phone")},
		{"a person called Null", finding("last_name", "Null"), at("W219", "last_name")},
		{"an apartment that became a day", finding("address2", "4-May"), at("E113", "address2")},
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
