package breach_test

import (
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"duenotice/internal/breach"
)

// TestANameThatLooksLikeAnotherIsRefused: one person approved twice by writing the
// name in another normal form, with a character nobody sees, in full width or with a
// letter of another script. Such a name is refused, and the character is named with
// its place, so that whoever pasted it by mistake finds it.
func TestANameThatLooksLikeAnotherIsRefused(t *testing.T) {
	t.Parallel()
	for name, says := range map[string]string{
		"Ada\u200d Rivera":          "U+200D (ZERO WIDTH JOINER) as character 4, which nobody sees",
		"Ada Rivera\u200b":          "U+200B (ZERO WIDTH SPACE) as character 11, which nobody sees",
		"\ufeffAda Rivera":          "U+FEFF (ZERO WIDTH NO-BREAK SPACE) as character 1, which nobody sees",
		"Ada\u00ad Rivera":          "U+00AD (SOFT HYPHEN) as character 4, which nobody sees",
		"Ada \u202eRivera":          "U+202E (RIGHT-TO-LEFT OVERRIDE) as character 5, which nobody sees",
		"Ada\u034f Rivera":          "U+034F (COMBINING GRAPHEME JOINER) as character 4, which nobody sees",
		"Ada Rivera\ufe0f":          "U+FE0F (VARIATION SELECTOR-16) as character 11, which nobody sees",
		"Ada\u3164 Rivera":          "U+3164 (HANGUL FILLER) as character 4, which nobody sees",
		"Ada\x00 Rivera":            "U+0000 (<control>) as character 4, which nobody sees",
		"Ada\tRivera":               "U+0009 (<control>) as character 4, which is no plain space",
		"Ada\nRivera":               "U+000A (<control>) as character 4, which is no plain space",
		"Ada\u00a0Rivera":           "U+00A0 (NO-BREAK SPACE) as character 4, which is no plain space",
		"Ａｄａ　Ｒｉｖｅｒａ":                "U+FF21 (FULLWIDTH LATIN CAPITAL LETTER A) as character 1, which is a form of \"A\"",
		"Ro\u017f\u017f":            "U+017F (LATIN SMALL LETTER LONG S) as character 3, which is a form of \"s\"",
		"\ufb01ona Griffin":         "U+FB01 (LATIN SMALL LIGATURE FI) as character 1, which is a form of \"fi\"",
		"\U0001d400da Rivera":       "U+1D400 (MATHEMATICAL BOLD CAPITAL A) as character 1, which is a form of \"A\"",
		"\u0410da Rivera":           "U+0064 (LATIN SMALL LETTER D) as character 2, which is Latin in a name that is Cyrillic",
		"Ada Rivera\u0430":          "U+0430 (CYRILLIC SMALL LETTER A) as character 11, which is Cyrillic in a name that is Latin",
		"Ada R\u03b9vera":           "U+03B9 (GREEK SMALL LETTER IOTA) as character 6, which is Greek in a name that is Latin",
		"王小明 Ада":                   "U+0410 (CYRILLIC CAPITAL LETTER A) as character 5, which is Cyrillic in a name that is Han",
		"김ひ":                        "U+3072 (HIRAGANA LETTER HI) as character 2, which is Hiragana in a name that is Hangul",
		"Ada \u0301Rivera":          "U+0301 (COMBINING ACUTE ACCENT) as character 5, an accent without a letter",
		"Rive\u0331\u0331ra":        "U+0331 (COMBINING MACRON BELOW) as character 6, the same accent twice",
		"Ada\u2800Rivera":           "U+2800 (BRAILLE PATTERN BLANK) as character 4, which nobody sees",
		"Ada \ue000":                "as character 5, which nobody can read",
		"Ada\xff":                   "is not valid UTF-8",
		"Ada\ufffd":                 "is not valid UTF-8",
		"Ada Rivera\U000e0041":      "U+E0041 (TAG LATIN CAPITAL LETTER A) as character 11, which nobody sees",
		"R\u0300\u0300 twice":       "the same accent twice",
		"\u0301Ada":                 "an accent without a letter",
		"Ada\u2028Rivera":           "which is no plain space",
		"Ada Rivera\u2060":          "which nobody sees",
		"Ada (\u0412\u0435\u0440a)": "U+0412 (CYRILLIC CAPITAL LETTER VE) as character 6, which is Cyrillic in a name that is Latin",
	} {
		refusal, ok := breach.AsRefusal(breach.CheckPersonName("--by", name))
		require.True(t, ok, "%+q", name)
		require.Contains(t, refusal.Message, says, "%+q", name)
		require.Contains(t, refusal.Message, "--by")
		require.NotEmpty(t, refusal.Advice)
	}
	for _, name := range []string{
		"Ada Rivera", "Rivera, Ada", "Ada M. Rivera, J.D.", "José Peña", "Jose\u0301 Pen\u0303a", "O'Neil", "O\u2019Neil", "Smith-Jones", "Smith\u2010Jones",
		"Dr. Ada Rivera (privacy officer)", "ada.rivera+privacy@example.org", "Approver 2", "Ng\u1ecdc Nguy\u1ec5n", "Łukasz Żółć", "Ångström", "\u212bngström",
		"王小明", "王小明 (Wang Xiaoming)", "山田 たろう", "ヤマダ・タロウ Taro", "김민수 Kim", "Анна Петрова", "Ελένη Παππά", "שרה כהן", "محمد علي", "अनिता", "uid 65532", "", "duenotice", "José 🙂",
	} {
		require.NoError(t, breach.CheckPersonName("--by", name), "%+q", name)
	}
}

// FuzzCheckPersonName: whatever is typed, the answer does not depend on letters being
// composed, and a name that is taken has nothing in it that is not seen.
func FuzzCheckPersonName(f *testing.F) {
	for _, seed := range []string{"Ada Rivera", "Jose\u0301", "A\u0410", "\u200d", "Ａ", "\xff", "e\u0301\u0301", " \u0301", "王a", "\u1100\u1161\u11a8", "\u0344", "\u0958"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		err := breach.CheckPersonName("--by", name)
		if err != nil {
			refusal, ok := breach.AsRefusal(err)
			require.True(t, ok)
			require.Contains(t, []string{"unclear_name", "unreadable_text"}, refusal.Code)
			require.True(t, utf8.ValidString(refusal.Message))
			return
		}
		for _, r := range name {
			require.False(t, unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point), "%U", r)
		}
		require.Equal(t, norm.NFC.String(name), norm.NFKC.String(name), "%+q", name)
		require.True(t, breach.SamePerson(name, norm.NFC.String(name)), "%+q", name)
		require.True(t, breach.SamePerson(name, norm.NFD.String(name)), "%+q", name)
	})
}
