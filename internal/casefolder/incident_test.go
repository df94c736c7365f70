package casefolder_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/civil"
	"duenotice/internal/envelope"
)

// incidentCases are incident.yaml with one thing wrong.
func incidentCases() []spoiled {
	say := func(old, replacement string) func(*folder) {
		return func(f *folder) { f.say(old, replacement) }
	}
	// at is a problem on the line where the whole folder has the text.
	at := func(rule, text, column string) string {
		return rule + " incident.yaml:" + itoa(wholeFolder().line(text)) + " " + column
	}
	one := func(rule, text, column string) []string { return []string{at(rule, text, column)} }
	terms := "letters: {approvers: 2, mail_by: 2026-05-01}"
	printRun := func(keys string) func(*folder) { return say(terms, terms+"\nprint_run: {"+keys+"}") }
	runFault := func(rule, key string) []string {
		return []string{rule + " incident.yaml:" + itoa(wholeFolder().line("letters:")+1) + " print_run." + key}
	}
	hold := "law_enforcement_holds:\n  - {kind: oral, stated_on: 2026-03-20, official: A. Example, agency: Example Bureau, statement: Wait., until: , covers: [media]}\n"
	// What happened and what you can do have so many characters together.
	const otherTexts = 76 + 41
	presumed := "conclusion: presumed\n  factors: {nature_of_phi: \"\", unauthorized_person: \"\", acquired_or_viewed: \"\", mitigation: \"\"}"
	translated := func(text string) func(*folder) {
		return func(f *folder) { f.incident += "\ntranslations:\n" + text }
	}
	below := func(rule string, lines int, column string) []string {
		return []string{rule + " incident.yaml:" + itoa(strings.Count(wholeFolder().incident, "\n")+2+lines) + " " + column}
	}
	return []spoiled{
		{"a translation", translated("  es: {what_happened: Pasó., what_we_are_doing: Hacemos., what_you_can_do: Puede.}"), nil},
		{"a translation that is not whole", translated("  es: {what_happened: Pasó., what_we_are_doing: Hacemos.}"), below("E107", 1, "translations.es.what_you_can_do")},
		{"a translation of no language", translated("  Spanish: {what_happened: Pasó., what_we_are_doing: Hacemos., what_you_can_do: Puede.}"), below("E424", 1, "translations")},
		{"a translation into English", translated("  en: {what_happened: a, what_we_are_doing: b, what_you_can_do: c}"), below("E424", 1, "translations.en")},
		{"a translation without the letter's own words", translated("  vi: {what_happened: a, what_we_are_doing: b, what_you_can_do: c}"), below("E424", 0, "translations.vi")},
		{"a translation with a placeholder", translated("  es: {what_happened: 'TODO', what_we_are_doing: b, what_you_can_do: c}"), below("E115", 1, "translations.es.what_happened")},
		{"English decided without a reason", say("mail_by: 2026-05-01}", "mail_by: 2026-05-01, languages: {missing: english}}"), one("E425", "letters:", "letters.languages.reason")},
		{"taglines that are not there", say("mail_by: 2026-05-01}", "mail_by: 2026-05-01, taglines: none.yaml}"), one("E428", "letters:", "letters.taglines")},
		{"English decided with a reason", say("mail_by: 2026-05-01}", "mail_by: 2026-05-01, languages: {missing: english, reason: Interpreters call.}}"), nil},
		{"another decision about languages", say("mail_by: 2026-05-01}", "mail_by: 2026-05-01, languages: {missing: french}}"), one("E110", "letters:", "letters.languages.missing")},
		{"an empty incident", func(f *folder) { f.incident = " \n" }, []string{"E001 incident.yaml:0"}},
		{"an incident of comments", func(f *folder) { f.incident = "# nothing\n" }, []string{"E001 incident.yaml:0"}},
		{"an incident in UTF-16", func(f *folder) { f.incident = "\xff\xfei\x00d\x00" }, []string{"E002 incident.yaml:0"}},
		{"a damaged letter", say("Somebody", "Somebod\xff"), []string{"E101 incident.yaml:" + itoa(wholeFolder().line("Somebody"))}},
		{"an incident too large", func(f *folder) { f.incident += strings.Repeat("# a comment\n", 12_000) }, []string{"E104 incident.yaml:0"}},
		{"an incident with a byte order mark", func(f *folder) { f.incident = "\xef\xbb\xbf" + f.incident }, nil},
		{"an incident with Windows line ends", func(f *folder) { f.incident = strings.ReplaceAll(f.incident, "\n", "\r\n") }, nil},

		{"a text in a script that is not printed", say("Somebody", "ᠪᠠ Somebody"), one("E121", "Somebody", "what_happened")},
		{"a sign that is substituted", say("Somebody", "\uf0b7 → Somebody"), nil},
		{"an official in a script that is not printed", say("official: A. Example", "official: ᠪ"), one("W321", "kind: oral", "law_enforcement_holds[1].official")},
		{"a return address without end", say("[100 Example Way, ", "["+strings.Repeat("100 Example Way, ", 20)), one("E421", "entity:", "entity.address")},
		{"a text that says what every letter says", say("of your insurer.", "of your insurer. Place a security freeze."), one("W308", "what_you_can_do", "what_you_can_do")},
		{"a form of envelope that nobody knows", say(terms, "letters: {approvers: 2, mail_by: 2026-05-01, envelope: \"#9\"}"), one("E423", "letters:", "letters.envelope")},
		{"a form of envelope", say(terms, "letters: {approvers: 2, mail_by: 2026-05-01, envelope: 6x9}"), nil},
		{"enrolling ends before the letters go out", say("phone: 1-800-555-0101}", "phone: 1-800-555-0101, enroll_by: 2026-04-30}"), one("E405", "credit_monitoring", "credit_monitoring.enroll_by")},
		{"the media of one State twice", say(terms, terms+"\nmedia: [{state: VA}, {state: VA}]"), []string{"E427 incident.yaml:" + itoa(wholeFolder().line("letters:")+1) + " media[2].state"}},
		{"one outlet twice", say(terms, terms+"\nmedia: [{state: VA, outlets: [{name: Example Press}, {name: example press}]}]"), []string{"E427 incident.yaml:" + itoa(wholeFolder().line("letters:")+1) + " media[1].outlets[2].name"}},
		{"the media of no State", say(terms, terms+"\nmedia: [{state: Virginia}]"), []string{"E110 incident.yaml:" + itoa(wholeFolder().line("letters:")+1) + " media[1].state"}},
		{"an outlet without a name", say(terms, terms+"\nmedia: [{state: VA, outlets: [{email: news@example.org}]}]"), []string{"E107 incident.yaml:" + itoa(wholeFolder().line("letters:")+1) + " media[1].outlets[1].name"}},
		{"a number that a State forbids", say("on March 10, 2026.", "and 500 residents of Illinois are affected."), one("E422", "what_happened:", "what_happened")},

		{"a tab", say("  name: Example", "\tname: Example"), []string{"E401 incident.yaml:3"}},
		// The text runs on to the next quotation mark, behind which it is no YAML.
		{"an open quotation mark", say("environment: ehr-3", "environment: \"ehr-3"), []string{"E401 incident.yaml:" + itoa(wholeFolder().line("factors:"))}},
		{"two documents", func(f *folder) { f.incident += "---\nid: EX-2\n" }, []string{"E401 incident.yaml:" + itoa(strings.Count(incidentText, "\n")+2)}},
		{"brackets without end", func(f *folder) { f.incident = "id: EX\nentity: " + strings.Repeat("[", 65) }, []string{"E401 incident.yaml:2"}},
		{"dashes without end", func(f *folder) { f.incident = "id: EX\n\nentity:\n" + strings.Repeat("- ", 65) }, []string{"E401 incident.yaml:4"}},
		{"a ruled line in a letter", say("2026.\n  We", "2026.\n  "+strings.Repeat("-", 200)+"\n  We"), nil},
		{"an unknown key", say("environment:", "surroundings:"), one("E402", "environment:", "surroundings")},
		{"an unknown key of the entity", say("toll_free:", "tollfree:"), one("E402", "toll_free:", "entity.tollfree")},
		{"a key in capitals", say("environment:", "Environment:"), one("E402", "environment:", "Environment")},
		{"a key twice", say("environment: ehr-3", "environment: ehr-3\nenvironment: ehr-4"), one("E403", "breach_type", "environment")},
		{"a list of incidents", func(f *folder) { f.incident = "- id: EX-1\n" }, []string{"E404 incident.yaml:1"}},
		{"an entity in one word", say("occurred: {from: 2026-03-10, to: 2026-03-16}", "occurred: 2026-03-10"), one("E404", "occurred", "occurred")},
		{"a place that is no list", say("[Electronic Medical Record, Network Server]", "Email"), one("E404", "location", "location")},
		{"a list for one value", say("environment: ehr-3", "environment: [ehr-3]"), one("E404", "environment", "environment")},
		{"an alias", say("environment: ehr-3", "environment: &e ehr-3"), one("E404", "environment", "environment")},

		{"no id", say("id: EX-2026-03", "id:"), one("E107", "id:", "id")},
		{"an id with a dot", say("EX-2026-03", "EX.2026"), one("E111", "id:", "id")},
		{"an id that is a Social Security number", say("EX-2026-03", "123-45-6789"), one("E105", "id:", "id")},
		{"no entity", func(f *folder) {
			f.incident = strings.Replace(f.incident, f.incident[strings.Index(f.incident, "entity:"):strings.Index(f.incident, "occurred:")], "", 1)
		}, []string{"E107 incident.yaml:1 entity.name", "E107 incident.yaml:1 entity.role", "E107 incident.yaml:1 entity.address", "W305 incident.yaml:1 entity"}},
		{"an unknown role", say("business_associate", "vendor"), one("E110", "role:", "entity.role")},
		{"an e-mail address that is none", say("privacy@example.org", "privacy"), one("E412", "email:", "entity.email")},
		{"true for a public company", say("public_company: no", "public_company: true"), one("E110", "public_company", "entity.public_company")},
		{"no happening", say("occurred: {from: 2026-03-10, to: 2026-03-16}\n", ""), []string{"W307 incident.yaml:1 occurred"}},
		{"a happening that nobody knows", say("{from: 2026-03-10, to: 2026-03-16}", "unknown"), one("W307", "occurred", "occurred")},
		{"a first day that nobody knows", say("from: 2026-03-10", "from: unknown"), one("W307", "occurred", "occurred.from")},
		{"a last day that nobody knows", say("to: 2026-03-16}", "to: }"), one("W307", "occurred", "occurred.to")},
		{"a first day that does not exist", say("from: 2026-03-10", "from: 2026-02-30"), one("E108", "occurred", "occurred.from")},
		{"a happening in another word", say("{from: 2026-03-10, to: 2026-03-16}", "no idea"), one("E404", "occurred", "occurred")},
		{"a web site that says nothing", say("website: https://example.org/notice", "website: N/A"), one("E120", "website:", "entity.website")},
		{"two byte order marks", func(f *folder) { f.incident = "\xef\xbb\xbf\xef\xbb\xbf" + f.incident }, nil},
		{"an entity that lost a letter", say("name: Example Health Cloud", "name: Ex?mple Health Cloud"), one("E118", "name:", "entity.name")},
		{"a text decoded twice", say("Somebody entered", "Somebody didnâ€™t enter"), one("E117", "what_happened", "what_happened")},
		{"columns that are no group", say("letters:", "columns: [zip]\nletters:"), one("E404", "letters:", "columns")},
		{"a column explained as none", say("letters:", "columns: {Post: postcode}\nletters:"), one("E110", "letters:", "columns.Post")},
		{"no discovery", say("discovered: 2026-03-16", "discovered:"), one("E107", "discovered:", "discovered")},
		{"a discovery that does not exist", say("discovered: 2026-03-16", "discovered: 2026-02-29"), one("E108", "discovered:", "discovered")},
		{"a discovery as a day number", say("discovered: 2026-03-16", "discovered: 46097"), one("E109", "discovered:", "discovered")},
		{"discovered tomorrow", say("discovered: 2026-03-16\ndetermined: 2026-04-02\nscope_identified: 2026-04-10", "discovered: 2026-04-21\ndetermined:\nscope_identified:"), one("E112", "discovered:", "discovered")},
		{"determined tomorrow", say("determined: 2026-04-02", "determined: 2026-04-21"), one("E112", "determined:", "determined")},
		{"an agent knew before", say("environment: ehr-3", "environment: ehr-3\nknowledge: [{who: A volunteer, relation: workforce, knew_on: 2026-03-15}]"), one("E413", "discovered:", "discovered")},
		{"an agent knew on the day", say("environment: ehr-3", "environment: ehr-3\nknowledge: [{who: A trainee, relation: workforce, knew_on: 2026-03-16}]"), nil},
		{"a subcontractor not answered for knew before", say("environment: ehr-3", "environment: ehr-3\nknowledge: [{who: Example Hosting, relation: subcontractor, knew_on: 2026-03-15}]"), one("E413", "discovered:", "discovered")},
		{"a subcontractor that is no agent knew before and told on the day", say("environment: ehr-3", "environment: ehr-3\nknowledge: [{who: Example Hosting, relation: subcontractor, agent: no, knew_on: 2026-03-01, told_on: 2026-03-16}]"), nil},
		{"a subcontractor that is no agent told before", say("environment: ehr-3", "environment: ehr-3\nknowledge: [{who: Example Hosting, relation: subcontractor, agent: no, knew_on: 2026-03-01, told_on: 2026-03-15}]"), one("E413", "discovered:", "discovered")},
		{"the wrongdoer knew before", say("environment: ehr-3", "environment: ehr-3\nknowledge: [{who: The intruder, relation: wrongdoer, knew_on: 2026-03-01}]"), nil},
		{"a first day after the last", say("from: 2026-03-10", "from: 2026-03-17"), []string{at("E405", "occurred", "occurred.to"), at("E405", "discovered:", "discovered")}},
		{"one day", say("from: 2026-03-10", "from: 2026-03-16"), nil},
		{"going on after discovery", say("to: 2026-03-16}", "to: 2026-03-18}"), nil},
		{"determined before discovered", say("determined: 2026-04-02", "determined: 2026-03-15"), one("E405", "determined:", "determined")},
		{"determined on the day of discovery", say("determined: 2026-04-02", "determined: 2026-03-16"), nil},
		{"discovered before the rule applied", func(f *folder) {
			f.say("{from: 2026-03-10, to: 2026-03-16}", "{from: 2009-09-01, to: 2009-09-02}")
			f.say("discovered: 2026-03-16", "discovered: 2009-09-22")
		}, []string{at("E406", "discovered:", "discovered")}},
		{"discovered when the rule began", func(f *folder) {
			f.say("{from: 2026-03-10, to: 2026-03-16}", "{from: 2009-09-01, to: 2009-09-02}")
			f.say("discovered: 2026-03-16", "discovered: 2009-09-23")
		}, nil},

		{"an unknown type of breach", say("Hacking/IT Incident", "Hacking"), one("E110", "breach_type", "breach_type")},
		{"an unknown place", say("Network Server]", "Cloud]"), one("E110", "location", "location[2]")},
		{"no type of breach and no place", func(f *folder) {
			f.say("breach_type: Hacking/IT Incident", "breach_type:")
			f.say("[Electronic Medical Record, Network Server]", "[]")
		}, []string{at("W304", "breach_type", "breach_type")}},
		{"no word about what happened", say("what_we_are_doing: We closed the way in.", "what_we_are_doing:"), one("E107", "what_we_are_doing", "what_we_are_doing")},
		{"6,000 letters", say("We closed the way in.", strings.Repeat("ß", 6000)), one("W302", "what_we_are_doing", "what_we_are_doing")},
		{"6,001 letters", say("We closed the way in.", strings.Repeat("ß", 6001)), one("E104", "what_we_are_doing", "what_we_are_doing")},
		{"texts that fit on two pages", say("We closed the way in.", strings.Repeat("ß", casefolder.LetterTexts-otherTexts)), nil},
		{"texts that are one letter longer", say("We closed the way in.", strings.Repeat("ß", casefolder.LetterTexts-otherTexts+1)), one("W302", "what_we_are_doing", "what_we_are_doing")},
		{"a placeholder in a letter", say("closed the way", "closed [the way]"), one("E115", "what_we_are_doing", "what_we_are_doing")},
		{"a placeholder in angle brackets", say("March 10, 2026", "<date>"), one("E115", "what_happened", "what_happened")},
		{"something left to do in a letter", say("closed the way", "TODO close the way"), one("E115", "what_we_are_doing", "what_we_are_doing")},
		{"brackets that open nothing", say("closed the way", "closed, 3 < 4, the way"), nil},
		{"a Social Security number in a letter", say("closed the way", "closed 078-05-1120, the way"), one("E105", "what_we_are_doing", "what_we_are_doing")},
		{"a Social Security number across lines", say("2026.\n  We", "2026 078\n  05 1120. We"), one("E105", "what_happened", "what_happened")},
		{"a card number in a letter", say("closed the way", "closed 4111111111111111, the way"), one("E106", "what_we_are_doing", "what_we_are_doing")},
		{"a bell in a letter", say("We closed the way in.", `"We closed \a the way in."`), one("E102", "what_we_are_doing", "what_we_are_doing")},

		{"encrypted without its proof", say("data_security: unsecured", "data_security: encrypted"), one("E407", "data_security:", "data_security")},
		{"encrypted without word of the keys", func(f *folder) {
			f.say("data_security: unsecured\ndata_security_standard:", "data_security: encrypted\ndata_security_standard: NIST SP 800-111")
		}, one("E407", "data_security:", "data_security")},
		{"encrypted, the keys safe", func(f *folder) {
			f.say("data_security: unsecured\ndata_security_standard:\nkeys_compromised:", "data_security: encrypted\ndata_security_standard: NIST SP 800-111\nkeys_compromised: no")
		}, nil},
		{"encrypted, the keys unknown", func(f *folder) {
			f.say("data_security: unsecured\ndata_security_standard:\nkeys_compromised:", "data_security: encrypted\ndata_security_standard: NIST SP 800-111\nkeys_compromised: unknown")
		}, one("W306", "keys_compromised:", "keys_compromised")},
		{"destroyed without a standard", say("data_security: unsecured", "data_security: destroyed"), one("E407", "data_security:", "data_security")},
		{"an exclusion without reason", say("exclusion:\n", "exclusion: not_retained\n"), one("E408", "exclusion:", "exclusion")},
		{"an exclusion with its reason", say("exclusion:\nexclusion_reason:", "exclusion: not_retained\nexclusion_reason: The envelope came back closed."), nil},
		{"an unknown exclusion", say("exclusion:\n", "exclusion: accident\n"), one("E110", "exclusion:", "exclusion")},
		{"an unknown conclusion", say("conclusion: presumed", "conclusion: none"), one("E110", "conclusion:", "risk_assessment.conclusion")},
		{"a low probability without its factors", say("conclusion: presumed", "conclusion: low_probability"), one("E409", "risk_assessment:", "risk_assessment.factors")},
		{"a low probability with three factors", say(presumed, "conclusion: low_probability\n  factors: {nature_of_phi: a, unauthorized_person: b, acquired_or_viewed: c}"),
			one("E409", "risk_assessment:", "risk_assessment.factors")},
		{"a low probability with four factors", say(presumed, "conclusion: low_probability\n  factors: {nature_of_phi: a, unauthorized_person: b, acquired_or_viewed: c, mitigation: d}"), nil},
		{"a low probability and one approver", func(f *folder) {
			f.say(presumed, "conclusion: low_probability\n  factors: {nature_of_phi: a, unauthorized_person: b, acquired_or_viewed: c, mitigation: d}")
			f.say("approvers: 2", "approvers: 1")
		}, one("E409", "letters:", "letters.approvers")},

		{"a hold by nobody", say("official: A. Example, ", ""), one("E410", "kind: oral", "law_enforcement_holds[1]")},
		{"a hold of no agency and no day", say("stated_on: 2026-03-20, official: A. Example, agency: Example Bureau", "official: A. Example"), one("E410", "kind: oral", "law_enforcement_holds[1]")},
		{"a hold of an unknown kind", say("kind: oral", "kind: spoken"), one("E110", "kind: oral", "law_enforcement_holds[1].kind")},
		{"a hold over something unknown", say("covers: [media]", "covers: [radio]"), one("E110", "kind: oral", "law_enforcement_holds[1].covers[1]")},
		{"a hold stated tomorrow", say("stated_on: 2026-03-20", "stated_on: 2026-04-21"), one("E112", "kind: oral", "law_enforcement_holds[1].stated_on")},
		{"a hold that ends before it begins", say("until: ,", "until: 2026-03-19,"), one("E405", "kind: oral", "law_enforcement_holds[1].until")},
		{"a written hold without an end", say("kind: oral", "kind: written"), one("W301", "kind: oral", "law_enforcement_holds[1].until")},
		{"a written hold with its end", func(f *folder) { f.say("kind: oral", "kind: written"); f.say("until: ,", "until: 2026-06-01,") }, nil},
		{"a hold that is no group", say(hold, "law_enforcement_holds: [oral]\n"), []string{at("E404", "law_enforcement_holds", "law_enforcement_holds[1]")}},
		{"no hold", say(hold, "law_enforcement_holds:\n"), nil},

		{"three approvers", say("approvers: 2", "approvers: 3"), one("E411", "letters:", "letters.approvers")},
		{"approvers in words", say("approvers: 2", "approvers: two"), one("E411", "letters:", "letters.approvers")},
		{"no approvers", say("approvers: 2, ", ""), nil},
		{"no month of monitoring", say("months: 24", "months: 0"), one("E411", "credit_monitoring", "credit_monitoring.months")},
		{"mailed before discovery", say("mail_by: 2026-05-01", "mail_by: 2026-03-15"), one("E405", "letters:", "letters.mail_by")},
		{"mailed on day 61", func(f *folder) { f.say(hold, ""); f.say("mail_by: 2026-05-01", "mail_by: 2026-05-16") },
			[]string{"W303 incident.yaml:" + itoa(wholeFolder().line("letters:")-2) + " letters.mail_by"}},
		{"mailed on day 60", func(f *folder) { f.say(hold, ""); f.say("mail_by: 2026-05-01", "mail_by: 2026-05-15") }, nil},
		{"reminders", say(terms, terms+"\nreminders: [5, 12, 20]"), nil},
		{"no reminder", say(terms, terms+"\nreminders: []"), nil},
		{"reminders that are no list", say(terms, terms+"\nreminders: often"), []string{"E404 incident.yaml:" + itoa(wholeFolder().line("letters:")+1) + " reminders"}},
		{"a reminder on the day itself", say(terms, terms+"\nreminders: [0]"), []string{"E404 incident.yaml:" + itoa(wholeFolder().line("letters:")+1) + " reminders[1]"}},
		{"reminders out of order", say(terms, terms+"\nreminders: [5, 5]"), []string{"E405 incident.yaml:" + itoa(wholeFolder().line("letters:")+1) + " reminders[2]"}},
		{"too many reminders", say(terms, terms+"\nreminders: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]"), []string{"E104 incident.yaml:" + itoa(wholeFolder().line("letters:")+1) + " reminders[13]"}},
		{"a whole print run", say(terms, terms+"\nprint_run: {sides: 1, class: first_class_presorted, contact: 'Sam Second, 1-800-555-0100', mailer_id: 012345, service_type: 270, barcode_id: 00, first_serial: 500, halt: {returned_percent: 5, failed_checks: 1, disputed: 20}}"), nil},
		{"a mailer of 9 digits", say(terms, terms+"\nprint_run: {mailer_id: 900000001, service_type: '040'}"), nil},
		{"a mailer of 7 digits", printRun("mailer_id: 1234567"), runFault("E411", "mailer_id")},
		{"a mailer of 9 digits that is of 6", printRun("mailer_id: 812345678, service_type: 270"), runFault("E411", "mailer_id")},
		{"a mailer without a service", printRun("mailer_id: 123456"), runFault("E107", "service_type")},
		{"a barcode identifier that is none", printRun("barcode_id: '05'"), runFault("E411", "barcode_id")},
		{"three sides", printRun("sides: 3"), runFault("E411", "sides")},
		{"a class that is none for notices", printRun("class: marketing"), runFault("E110", "class")},
		{"a halt line of no letter", printRun("halt: {failed_checks: 0}"), runFault("E411", "halt.failed_checks")},
		{"many things wrong", func(f *folder) {
			f.say("id: EX-2026-03", "id: ä")
			f.say("role: business_associate", "role: x")
			f.say("approvers: 2", "approvers: 9")
		}, []string{at("E111", "id:", "id"), at("E110", "role:", "entity.role"), at("E411", "letters:", "letters.approvers")}},
	}
}

