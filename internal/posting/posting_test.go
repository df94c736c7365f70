package posting_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/posting"
)

var notice = posting.Text{
	{Name: "What Happened", Sentences: []string{"Somebody used a stolen password.", "It was discovered on March 16, 2026."}},
	{Name: "For More Information", Sentences: []string{"To learn more, call 1-800-555-0100."}},
}

// whole is a site's own page with the notice in it, set as sites set things.
const whole = `<!doctype html><html><head><title>Oak Street</title><style>p{color:red}</style></head><body><nav>Home</nav>
<div><h1>WHAT  HAPPENED</h1><p>Somebody used a <b>stolen</b>
 password&nbsp;&mdash; It was dis<wbr>covered on <time>March&#160;16, 2026</time>.</p>
<p>To learn more, call <a href="tel:18005550100">1 (800) 555&#8209;0100</a>!</p></div></body></html>`

func TestAPageWithTheNoticeHasAllOfIt(t *testing.T) {
	t.Parallel()
	require.Empty(t, notice.MissingFrom(posting.OfHTML(whole)))
	require.Equal(t, 3, notice.Sentences())
}

// TestWhatAPageDoesNotShowIsMissing says which sentence, whatever took it away.
func TestWhatAPageDoesNotShowIsMissing(t *testing.T) {
	t.Parallel()
	number := []posting.Missing{{Element: "For More Information", Sentence: "To learn more, call 1-800-555-0100."}}
	for name, page := range map[string]string{
		"another number":            strings.Replace(whole, "0100</a>", "0199</a>", 1),
		"taken out":                 strings.Replace(whole, "To learn more", "", 1),
		"a comment":                 strings.NewReplacer("<p>To", "<!--<p>To", "!</p>", "!</p>-->").Replace(whole),
		"hidden":                    strings.Replace(whole, "<p>To", "<p hidden>To", 1),
		"not displayed":             strings.Replace(whole, "<p>To", `<p style="margin:0; display : none">To`, 1),
		"a script writes it maybe":  strings.NewReplacer("<p>To", "<script>To", "!</p>", "!</script>").Replace(whole),
		"in a text field":           strings.NewReplacer("<p>To", "<textarea>To", "!</p>", "!</textarea>").Replace(whole),
		"hidden by what is outside": strings.NewReplacer("<p>To", "<section hidden><p>To", "!</p>", "!</p></section>").Replace(whole),
	} {
		require.Equal(t, number, notice.MissingFrom(posting.OfHTML(page)), name)
	}
	require.Len(t, notice.MissingFrom(posting.OfHTML("<h1>Not found</h1>")), 3)
	require.Len(t, notice.MissingFrom(posting.OfHTML("")), 3)
}

func FuzzOfHTML(f *testing.F) {
	f.Add(whole)
	f.Add("<p>" + strings.Repeat("<div>", 600))
	f.Fuzz(func(_ *testing.T, page string) {
		notice.MissingFrom(posting.OfHTML(page))
	})
}
