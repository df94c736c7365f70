package cli_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestALinkLeadsToThePageThatIsMeant(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r := o.do("ui")
	require.Equal(t, 1, r.code)
	require.Contains(t, r.err, "DUENOTICE_TEMPORAL_UI")

	o.startWorker()
	o.must("start", syntheticCase(t, 2, 4), "--no-wait")
	o.env["DUENOTICE_TEMPORAL_UI"] = "http://127.0.0.1:8080"
	pages := map[string][]string{
		"/workflows":                               {"ui"},
		"/workflows/incident:DEMO-2026-03":         {"ui", "DEMO-2026-03"},
		"/workflows/practice:DEMO-2026-03:P-00001": {"ui", "DEMO-2026-03", "--practice", "P-00001", "--by", "Ada Rivera"},
	}
	seen := map[string]bool{}
	for page, args := range pages {
		link, err := url.Parse(strings.TrimSpace(o.must(args...)))
		require.NoError(t, err)
		require.Equal(t, "127.0.0.1:8080", link.Host)
		to, err := url.Parse(link.Query().Get("to"))
		require.NoError(t, err)
		require.Equal(t, "/namespaces/"+o.env["TEMPORAL_NAMESPACE"]+page, to.Path)
		seen[link.Query().Get("link")] = true
	}
	require.Len(t, seen, len(pages), "each link has a secret of its own")

	for says, args := range map[string][]string{"name the incident": {"ui", "--practice", "P1"}, "../X": {"ui", "../X"}, "a/b": {"ui", "X", "--practice", "a/b"}} {
		r := o.do(args...)
		require.Equal(t, 2, r.code)
		require.Contains(t, r.err, says)
	}
}

// Whoever holds a role looks under the name it was given to, and nobody without one looks.
func TestNobodyLooksUnderAnothersName(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.startWorker()
	o.env["DUENOTICE_TEMPORAL_UI"] = "http://k3x9ab.localhost:8080"
	require.Contains(t, o.must("ui", "--by", "Ben Okafor"), "http://k3x9ab.localhost:8080/duenotice/login?link=", "while nobody holds a role")
	o.account = "ada"
	o.must("access", "grant", "officer", "--to", "os:ada", "--name", "Ada Rivera", "--by", "Ada Rivera")
	r := o.do("ui", "--by", "Ben Okafor")
	require.NotEqual(t, 0, r.code)
	require.Contains(t, r.err, "cannot act as Ben Okafor")
	o.must("ui", "--by", "Ada Rivera")
	o.account = "ben"
	r = o.do("ui")
	require.NotEqual(t, 0, r.code)
	require.NotContains(t, r.out, "login?link=")
}
