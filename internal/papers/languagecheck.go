package papers

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/typeface"
)

// LanguageFault is something that a language's folder lacks, or has wrongly. Line is 0
// where a whole file is meant.
type LanguageFault struct {
	File string
	Line int
	What string
}

// EnglishLanguage are the files of the letter in English as a language's folder has them:
// what to translate, and what a translation is compared with.
func EnglishLanguage() map[string]string { return englishFiles(embeddedTexts()) }

// CheckLanguage compares the letter in a language with the English one, element by
// element: every file, everything that is filled in or decided, every heading, box and
// list, every number and address that people are told, every word and what is filled into
// it; and looks whether it can be set. A letter of a language with faults is not made.
func CheckLanguage(tag string, files map[string]string) []LanguageFault {
	c := languageCheck{files: files, english: EnglishLanguage()}
	for _, name := range slices.Sorted(maps.Keys(c.english)) {
		if _, there := files[name]; !there {
			c.fault(name, 0, "is not there")
			continue
		}
		if name != wordsName {
			c.text(name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if _, there := c.english[name]; !there {
			c.fault(name, 0, "is no file of a language")
		}
		c.settable(name)
	}
	c.words()
	if len(c.faults) == 0 {
		c.made(tag)
	}
	slices.SortStableFunc(c.faults, func(a, b LanguageFault) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return c.faults
}

type languageCheck struct {
	files, english map[string]string
	faults         []LanguageFault
}

func (c *languageCheck) fault(file string, line int, what string, args ...any) {
	c.faults = append(c.faults, LanguageFault{file, line, fmt.Sprintf(what, args...)})
}

// element is something of a text that its translation has too, and its line.
type element struct {
	what string
	line int
}

// blockMarks are the marks of layout at a line's beginning.
var blockMarks = []string{"#@ ", "> ## ", "> |@", "## ", "# ", "- ", "=<", "=>", "==="}

// told are numbers and addresses that people are told.
var told = regexp.MustCompile(`www\.[a-z]+\.[a-z]+(?:/[a-z]+)?|\d[\d-]*`)

// elements are those of a text: what is filled in or decided, marks, and what is told.
func elements(text string) []element {
	var all []element
	lineAt := func(at int) int { return 1 + strings.Count(text[:at], "\n") }
	for _, at := range templateAction.FindAllStringIndex(text, -1) {
		action := strings.Trim(text[at[0]+2:at[1]-2], "- \n")
		if !strings.HasPrefix(action, "/*") {
			all = append(all, element{"{{" + strings.Join(strings.Fields(action), " ") + "}}", lineAt(at[0])})
		}
	}
	// What is between actions, with as many lines.
	plain := templateAction.ReplaceAllStringFunc(text, func(action string) string { return strings.Repeat("\n", strings.Count(action, "\n")) })
	for i, line := range strings.Split(plain, "\n") {
		for _, mark := range blockMarks {
			if strings.HasPrefix(line, mark) {
				all = append(all, element{"the mark " + strconv.Quote(strings.TrimSpace(mark)), i + 1})
				break
			}
		}
		if n := strings.Count(line, "**"); n > 0 {
			for range n / 2 {
				all = append(all, element{"words in bold (**)", i + 1})
			}
		}
		for _, number := range told.FindAllString(line, -1) {
			all = append(all, element{number, i + 1})
		}
	}
	return all
}

// text compares a text with the English one.
func (c *languageCheck) text(name string) {
	there, want := elements(c.files[name]), elements(c.english[name])
	left := map[string][]int{}
	for _, e := range there {
		left[e.what] = append(left[e.what], e.line)
	}
	for _, e := range want {
		if lines := left[e.what]; len(lines) > 0 {
			left[e.what] = lines[1:]
			continue
		}
		c.fault(name, 0, "lacks %s, which the English has on line %d", e.what, e.line)
	}
	for _, what := range slices.Sorted(maps.Keys(left)) {
		for _, line := range left[what] {
			c.fault(name, line, "has %s, which the English does not have", what)
		}
	}
	if mark := placeholder(withoutActions(c.files[name])); mark != "" {
		c.fault(name, lineOf(c.files[name], mark), "has the placeholder %q", mark)
	}
	c.stillEnglish(name)
	if name == letterName {
		c.headings()
	}
}

// lineOf is the line on which words stand first.
func lineOf(text, words string) int {
	before, _, found := strings.Cut(text, words)
	if !found {
		return 0
	}
	return 1 + strings.Count(before, "\n")
}

// lineOfSentence is the line on which a sentence begins that may go on over its end.
func lineOfSentence(text, sentence string) int {
	for sentence != "" {
		if line := lineOf(text, sentence); line > 0 {
			return line
		}
		sentence = strings.TrimSpace(sentence[:max(strings.LastIndexByte(sentence, ' '), 0)])
	}
	return 0
}

// stillEnglish finds sentences that nobody translated.
func (c *languageCheck) stillEnglish(name string) {
	english := map[string]bool{}
	for _, s := range sentences(templateAction.ReplaceAllString(c.english[name], "\n\n")) {
		english[spoken(s)] = strings.Count(spoken(s), " ") >= shortSentence
	}
	for _, s := range sentences(templateAction.ReplaceAllString(c.files[name], "\n\n")) {
		if english[spoken(s)] {
			s = strings.Trim(s, "#>= ")
			c.fault(name, lineOfSentence(c.files[name], s), "has a sentence that is still in English: %q", s)
		}
	}
}

// headings holds the headings against those that California prescribes, in its order
// (Civil Code 1798.82(d)(1)): they stand beside the language's own, and the elements of
// 45 CFR 164.404(c)(1) under them.
func (c *languageCheck) headings() {
	text := c.files[letterName]
	at := 0
	for _, rule := range required[letterText] {
		mark, words, isHeading := strings.Cut(rule.words, " ")
		if !isHeading || strings.Trim(mark, "#") != "" {
			continue
		}
		found := regexp.MustCompile(`(?m)^` + mark + ` .*/ ` + regexp.QuoteMeta(words) + `$`).FindStringIndex(text[at:])
		if found == nil {
			c.fault(letterName, 0, "lacks, in its place, the heading %q, which is the language's own, a stroke and the words of %s", mark+" ... / "+words, rule.law)
			continue
		}
		at += found[1]
	}
	order := []string{"{{.WhatHappened}}", "{{.Classes}}", "{{.WhatWeAreDoing}}", "{{.WhatYouCanDo}}", "{{range .Contacts}}"}
	for i := 1; i < len(order); i++ {
		before, after := lineOf(text, order[i-1]), lineOf(text, order[i])
		if before > 0 && after > 0 && after < before {
			c.fault(letterName, after, "has %s before %s", order[i], order[i-1])
		}
	}
}

// settable looks for what the letters' fonts do not print, and for writing from right to left.
func (c *languageCheck) settable(name string) {
	for i, line := range strings.Split(withoutActions(c.files[name]), "\n") {
		if r, lacks := typeface.Lacks(oneLine(line)); lacks {
			c.fault(name, i+1, "has the character %U, which the letters' fonts do not print", r)
		}
		if strings.ContainsFunc(line, leftward) {
			c.fault(name, i+1, "runs from right to left, in which whole letters cannot be set")
			return
		}
	}
}

// leftward reports a letter of a script that runs from right to left.
func leftward(r rune) bool {
	return unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Adlam, unicode.Samaritan, unicode.Mandaic)
}

var wordLine = regexp.MustCompile(`(?m)^([a-z_0-9.]+):`)

// words compares words.yaml key by key.
func (c *languageCheck) words() {
	text, there := c.files[wordsName]
	if !there {
		return
	}
	words, err := readWords(text)
	if err != nil {
		c.fault(wordsName, 0, "cannot be read: write a key, a colon and words in quotation marks on each line, each key once")
		return
	}
	lines := map[string]int{}
	for _, at := range wordLine.FindAllStringSubmatchIndex(text, -1) {
		lines[text[at[2]:at[3]]] = 1 + strings.Count(text[:at[0]], "\n")
	}
	english := english().words
	for _, key := range slices.Sorted(maps.Keys(english)) {
		said, ok := words[key]
		switch {
		case !ok:
			c.fault(wordsName, 0, "lacks %s, in English %q", key, english[key])
			continue
		case said == "":
			c.fault(wordsName, lines[key], "says nothing under %s, in English %q", key, english[key])
			continue
		}
		if mark := placeholder(said); mark != "" {
			c.fault(wordsName, lines[key], "has the placeholder %q under %s", mark, key)
		}
		want, is := filledIn(english[key]), filledIn(said)
		for _, name := range want {
			if !slices.Contains(is, name) {
				c.fault(wordsName, lines[key], "lacks %s under %s", name, key)
			}
		}
		for _, name := range is {
			if !slices.Contains(want, name) {
				c.fault(wordsName, lines[key], "has %s under %s, where nothing is filled in for it", name, key)
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(words)) {
		if _, known := english[key]; !known {
			c.fault(wordsName, lines[key], "has %s, which the English does not have", key)
		}
	}
	same := 0
	for key, said := range words {
		if said == english[key] && strings.ContainsFunc(braces.ReplaceAllString(said, ""), unicode.IsLetter) {
			same++
		}
	}
	if 2*same > len(english) { // some words are the same in two languages
		c.fault(wordsName, 0, "has %d words that are still in English", same)
	}
	months := map[string]string{}
	for m := 1; m <= 12; m++ {
		key := "month." + strconv.Itoa(m)
		if other, twice := months[words[key]]; twice && words[key] != "" {
			c.fault(wordsName, lines[key], "names %s as %s", key, other)
		}
		months[words[key]] = key
	}
}

var braces = regexp.MustCompile(`\{[^{}]*\}`)

// filledIn are the names in braces.
func filledIn(said string) []string { return braces.FindAllString(said, -1) }

// whereIt is the line in an error of a template.
var whereIt = regexp.MustCompile(`template: ([^:]+):(\d+):`)

// made fills the letter in, once for each wording.
func (c *languageCheck) made(tag string) {
	l, err := readLettering(tag, c.files)
	if err == nil {
		err = l.tryOut()
	}
	if err == nil {
		return
	}
	file, line := letterName, 0
	if at := whereIt.FindStringSubmatch(err.Error()); at != nil {
		file = at[1]
		line, _ = strconv.Atoi(at[2])
	}
	c.fault(file, line, "cannot be filled in: %s", err)
}

// tryOut fills the letter in for an invented incident, to every kind of reader in every State.
func (l *lettering) tryOut() error {
	incident := breach.Incident{
		ID: "TRY", Entity: breach.Entity{Name: "Example", Address: []string{"1 Example Way"}, Parent: "Example Parent"}, Discovered: civil.MustParse("2026-03-16"),
		WhatHappened: "a", WhatWeAreDoing: "b", WhatYouCanDo: "c",
	}
	for _, offered := range []string{"", "Example Watch"} {
		incident.CreditMonitoring.Provider = offered
		if err := l.tryAll(incident, incident.Discovered); err != nil {
			return err
		}
	}
	return nil
}

// tryAll fills the letter of an incident in, to every kind of reader in every State.
func (l *lettering) tryAll(incident breach.Incident, datedOn civil.Date) error {
	sample := []breach.Practice{{Key: "sample", LegalName: "Sample Practice"}}
	said := l.sayings(incident)
	for _, v := range breach.Voices {
		for _, state := range append([]string{""}, statesWithText()...) {
			variant := breach.Variant{Voice: v, State: state, Coded: true, Classes: breach.SetOf(breach.DataClasses()...)}
			view := l.letter(incident, datedOn, sample, variant, ofState{state, 1}, said)
			if _, err := l.letterText(view, state); err != nil {
				return err
			}
		}
	}
	return nil
}
