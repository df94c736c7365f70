package browser_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"duenotice/internal/testkit/browser"
)

const whole = `<!doctype html><html lang="en"><head><title>A page</title></head><body><main><h1>Whole</h1>
<form><label for="code">Code</label> <input id="code"></form></main></body></html>`

func TestABrowserShowsPagesAndHasAPasskeyDevice(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Security-Policy", "default-src 'none'") // as ours: what the test asks must work all the same
		_, _ = w.Write([]byte(whole))
	}))
	t.Cleanup(server.Close)
	b := browser.New(t)
	b.Phone()
	b.Authenticator(true)
	b.Do(chromedp.Navigate(server.URL))
	require.Equal(t, "A page", browser.Ask(b, chromedp.Title()))
	require.Equal(t, "Whole", b.Text("h1"))
	b.NoBarriers()
	b.Do(chromedp.Evaluate[chromedp.Void](`document.querySelector("label").remove()`))
	if found, looked := b.Barriers(); looked {
		require.Contains(t, found, "label (critical)")
	}
	require.Contains(t, string(b.Print()[:5]), "%PDF-")
}
