package repair

import (
	"strings"
	"unicode"
)

// suffixes are what stands behind a name, as it is printed.
var suffixes = map[string]string{"JR": "Jr.", "SR": "Sr.", "II": "II", "III": "III", "IV": "IV", "V": "V", "VI": "VI", "ESQ": "Esq.", "MD": "MD", "DO": "DO", "PHD": "PhD", "RN": "RN", "DDS": "DDS"}

// particles stay small within a last name.
var particles = map[string]bool{
	"DE": true, "DEL": true, "DELA": true, "LA": true, "LAS": true, "LOS": true, "DA": true, "DAS": true, "DO": true, "DOS": true, "DI": true,
	"VAN": true, "VON": true, "DER": true, "DEN": true, "TEN": true, "TER": true, "ZU": true, "ZUM": true, "Y": true, "E": true, "BIN": true, "BINT": true, "IBN": true, "AL": true, "EL": true,
}

// AsSuffix is a suffix as it is printed; "" when the word is none.
func AsSuffix(word string) string {
	return suffixes[strings.ToUpper(strings.Trim(word, " .,"))]
}

// Shouts reports a name in capitals alone. Two letters may be initials.
func Shouts(name string) bool {
	letters := 0
	for _, r := range name {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			letters++
		}
	}
	return letters > 1
}

// Quiet writes a name in capitals as names are written: McDonald, O'Brien, de la Cruz,
// Smith-Jones, III. last says that the name is a last name, which may begin with a
// particle.
func Quiet(name string, last bool) string {
	if !Shouts(name) {
		return name
	}
	words := strings.Split(name, " ")
	for i, word := range words {
		bare := strings.Trim(word, ".,")
		switch {
		case (i > 0 || !last) && len(words) > 1 && suffixes[bare] != "" && i == len(words)-1:
			words[i] = suffixes[bare]
		case isRoman(bare):
		case particles[bare] && len(words) > 1 && i < len(words)-1 && (last || i > 0):
			words[i] = strings.ToLower(word)
		case isInitials(bare):
		default:
			words[i] = quietWord(word)
		}
	}
	return strings.Join(words, " ")
}

func isRoman(word string) bool { return word == "II" || word == "III" || word == "IV" }

// isInitials reports J, JT and J.T., which are no words.
func isInitials(word string) bool {
	letters := strings.ReplaceAll(word, ".", "")
	if len(letters) == 1 || strings.Contains(word, ".") && len(letters) <= 3 {
		return true
	}
	return len(letters) == 2 && (!strings.ContainsAny(letters, "AEIOUY") || letters[1] == 'J')
}

// quietWord writes one word: what follows a hyphen or an apostrophe is a word again.
func quietWord(word string) string {
	var out []rune
	start := true
	for i, r := range []rune(word) {
		if start {
			out = append(out, r)
		} else {
			out = append(out, unicode.ToLower(r))
		}
		start = r == '-' || r == '\'' && i == 1 || r == '’' && i == 1
	}
	// Mc is a part of its own; Mac is not, so that Macy and Mack stay.
	for i := 0; i+3 < len(out); i++ {
		if out[i] == 'M' && out[i+1] == 'c' && (i == 0 || out[i-1] == '-') {
			out[i+2] = unicode.ToUpper(out[i+2])
		}
	}
	return string(out)
}

// Name is a name in its parts.
type Name struct{ First, Middle, Last, Suffix string }

// SplitComma takes LAST, FIRST MIDDLE apart, and LAST SUFFIX, FIRST and LAST, FIRST,
// SUFFIX. ok is false where what follows the comma is a suffix alone or nothing.
func SplitComma(s string) (n Name, ok bool) {
	last, rest, found := strings.Cut(s, ",")
	last, rest = strings.TrimSpace(last), strings.TrimSpace(rest)
	if !found || last == "" || rest == "" || AsSuffix(rest) != "" {
		return n, false
	}
	if words := strings.Fields(last); len(words) > 1 && AsSuffix(words[len(words)-1]) != "" {
		n.Suffix = AsSuffix(words[len(words)-1])
		last = strings.Join(words[:len(words)-1], " ")
	}
	given, suffix, _ := strings.Cut(rest, ",")
	if AsSuffix(suffix) != "" {
		n.Suffix = AsSuffix(suffix)
	} else if suffix != "" {
		given = given + " " + strings.TrimSpace(suffix)
	}
	words := strings.Fields(given)
	if len(words) == 0 {
		return n, false
	}
	if len(words) > 1 && n.Suffix == "" && AsSuffix(words[len(words)-1]) != "" {
		n.Suffix, words = AsSuffix(words[len(words)-1]), words[:len(words)-1]
	}
	n.Last, n.First, n.Middle = last, words[0], strings.Join(words[1:], " ")
	return n, true
}

// SplitWhole takes FIRST MIDDLE LAST SUFFIX apart; particles belong to the last name.
func SplitWhole(s string) Name {
	var n Name
	words := strings.Fields(strings.ReplaceAll(s, ",", " "))
	if len(words) > 2 && AsSuffix(words[len(words)-1]) != "" {
		n.Suffix, words = AsSuffix(words[len(words)-1]), words[:len(words)-1]
	}
	switch len(words) {
	case 0:
		return n
	case 1:
		n.Last = words[0]
		return n
	}
	from := len(words) - 1
	for from > 1 && particles[strings.ToUpper(words[from-1])] {
		from--
	}
	n.First, n.Middle, n.Last = words[0], strings.Join(words[1:from], " "), strings.Join(words[from:], " ")
	return n
}
