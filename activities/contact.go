package activities

import (
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/typeface"
)

// longestContact is the longest name, address or telephone number that practices.csv
// takes, in characters.
const longestContact = 254

// allowedContact refuses whom a practice could not be written to: what practices.csv
// would refuse, and a contact without any way to reach it.
func allowedContact(p casebook.Practice, terms casebook.ContactTerms) error {
	for option, text := range map[string]string{"--privacy-officer": terms.PrivacyOfficer, "--email": terms.Email, "--phone": terms.Phone} {
		if len([]rune(text)) > longestContact || strings.ContainsAny(text, "\r\n\t") {
			return breach.Refuse("contact_text", "Give it in one line of at most 254 characters.", "what was given with %s is too long or has several lines", option)
		}
		if r, lacks := typeface.Lacks(text); lacks {
			return breach.Refuse("contact_text", "Write it with letters of the papers' fonts.", "what was given with %s has the character %U, which the papers cannot print", option, r)
		}
	}
	switch {
	case terms.Email == "" && terms.Phone == "":
		return breach.Refuse("no_contact", "Give an e-mail address, a telephone number or both.", "practice %s could not be reached any more", p.Practice.Key)
	case terms.Email != "" && !breach.IsMailbox(terms.Email):
		return breach.Refuse("no_email", "Give one address as name@example.org.", "%q is not one e-mail address that mail can be sent to", terms.Email)
	case terms.Phone != "" && !strings.ContainsAny(terms.Phone, "0123456789"):
		return breach.Refuse("no_phone", "Give the number with its area code.", "%q is not a telephone number", terms.Phone)
	case terms == casebook.ContactTerms{PrivacyOfficer: p.Practice.PrivacyOfficer, Email: p.Practice.Email, Phone: p.Practice.Phone}:
		return errAlready
	}
	if terms.PrivacyOfficer == "" {
		return nil
	}
	return breach.CheckPersonName("--privacy-officer", terms.PrivacyOfficer)
}

// mostDisputed bounds what one act names; a practice of which more are not its patients
// has the wrong list, which is another matter.
const mostDisputed = 1000

// allowedDispute refuses a dispute that names nobody, and one that says that people
// stay without saying why. Whether they are on the list the store finds out.
func allowedDispute(p casebook.Practice, terms casebook.DisputeTerms) error {
	switch {
	case len(terms.PersonKeys) == 0:
		return breach.Refuse("no_person", "Give the keys of people of its list with --person.", "this names nobody of practice %s", p.Practice.Key)
	case len(terms.PersonKeys) > mostDisputed:
		return breach.Refuse("too_many", "Ask for a corrected list, and give it with amend.", "this names %d people of practice %s, more than %d", len(terms.PersonKeys), p.Practice.Key, mostDisputed)
	case terms.Keep && strings.TrimSpace(terms.Reason) == "":
		return breach.Refuse("no_reason", "Say with --reason how you know, without naming anybody.", "that people stay on the list of practice %s needs a reason", p.Practice.Key)
	case !terms.Keep && terms.Reason != "":
		return breach.Refuse("no_reason", "Leave --reason out, or give --keep.", "a reason is for keeping people")
	}
	for _, key := range terms.PersonKeys {
		if !breach.IsKey(key) {
			return breach.Refuse("no_person", "Give keys as they stand in people.csv.", "%q is not a person's key", key)
		}
	}
	return nil
}
