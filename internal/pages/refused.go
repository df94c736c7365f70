package pages

import (
	"regexp"
	"sync"
)

// refusalCode is what stands as the reason of an answer that was not accepted: the code
// of the refusal (breach.Refusal). Programs before this one kept a sentence in English.
var refusalCode = regexp.MustCompile(`^[a-z0-9_]+$`)

// refused is why an answer was not accepted, in words for the practice: where the
// officers' words would send it to the command line. inEnglish is true of a reason that
// is kept as a sentence. What nobody has words for is said in general.
func (w words) refused(reason string) (text string, inEnglish bool, err error) {
	if reason == "" {
		return "", false, nil
	}
	if !refusalCode.MatchString(reason) {
		return reason, true, nil
	}
	key := "refused." + reason
	if !w.hasText(key) {
		key = "refused.other"
	}
	text, err = w.text(key)
	return text, false, err
}

var english = sync.OnceValues(func() (words, error) { return readWords(languages[0]) })

// RefusedWords is what a practice reads in English as the reason why an answer was not
// accepted, for the officers' screens.
func RefusedWords(reason string) (string, error) {
	w, err := english()
	if err != nil {
		return "", err
	}
	text, _, err := w.refused(reason)
	return text, err
}
