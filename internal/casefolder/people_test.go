package casefolder_test

import "strings"

// practiceCases are rows of practices.csv.
func practiceCases() []spoiled {
	practice := func(cells ...string) func(*folder) {
		return func(f *folder) { f.practices.set(cells...) }
	}
	second := func(key string) func(*folder) {
		return func(f *folder) {
			other := map[string]string{}
			for k, v := range f.practices.rows[0] {
				other[k] = v
			}
			other["practice_key"] = key
			f.practices.rows = append(f.practices.rows, other)
		}
	}
	at := func(rule, column string) []string { return []string{rule + " practices.csv:2 " + column} }
	return []spoiled{
		{"a practice twice", second("P1"), []string{"E201 practices.csv:3 practice_key"}},
		{"a practice with nobody", second("P2"), []string{"W108 findings.csv:0 practice_key"}},
		{"keys that differ in capitals", second("p1"), []string{"E206 practices.csv:3 practice_key", "W108 findings.csv:0 practice_key"}},
		{"an NPI with a wrong check digit", practice("npi", "1234567890"), at("E202", "npi")},
		{"an NPI of nine digits", practice("npi", "123456789"), at("E202", "npi")},
		{"no NPI", practice("npi", ""), nil},
		{"an e-mail address without its host", practice("email", "privacy"), at("E203", "email")},
		{"an e-mail address with a name", practice("email", "Ada <ada@example.org>"), at("E203", "email")},
		{"two e-mail addresses", practice("email", "a@example.org, b@example.org"), at("E203", "email")},
		{"an e-mail address with a letter beyond ASCII", practice("email", "josé@example.org"), at("E203", "email")},
		{"an e-mail address on this machine", practice("email", "privacy@localhost"), at("E203", "email")},
		{"an e-mail address that nobody reads", practice("email", "no-reply@example.org"), at("W110", "email")},
		{"an e-mail address with two dots", practice("email", "a..b@example.org"), at("E203", "email")},
		{"no day of notice", practice("baa_notice_days", "0"), at("E204", "baa_notice_days")},
		{"a day of notice", practice("baa_notice_days", "1"), nil},
		{"half a day", practice("baa_notice_days", "2.5"), at("E204", "baa_notice_days")},
		{"60 days", practice("baa_notice_days", "60"), nil},
		{"61 days", practice("baa_notice_days", "61"), at("W104", "baa_notice_days")},
		{"days in words", practice("baa_notice_days", "ten"), at("E204", "baa_notice_days")},
		{"an unknown zone", practice("timezone", "America/Springfield"), at("E205", "timezone")},
		{"the machine's zone", practice("timezone", "Local"), at("E205", "timezone")},
		{"a zone outside the tree", practice("timezone", "../etc/passwd"), at("E205", "timezone")},
		{"neither e-mail nor street", practice("email", "", "address1", ""), at("W101", "email")},
		{"only e-mail", practice("address1", "", "city", "", "zip", ""), nil},
		{"only a postal address", practice("email", ""), nil},
		{"no privacy officer", practice("privacy_officer", ""), at("W102", "privacy_officer")},
		{"a privacy officer nobody named", practice("privacy_officer", "TBD"), at("E120", "privacy_officer")},
		{"a name patients do not know", practice("dba", "N/A"), at("E120", "dba")},
		{"a toll-free number of zeros", practice("toll_free", "0000000000"), at("E120", "toll_free")},
		{"a default with its days", practice("default_delegation", "letters", "default_days", "10"), nil},
		{"a default without days", practice("default_delegation", "letters"), at("E207", "default_delegation")},
		{"days without a default", practice("default_days", "10"), at("E207", "default_delegation")},
		{"no day to answer", practice("default_delegation", "all", "default_days", "0"), at("E204", "default_days")},
		{"a default in other words", practice("default_delegation", "some", "default_days", "10"), at("E110", "default_delegation")},
		{"a second mailbox", practice("second_email", "owner@practice.example.org"), nil},
		{"the same mailbox", practice("second_email", "Privacy@practice.example.org"), at("E208", "second_email")},
		{"a second mailbox that is none", practice("second_email", "nobody"), at("E203", "second_email")},
		{"no window", practice("baa_notice_days", ""), at("W103", "baa_notice_days")},
		{"agent not answered", practice("agent", ""), at("W105", "agent")},
		{"delegation not answered", practice("delegation", ""), at("W106", "delegation")},
		{"told before discovery", practice("notified_on", "2026-03-15"), at("W107", "notified_on")},
		{"told on the day of discovery", practice("notified_on", "2026-03-16"), nil},
		{"an address without its State", practice("state", ""), at("W109", "address1")},
		{"an address without its ZIP", practice("zip", ""), at("W109", "address1")},
		{"a name in a script that is not printed", practice("legal_name", "ᠪᠠᠲᠤ"), at("E121", "legal_name")},
		{"a trade name of pictures only", practice("dba", "🌻"), at("E121", "dba")},
		{"a trade name with a picture", practice("dba", "Clínica São José 🌻"), nil},
		{"a practice's ZIP without its zero", practice("state", "NJ", "zip", "8873"), at("W203", "zip")},
		{"a practice's ZIP of another State", practice("zip", "05401"), at("W211", "zip")},
		{"a practice's ZIP from a dataframe", practice("zip", "62701.0"), at("E113", "zip")},
		{"a practice's street that is none", practice("address1", "N/A"), at("W109", "address1")},
	}
}

