package papers

import "duenotice/internal/breach"

// CheckSentence refuses a sentence for corrected letters that cannot be printed, or in
// which something is left that somebody meant to replace.
func CheckSentence(sentence string) error {
	if left := placeholder(sentence); left != "" {
		return breach.Refuse("placeholder_left", "Replace it with the words that belong there.", "the sentence for the corrected letters has the placeholder %q", left)
	}
	return checkText("--sentence", data(sentence))
}
