package match

import (
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"duenotice/internal/breach"
)

// Entry is what a list says of one person in one place, as it stands there.
type Entry struct {
	// Key is the person's; entries of one key are one person already.
	Key string
	// Keep: the key is a list's own, which says for itself who is one person.
	Keep bool

	First, Middle, Last, Suffix          string
	Birth, Deceased                      string
	Address1, Address2, City, State, ZIP string
	Email, Phone                         string

	// Practice is where, Source names the row, System tells entries of one system's index
	// from those of others.
	Practice, Source, System string
	// IDs are identifiers that are one person's: each a letter for its kind and a keyed
	// hash. Never the number itself.
	IDs []string
}

func (e *Entry) texts() []*string {
	return []*string{
		&e.Key, &e.First, &e.Middle, &e.Last, &e.Suffix, &e.Birth, &e.Deceased, &e.Address1, &e.Address2, &e.City, &e.State, &e.ZIP,
		&e.Email, &e.Phone, &e.Practice, &e.Source, &e.System,
	}
}

// encode appends the entry as decode reads it.
func (e *Entry) encode(to []byte) []byte {
	flag := byte(0)
	if e.Keep {
		flag = 1
	}
	to = append(to, flag)
	put := func(s string) { to = append(binary.AppendUvarint(to, uint64(len(s))), s...) }
	for _, s := range e.texts() {
		put(*s)
	}
	put(strings.Join(e.IDs, " "))
	return to
}

var errEntry = errors.New("an entry between reading and comparing is damaged")

func (e *Entry) decode(from []byte) error {
	if len(from) == 0 {
		return errEntry
	}
	*e = Entry{Keep: from[0] == 1}
	text := string(from[1:])
	from = from[1:]
	var ids string
	for _, s := range append(e.texts(), &ids) {
		n, size := binary.Uvarint(from)
		if size <= 0 || n > uint64(len(from)-size) {
			return errEntry
		}
		end := size + int(n)
		*s, text, from = text[size:end], text[end:], from[end:]
	}
	if len(from) != 0 {
		return errEntry
	}
	e.IDs = strings.Fields(ids)
	return nil
}

// Name is the whole name, for the list that a person decides by.
func (e *Entry) Name() string {
	return strings.Join(strings.Fields(strings.Join([]string{e.First, e.Middle, e.Last, e.Suffix}, " ")), " ")
}

// Address is the address in one line, for the same list.
func (e *Entry) Address() string {
	var parts []string
	for _, s := range []string{e.Address1, e.Address2, e.City, strings.TrimSpace(e.State + " " + e.ZIP)} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ", ")
}

// marks are an entry as entries are compared.
type marks struct {
	*Entry
	first, middle, last, suffix string
	// formal are the names that the first name is short for, or itself.
	formal []string
	// lasts are the words of the last name.
	lasts                     []string
	street, zip, email, phone string
}

func marksOf(e *Entry) *marks {
	m := &marks{Entry: e, email: plain(e.Email), phone: digits(e.Phone)}
	firsts, middles := words(e.First), words(e.Middle)
	if len(firsts) > 0 {
		// "Mary Ann" is Mary with a middle name where the list has none.
		m.first = firsts[0]
		if len(middles) == 0 {
			middles = firsts[1:]
		}
	}
	m.middle = strings.Join(middles, "")
	m.lasts = words(e.Last)
	suffix := words(e.Suffix)
	if len(suffix) == 0 && len(m.lasts) > 1 && suffixes[m.lasts[len(m.lasts)-1]] != "" {
		suffix, m.lasts = m.lasts[len(m.lasts)-1:], m.lasts[:len(m.lasts)-1]
	}
	if len(suffix) > 0 {
		m.suffix = suffixes[suffix[0]]
	}
	m.last = strings.Join(m.lasts, "")
	m.formal = formalNames(m.first)
	m.street, m.zip = street(e.Address1), zipOf(e.ZIP)
	if len(m.phone) == 11 && m.phone[0] == '1' {
		m.phone = m.phone[1:]
	}
	if len(m.phone) < 10 {
		m.phone = ""
	}
	return m
}

// plain is text as names are compared: without case and accents.
func plain(text string) string {
	text = breach.FoldText(text)
	for i := range len(text) {
		if text[i] >= 0x80 {
			return strings.Map(func(c rune) rune {
				if unicode.Is(unicode.Mn, c) {
					return -1
				}
				return c
			}, norm.NFD.String(text))
		}
	}
	return text
}

// joined are signs within one word of a name.
var joined = strings.NewReplacer("'", "", ".", "")

// words are the words of a name; O'Brien is one, Smith-Jones are two.
func words(name string) []string {
	return strings.FieldsFunc(joined.Replace(plain(name)), func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsNumber(c) && !unicode.IsMark(c)
	})
}

func digits(text string) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return c
		}
		return -1
	}, text)
}

func zipOf(zip string) string {
	if d := digits(zip); len(d) >= 5 {
		return d[:5]
	}
	return ""
}

// suffixes are the forms of what tells a father from a son.
var suffixes = map[string]string{
	"jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "ii": "ii", "2nd": "ii", "iii": "iii", "3rd": "iii", "iv": "iv", "4th": "iv", "v": "v", "5th": "v",
}

// streetWords are the Postal Service's short forms (Publication 28, appendix C) of what
// lists write out or shorten as they like.
var streetWords = map[string]string{
	"street": "st", "str": "st", "avenue": "ave", "av": "ave", "road": "rd", "drive": "dr", "lane": "ln", "court": "ct", "boulevard": "blvd", "place": "pl",
	"terrace": "ter", "circle": "cir", "highway": "hwy", "parkway": "pkwy", "trail": "trl", "square": "sq", "way": "way",
	"north": "n", "south": "s", "east": "e", "west": "w", "northeast": "ne", "northwest": "nw", "southeast": "se", "southwest": "sw",
	"saint": "st", "fort": "ft", "mount": "mt",
}

// unitWords begin the part of an address within the house.
var unitWords = []string{"apt", "apartment", "unit", "suite", "ste", "room", "rm", "floor", "fl", "lot", "trlr", "bldg", "no"}

// street is house and street as they are compared, without what is inside the house;
// empty where the line names no place.
func street(line string) string {
	if line == "" || breach.SaysNoPlace(line) {
		return ""
	}
	all := words(strings.ReplaceAll(line, "#", " unit "))
	for i, w := range all {
		if i > 1 && slices.Contains(unitWords, w) {
			all = all[:i]
			break
		}
		if short := streetWords[w]; short != "" {
			all[i] = short
		}
	}
	return strings.Join(all, " ")
}
