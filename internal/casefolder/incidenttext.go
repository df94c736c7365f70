package casefolder

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// Limits of texts in characters.
const (
	shortText = 256
	longText  = 6000
)

// LetterTexts is how many characters the letter's three free texts may have
// together so that every letter keeps to two pages: also one to somebody's
// representative, about every kind of data, beside the longest paragraph of a
// State. It was measured; a test of the letters holds it.
const LetterTexts = 1200

// placeholders are what a template leaves to be filled in. They are looked for
// in the texts that go into letters, wherever they stand.
var placeholders = regexp.MustCompile(`<[^<>\n]{1,200}>|\[[^\[\]\n]{0,200}\]|\bTODO\b|\bTBD\b|\{\{|\}\}`)

// text reads a value of up to 256 characters on one line.
func (s *section) text(key string) string {
	return s.checked(key, shortText, businessName)
}

// link reads an e-mail or web address, in which nine digits mean nothing.
func (s *section) link(key string) string {
	return s.checked(key, shortText, mailbox)
}

// phone reads a telephone number.
func (s *section) phone(key string) string {
	return s.checked(key, shortText, telephone)
}

// prose reads a text of up to 6,000 characters on any number of lines.
func (s *section) prose(key string) string {
	return s.checked(key, longText, plainText)
}

// letterText reads a required text that goes into letters.
func (s *section) letterText(key string) string {
	text := s.required(key, s.prose(key))
	line, path := s.lineFor(key), s.path+key
	if placeholders.MatchString(text) {
		s.note(line, path, rulePlaceholder, path+" has a placeholder in it (<...>, [...], TODO)")
	}
	return text
}

// checkLetterTexts points out that some letters will need a third page, at the
// longest of the three texts.
func (s *section) checkLetterTexts(i breach.Incident) {
	together, longest, key := 0, 0, ""
	for _, text := range []struct{ key, value string }{
		{"what_happened", i.WhatHappened}, {"what_we_are_doing", i.WhatWeAreDoing}, {"what_you_can_do", i.WhatYouCanDo},
	} {
		n := utf8.RuneCountInString(text.value)
		if together += n; n > longest {
			longest, key = n, text.key
		}
	}
	if together > LetterTexts {
		s.note(s.lineFor(key), key, warnLongText,
			fmt.Sprintf("what_happened, what_we_are_doing and what_you_can_do have %d characters together, so that some letters may have three pages", together))
	}
}

// required reports a value that is not there. One that was refused before is not also missing.
func (s *section) required(key, value string) string {
	if value == "" && !s.refused(key) {
		s.note(s.lineFor(key), s.path+key, ruleRequired, s.path+key+" is empty")
	}
	return value
}

// refused reports a value, an item of its list, or the whole section that was reported already.
func (s *section) refused(key string) bool {
	path, whole := s.path+key, strings.TrimSuffix(s.path, ".")
	return slices.ContainsFunc(s.problems, func(p incidentProblem) bool {
		return p.rule[0] == 'E' && (p.column == path || strings.HasPrefix(p.column, path+"[") || p.rule == ruleType && p.column == whole)
	})
}

func (s *section) checked(key string, most int, holds content) string {
	path, line := s.path+key, s.lineFor(key)
	text, ok := s.scalar(s.values[key], path, line)
	if !ok {
		return ""
	}
	if (s.path == "entity." || strings.HasPrefix(s.path, "credit_monitoring.")) && holds != wordOrDate && saysNothing(text) && text != string(breach.No) {
		s.note(line, path, ruleSaysNothing, path+" is a word that stands for nothing")
		return ""
	}
	if text = s.check(text, path, line, most, holds); text != "" {
		s.printable(text, path, s.values[key], line)
	}
	return text
}

