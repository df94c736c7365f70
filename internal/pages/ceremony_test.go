package pages_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/pages"
)

func TestACeremonyIsGoodOnceForWhoBeganIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, open string
		other      bool
		good       bool
	}{
		{"its own", "login a", false, true}, {"another link's", "login b", false, false}, {"to register", "register a", false, false}, {"another process's", "login a", true, false},
	} {
		first, again, err := pages.CeremonyOnce("login a", c.open, c.other)
		require.NoError(t, err)
		require.Equal(t, c.good, first, c.name)
		require.False(t, again, c.name)
	}
}

// TestAllLinksAskADeviceTheSame: nothing tells whether a link is known or has passkeys.
func TestAllLinksAskADeviceTheSame(t *testing.T) {
	t.Parallel()
	f := serve(t)
	c := f.clerk(t)
	known, unknown := c.post(pathOf(f.link[own.Key])+"/passkey/begin", nil), c.post("/p/nobody/passkey/begin", nil)
	require.Equal(t, http.StatusOK, known.status)
	require.Equal(t, challenge.ReplaceAllString(known.body, ""), challenge.ReplaceAllString(unknown.body, ""))
	require.NotContains(t, known.body, "allowCredentials")
	for _, link := range []string{f.link[own.Key].String(), "nobody"} {
		refused := c.post("/p/"+link+"/passkey/finish", nil)
		require.Equal(t, http.StatusForbidden, refused.status)
		require.Contains(t, refused.body, "does not open this page")
	}
}
