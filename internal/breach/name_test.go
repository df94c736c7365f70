package breach_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"duenotice/internal/breach"
)

// TestANameTypedInTwoWaysIsOnePerson: nobody becomes two people by typing.
func TestANameTypedInTwoWaysIsOnePerson(t *testing.T) {
	t.Parallel()
	for name, ways := range map[string][]string{
		"Ada Rivera": {"ada rivera", " Ada   RIVERA ", "Ada\tRivera", "Ada\u00a0Rivera", "Ada\u3000Rivera", "Ａｄａ　Ｒｉｖｅｒａ",
			"A\u200bda Rivera", "Ada\u200d Rivera", "\ufeffAda Rivera", "Ada \u2060Rivera", "Ada\u00ad Rivera", "Ada Rivera\ufe0f", "Ada Rivera\u200e", "Ada\u034f Rivera", "Ada Rivera\x00"},
		"Ross":          {"Ro\u017f\u017f", "ROSS", "Roß"},
		"Kim":           {"\u212aim", "kim"},
		"José Peña":     {"Jose\u0301 Pen\u0303a", "JOSÉ PEÑA", "jose\u200b\u0301 pe\u00f1a"},
		"Ångström":      {"\u212bngström", "A\u030angstro\u0308m"},
		"Fiona Griffin": {"\ufb01ona Gri\ufb03n", "FIONA GRIFFIN"},
		"O'Neil":        {"O\u2019Neil", "O\u02bcNeil", "O\u00b4Neil", "O`NEIL"},
		"Smith-Jones":   {"Smith\u2010Jones", "Smith\u2011Jones", "Smith\u2013Jones", "smith\u2212jones"},
		"Σίσυφος":       {"ΣΊΣΥΦΟΣ", "σίσυφοσ"},
	} {
		for _, way := range ways {
			require.True(t, breach.SamePerson(name, way), "%q and %q", name, way)
			require.Equal(t, 1, breach.DifferentPeople([]string{name, way, "", " \u200b"}), "%q and %q", name, way)
		}
	}
	for name, ways := range map[string][]string{
		"Ada Rivera":    {"Rivera, Ada", "Rivera Ada", "RIVERA,ADA", "rivera ,ada."},
		"Ada M. Rivera": {"Rivera, Ada M.", "Rivera Ada M", "ada m rivera"},
		"Ada O'Neil":    {"ONeil, Ada", "Ada O\u2019Neil"},
		"Smith-Jones":   {"Smith Jones", "smith\u2013jones"},
	} {
		for _, way := range ways {
			require.True(t, breach.SamePerson(name, way), "%q and %q", name, way)
		}
	}
	for _, two := range [][2]string{
		{"Ada Rivera", "Ada River"}, {"José", "Jose"}, {"Ada Rivera", "AdaRivera"}, {"Ada", "Ada Rivera"},
		{"Ann", "Anne"}, {"Ada", "\u0410da"}, // Cyrillic
	} {
		require.False(t, breach.SamePerson(two[0], two[1]), "%q", two)
	}
	for _, nobody := range []string{"", " \t", ",", "- '", ".", "\u200b", "\ufeff \u2060", "\x00"} {
		require.Empty(t, breach.PersonNamed(nobody), "%q", nobody)
	}
}

// FuzzPersonNamed: whatever is typed, folding it again changes nothing, and
// neither case, spaces, normal forms nor what cannot be seen makes another
// person of it.
func FuzzPersonNamed(f *testing.F) {
	for _, seed := range []string{"Ada Rivera", "Jose\u0301", "Ro\u017f\u017f", "\u0130stanbul", "a\u0345\u200b\u0301", "\u1e9e", "\xff", "\u03b1\u0345\u0301", "ﷺ", "\u0149", "\uab9f\u13cf", "Aaa'\u0301"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		person := breach.PersonNamed(name)
		require.True(t, utf8.ValidString(person))
		require.Equal(t, person, breach.PersonNamed(person), "folded twice")
		require.Equal(t, person, strings.Join(strings.Fields(person), " "))
		if strings.ContainsFunc(name, func(r rune) bool { return r == utf8.RuneError }) {
			return // what is no text has no normal forms
		}
		for _, form := range []norm.Form{norm.NFC, norm.NFD} {
			require.Equal(t, person, breach.PersonNamed(form.String(name)), "%+q in another normal form", name)
		}
		require.Equal(t, person, breach.PersonNamed("\u200b "+name+"\ufeff\t"), "%+q", name)
		for _, r := range person {
			require.False(t, unicode.IsControl(r) || unicode.Is(unicode.Cf, r), "%+q", person)
		}
	})
}

// TestPlainTextIsFoldedAsAllText holds the short way for letters of a keyboard against
// the long one, which an invisible sign leads to.
func TestPlainTextIsFoldedAsAllText(t *testing.T) {
	t.Parallel()
	for first := ' '; first <= '~'; first++ {
		for second := ' '; second <= '~'; second++ {
			text := " Ab" + string(first) + string(second) + "Y z"
			require.Equal(t, breach.FoldText(text+"\u200b"), breach.FoldText(text), "%q", text)
		}
	}
}
