package papers

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// Officers write three texts without seeing the letter around them. What they say in
// the letter's own words, the letter does not say again; it never leaves out words of
// theirs, but a sentence that they wrote twice.

// toldDates are dates that a letter has to tell (45 CFR 164.404(c)(1)(A)) and that the
// incident's own account tells.
type toldDates struct{ Occurred, Discovered bool }

// tells looks for sentences of what happened that say when. A date counts only as the
// letter itself would write it, beside a word that says what happened on it: what is
// not surely told stands in the letter.
func (l *lettering) tells(i breach.Incident) toldDates {
	var told toldDates
	for _, sentence := range sentences(i.WhatHappened) {
		found := l.hasOneOf(sentence, "said.discovered")
		if found && !i.Discovered.IsZero() && hasPhrase(sentence, l.date(i.Discovered)) && !l.otherDates(sentence, i.Discovered) {
			told.Discovered = true
		}
		if i.Occurred.From.IsZero() || i.Occurred.To.IsZero() || found || !l.hasOneOf(sentence, "said.happened") {
			continue
		}
		if hasPhrase(sentence, l.occurred(i.Occurred)) {
			told.Occurred = true
		}
	}
	return told
}

// hasOneOf looks for whole words that stand, separated by commas, under a key.
func (l *lettering) hasOneOf(sentence, key string) bool {
	sentence = " " + spoken(sentence) + " "
	return slices.ContainsFunc(strings.Split(l.words[key], ","), func(phrase string) bool {
		phrase = spoken(phrase)
		return phrase != "" && strings.Contains(sentence, " "+phrase+" ")
	})
}

// otherDates reports a date beside the one: then nobody can say which of them the
// sentence's verb is about.
func (l *lettering) otherDates(sentence string, but civil.Date) bool {
	for _, date := range l.day.FindAllString(sentence, -1) {
		if !strings.EqualFold(date, l.date(but)) {
			return true
		}
	}
	return false
}

// hasPhrase looks for a phrase whose capital letters may be those of a sentence's start.
func hasPhrase(sentence, phrase string) bool {
	return strings.Contains(strings.ToLower(sentence), strings.ToLower(phrase))
}

// coveredAdvice is advice of the letter that the incident's own text gives.
type coveredAdvice struct{ Statements, Password, Bank bool }

var (
	aboutStatements = regexp.MustCompile(`(?i)\b(?:statements?|bills?|explanations? of benefits)\b[^.]*\b(?:providers?|doctors?|health|insurers?|insurance|medical)\b|\b(?:providers?|doctors?|health|insurers?|insurance|medical)\b[^.]*\b(?:statements?|bills?|explanations? of benefits)\b`)
	aboutPasswords  = regexp.MustCompile(`(?i)\bchange\b[^.]*\bpasswords?\b`)
	aboutBanks      = regexp.MustCompile(`(?i)\b(?:tell|call|contact|notify|ask)\b[^.]*\b(?:bank|card company|card issuer)\b`)
)

// covers says which of the letter's own steps the incident's text tells. The steps that
// a State's law words, and those with addresses in them, are in every letter.
func (l *lettering) covers(i breach.Incident) coveredAdvice {
	if l.tag != breach.English {
		// Twice is better than not at all: which advice a text gives is known of English alone.
		return coveredAdvice{}
	}
	text := oneLine(i.WhatYouCanDo)
	return coveredAdvice{
		Statements: aboutStatements.MatchString(text), Password: aboutPasswords.MatchString(text), Bank: aboutBanks.MatchString(text),
	}
}

// templateAction is what is filled in, or decides, in a template: no sentence of the
// letter goes on behind it unchanged.
var templateAction = regexp.MustCompile(`(?s)\{\{.*?\}\}`)

// sayings are an incident's texts as its letters print them, and what they tell: the
// same in all of them.
type sayings struct {
	// happened, doing and steps are without what stands before them in the letter, and
	// without sentences that are the letter's own.
	happened, doing, steps string
	told                   toldDates
	covered                coveredAdvice
}

func (l *lettering) sayings(i breach.Incident) sayings {
	texts := saidOnce(l.sentences, i.WhatHappened, i.WhatWeAreDoing, i.WhatYouCanDo)
	return sayings{prose(texts[0]), prose(texts[1]), prose(texts[2]), l.tells(i), l.covers(i)}
}

