package pages_test

import (
	"io/fs"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/packet"
	"duenotice/internal/pages"
	files "duenotice/templates/pages"
)

// TestEveryLanguageHasEveryWord: the same keys, the same names to fill in, and all that
// the templates ask for.
func TestEveryLanguageHasEveryWord(t *testing.T) {
	t.Parallel()
	names := regexp.MustCompile(`\{\w+\}`)
	english, err := pages.Words("en")
	require.NoError(t, err)
	require.Greater(t, len(english), 250)
	for _, lang := range pages.Languages {
		words, err := pages.Words(lang)
		require.NoError(t, err)
		require.Len(t, words, len(english), lang)
		for key, text := range english {
			require.NotEmpty(t, words[key], "%s: %s", lang, key)
			want, has := names.FindAllString(text, -1), names.FindAllString(words[key], -1)
			slices.Sort(want)
			slices.Sort(has)
			require.Equal(t, want, has, "%s: %s", lang, key)
		}
	}
	for _, c := range breach.DataClasses() {
		require.Contains(t, english, "data."+string(c))
	}
	for _, kind := range packet.Answers {
		require.Contains(t, english, "kind."+kind)
	}
	templates, err := fs.Glob(files.Files, "*.html")
	require.NoError(t, err)
	asked := regexp.MustCompile(`[{(]\s*(?:t|counted) "([\w.]+)"`)
	n := 0
	for _, name := range templates {
		content, err := fs.ReadFile(files.Files, name)
		require.NoError(t, err)
		for _, m := range asked.FindAllStringSubmatch(string(content), -1) {
			n++
			if english[m[1]] == "" {
				require.Contains(t, english, m[1]+".many", name)
			}
		}
	}
	require.Greater(t, n, 100)
}

func TestTheStyleSheetIsSmall(t *testing.T) {
	t.Parallel()
	css, err := fs.ReadFile(files.Files, "style.css")
	require.NoError(t, err)
	require.LessOrEqual(t, len(css), 16<<10)
	require.NotRegexp(t, `url\(|@import|https?:`, string(css), "nothing is loaded from elsewhere")
}
