package papers

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"duenotice/internal/breach"
	"duenotice/internal/rules/states"
)

// said is what a letter says for each item that a State's law asks of letters:
// words of the letter's template or of the State's own, all of which must be
// there. What is printed of data has its field's name.
var said = map[string][]string{
	"breach_description":  {"{{.WhatHappened}}"},
	"breach_date":         {"{{.Occurred}}"},
	"discovery_date":      {"{{.Discovered}}"},
	"data_types":          {"{{.Classes}}"},
	"contact":             {"{{range .Contacts}}"},
	"protective_steps":    {"{{.WhatYouCanDo}}", "security freeze"},
	"actions_taken":       {"{{.WhatWeAreDoing}}"},
	"plain_language":      {"## What Happened", "## What You Can Do"},
	"notice_title":        {"# Notice of Data Breach"},
	"prescribed_headings": {"## What Happened", "## What Information Was Involved", "## What We Are Doing", "## What You Can Do", "## For More Information"},
	"police_delay":        {"{{if .Delayed}}Law enforcement asked us to delay", "{{else}}This notice was not delayed"},

	"bureau_contacts":          {"{{range .Bureaus}}"},
	"ftc_contact":              {"{{.TradeCommission}}"},
	"attorney_general_contact": {"range .Offices}}"},
	"state_agency_contacts":    {"range .Offices}}", "Federal Trade Commission"},
	"fraud_alert_or_freeze":    {"The Commission and the credit bureaus also explain fraud alerts and security freezes."},
	"freeze_how_to":            {"ask each bureau on its web site, by telephone or by mail", "copies of an identity card"},
	"freeze_free":              {"freeze", "free"},
	"police_report_right":      {"right to", "police report"},
	"report_identity_theft":    {"Report suspected identity theft to"},
	"vigilance":                {"Stay alert", "account statement", "free credit reports"},
	"fcra_rights":              {"Fair Credit Reporting Act", "dispute"},
	"password_change":          {"{{if and .Credentials", "Change the password"},
	"monitoring_offer":         {`{{template "letter offer" .}}`, "at no cost to you"},
	"monitoring_enrolment":     {"{{.Offer.How}}"},
	"number_affected":          {affectedField},
	"parent_company":           {"{{- if .Parent}}", "{{.Parent}}"},
	"toll_free_number":         {"{{range .Contacts}}"},
	"web_site":                 {"{{range .Contacts}}"},
	"bureaus_by_telephone":     {"toll-free number", "telephone numbers and addresses of the credit bureaus"},
	"lookup_contact":           {"what information about {{.You}} we hold and whether it was involved"},
	"knowledge_statement":      {"an incident that involved information about {{.You}}"},
	"identify_on_request":      {"what information about {{.You}} we hold and whether it was involved"},
}

// unsaid are the items that no words fulfil, and what does.
var unsaid = map[string]string{
	"type_size":   "bodySize, which a test holds to 10 points",
	"notice_date": "the date beside the return address",
	"no_charge":   "a letter costs its reader nothing",
}

// rows are the States' laws as this program has them.
var rows = sync.OnceValues(states.Embedded)

// checkStates holds the texts of a folder against the law of every State: each
// required item has its words in the letter or in the State's text, a State's
// text stands for a State that asks for it, and no number of residents can be
// printed where that is forbidden.
func checkStates(folder fs.FS, book officeBook) error {
	law, err := rows()
	if err != nil {
		return fmt.Errorf("the States' laws: %w", err)
	}
	letter, err := fs.ReadFile(folder, letterText)
	if err != nil {
		return fmt.Errorf("a template is missing: %w", err)
	}
	needed := map[string]bool{}
	for _, row := range law {
		own := "" // most States have no text, and need none
		if text, err := fs.ReadFile(folder, "states/"+stateText(row.Jurisdiction)); err == nil {
			own = string(text)
		}
		for _, v := range row.Versions {
			for _, item := range v.Letter.Requires {
				inOwn, err := sayItem(string(letter), own, row.Jurisdiction, v, item)
				if err != nil {
					return err
				}
				needed[row.Jurisdiction] = needed[row.Jurisdiction] || inOwn
			}
			forbidden := slices.ContainsFunc(v.Letter.Forbids, func(c states.Content) bool { return c.Item == "number_affected" })
			if forbidden && strings.Contains(string(letter)+own, ".Affected") {
				return breach.Refuse("count_forbidden", "Take it out.", "a letter to %s would print how many are affected (%s)", row.Jurisdiction, v.Citation)
			}
		}
		if strings.Contains(own, ".Offices") && len(book.States[row.Jurisdiction]) == 0 {
			return breach.Refuse("no_office", "Write the office there.", "templates/%s has no office of %s", officesFile, row.Jurisdiction)
		}
	}
	for _, state := range textsIn(folder) {
		if !needed[state] {
			return breach.Refuse("text_without_law", "Take the file out, or say in internal/rules/states what asks for it.",
				"templates/states/%s stands for no requirement that the letter does not fulfil", stateText(state))
		}
	}
	return nil
}

// sayItem looks for an item's words in the letter, else in the State's own
// text, and says whether it took the State's.
func sayItem(letter, own, state string, v states.Version, item states.Content) (inOwn bool, err error) {
	if _, ok := unsaid[item.Item]; ok {
		return false, nil
	}
	words, known := said[item.Item]
	if !known || len(words) == 0 {
		return false, breach.Refuse("no_words_for_item", "Say in internal/papers/statelint.go which words fulfil it.",
			"%s asks letters for %q (%s), and no text is known to say it", state, item.Item, v.Citation)
	}
	has := func(text string) bool {
		return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
	}
	switch {
	case has(letter):
		return false, nil
	case has(own):
		return true, nil
	}
	return false, breach.Refuse("template_lacks_element", "Write it there, or into the letter.",
		"templates/states/%s lacks what %s asks of letters: %s (%s)", stateText(state), state, item.Says, v.Citation)
}

// statesForbidding lists the States that forbid an item in their letters.
func statesForbidding(item string) []string {
	law, err := rows()
	if err != nil {
		panic(err) // The rows are part of the program, and CheckTemplates has read them.
	}
	var codes []string
	for _, row := range law {
		if slices.ContainsFunc(row.Versions, func(v states.Version) bool {
			return slices.ContainsFunc(v.Letter.Forbids, func(c states.Content) bool { return c.Item == item })
		}) {
			codes = append(codes, row.Jurisdiction)
		}
	}
	return codes
}
