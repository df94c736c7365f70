package temporalx_test

import (
	"bytes"
	"html"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"duenotice/internal/temporalx"
)

// hostile are texts out of which Markdown makes more than was written.
var hostile = []string{
	"[Sign in again](https://evil.example/)", "![](https://evil.example/seen.png)", "https://evil.example/login", "HTTP://evil.example", "www.evil.example",
	"<https://evil.example>", "officer@evil.example", "mailto:officer@evil.example", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>",
	"**bold** _and_ *more* __still__ ~~gone~~", "`code` and ``more``", "# A heading", "1. a list", "12) a list", "- a list", "+ a list", "> said", "| a | b |\n|---|---|\n| c | d |",
	"one\n\ntwo", "Name\n====", "```\ncode\n```", "[1]: https://evil.example", "[1][1]", "&lt;b&gt; &#106;avascript", "\\[x\\](y)", "$x$ x^2^", "{namespace} {workflowId}",
	"safe\u202egnp.exe", "in\u200bvisible", "line\u2028separator", "https\u200b://evil.example", ": defined", "- [ ] a task", "a\x00b", "[^1] note", "    indented", "FTP://evil.example/x", "A & B, A&B",
	"javascript:alert(1)", "[x]: javascript:alert(1)", "~~~\nx", "***", "St. Mary’s \"House\" -- it's",
}

// rendered is Markdown as a reader with every usual extension shows it.
func rendered(t *testing.T, markdown string) string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote, extension.DefinitionList)).Convert([]byte(markdown), &out))
	return out.String()
}

// isText requires that the reader of Markdown sees this text in one paragraph, and
// nothing is made of it.
func isText(t *testing.T, seen, markdown string) {
	t.Helper()
	page := rendered(t, "Stated by "+markdown+".")
	inner, ok := strings.CutPrefix(page, "<p>Stated by ")
	require.True(t, ok, page)
	inner, ok = strings.CutSuffix(inner, ".</p>\n")
	require.True(t, ok, page)
	require.NotContains(t, inner, "<", "an element was made of %q", markdown)
	require.Equal(t, seen, html.UnescapeString(inner))
	// Alone it begins a paragraph, where a list or a heading could begin too.
	if page = rendered(t, markdown); markdown != "" {
		require.Equal(t, "<p>", page[:3], "%q", page)
		require.NotContains(t, page[3:], "<p", page)
		require.Equal(t, 2, strings.Count(page, "<"), page)
	}
}

// asWritten is a text without what nobody can see, its white space made one.
func asWritten(text string) string {
	for _, unseen := range []string{"\u202e", "\u200b"} {
		text = strings.ReplaceAll(text, unseen, "")
	}
	text = strings.NewReplacer("\u2028", " ", "\x00", " ").Replace(text)
	return strings.Join(strings.Fields(text), " ")
}

func TestWhatAPersonWroteIsText(t *testing.T) {
	t.Parallel()
	for _, text := range hostile {
		isText(t, asWritten(text), temporalx.Text(text))
		isText(t, temporalx.Line(text), temporalx.Line(text))
	}
	require.Equal(t, `HHS annual log due 2027-03-01, 45 CFR 164.408\(c)`, temporalx.Text("HHS annual log due 2027-03-01, 45 CFR 164.408(c)"))
	require.Equal(t, `A\*B \_Clinic\_ \<LLC\>, \[1\]`, temporalx.Text("A*B _Clinic_ <LLC>, [1]"))
	require.Equal(t, "one line", temporalx.Text("one\nline"))
}

// Of most summaries nothing is changed: a key can be copied from them.
func TestASummaryOfPlainWordsStaysAsItIs(t *testing.T) {
	t.Parallel()
	for _, summary := range []string{
		"Practice P-00001", "Practice north_bay.2", "Individual notice due 2026-05-15, 45 CFR 164.404(b): 30 days before", "approve by Ada O'Rivera-Smith & Sons",
		"Close the practice: nothing is owed", "HHS annual log of breaches under 500, 45 CFR 164.408(c)",
	} {
		require.Equal(t, summary, temporalx.Line(summary))
	}
	require.Equal(t, "record by ❲Ada❳(https∶//evil․example)", temporalx.Line("record by [Ada](https://evil.example)"))
}

func FuzzWhatAPersonWroteIsText(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, shown := range []string{temporalx.Text(text), temporalx.Line(text)} {
			require.True(t, utf8.ValidString(shown))
			page := rendered(t, "Stated by "+shown+".")
			require.True(t, strings.HasPrefix(page, "<p>") && strings.HasSuffix(page, "</p>\n"), page)
			require.Equal(t, 2, strings.Count(page, "<"), "%q became %s", text, page)
		}
		line := temporalx.Line(text)
		isText(t, line, line)
	})
}
