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
		"We told \u182a\u1820.": '\u182a', // Mongolian runs downwards
		"\U00013080":            '\U00013080',
		"\u0301Ada":             '\u0301', // a mark and no letter that it is of
		"Ada \u0301Ng":          '\u0301',
		"\u093fकमल":             '\u093f',
		"Ada \u093f":            '\u093f',
		"A\u093f":               '\u093f', // the mark of another writing system
		"a\u05b8":               '\u05b8',
		"x\u0323\u0d3e":         '\u0d3e',
		"Nguy\xc3n":             '\ufffd',
		"\ue000":                '\ue000',
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
	got, lacked := typeface.Marked("Batu \u182a\u1820\u1832 (\u1824)\nकमल \u0301")
	require.True(t, lacked)
	require.Equal(t, "Batu [U+182A U+1820 U+1832] ([U+1824])\nकमल[U+0020 U+0301]", got)
	got, lacked = typeface.Marked("Ada\nRivera")
	require.False(t, lacked)
	require.Equal(t, "Ada\nRivera", got)
}

func FuzzLine(f *testing.F) {
	for _, seed := range []string{"", "a b", "\u2192", "\uf0b7\t\u182a", "\xff", "क\u094d\u200dष", "שָׂרָה (5)", "\u093f\u182a\u0301", "ﺍﻟ", "e\u0302\u0303", "\U0001f512."} {
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
		if !lacked {
			sum := 0.0
			for _, part := range typeface.Set(line, true) {
				sum += part.Width
			}
			require.InDelta(t, typeface.Width(line, true, 1000), sum, 0.001)
		}
	})
}
