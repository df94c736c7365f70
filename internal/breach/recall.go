package breach

import (
	"slices"
	"strings"
	"unicode/utf8"

	"duenotice/internal/civil"
)

// Why letters are recalled.
const (
	// WrongText: what the letter says is wrong, or an element of it is missing.
	WrongText = "wrong-text"
	// WrongAddress: it went, or would go, to an address that is not the person's.
	WrongAddress = "wrong-address"
	// WrongList: it was made from a list that was wrong: of people who are not affected, of
	// other practices, or with other kinds of information.
	WrongList = "wrong-list"
)

// RecallReasons lists them.
var RecallReasons = []string{WrongText, WrongAddress, WrongList}

// Correction is what a letter says that corrects an earlier one: which recall it follows
// from, why that was, and a sentence of the officers' own, "" for none.
type Correction struct {
	Recall   int    `json:"recall"`
	Why      string `json:"why"`
	Sentence string `json:"sentence,omitempty"`
	// MailedOn is the day on which the letter that it corrects was mailed; it is zero in
	// what is said of a practice's letters in general.
	MailedOn civil.Date `json:"mailed_on,omitzero"`
}

// sentenceLength is how long the officers' sentence may be, in characters: it explains
// the first letter, and is no second one.
const sentenceLength = 400

// CheckRecall refuses, with code "unknown_why" or "bad_sentence", a reason that is none and
// a sentence that is no line of a letter; and with "not_told" to say of letters at a wrong
// address that they told anybody.
func CheckRecall(why, sentence string, told bool) error {
	switch {
	case !slices.Contains(RecallReasons, why):
		return Refuse("unknown_why", "It is "+strings.Join(RecallReasons, ", ")+".", "%q is no reason to recall letters for", why)
	case told && why == WrongAddress:
		return Refuse("not_told", "Leave --told out.", "a letter to an address that is not the person's told the person nothing (45 CFR 164.404(d)(1))")
	case strings.ContainsAny(sentence, "\r\n"), utf8.RuneCountInString(sentence) > sentenceLength:
		return Refuse("bad_sentence", "Write it as one paragraph of at most 400 characters.", "the sentence for the corrected letter is too long for one")
	}
	return nil
}

// RecallWords says why letters were recalled, in half a sentence.
func RecallWords(why string) string {
	switch why {
	case WrongText:
		return "their text is wrong"
	case WrongAddress:
		return "their address is wrong"
	case WrongList:
		return "they were made from a wrong list"
	}
	return why
}
