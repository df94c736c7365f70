package casefolder

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"duenotice/internal/breach"
)

// The keys of a translation, and of letters.languages.
var (
	translationKeys = strings.Fields("what_happened what_we_are_doing what_you_can_do")
	languagesKeys   = strings.Fields("missing reason")
)

// translations reads the letter's three texts in other languages.
func (s *section) translations() map[string]breach.Translation {
	all := map[string]breach.Translation{}
	lines := map[string]int{}
	for _, pair := range s.mapping("translations", s.values["translations"]) {
		tag := canonicalTag(pair.key)
		path := "translations"
		if tag != noLanguage {
			path += "." + tag
		}
		_, twice := all[tag]
		switch {
		case tag == noLanguage:
			s.note(pair.line, path, ruleTranslation, "a key of translations is not a BCP 47 tag")
			continue
		case twice:
			s.note(pair.line, path, ruleTwiceKey, fmt.Sprintf("%s is on line %d already", path, lines[tag]))
			continue
		case tag == breach.English:
			s.noteFix(pair.line, path, ruleTranslation, path+" is the language of what_happened and the others", "Write the English texts there, and leave this one out.")
			continue
		}
		t := s.section(path, pair.value, pair.line, translationKeys)
		all[tag] = breach.Translation{
			WhatHappened: t.letterText("what_happened"), WhatWeAreDoing: t.letterText("what_we_are_doing"), WhatYouCanDo: t.letterText("what_you_can_do"),
		}
		lines[tag] = pair.line
	}
	if len(all) == 0 {
		return nil
	}
	return all
}

// languageTerms reads what becomes of people whose language there is no letter in.
func (s *section) languageTerms() breach.LanguageTerms {
	l := s.sub("languages", languagesKeys)
	terms := breach.LanguageTerms{Missing: l.word("missing", []string{breach.MissingHold, breach.MissingEnglish}), Reason: l.text("reason")}
	if terms.Missing == breach.MissingEnglish && terms.Reason == "" && !l.refused("reason") {
		l.note(l.lineFor("missing"), l.path+"reason", ruleLanguageReason, l.path+"missing is english and "+l.path+"reason is empty")
	}
	return terms
}

// checkTranslated points out translations that no letter can be made with: the letter's
// own words are not there in the language.
func (s *section) checkTranslated(i breach.Incident) {
	for _, tag := range slices.Sorted(maps.Keys(i.Translations)) {
		if i.LettersOwnWords(tag) == "" {
			s.noteFix(s.lineFor("translations"), "translations."+tag, ruleTranslation, "translations."+tag+" is there, and the letter's own words are not in that language",
				"Give them as a folder languages/"+tag+" in the case folder (docs/languages.md), or leave the translation out.")
		}
	}
}

// speaks notes in which languages the incident's letters can be.
func (f *findingsCheck) speaks(incident breach.Incident) {
	f.languages = incident.Languages()
	f.ownWords = func(tag string) bool { return incident.LettersOwnWords(tag) != "" }
}

// checkLanguage warns of a person whose letter is not in the language that the row asks for.
func (f *findingsCheck) checkLanguage(r cells) {
	if !r.row.fine(fLanguage) && r.row.cells[fLanguage] != "" {
		return
	}
	p := breach.Person{
		Language: f.vocabulary.languageTag(r.row.cells[fLanguage]), State: strings.ToUpper(r.row.cells[fState]), Country: strings.ToUpper(r.row.cells[fCountry]),
	}
	if p.Language == noLanguage {
		return
	}
	if territory, _ := breach.DomesticCountry(p.Country); p.State == "" {
		p.State = territory
	}
	letter := f.languages.Of(&p)
	switch letter.Reason {
	case breach.LanguageMissing:
		f.c.problem(warnLanguage, "language", "there is no letter in this language, and the person's will be held back")
	case breach.LanguageDecided:
		f.c.problem(warnLanguage, "language", "there is no letter in this language, and the person's will be in English, as letters.languages decides")
	case breach.LanguageUntranslated:
	default:
		return
	}
	if f.missing == nil {
		f.missing = map[breach.LetterLanguage]int{}
	}
	if _, counted := f.missing[letter]; counted || len(f.missing) < vocabularyBound {
		f.missing[letter]++
	}
}

// sayMissing says of each language how many people it is missing for and how to give it.
func (f *findingsCheck) sayMissing() {
	f.c.startRow(0)
	all := slices.SortedFunc(maps.Keys(f.missing), func(a, b breach.LetterLanguage) int {
		return cmp.Or(cmp.Compare(a.Asked, b.Asked), cmp.Compare(a.Reason, b.Reason))
	})
	for _, letter := range all {
		people := fmt.Sprintf("%d people ask", f.missing[letter])
		if f.missing[letter] == 1 {
			people = "1 person asks"
		}
		said := people + " for letters in " + letter.Asked
		becomes := "they will be held back"
		switch letter.Reason {
		case breach.LanguageUntranslated:
			said = fmt.Sprintf("%d of the addresses are in Puerto Rico, where letters are in Spanish unless the person chose another language", f.missing[letter])
			becomes = "they will be in English"
		case breach.LanguageDecided:
			becomes = "they will be in English, as letters.languages decides"
		}
		f.c.problemFix(warnLanguages, "language", said+", which incident.yaml does not have: "+becomes, howToGive(letter.Asked, f.ownWords(letter.Asked)))
	}
}

// howToGive says what is missing for letters in a language.
func howToGive(tag string, ownWords bool) string {
	texts := "Write what_happened, what_we_are_doing and what_you_can_do in it under translations." + tag + " of incident.yaml"
	if ownWords {
		return texts + "."
	}
	return texts + ", and put a folder languages/" + tag + " with the letter's own words into the case folder: `duenotice languages new " + tag + " --to FOLDER` writes one to translate (docs/languages.md). Or decide with letters.languages."
}
