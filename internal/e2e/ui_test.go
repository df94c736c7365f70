package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	"google.golang.org/protobuf/encoding/protojson"

	"duenotice/internal/officetest"
	"duenotice/internal/postgres"
	"duenotice/internal/stack"
)

// desk is the stack of up on this machine, with Temporal's real UI.
type desk struct {
	t            *testing.T
	dir, program string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	dir, err := os.MkdirTemp("", "duenotice-desk-") //nolint:usetesting // PostgreSQL, run as another user than root, has to pass through
	require.NoError(t, err)
	require.NoError(t, os.Chmod(dir, 0o755))
	d := &desk{t: t, dir: dir, program: filepath.Join(dir, "duenotice")}
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", d.program, "duenotice/starter").CombinedOutput()
	require.NoError(t, err, string(out))
	t.Cleanup(func() {
		require.NoError(t, stack.Remove(context.Background(), filepath.Join(dir, "state"), nil))
		require.NoError(t, os.RemoveAll(dir))
	})
	return d
}

func (d *desk) do(args ...string) string {
	d.t.Helper()
	cmd := exec.CommandContext(d.t.Context(), d.program, append(args, "--dir", filepath.Join(d.dir, "state"))...)
	cmd.Dir = d.dir
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	require.NoError(d.t, err, "%s\n%s", out, errs.String())
	return string(out)
}

// toThisMachine finds every name here, as a browser does those below localhost.
func toThisMachine(port string) *http.Transport {
	return &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, net.JoinHostPort("127.0.0.1", port))
	}}
}

// browse asks for a page as a browser with these cookies does.
func (d *desk) browse(b *http.Client, method, address string, body []byte) (int, []byte) {
	d.t.Helper()
	r, err := http.NewRequestWithContext(d.t.Context(), method, address, bytes.NewReader(body))
	require.NoError(d.t, err)
	r.Header.Set("Origin", r.URL.Scheme+"://"+r.URL.Host)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Namespace", "default")
	r.Header.Set("Referer", r.URL.Scheme+"://"+r.URL.Host+"/namespaces/default/workflows/the-page")
	answer, err := b.Do(r)
	require.NoError(d.t, err)
	defer func() { require.NoError(d.t, answer.Body.Close()) }()
	content, err := io.ReadAll(answer.Body)
	require.NoError(d.t, err)
	return answer.StatusCode, content
}

// An officer opens the link that up printed and reads what a practice waits for.
func TestTheTemporalUIIsReadableWithTheLinkOfUp(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	link := regexp.MustCompile(`http://[a-z2-7]{26}\.localhost:\d+/duenotice/login\S+`).FindString(d.do("up"))
	require.NotEmpty(t, link)
	address, err := url.Parse(link)
	require.NoError(t, err)
	root := "http://" + address.Host

	folder, made := officetest.MakeCase(t, 400, 20)
	d.do("start", folder)
	status := d.do("status")
	require.Contains(t, status, root)

	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	officer := &http.Client{Jar: jar, Transport: toThisMachine(address.Port())}
	code, html := d.browse(officer, http.MethodGet, link, nil)
	require.Equal(t, http.StatusOK, code)
	require.Contains(t, string(html), "<button", "following the link is not enough")
	code, html = d.browse(officer, http.MethodPost, root+address.Path, []byte(address.RawQuery))
	require.Equal(t, http.StatusOK, code)
	require.Contains(t, string(html), "/duenotice/render", "Temporal's own page, with our script in it")

	code, text := d.browse(officer, http.MethodGet, root+"/api/v1/settings", nil)
	require.Equal(t, http.StatusOK, code)
	var settings struct{ Codec struct{ Endpoint string } }
	require.NoError(t, json.Unmarshal(text, &settings))

	workflow := url.PathEscape("practice:" + made.IncidentID + ":" + "P-00001")
	code, history := d.browse(officer, http.MethodGet, root+"/api/v1/namespaces/default/workflows/"+workflow+"/history?maximumPageSize=100", nil)
	require.Equal(t, http.StatusOK, code, string(history))
	sealed := summaries(t, history)
	require.NotEmpty(t, sealed.GetPayloads())
	require.NotContains(t, string(history), "notice due")

	body, err := protojson.Marshal(sealed)
	require.NoError(t, err)
	decode := root + settings.Codec.Endpoint + "/decode"
	code, _ = d.browse(&http.Client{Transport: officer.Transport}, http.MethodPost, decode, body)
	require.Equal(t, http.StatusUnauthorized, code, "nobody who is not logged in")
	code, opened := d.browse(officer, http.MethodPost, decode, body)
	require.Equal(t, http.StatusOK, code, string(opened))
	var read commonpb.Payloads
	require.NoError(t, protojson.Unmarshal(opened, &read))
	var lines []string
	for _, p := range read.GetPayloads() {
		lines = append(lines, string(p.GetData()))
	}
	require.Regexp(t, `"Notice to the practice due \d{4}-\d\d-\d\d, 45 CFR 164\.410\(b\)`, strings.Join(lines, "\n"))

	running, ok := stack.Read(filepath.Join(d.dir, "state"))
	require.True(t, ok)
	store, err := postgres.Open(t.Context(), running.DatabaseURL)
	require.NoError(t, err)
	defer store.Close()
	views, err := store.PayloadViews(t.Context())
	require.NoError(t, err)
	require.Len(t, views, 1)
	require.Equal(t, "the-page", views[0].WorkflowID)
	require.Equal(t, len(sealed.GetPayloads()), views[0].Payloads)

	// The same address after a restart, and the login still counts.
	d.do("down")
	d.do("up")
	code, _ = d.browse(officer, http.MethodGet, root+"/api/v1/settings", nil)
	require.Equal(t, http.StatusOK, code)
}

// summaries are the encrypted summaries of a history's timers and activities.
func summaries(t *testing.T, history []byte) *commonpb.Payloads {
	t.Helper()
	var h struct {
		History struct {
			Events []struct {
				UserMetadata struct{ Summary json.RawMessage }
			}
		}
	}
	require.NoError(t, json.Unmarshal(history, &h))
	all := &commonpb.Payloads{}
	for _, e := range h.History.Events {
		if len(e.UserMetadata.Summary) > 0 && string(e.UserMetadata.Summary) != "null" {
			p := &commonpb.Payload{}
			require.NoError(t, protojson.Unmarshal(e.UserMetadata.Summary, p))
			all.Payloads = append(all.Payloads, p)
		}
	}
	return all
}
