package pages_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/packet"
	"duenotice/internal/pages"
)

func TestItIsTimeToForget(t *testing.T) {
	t.Parallel()
	const quiet = time.Minute
	traces := &pages.Traces{}
	f := serve(t, func(s *pages.Server) { s.Traces = traces })
	later := func(d time.Duration) bool { return traces.Forget(noon.Add(d), quiet) }
	require.False(t, later(24*time.Hour), "nothing was unsealed")

	// Strangers leave nothing: not with a link, a wrong code, or a cookie made up.
	stranger := f.clerk(t)
	stranger.get(pathOf(f.link[own.Key]))
	stranger.post(pathOf(f.link[own.Key]), map[string][]string{"code": {packet.NewCode().String()}})
	r := stranger.request(http.MethodGet, "/notice", nil)
	r.AddCookie(&http.Cookie{Name: "duenotice_practice_" + f.pages.Address.Port(), Value: packet.NewToken().String()})
	require.Equal(t, http.StatusUnauthorized, stranger.do(r).status)
	require.False(t, later(24*time.Hour))

	f.clerk(t).comesIn(own)
	require.True(t, traces.Nobody())
	require.False(t, later(quiet-time.Second), "somebody may look again")
	require.True(t, later(quiet))
}

func TestAServerThatIsNeverQuietForgetsToo(t *testing.T) {
	t.Parallel()
	const quiet = time.Minute
	var traces pages.Traces
	now := noon
	clock := func() time.Time { return now }
	first := traces.Enter(clock)
	now = now.Add(time.Hour)
	require.False(t, traces.Nobody())
	require.False(t, traces.Forget(now, quiet), "a long file is let come to its end")
	first()
	require.True(t, traces.Forget(now, quiet), "it was long ago that something was unsealed first")
}
