package papers

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MostGrade is the reading grade that a letter stays below: that of the eighth grade.
// The law asks for plain language (45 CFR 164.404(c)(2)) and names no measure.
const MostGrade = 7.0

var asNumber = regexp.MustCompile(`https?://\S+|www\.\S+|1-\d{3}-\d{3}-\d{4}`)

// notRead reports a line that is no sentence: a reference, an address, how to reach somebody.
func notRead(line string) bool {
	if strings.Contains(line, "Reference ") || strings.Contains(line, "P.O. Box") || line == "\f" {
		return true
	}
	item, isItem := strings.CutPrefix(line, "• ")
	return isItem && slices.ContainsFunc([]string{"Toll", "Tele", "E-mail", "Web", "Postal"}, func(s string) bool { return strings.HasPrefix(item, s) })
}

// ReadingGrade is the Flesch-Kincaid grade of an English text, which is the school year
// that reads it easily, and how many words it has. The text has a line for each of its
// lines or paragraphs; contacts and references are no sentences of it. Syllables are
// counted by their vowels.
func ReadingGrade(text string) (grade float64, words int) {
	var read []string
	for line := range strings.SplitSeq(text, "\n") {
		if notRead(line) {
			continue
		}
		if strings.HasPrefix(line, "What ") || strings.HasPrefix(line, "For More") {
			line += "."
		}
		if strings.Contains(line, "://") || strings.Contains(line, "www.") || strings.Contains(line, "1-") {
			line = asNumber.ReplaceAllString(line, "number")
		}
		read = append(read, strings.ReplaceAll(line, "Inc.", "Inc"))
	}
	var c readCounter
	all := strings.Join(read, " ")
	for i, r := range all {
		c.add(r, i+utf8.RuneLen(r) == len(all) || unicode.IsSpace(rune(all[i+utf8.RuneLen(r)])))
	}
	c.endWord()
	c.endSentence()
	if c.words == 0 {
		return 0, 0
	}
	return 0.39*float64(c.words)/float64(c.sentences) + 11.8*float64(c.syllables)/float64(c.words) - 15.59, c.words
}

// readCounter counts the sentences, words and syllables of a text, letter by letter.
type readCounter struct {
	sentences, words, syllables int
	word                        []byte
	said                        bool // a word stands in this sentence
}

// add takes the next letter; ends says that a space or the text's end is behind it.
func (c *readCounter) add(r rune, ends bool) {
	switch {
	case r == '’' || r == '\'':
		c.word = append(c.word, '\'')
	case r < utf8.RuneSelf && unicode.IsLetter(r):
		c.word = append(c.word, byte(unicode.ToLower(r)))
	default:
		c.endWord()
		if strings.ContainsRune(".:!?;•", r) && ends {
			c.endSentence()
		}
	}
}

func (c *readCounter) endWord() {
	if len(c.word) == 0 {
		return
	}
	c.words, c.syllables, c.said = c.words+1, c.syllables+syllablesOf(c.word), true
	c.word = c.word[:0]
}

func (c *readCounter) endSentence() {
	if c.said {
		c.sentences++
	}
	c.said = false
}

func syllablesOf(w []byte) int {
	n, vowel := 0, false
	for _, b := range w {
		was := vowel
		if vowel = strings.IndexByte("aeiouy", b) >= 0; vowel && !was {
			n++
		}
	}
	ends := func(s string) bool { return strings.HasSuffix(string(w), s) }
	silent := ends("e") && !ends("le") || ends("ed") && !ends("ted") && !ends("ded")
	if silent && n > 1 {
		n--
	}
	return max(n, 1)
}
