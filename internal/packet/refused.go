package packet

import (
	"duenotice/internal/breach"
)

// refusedWords say to a practice why what it answered was not done, where the officers'
// words would send it to the command line. By the refusal's code.
var refusedWords = map[string]string{
	"closed":            "Everything that was owed for your practice is done, and the matter is closed. If something is still wrong, call us.",
	"letters_printed":   "Letters to your patients are printed already, so this cannot be changed any more. Call us if you did not want that.",
	"letters_ours":      "You let us write to your patients, and their letters are made here. Two senders must not write to them: change who writes first, if nothing is printed yet, or call us.",
	"duty_ours":         "You let us do this for you, and two must not do it. If you did it all the same, call us, so that we do not do it again.",
	"not_on_page":       "This cannot be told us on this page. Call us.",
	"no_delegation":     "There is nobody to delegate to: your practice writes to its own patients here.",
	"future":            "The day is in the future. Tell us when it has happened.",
	"before_incident":   "The day is before the incident. Check the year.",
	"before_cause":      "The day is before what has to come first. Check it.",
	"before_notice":     "The day is before the day on which you got our notice. Check it.",
	"no_cause":          "Something has to come before this, and nothing here says that it did. Call us.",
	"no_count":          "Say to how many people, as a number.",
	"no_number":         "This has no number of people. Leave the number out.",
	"no_reference":      "Give the tracking number or another reference. For a filing with HHS it is the number that its portal gives.",
	"no_day":            "Give the day on which it was done.",
	"no_agency":         "No agency of that State has to be told. Check the State.",
	"which_agency":      "Several agencies of that State have to be told. Call us, and say which of them you told.",
	"unknown_state":     "This is not a State. Choose it from the list.",
	"no_contact":        "Give an e-mail address or a telephone number, so that we can reach you.",
	"no_email":          "This is not one e-mail address. Write it as name@example.org.",
	"no_phone":          "This is not a telephone number. Give it with its area code.",
	"contact_text":      "Write names and numbers in one line, with letters that can be printed.",
	"unclear_name":      "Type the name with plain letters, as it stands in the person’s papers.",
	"unreadable_text":   "Something in it cannot be read. Type it again.",
	"no_name":           "Give your name, as a signature.",
	"no_person":         "Choose at least one person from your list.",
	"too_many":          "These are too many people for one answer. Call us: then the list itself is wrong.",
	"nobody_to_dispute": "Your list has changed since you looked at it. Look again, and choose the people there.",
	"altered":           "We could not make sure that this came from you as you gave it. Give it again, and call us if this comes a second time.",
}

// RefusedWords say in a practice's words why an answer was not carried out.
func RefusedWords(refusal *breach.Refusal) string {
	if words := refusedWords[refusal.Code]; words != "" {
		return words
	}
	return "We could not take this in. Call us, and we record it for you."
}