// Repeat is something that a text of the incident says although every letter does.
type Repeat struct {
	// Key is the text's name in incident.yaml, What what it says.
	Key, What string
}

var (
	aboutCredit = regexp.MustCompile(`(?i)\b(?:security freeze|credit freeze|fraud alert|credit reports?|credit bureaus?|equifax|experian|transunion|annualcreditreport|identitytheft\.gov|federal trade commission)\b`)
	// notWord splits what a number is typed with.
	notWord = regexp.MustCompile(`[^0-9a-z]+`)
)

// Repeats are what letters would say twice that the program does not leave out of them,
// because only officers can tell whether their words are needed: for who writes an
// incident to look at.
func Repeats(i breach.Incident) []Repeat {
	var all []Repeat
	bare := func(s string) string { return notWord.ReplaceAllString(strings.ToLower(s), "") }
	for _, text := range []struct{ key, words string }{
		{"what_happened", i.WhatHappened}, {"what_we_are_doing", i.WhatWeAreDoing}, {"what_you_can_do", i.WhatYouCanDo},
	} {
		words := bare(text.words)
		names := func(all ...string) bool {
			return slices.ContainsFunc(all, func(s string) bool { return len(bare(s)) > 5 && strings.Contains(words, bare(s)) })
		}
		if c, m := i.CreditMonitoring, i.CreditMonitoring.Minors; names(c.Provider, c.EnrollURL, c.Phone, m.Provider, m.EnrollURL, m.Phone) {
			all = append(all, Repeat{text.key, "the offer of credit monitoring, which has a box of its own in the letters"})
		}
		if e := i.Entity; names(e.TollFree, e.Email, e.Website) {
			all = append(all, Repeat{text.key, "how to reach you, which is at the end of every letter"})
		}
		if aboutCredit.MatchString(text.words) {
			all = append(all, Repeat{text.key, "advice on credit files, which every letter gives with the addresses that States ask for"})
		}
	}
	return all
}

// shortSentence is how many words a sentence has that may be wanted twice.
const shortSentence = 3

// saidOnce leaves out of texts, in the order they are printed in, each sentence that
// stands before it or is said already. A text that
// would lose all its words keeps them: no element of the letter is empty.
func saidOnce(already map[string]bool, all ...string) []string {
	before := maps.Clone(already)
	if before == nil {
		before = map[string]bool{}
	}
	once := make([]string, len(all))
	for i, text := range all {
		var kept strings.Builder
		for _, sentence := range withSpaces(text) {
			words := spoken(sentence)
			if before[words] && words != "" {
				kept.WriteString(sentence[len(strings.TrimRight(sentence, "\n")):])
				continue
			}
			before[words] = strings.Count(words, " ") >= shortSentence
			kept.WriteString(sentence)
		}
		if once[i] = kept.String(); strings.TrimSpace(once[i]) == "" {
			once[i] = text
		}
	}
	return once
}

// endOfSentence is a full stop, or its like, before a space, or a line's end.
var endOfSentence = regexp.MustCompile(`[.!?]["”’)]*(?:[ \t]+|$)|\n+`)

// withSpaces are a text's sentences, each with what stands up to the next one.
func withSpaces(text string) []string {
	var all []string
	for text != "" {
		end := len(text)
		if at := endOfSentence.FindStringIndex(text); at != nil {
			end = at[1]
		}
		all = append(all, text[:end])
		text = text[end:]
	}
	return all
}

// sentences are a text's, on one line each. Lines that follow each other are one
// paragraph, so that a date may stand on two of them.
func sentences(text string) []string {
	var all []string
	for paragraph := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		for _, sentence := range withSpaces(strings.ReplaceAll(paragraph, "\n", " ")) {
			if sentence = strings.TrimSpace(sentence); sentence != "" {
				all = append(all, sentence)
			}
		}
	}
	return all
}

// spoken is a sentence as it sounds: without capitals, marks and further spaces.
func spoken(sentence string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(sentence), func(r rune) bool { return strings.ContainsRune(" \t\n.,;:!?\"'“”‘’()-–—•*", r) }), " ")
}
