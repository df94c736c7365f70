package repair

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
)

// Cell mends a cell of a column of findings.csv or practices.csv that is no date. It
// returns the text, the repairs that it took or, where the set does not have one that
// only looks better, would take; and a refusal where it cannot be mended.
func Cell(column, s string, wanted Set) (text string, used []string, refusal string) {
	note := func(id, fixed string) {
		if fixed == s {
			return
		}
		used = append(used, id)
		if needed[id] || wanted[id] {
			s = fixed
		}
	}
	if strings.ContainsRune(s, utf8.RuneError) {
		return s, nil, LettersLost
	}
	if casefolder.DecodedTwice(s) {
		fixed, ok := undoDecoding(s)
		if !ok {
			return s, nil, LettersLost
		}
		note(DecodedTwice, fixed)
	}
	if column != "address1" { // whose lines may be addresses
		note(LineBreaks, withoutBreaks(s))
	}
	note(Spaces, plainSpaces(s))
	trimmed := strings.TrimSpace(s)
	if trimmed == "" {
		return "", used, ""
	}
	if saysNoValue(column, trimmed) {
		note(NoValue, "")
		return s, used, ""
	}
	switch column {
	case "first_name", "middle_name", "last_name", "suffix", "representative_name":
		if casefolder.LostLetters(trimmed) {
			return s, used, LettersLost
		}
	case "zip", "phone", "npi", "toll_free":
		fixed, more, refusal := number(trimmed)
		if refusal != "" {
			return s, used, refusal
		}
		if len(more) > 0 {
			used, s = append(used, more...), fixed
		}
	}
	return s, used, ""
}

// number mends what spreadsheets and dataframes made of a number that is a name.
func number(s string) (fixed string, used []string, refusal string) {
	if len(s) > 1 && s[0] == '\'' && isDigits(s[1:2]) {
		s, used = s[1:], append(used, Apostrophe)
	}
	mantissa, exponent, scientific := strings.Cut(strings.ToUpper(s), "E+")
	if whole, part, _ := strings.Cut(mantissa, "."); scientific && isDigits(whole) && len(whole) == 1 && isDigits(exponent) {
		// Every digit has to be there: 5.551234567E+09 is whole, 5.55E+09 lost seven.
		places := int(exponent[0] - '0')
		for _, c := range exponent[1:] {
			places = places*10 + int(c-'0')
		}
		if len(exponent) > 2 || len(part) != places || part != "" && !isDigits(part) {
			return s, nil, DigitsLost
		}
		return whole + part, append(used, Scientific), ""
	}
	if whole, part, cut := strings.Cut(s, "."); cut && isDigits(whole) && part != "" && strings.Trim(part, "0") == "" {
		s, used = whole, append(used, DecimalZero)
	}
	return s, used, ""
}

// ZIP gives a ZIP its zeros back. Where the State is known, the ZIP has to be its.
func ZIP(zip, state string) (fixed string, used []string, refusal string) {
	if !casefolder.LostZero(zip) {
		return zip, nil, ""
	}
	first, last, plus := strings.Cut(zip, "-")
	switch {
	case plus:
		fixed = strings.Repeat("0", 5-len(first)) + first + "-" + last
	case len(zip) < 5:
		fixed = strings.Repeat("0", 5-len(zip)) + zip
	default:
		fixed = strings.Repeat("0", 9-len(zip)) + zip
	}
	if !breach.IsZIP(fixed) {
		return zip, nil, ZIPUnclear
	}
	of := breach.ZIPStates(fixed)
	if len(of) == 0 || state != "" && breach.IsPostalCode(strings.ToUpper(state)) && !slices.Contains(of, strings.ToUpper(state)) {
		return zip, nil, ZIPUnclear
	}
	return fixed, []string{LostZero}, ""
}

var stateCodes = func() map[string]string {
	codes := map[string]string{"virgin islands": "VI", "us virgin islands": "VI", "washington dc": "DC", "washington d.c.": "DC", "d.c.": "DC"}
	for _, code := range breach.StateCodes() {
		codes[breach.FoldText(breach.StateName(code))] = code
	}
	return codes
}()

// State is the code of a State that is written by its name.
func State(s string) (code string, used []string) {
	if len(s) < 4 {
		return s, nil
	}
	if code, ok := stateCodes[breach.FoldText(s)]; ok {
		return code, []string{StateName}
	}
	return s, nil
}

// saysNoValue reports a program's word for a missing value. A word in a last name or an
// address is left: nobody may lose their name, and the case folder knows what is no place.
func saysNoValue(column, s string) bool {
	switch s {
	case "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!":
		return true
	}
	switch column {
	case "first_name", "middle_name", "suffix", "representative_name":
		return casefolder.SaysNoName(s)
	case "phone", "email", "zip", "state", "country", "language":
		return breach.SaysNoPlace(s) && strings.Trim(s, "0123456789-") != ""
	}
	return casefolder.IsMissingValue(column, s)
}

func withoutBreaks(s string) string {
	if strings.IndexFunc(s, isBreak) < 0 {
		return s
	}
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return isBreak(r) || r == ' ' }), " ")
}

func isBreak(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == '\ufeff' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

// plainSpaces has one plain space where there were several, and none at the ends. Line
// breaks stay.
func plainSpaces(s string) string {
	plain, before := true, byte(' ')
	for i := 0; i < len(s) && plain; i++ {
		plain = s[i] < utf8.RuneSelf && s[i] >= ' ' && (s[i] != ' ' || before != ' ')
		before = s[i]
	}
	if plain && (before != ' ' || s == "") { // nearly every cell
		return s
	}
	var b strings.Builder
	space := false
	for _, r := range s {
		if r == ' ' || r != '\n' && r != '\r' && r != '\t' && unicode.IsSpace(r) {
			space = b.Len() > 0
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// undoDecoding reads text backwards that was decoded twice, until it is whole.
func undoDecoding(s string) (string, bool) {
	for range 3 {
		if !casefolder.DecodedTwice(s) {
			return s, true
		}
		fixed := undoOnce(s)
		if fixed == s {
			return s, false
		}
		s = fixed
	}
	return s, !casefolder.DecodedTwice(s)
}

func undoOnce(s string) string {
	var out strings.Builder
	for at := 0; at < len(s); {
		end := at
		for end < len(s) && s[end] >= utf8.RuneSelf {
			end++
		}
		if end == at {
			out.WriteByte(s[at])
			at++
			continue
		}
		run := s[at:end]
		at = end
		fixed := run
		for _, encoding := range []*charmap.Charmap{charmap.Windows1252, charmap.ISO8859_1, charmap.Macintosh} {
			if bytes, ok := encoded(run, encoding); ok && utf8.Valid(bytes) && len(bytes) > 1 {
				fixed = string(bytes)
				break
			}
		}
		out.WriteString(fixed)
	}
	return out.String()
}

func encoded(run string, encoding *charmap.Charmap) ([]byte, bool) {
	var bytes []byte
	for _, r := range run {
		b, ok := encoding.EncodeRune(r)
		if !ok {
			return nil, false
		}
		bytes = append(bytes, b)
	}
	return bytes, true
}