// findingCases are rows of findings.csv.
func findingCases() []spoiled {
	finding := func(cells ...string) func(*folder) {
		return func(f *folder) { f.findings.set(cells...) }
	}
	also := func(key string) func(*folder) {
		return func(f *folder) { f.findings.rows = append(f.findings.rows, person("N2"), person(key)) }
	}
	at := func(rule, column string) []string { return []string{rule + " findings.csv:2 " + column} }
	return []spoiled{
		{"pairs that nobody decided", func(f *folder) { f.pairs = "pair,standing\nMA,open\nMB,together\n" }, []string{"W004 findings-pairs.csv:0 standing"}},
		{"pairs that are all decided", func(f *folder) { f.pairs = "pair,standing\nMA,apart\nMB,together\n" }, nil},
		{"a practice that is not listed", finding("practice_key", "P7"), at("E301", "practice_key")},
		{"a person twice", also("N1"), []string{"E302 findings.csv:4 person_key"}},
		{"a person twice, once with space", also(" N1 "), []string{"E302 findings.csv:4 person_key"}},
		{"two people whose keys differ in capitals", also("n1"), nil},
		{"a person three times", func(f *folder) {
			f.findings.rows = append(f.findings.rows, person("N1"), person("N1"))
		}, []string{"E302 findings.csv:3 person_key", "E302 findings.csv:4 person_key"}},
		{"an unknown data class", finding("data_classes", "name;shoe_size"), at("E303", "data_classes")},
		{"data classes with commas", finding("data_classes", "name,diagnosis"), at("E303", "data_classes")},
		{"data classes in capitals with spaces", finding("data_classes", "Name; DIAGNOSIS;"), nil},
		{"dead before born", finding("deceased_date", "1980-02-28", "representative_name", "Ada", "representative_relation", "next_of_kin"), at("E304", "deceased_date")},
		{"dead on the day of birth", finding("deceased_date", "1980-02-29", "representative_name", "Ada", "representative_relation", "next_of_kin"), nil},
		{"a language by its name", finding("language", "Spanish"), at("E305", "language")},
		{"a language of two parts", finding("language", "en-gb"), nil},
		{"a language without a letter", finding("language", "zh-hans"), append(at("W212", "language"), "W223 findings.csv:0 language")},
		{"no language", finding("language", ""), nil},
		{"no State", finding("state", ""), at("W201", "state")},
		{"no street", finding("address1", ""), at("W202", "address1")},
		{"no middle name in a word", finding("middle_name", "NMN"), at("W219", "middle_name")},
		{"a last name that nobody knows", finding("last_name", "UNKNOWN"), at("W219", "last_name")},
		{"an initial that is an X", finding("middle_name", "X"), nil},
		{"a street of a word", finding("address1", "HOMELESS"), at("W202", "address1")},
		{"general delivery", finding("address1", "General Delivery"), nil},
		{"a city that nobody knows", finding("city", "Unknown"), at("W202", "address1")},
		{"a second line of the post room", finding("address2", "RETURNED MAIL"), at("W202", "address2")},
		{"a second line that says nothing", finding("address2", "N/A"), nil},
		{"a ZIP of zeros", finding("zip", "00000"), at("W202", "address1")},
		{"a ZIP of nines", finding("zip", "99999-9999"), at("W202", "address1")},
		{"a ZIP of another State", finding("zip", "05401"), at("W211", "zip")},
		{"a ZIP of no State", finding("zip", "34501"), at("W211", "zip")},
		{"a ZIP of a prefix with two States", finding("state", "NY", "zip", "06390"), nil},
		{"a ZIP with the hyphen of four more", finding("zip", "62701-"), at("E113", "zip")},
		{"a ZIP with four zeros", finding("zip", "62701-0000"), at("W218", "zip")},
		{"a ZIP with a space", finding("zip", "62701 1234"), at("E113", "zip")},
		{"a ZIP with a letter O", finding("state", "MA", "zip", "O2138"), at("E113", "zip")},
		{"a ZIP with an apostrophe", finding("zip", "'62701"), at("E113", "zip")},
		{"a ZIP that lost two zeros", finding("state", "PR", "zip", "907"), at("W203", "zip")},
		{"a territory as a country", finding("country", "Puerto Rico", "state", "", "zip", "00907"), nil},
		{"a territory as country and State", finding("country", "PR", "state", "PR", "zip", "00907"), nil},
		{"a territory and another State", finding("country", "GU"), at("E119", "country")},
		{"the United States by another name", finding("country", "U.S. of A."), nil},
		{"a word for a country", finding("country", "UNKNOWN"), at("E119", "country")},
		{"a State's code for a country", finding("country", "IL"), at("E119", "country")},
		{"a country that nobody knows", finding("country", "Atlantis", "state", "", "zip", ""), at("W215", "country")},
		{"a country by its usual name", finding("country", "South Korea", "state", "", "zip", ""), nil},
		{"a country whose regions look like States", finding("country", "IT", "state", "TN", "zip", "38122"), nil},
		{"no city and no ZIP", finding("city", "", "zip", ""), at("W202", "address1")},
		{"a ZIP of six digits", finding("zip", "627011"), at("W202", "address1")},
		{"no ZIP abroad", finding("country", "GB", "state", "", "zip", ""), nil},
		{"no city abroad", finding("country", "GB", "state", "", "city", ""), at("W202", "address1")},
		{"a ZIP without its zero", finding("state", "MA", "zip", "1013"), at("W203", "zip")},
		{"a long ZIP without its zero", finding("state", "MA", "zip", "10131234"), at("W203", "zip")},
		{"a long ZIP with a hyphen without its zero", finding("state", "MA", "zip", "1013-1234"), at("W203", "zip")},
		{"a ZIP with its zero", finding("state", "MA", "zip", "01013"), nil},
		{"an e-mail address that is none", finding("email", "lukasz"), at("W204", "email")},
		{"a person's e-mail address that nobody reads", finding("email", "none@none.com"), at("W110", "email")},
		{"agreed without an address", finding("email", ""), at("W205", "email")},
		{"neither agreed nor an address", finding("email", "", "email_agreed_on", ""), nil},
		{"a minor, one day before 18", finding("birth_date", "2008-04-21"), at("W206", "representative_name")},
		{"18 today", finding("birth_date", "2008-04-20"), nil},
		{"a minor with a parent", finding("birth_date", "2015-01-01", "representative_name", "Ada Example", "representative_relation", "parent"), nil},
		{"dead without a representative", finding("deceased_date", "2020-01-01"), at("W207", "representative_name")},
		{"dead on a day nobody knows", finding("deceased_date", "Unknown", "representative_name", "Ada", "representative_relation", "next_of_kin"), at("W214", "deceased_date")},
		{"dead on a day nobody knows, without a representative", finding("deceased_date", "unknown"), []string{"W214 findings.csv:2 deceased_date", "W207 findings.csv:2 representative_name"}},
		{"dead, it says", finding("deceased_date", "yes"), at("E108", "deceased_date")},
		{"dead in some year", finding("deceased_date", "2019"), at("E108", "deceased_date")},
		{"next of kin of nobody dead", finding("representative_name", "Ada", "representative_relation", "next_of_kin"), at("E307", "deceased_date")},
		{"no next of kin of nobody dead", finding("representative_relation", "next_of_kin"), at("E307", "deceased_date")},
		{"a parent of an adult", finding("representative_name", "Ada", "representative_relation", "parent"), at("W213", "representative_relation")},
		{"a personal representative of the living", finding("representative_name", "Ada", "representative_relation", "personal_representative"), nil},
		{"an enrollment code too short", finding("enrollment_code", "A1"), at("E308", "enrollment_code")},
		{"an enrollment code with a space", finding("enrollment_code", "ABCD 1234"), at("E308", "enrollment_code")},
		{"no enrollment code", finding("enrollment_code", ""), at("W217", "enrollment_code")},
		{"no enrollment code for the dead", finding("enrollment_code", "", "deceased_date", "2020-01-01", "representative_name", "Ada", "representative_relation", "next_of_kin"), nil},
		{"one enrollment code for two people", func(f *folder) {
			f.findings.rows = append(f.findings.rows, person("N2"))
			f.findings.rows[1]["enrollment_code"] = strings.ToLower(f.findings.rows[0]["enrollment_code"])
		}, []string{"E309 findings.csv:3 enrollment_code"}},
		{"one enrollment code for a person of two practices", func(f *folder) {
			other := map[string]string{"practice_key": "P2"}
			for k, v := range f.practices.rows[0] {
				if k != "practice_key" {
					other[k] = v
				}
			}
			f.practices.rows = append(f.practices.rows, other)
			f.findings.rows = append(f.findings.rows, person("N1"))
			f.findings.rows[1]["practice_key"] = "P2"
		}, nil},
		{"enrollment codes for nothing", func(f *folder) {
			f.say("credit_monitoring: {provider: Example Watch, months: 24, enroll_url: https://example.org/enroll, phone: 1-800-555-0101}\n", "")
		}, []string{"W216 findings.csv:1 enrollment_code"}},
		{"a representative without relation", finding("representative_name", "Ada Example"), at("W208", "representative_relation")},
		{"a relation without representative", finding("representative_relation", "guardian"), at("W208", "representative_relation")},
		{"military mail", finding("city", "APO", "state", "AE", "zip", "09012"), at("W209", "state")},
		{"a minor with a confidential address", finding("birth_date", "2015-01-01", "confidential_address", "YES", "representative_name", "Ada Example", "representative_relation", "parent"), at("W210", "confidential_address")},
		{"a minor's own care", finding("birth_date", "2012-01-01", "confidential_address", "yes", "representative_relation", "self"), nil},
		{"a minor's own care and a parent's name", finding("birth_date", "2012-01-01", "representative_name", "Ada Example", "representative_relation", "self"), at("W208", "representative_name")},
		{"a row with two things wrong", finding("last_name", "", "birth_date", "1980-13-01"), []string{"E107 findings.csv:2 last_name", "E108 findings.csv:2 birth_date"}},
	}
}
