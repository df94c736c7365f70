package breach_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
)

// TestALetterIsInThePersonsLanguage: chosen, by the address, or as officers decided, and
// never English without a reason.
func TestALetterIsInThePersonsLanguage(t *testing.T) {
	t.Parallel()
	texts := breach.Translation{WhatHappened: "a", WhatWeAreDoing: "b", WhatYouCanDo: "c"}
	own := func(tags ...string) breach.LanguageTerms {
		var terms breach.LanguageTerms
		for _, tag := range tags {
			terms.Own = append(terms.Own, breach.OwnLanguage{Tag: tag})
		}
		return terms
	}
	english := func(missing string) breach.LanguageTerms { return breach.LanguageTerms{Missing: missing} }
	type given map[string]breach.Translation
	spanish := given{"es": texts}
	for name, c := range map[string]struct {
		asked, state string
		given        given
		terms        breach.LanguageTerms
		want         breach.LetterLanguage
	}{
		"nobody asked":                         {"", "VA", spanish, own(), breach.LetterLanguage{Tag: "en", Reason: breach.LanguageUsual}},
		"chosen":                               {"es", "VA", spanish, own(), breach.LetterLanguage{Tag: "es", Asked: "es", Reason: breach.LanguageChosen}},
		"a kind of it":                         {"es-MX", "VA", spanish, own(), breach.LetterLanguage{Tag: "es", Asked: "es-MX", Reason: breach.LanguageChosen}},
		"English of a country":                 {"en-GB", "VA", spanish, own(), breach.LetterLanguage{Tag: "en", Asked: "en-GB", Reason: breach.LanguageChosen}},
		"a kind is no other kind":              {"es", "VA", given{"es-MX": texts}, own(), breach.LetterLanguage{Asked: "es", Reason: breach.LanguageMissing}},
		"the nearest kind":                     {"es-MX", "VA", given{"es": texts, "es-MX": texts}, own(), breach.LetterLanguage{Tag: "es-MX", Asked: "es-MX", Reason: breach.LanguageChosen}},
		"Puerto Rico":                          {"", "PR", spanish, own(), breach.LetterLanguage{Tag: "es", Asked: "es", Reason: breach.LanguagePuertoRico}},
		"English chosen in Puerto Rico":        {"en", "PR", spanish, own(), breach.LetterLanguage{Tag: "en", Asked: "en", Reason: breach.LanguageChosen}},
		"Puerto Rico without Spanish":          {"", "PR", nil, own(), breach.LetterLanguage{Tag: "en", Asked: "es", Reason: breach.LanguageUntranslated}},
		"Puerto Rico, decided to hold":         {"", "PR", nil, english(breach.MissingHold), breach.LetterLanguage{Asked: "es", Reason: breach.LanguageMissing}},
		"the officers' texts are missing":      {"es", "VA", nil, own(), breach.LetterLanguage{Asked: "es", Reason: breach.LanguageMissing}},
		"one text is missing":                  {"es", "VA", given{"es": {WhatHappened: "a", WhatWeAreDoing: "b"}}, own(), breach.LetterLanguage{Asked: "es", Reason: breach.LanguageMissing}},
		"the letter's own words are missing":   {"vi", "VA", given{"vi": texts}, own(), breach.LetterLanguage{Asked: "vi", Reason: breach.LanguageMissing}},
		"an own language":                      {"vi", "VA", given{"vi": texts}, own("vi"), breach.LetterLanguage{Tag: "vi", Asked: "vi", Reason: breach.LanguageChosen}},
		"an own language without the texts":    {"vi", "VA", nil, own("vi"), breach.LetterLanguage{Asked: "vi", Reason: breach.LanguageMissing}},
		"missing, and decided for English":     {"vi", "VA", spanish, english(breach.MissingEnglish), breach.LetterLanguage{Tag: "en", Asked: "vi", Reason: breach.LanguageDecided}},
		"missing, and decided to hold":         {"vi", "VA", spanish, english(breach.MissingHold), breach.LetterLanguage{Asked: "vi", Reason: breach.LanguageMissing}},
		"script and country":                   {"zh-Hans-CN", "VA", given{"zh-Hans": texts}, own("zh-Hans"), breach.LetterLanguage{Tag: "zh-Hans", Asked: "zh-Hans-CN", Reason: breach.LanguageChosen}},
		"another script is another language":   {"zh-Hant-TW", "VA", given{"zh-Hans": texts}, own("zh-Hans"), breach.LetterLanguage{Asked: "zh-Hant-TW", Reason: breach.LanguageMissing}},
		"a private part goes with its letter":  {"es-x-plain", "VA", spanish, own(), breach.LetterLanguage{Tag: "es", Asked: "es-x-plain", Reason: breach.LanguageChosen}},
		"tags are alike in capitals and small": {"ES-mx", "VA", spanish, own(), breach.LetterLanguage{Tag: "es", Asked: "ES-mx", Reason: breach.LanguageChosen}},
	} {
		incident := breach.Incident{Translations: c.given, Letters: breach.LetterTerms{Languages: c.terms}}
		p := breach.Person{Language: c.asked, State: c.state}
		got := incident.Languages().Of(&p)
		require.Equal(t, c.want, got, name)
		require.NotEqual(t, string(got.Reason), got.Reason.Words(), name)
		require.Equal(t, got.Tag == "", got.Reason == breach.LanguageMissing, name)
	}
}

// TestRowsThatAskForOtherLanguagesShareNoLetter: nobody gets a letter in a language that
// only another of their rows asks for.
func TestRowsThatAskForOtherLanguagesShareNoLetter(t *testing.T) {
	t.Parallel()
	key := func(language, state, zip string) string {
		p := person()
		p.Language, p.State, p.ZIP = language, state, zip
		key, joinable := p.MailKey()
		require.True(t, joinable)
		return key
	}
	require.Equal(t, key("", "MO", "63101"), key("en", "MO", "63101"))
	require.Equal(t, key("", "MO", "63101"), key("en-US", "MO", "63101"))
	require.NotEqual(t, key("", "MO", "63101"), key("es", "MO", "63101"))
	require.NotEqual(t, key("vi", "MO", "63101"), key("es", "MO", "63101"))
	require.Equal(t, key("", "PR", "00907"), key("es", "PR", "00907"), "both get Spanish")
	require.NotEqual(t, key("", "PR", "00907"), key("en", "PR", "00907"))
}
