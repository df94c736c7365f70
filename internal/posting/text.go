// Package posting knows what a substitute notice on a home page has to say, and whether
// a page says it (45 CFR 164.404(d)(2)(ii)). It is pure: a text and a page's bytes in, what
// is missing out. The page is fetched elsewhere (internal/pagelook).
package posting

// Element is one of the parts that a notice has to have, and its sentences.
type Element struct {
	// Name is what the law calls it, in a reader's words: "what happened".
	Name string
	// Sentences are its words, without layout.
	Sentences []string
}

// Text is what a page has to say. Where on the page, in which order and how it is set is
// the practice's own.
type Text []Element

// Missing is a sentence that a page does not have.
type Missing struct {
	// Element is the name of its Element.
	Element  string `json:"element"`
	Sentence string `json:"sentence"`
}

// MissingFrom returns the sentences of the text that the page does not have, in the
// text's order. Capitals, marks, spaces and line breaks say nothing: a site's own
// templates change them.
func (t Text) MissingFrom(page Words) []Missing {
	var missing []Missing
	for _, element := range t {
		for _, sentence := range element.Sentences {
			if !page.have(sentence) {
				missing = append(missing, Missing{element.Name, sentence})
			}
		}
	}
	return missing
}

// Sentences is how many there are.
func (t Text) Sentences() int {
	n := 0
	for _, element := range t {
		n += len(element.Sentences)
	}
	return n
}