func TestIncidentIsReadWhole(t *testing.T) {
	t.Parallel()
	f := wholeFolder()
	f.say("public_company: no", "public_company: yes\n  parent: Example Holdings, Inc.")
	f.say("what_we_are_doing: We closed", "what_we_are_doing: We clo\u0301sed")
	c, _, problems := f.read(t)
	require.Empty(t, problems)
	day := civil.MustParse
	require.Equal(t, breach.Incident{
		ID: "EX-2026-03",
		Entity: breach.Entity{
			Name: "Example Health Cloud, Inc.", Role: "business_associate", Address: []string{"100 Example Way", "Somerset, NJ 08873"},
			TollFree: "1-800-555-0100", Email: "privacy@example.org", Website: "https://example.org/notice", PublicCompany: breach.Yes, Parent: "Example Holdings, Inc.",
		},
		Occurred: breach.Span{From: day("2026-03-10"), To: day("2026-03-16")}, Discovered: day("2026-03-16"),
		Determined: day("2026-04-02"), ScopeIdentified: day("2026-04-10"), Environment: "ehr-3", BreachType: "Hacking/IT Incident",
		Location:       []string{"Electronic Medical Record", "Network Server"},
		WhatHappened:   "Somebody entered our system on March 10, 2026.\nWe noticed on March 16, 2026.",
		WhatWeAreDoing: "We clósed the way in.", WhatYouCanDo: "Look through the letters of your insurer.",
		DataSecurity: breach.Unsecured, RiskAssessment: breach.RiskAssessment{Conclusion: breach.Presumed},
		Holds: []breach.Hold{{Kind: "oral", StatedOn: day("2026-03-20"), Official: "A. Example", Agency: "Example Bureau", Statement: "Wait.", Covers: []string{"media"}}},
		CreditMonitoring: breach.CreditMonitoring{
			Provider: "Example Watch", Months: 24, EnrollURL: "https://example.org/enroll", Phone: "1-800-555-0101",
		},
		Letters: breach.LetterTerms{Approvers: 2, MailBy: day("2026-05-01")},
	}, c.Incident)
}

func TestKeysOfTheIncidentAreThoseOfItsType(t *testing.T) {
	t.Parallel()
	want := map[string][]string{}
	keysOf("", reflect.TypeFor[breach.Incident](), want)
	require.Equal(t, want, casefolder.IncidentKeys)
}

// keysOf collects the YAML keys of a struct and of the structs in it.
func keysOf(path string, of reflect.Type, into map[string][]string) {
	for i := range of.NumField() {
		field := of.Field(i)
		key := field.Tag.Get("yaml")
		if key == "-" {
			continue
		}
		into[path] = append(into[path], key)
		inner := field.Type
		if inner.Kind() == reflect.Slice {
			inner = inner.Elem()
		}
		// A form of envelope and a file of taglines are chosen by name: what they are stands in another file.
		named := inner == reflect.TypeFor[envelope.Form]() || inner == reflect.TypeFor[breach.Tagline]()
		if inner.Kind() == reflect.Struct && inner != reflect.TypeFor[civil.Date]() && !named {
			keysOf(strings.TrimPrefix(path+"."+key, "."), inner, into)
		}
	}
}
