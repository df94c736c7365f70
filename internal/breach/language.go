package breach

import (
	"maps"
	"slices"
	"strings"
)

// English is the language of the texts of incident.yaml, and of every letter that nobody
// asked for in another one.
const English = "en"

// Spanish is what letters to Puerto Rico are in unless the person chose another language.
const Spanish = "es"

// ShippedLanguages are the languages that the program has the letter's own words in, as
// BCP 47 tags. What officers write has to be there in each of them too (Translation).
var ShippedLanguages = []string{English, Spanish}

// Translation is what the officers wrote for letters, in another language than English.
type Translation struct {
	WhatHappened   string `json:"what_happened" yaml:"what_happened"`
	WhatWeAreDoing string `json:"what_we_are_doing" yaml:"what_we_are_doing"`
	WhatYouCanDo   string `json:"what_you_can_do" yaml:"what_you_can_do"`
}

// Whole reports that no text is missing.
func (t Translation) Whole() bool {
	return strings.TrimSpace(t.WhatHappened) != "" && strings.TrimSpace(t.WhatWeAreDoing) != "" && strings.TrimSpace(t.WhatYouCanDo) != ""
}

// What officers decide about people who ask for a language that there is no letter in.
const (
	// MissingHold holds their letters back until there is one. It is what holds where
	// nobody decided.
	MissingHold = "hold"
	// MissingEnglish sends them the English letter, for a reason that is kept.
	MissingEnglish = "english"
)

// LanguageTerms say in which languages letters are, beside what is translated.
type LanguageTerms struct {
	// Missing is MissingHold or MissingEnglish; "" where nobody decided.
	Missing string `json:"missing,omitempty" yaml:"missing"`
	// Reason is why people get English who asked for something else.
	Reason string `json:"reason,omitempty" yaml:"reason"`
	// Own are languages of the officers' own, in the order of their tags. They are kept
	// whole, so that what was approved is what is printed, on whichever machine.
	Own []OwnLanguage `json:"own,omitempty" yaml:"-"`
}

// OwnLanguage is the letter in a language that the program does not have.
type OwnLanguage struct {
	// Tag is BCP 47, in its canonical form.
	Tag string `json:"tag"`
	// Files are its texts by name: letter.txt, words.yaml, states/ma.txt.
	Files map[string]string `json:"files"`
}

// Tagline says in a language that help with it is free (45 CFR 92.11). The text is the
// officers': nobody else can vouch for it.
type Tagline struct {
	Tag  string `json:"tag"`
	Text string `json:"text"`
}

// LanguageReason is why a letter is in its language. Reasons are words of files and of
// the database.
type LanguageReason string

// The reasons.
const (
	// LanguageUsual: nobody asked for a language, and letters are in English.
	LanguageUsual LanguageReason = "usual"
	// LanguageChosen: the person's row asks for it, or for a kind of it (es-MX for es).
	LanguageChosen LanguageReason = "chosen"
	// LanguagePuertoRico: the address is in Puerto Rico, and the row asks for no language.
	LanguagePuertoRico LanguageReason = "puerto_rico"
	// LanguageUntranslated: the address is in Puerto Rico, the row asks for no language,
	// and the incident has no Spanish. The person did not ask for it, and is told in time.
	LanguageUntranslated LanguageReason = "puerto_rico_untranslated"
	// LanguageDecided: the row asks for a language that there is no letter in, and the
	// officers decided for English (LanguageTerms.Missing).
	LanguageDecided LanguageReason = "decided_english"
	// LanguageMissing: there is no letter in the language, and nobody decided for English.
	LanguageMissing LanguageReason = "missing"
)

// Words says the reason in half a sentence.
func (r LanguageReason) Words() string {
	switch r {
	case LanguageUsual:
		return "nobody asked for another language"
	case LanguageChosen:
		return "the person's row asks for it"
	case LanguagePuertoRico:
		return "the address is in Puerto Rico"
	case LanguageUntranslated:
		return "the address is in Puerto Rico, and the incident has no Spanish"
	case LanguageDecided:
		return "there is none in the language that was asked for, and letters.languages decides for English"
	case LanguageMissing:
		return "there is none in the language that was asked for"
	}
	return string(r)
}

