package clerk_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/clerk"
)

const (
	comingIn = `<h1>Open the notice</h1><form id="come-in" action="/p/x" method="post"><input name="code"></form>`
	inside   = `<h1>Notice</h1>`
)

// TestAClerkComesAgainWhenAskedTo: a page that says when to try again is believed, and
// nothing else is.
func TestAClerkComesAgainWhenAskedTo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		after  string
		status int
		comeIn bool
	}{
		"asked to wait":           {"0", http.StatusServiceUnavailable, true},
		"away, nobody knows when": {"", http.StatusServiceUnavailable, false},
		"tried too often":         {"0", http.StatusTooManyRequests, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tries := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				page := comingIn
				if r.Method == http.MethodPost {
					if tries++; tries == 1 {
						w.Header().Set("Retry-After", c.after)
						w.WriteHeader(c.status)
					} else {
						page = inside
					}
				}
				_, _ = io.WriteString(w, page)
			}))
			t.Cleanup(server.Close)
			in, err := clerk.HTTP{}.ComeIn(t.Context(), clerk.Invitation{Page: server.URL + "/p/x", Code: "AAAAA-BBBBB"})
			if !c.comeIn {
				require.ErrorContains(t, err, "giving the code")
				require.Equal(t, 1, tries)
				return
			}
			require.NoError(t, err)
			require.Equal(t, 1, in.Waits())
		})
	}
}
