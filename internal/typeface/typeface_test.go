package typeface_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/typeface"
)

func TestWhatTheFontsLackIsSubstitutedWhereItsMeaningStays(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Old \u2192 new.":                          "Old -> new.",
		"\u2610 We closed.":                        "[ ] We closed.",
		"\u2611\ufe0f done":                        "[x] done",
		"\uf0b7\tWe closed the way in.":            "• We closed the way in.",
		"\uf0a7 item":                              "• item",
		"\u25aa item":                              "• item",
		"\u2714\ufe0f We closed the way in.":       "[x] We closed the way in.",
		"We closed the way in \U0001f512.":         "We closed the way in.",
		"\U0001f1fa\U0001f1f8 Zo\u00eb \U0001f642": "Zoë",
		"\u26a0\ufe0f Call \u260e 1-800":           "Warning Call Telephone 1-800",
		"Step 1\ufe0f\u20e3, then \u2461":          "Step 1, then (2)",
		"\U0001d400\U0001d401 \uff23\uff24":        "AB CD",
		"We\u200bclosed":                           "Weclosed",
		"soft\u00adhyphen":                         "softhyphen",
		"\u201cWe closed\u201d \u2013 that\u2019s": "“We closed” – that’s",
		"con\ufb01rmed":                            "conﬁrmed",
		"Sub\u2011contractor":                      "Sub‑contractor",
		"a\u00a0b\u3000c\td  e":                    "a b c d e",
		"no. \u2212 5 \u2265 3":                    "no. - 5 >= 3",
		"Nguye\u0302\u0303n":                       "Nguyễn",
		"two\u2028lines":                           "two lines",
		"\u2028":                                   "",
		"a\ufdd0b\u0000c\u202ed":                   "abcd",
	} {
		got := typeface.Line(text)
		require.Equal(t, want, got, "%+q", text)
		require.Equal(t, got, typeface.Line(got), "a second time changes nothing")
		r, lacks := typeface.Lacks(got)
		require.False(t, lacks, "%+q leaves %U", text, r)
	}
}

// What nothing can stand for stays, and is found.
func TestWhatCannotBePrintedIsFound(t *testing.T) {
	t.Parallel()
	for text, first := range map[string]rune{
		"We told \u0644\u0642\u062f.": '\u0644',
		"\u6211\u5011":                '\u6211',
		"\u05db\u05d4\u05df":          '\u05db',
		"Ng\u0303uy":                  '\u0303', // no character is a g with a tilde
		"J\u030cura":                  '\u030c',
		"M\u0332\u0304ike":            '\u0332',
		"Nguy\xc3n":                   '\ufffd',
		"\ufdfa":                      '\ufdfa',
		"\ue000":                      '\ue000',
	} {
		r, lacks := typeface.Lacks(typeface.Line(text))
		require.True(t, lacks, "%+q", text)
		require.Equal(t, first, r, "%+q", text)
	}
}

func TestLinesKeepLineEnds(t *testing.T) {
	t.Parallel()
	require.Equal(t, "We closed.\nWe hired.", typeface.Lines("We closed.\u2028We  hired."))
	require.Equal(t, "a\n\nb\nc\nd", typeface.Lines("a\u2029b\r\nc\rd"))
}

func TestMarkedPrintsNumbers(t *testing.T) {
	t.Parallel()
	got, lacked := typeface.Marked("Wang \u738b\u5c0f\u660e (\u674e)")
	require.True(t, lacked)
	require.Equal(t, "Wang [U+738B U+5C0F U+660E] ([U+674E])", got)
	got, lacked = typeface.Marked("Ada\nRivera")
	require.False(t, lacked)
	require.Equal(t, "Ada\nRivera", got)
}

func FuzzLine(f *testing.F) {
	for _, seed := range []string{"", "a b", "\u2192", "\uf0b7\t\u738b", "\xff", "e\u0302\u0303", "\U0001f512."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		line := typeface.Line(s)
		require.Equal(t, line, typeface.Line(line))
		marked, lacked := typeface.Marked(line)
		_, lacks := typeface.Lacks(line)
		require.Equal(t, lacks, lacked)
		_, lacks = typeface.Lacks(marked)
		require.False(t, lacks, "%+q", marked)
	})
}
