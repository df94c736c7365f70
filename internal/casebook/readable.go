package casebook

import (
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"

	"duenotice/internal/breach"
)

// Readable refuses a text that a person typed and nobody could read later: bytes
// that are no UTF-8, as a terminal of another encoding sends them, the sign that
// stands for a letter somebody lost, and characters that are seen nowhere and
// change how the rest reads. Whatever script it is in, a text that can be read is
// kept as it is. option is where it was given, such as "--by".
func Readable(option, text string) error {
	if !utf8.ValidString(text) || strings.ContainsRune(text, utf8.RuneError) {
		return breach.Refuse("unreadable_text", "Type it again in a terminal whose encoding is UTF-8 (see `locale`).",
			"what was given with %s has a letter that is not valid UTF-8", option)
	}
	for _, r := range text {
		if r != '\n' && r != '\r' && r != '\t' && (unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Noncharacter_Code_Point)) {
			return breach.Refuse("unreadable_text", "Type it without it.",
				"what was given with %s has the invisible character %U", option, r)
		}
	}
	return nil
}

// Readable is Readable for every text of an act; the name of who acts must be one
// that nobody takes for another (breach.CheckPersonName).
func (a Act) Readable() error { return readable("", reflect.ValueOf(a)) }

// readable goes through a value's texts; option is what the nearest of them was
// given with.
func readable(option string, v reflect.Value) error {
	switch v.Kind() {
	case reflect.String:
		return Readable(option, v.String())
	case reflect.Pointer:
		if !v.IsNil() {
			return readable(option, v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			if err := readable(option, v.Index(i)); err != nil {
				return err
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if !v.Type().Field(i).IsExported() {
				continue // of an instant
			}
			check := readable
			if v.Type().Field(i).Name == "Who" {
				check = func(option string, v reflect.Value) error { return breach.CheckPersonName(option, v.String()) }
			}
			if err := check(optionOf(option, v.Type().Field(i)), v.Field(i)); err != nil {
				return err
			}
		}
	}
	return nil
}

// optionOf names what a field is given with on the command line.
func optionOf(around string, field reflect.StructField) string {
	switch {
	case field.Name == "Who":
		return "--by"
	case field.Name == "Factors", around == "--factors":
		return "--factors"
	}
	return "--" + strings.ToLower(field.Name)
}
