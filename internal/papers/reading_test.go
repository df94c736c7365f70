package papers_test

import (
	"regexp"
	"strings"
)

var (
	notRead   = regexp.MustCompile(`Reference |P\.O\. Box|^• (?:Toll|Tele|E-mail|Web|Postal)`)
	asNumber  = regexp.MustCompile(`https?://\S+|www\.\S+|1-\d{3}-\d{3}-\d{4}`)
	sentence  = regexp.MustCompile(`[.:!?;•]+(?:\s|$)`)
	word      = regexp.MustCompile(`[A-Za-z’']+`)
	vowels    = regexp.MustCompile(`[aeiouy]+`)
	isHeading = regexp.MustCompile(`^(?:What |For More)`)
)

// readingGrade is the Flesch-Kincaid grade of a letter's text as it is printed, a line
// for each of its lines. Syllables are counted by their vowels.
func readingGrade(text string) float64 {
	var read []string
	for line := range strings.SplitSeq(text, "\n") {
		if line == "\f" || notRead.MatchString(line) {
			continue
		}
		if isHeading.MatchString(line) {
			line += "."
		}
		read = append(read, strings.ReplaceAll(line, "Inc.", "Inc"))
	}
	text = asNumber.ReplaceAllString(strings.Join(read, " "), "number")
	sentences, syllables := 0, 0
	for _, s := range sentence.Split(text, -1) {
		if word.MatchString(s) {
			sentences++
		}
	}
	words := word.FindAllString(text, -1)
	for _, w := range words {
		syllables += syllablesOf(strings.ToLower(w))
	}
	return 0.39*float64(len(words))/float64(sentences) + 11.8*float64(syllables)/float64(len(words)) - 15.59
}

func syllablesOf(w string) int {
	n := len(vowels.FindAllString(w, -1))
	silent := strings.HasSuffix(w, "e") && !strings.HasSuffix(w, "le") ||
		strings.HasSuffix(w, "ed") && !strings.HasSuffix(w, "ted") && !strings.HasSuffix(w, "ded")
	if silent && n > 1 {
		n--
	}
	return max(n, 1)
}