// check is checkCell for the values of incident.yaml, where no spreadsheet is
// near; longer texts may have line breaks.
func (n *notes) check(text, path string, line, most int, holds content) string {
	if most == longText {
		// Other programs' ends of lines and paragraphs.
		text = strings.NewReplacer("\u2028", "\n", "\u2029", "\n\n").Replace(text)
	}
	lines := text
	if most == longText {
		lines = strings.ReplaceAll(text, "\n", " ")
	}
	_, clean, _ := survey(lines)
	rule, message := checkUnicode(text)
	switch {
	case text == "":
		return ""
	case rule != "":
		message = path + " " + message
	case !clean:
		rule, message = ruleControl, path+" holds a line break or another control character"
	case isPlaceholder(text):
		rule, message = rulePlaceholder, path+" still is the placeholder of the template"
	case smuggled(lines, holds) != "":
		rule = smuggled(lines, holds)
		message = path + smuggledMessage(rule)
	case lostLetters(lines, holds):
		rule, message = ruleLostLetters, path+" has question marks where letters were"
	case utf8.RuneCountInString(text) > most:
		rule, message = ruleTooLong, fmt.Sprintf("%s has more than %d characters", path, most)
	default:
		return nfc(text)
	}
	n.note(line, path, rule, message)
	return ""
}

// texts reads a list of short texts.
func (s *section) texts(key, form string) []string {
	var all []string
	for i, node := range s.list(key, form) {
		path := fmt.Sprintf("%s%s[%d]", s.path, key, i+1)
		line := lineOf(node, s.lineFor(key))
		if text, ok := s.scalar(node, path, line); ok {
			if text = s.check(text, path, line, shortText, businessName); text != "" {
				s.printable(text, path, node, line)
				all = append(all, text)
			}
		}
	}
	return all
}

// word reads a value that is one of the words, exactly, or empty.
func (s *section) word(key string, words []string) string {
	word := s.text(key)
	if word == "" {
		return ""
	}
	return s.oneOf(word, s.path+key, s.lineFor(key), words)
}

// words reads a list of such words.
func (s *section) words(key string, words []string) []string {
	var all []string
	for i, word := range s.texts(key, "["+words[0]+"]") {
		line := s.lineFor(key)
		if word = s.oneOf(word, fmt.Sprintf("%s%s[%d]", s.path, key, i+1), line, words); word != "" && !slices.Contains(all, word) {
			all = append(all, word)
		}
	}
	return all
}

func (n *notes) oneOf(word, path string, line int, words []string) string {
	if slices.Contains(words, word) {
		return word
	}
	list := strings.Join(words, ", ")
	n.noteFix(line, path, ruleWord, path+" is not one of "+list, "Write one of "+list+", or leave it empty.")
	return ""
}

func (s *section) yesNo(key string) breach.YesNo { return breach.YesNo(s.word(key, yesNo)) }

// number reads a whole number from low to high, or 0 when it is empty.
func (s *section) number(key string, low, high int) int {
	text := s.checked(key, shortText, digits)
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || !isNumber(text) || n < low || n > high {
		s.noteFix(s.lineFor(key), s.path+key, ruleNumber, fmt.Sprintf("%s%s is not a whole number from %d to %d", s.path, key, low, high),
			fmt.Sprintf("Write a whole number from %d to %d.", low, high))
		return 0
	}
	return n
}

// date reads a date; past says that it may not lie after today.
func (s *section) date(key string, today civil.Date, past bool) civil.Date {
	path, line := s.path+key, s.lineFor(key)
	text := s.checked(key, shortText, wordOrDate)
	day, fault := readDate(text)
	switch {
	case fault != dateFine:
		s.noteFix(line, path, fault.rule(), path+" "+fault.message(), fault.fix(path))
	case past && day.After(today):
		s.note(line, path, ruleFuture, path+" lies in the future")
	default:
		return day
	}
	return civil.Date{}
}

func (s *section) requiredDate(key string, today civil.Date) civil.Date {
	day := s.date(key, today, true)
	if day.IsZero() {
		s.required(key, "")
	}
	return day
}