// LetterLanguage is the language of a person's letter and why it is that.
type LetterLanguage struct {
	// Tag is the letter's language, BCP 47; "" where there is no letter in the language
	// that is asked for: the letter is held back (HeldLanguage).
	Tag string `json:"tag"`
	// Asked is what is asked for, by the person's row or by the address; "" for nothing.
	Asked  string         `json:"asked,omitempty"`
	Reason LanguageReason `json:"reason"`
}

// Languages are those that letters of an incident can be in.
type Languages struct {
	tags    []string
	missing string
}

// Languages are English, and what is translated into a language that the letter's own
// words are there in.
func (i Incident) Languages() Languages {
	l := Languages{tags: []string{English}, missing: i.Letters.Languages.Missing}
	for _, tag := range slices.Sorted(maps.Keys(i.Translations)) {
		if i.Translations[tag].Whole() && i.LettersOwnWords(tag) != "" && !strings.EqualFold(tag, English) {
			l.tags = append(l.tags, tag)
		}
	}
	return l
}

// LettersOwnWords is the tag of the language whose letter serves a language, by lookup
// (es for es-MX): one of the officers' own first, then those of the program. "" is for none.
func (i Incident) LettersOwnWords(tag string) string {
	var own []string
	for _, o := range i.Letters.Languages.Own {
		own = append(own, o.Tag)
	}
	return lookup(tag, append(own, ShippedLanguages...))
}

// Tags are the languages, English first.
func (l Languages) Tags() []string {
	if len(l.tags) == 0 {
		return []string{English}
	}
	return slices.Clone(l.tags)
}

// Same reports that each letter is in the same language by both.
func (l Languages) Same(other Languages) bool {
	return l.missing == other.missing && slices.Equal(l.Tags(), other.Tags())
}

// AskedLanguage is what a person's letter is to be in: what the row asks for, else
// Spanish in Puerto Rico, else "" for nothing in particular. Whether it can be is
// Languages.Of's to say.
func (p *Person) AskedLanguage() (tag string, why LanguageReason) {
	switch {
	case p.Language != "":
		return p.Language, LanguageChosen
	case p.State == "PR" && p.Residence() == "PR": // Residence copies the person
		return Spanish, LanguagePuertoRico
	}
	return "", LanguageUsual
}

// Of is the language of the letter to a person, with its reason.
func (l Languages) Of(p *Person) LetterLanguage {
	asked, why := p.AskedLanguage()
	if asked == "" {
		return LetterLanguage{Tag: English, Reason: why}
	}
	tags := l.tags
	if len(tags) == 0 {
		tags = []string{English}
	}
	if tag := lookup(asked, tags); tag != "" {
		return LetterLanguage{tag, asked, why}
	}
	switch {
	case why == LanguagePuertoRico && l.missing != MissingHold:
		return LetterLanguage{English, asked, LanguageUntranslated}
	case l.missing == MissingEnglish:
		return LetterLanguage{English, asked, LanguageDecided}
	}
	return LetterLanguage{"", asked, LanguageMissing}
}

// lookup finds a language among tags as RFC 4647, section 3.4, does: the language itself,
// else what is left of it without its last part, and so on. It never goes on to another
// language: "" is for none.
func lookup(asked string, tags []string) string {
	for asked != "" {
		for _, tag := range tags {
			if strings.EqualFold(tag, asked) {
				return tag
			}
		}
		cut := strings.LastIndexByte(asked, '-')
		if cut < 0 {
			return ""
		}
		asked = asked[:cut]
		// A part of one letter says what kind the parts behind it are of, and goes with them.
		if before := strings.LastIndexByte(asked, '-'); before == len(asked)-2 {
			asked = asked[:max(before, 0)]
		}
	}
	return ""
}

// IsEnglish reports that a tag is of some English.
func IsEnglish(tag string) bool { return lookup(tag, []string{English}) != "" }
