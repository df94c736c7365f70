package viewer_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"html"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"duenotice/internal/casebook"
	"duenotice/internal/codec"
	"duenotice/internal/door"
	"duenotice/internal/keyring"
	"duenotice/internal/logging"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
	"duenotice/internal/viewer"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const (
	summary = "Individual notice due 2026-05-15, 45 CFR 164.404(b)"
	page    = "/namespaces/default/workflows/practice%3AEX-2026-03%3AP1"
)

// house is a viewer in front of a stand-in for Temporal's UI, with a real database.
type house struct {
	t        *testing.T
	database string
	door     *door.Door
	viewer   *viewer.Viewer
	store    *postgres.Store
	codec    *codec.Codec
	address  *url.URL
	now      time.Time
	log      bytes.Buffer
	// reached are the requests that came through to the UI.
	reached []*http.Request
}

func ring(t *testing.T, secret byte) *codec.Codec {
	t.Helper()
	key := append(bytes.Repeat([]byte{secret}, keyring.KeySize-1), 0)
	keys, err := keyring.Parse([]byte("k1 " + base64.StdEncoding.EncodeToString(key)))
	require.NoError(t, err)
	c, err := codec.New(keys)
	require.NoError(t, err)
	return c
}

func newHouse(t *testing.T) *house {
	t.Helper()
	database := testkit.Migrated(t, func(url string) error { return postgres.Migrate(context.Background(), url) })
	store, err := postgres.Open(t.Context(), database)
	require.NoError(t, err)
	t.Cleanup(store.Close)
	h := &house{t: t, database: database, store: store, codec: ring(t, 1), now: time.Date(2026, 4, 12, 15, 0, 0, 0, time.UTC)}

	ui := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.reached = append(h.reached, r)
		if strings.HasPrefix(r.URL.Path, "/namespaces/") {
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, "<!doctype html><html><head><title>Temporal's UI</title></head></html>")
			return
		}
		if r.URL.Path == "/api/v1/settings" {
			_, _ = io.WriteString(w, `{"DefaultNamespace":"default","Codec":{"Endpoint":""},"DisableWriteActions":false}`)
			return
		}
		_, _ = io.WriteString(w, "Temporal's UI")
	}))
	t.Cleanup(ui.Close)
	front := httptest.NewUnstartedServer(nil)
	_, port, err := net.SplitHostPort(front.Listener.Addr().String())
	require.NoError(t, err)
	h.address, err = door.ParseAddress("http://k3x9ab.localhost:" + port)
	require.NoError(t, err)
	now, log := func() time.Time { return h.now }, slog.New(logging.Redacting(slog.NewJSONHandler(&h.log, nil)))
	h.door = &door.Door{Address: h.address, Store: store, Ways: []door.Way{{Title: "Temporal UI", Path: "/"}}, Now: now, Log: log}
	h.viewer = &viewer.Viewer{Door: h.door, Codec: h.codec, Store: store, Now: now, Log: log}
	h.viewer.UI, err = door.ParseAddress(ui.URL)
	require.NoError(t, err)
	front.Config.Handler = h.handler()
	front.Start()
	t.Cleanup(front.Close)
	return h
}

// handler is the page with the door before it, as it is served.
func (h *house) handler() http.Handler { return h.door.Handler(h.viewer.Handler()) }

// browser is a client that keeps cookies and follows redirects.
func (h *house) browser() *http.Client {
	h.t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(h.t, err)
	// A browser takes every name below localhost for this machine.
	return &http.Client{Jar: jar, Transport: &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, net.JoinHostPort("127.0.0.1", h.address.Port()))
	}}}
}

func (h *house) link() string {
	h.t.Helper()
	link, err := door.NewLink(h.t.Context(), h.store, h.address, "ada", "os:ada", page, h.now)
	require.NoError(h.t, err)
	return link
}

// loggedIn is a browser in which a link was followed and its button pressed.
func (h *house) loggedIn() *http.Client {
	h.t.Helper()
	b := h.browser()
	status, body := h.press(b, h.link())
	require.Equal(h.t, http.StatusOK, status)
	require.Contains(h.t, body, "Temporal's UI")
	return b
}

// press follows a link and presses the button of the page that it leads to.
func (h *house) press(b *http.Client, link string) (int, string) {
	h.t.Helper()
	status, body := h.get(b, link)
	require.Equal(h.t, http.StatusOK, status, body)
	require.Contains(h.t, body, `<form method="post" action="/duenotice/login">`)
	form := url.Values{}
	for _, field := range regexp.MustCompile(`<input type="hidden" name="(\w+)" value="(.*?)">`).FindAllStringSubmatch(body, -1) {
		form.Set(field[1], html.UnescapeString(field[2]))
	}
	return h.send(b, h.posted(form))
}

// posted is what a browser sends for the button.
func (h *house) posted(form url.Values) *http.Request {
	h.t.Helper()
	r := h.request(http.MethodPost, "/duenotice/login", form.Encode())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", h.address.String())
	return r
}

func (h *house) get(b *http.Client, address string) (int, string) {
	h.t.Helper()
	return h.send(b, h.request(http.MethodGet, address, ""))
}

func (h *house) request(method, address, body string) *http.Request {
	h.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = h.address.String() + address
	}
	r, err := http.NewRequestWithContext(h.t.Context(), method, address, strings.NewReader(body))
	require.NoError(h.t, err)
	return r
}

func (h *house) send(b *http.Client, r *http.Request) (int, string) {
	h.t.Helper()
	answer, err := b.Do(r)
	require.NoError(h.t, err)
	defer func() { require.NoError(h.t, answer.Body.Close()) }()
	body, err := io.ReadAll(answer.Body)
	require.NoError(h.t, err)
	return answer.StatusCode, string(body)
}

// payloads are sealed ones as the UI sends them.
func payloads(t *testing.T, c *codec.Codec, values ...string) string {
	t.Helper()
	var in commonpb.Payloads
	for _, v := range values {
		p, err := converter.GetDefaultDataConverter().ToPayload(v)
		require.NoError(t, err)
		in.Payloads = append(in.Payloads, p)
	}
	var err error
	in.Payloads, err = c.Encode(in.GetPayloads())
	require.NoError(t, err)
	text, err := protojson.Marshal(&in)
	require.NoError(t, err)
	require.NotContains(t, string(text), base64.StdEncoding.EncodeToString([]byte(summary))[:20])
	return string(text)
}

// decode is what the UI's script asks on a practice's page.
func (h *house) decode(body string) *http.Request {
	h.t.Helper()
	r := h.request(http.MethodPost, "/duenotice/codec/decode", body)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", h.address.String())
	r.Header.Set("X-Namespace", "default")
	r.Header.Set("Referer", h.address.String()+page+"/01a212e7/history")
	return r
}

func (h *house) views() []casebook.PayloadView {
	h.t.Helper()
	views, err := h.store.PayloadViews(h.t.Context())
	require.NoError(h.t, err)
	return views
}

func TestAnOfficerReadsWhatIsEncryptedAndItIsWrittenDown(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	officer := h.loggedIn()
	require.Equal(t, "/namespaces/default/workflows/practice:EX-2026-03:P1", h.reached[0].URL.Path, "the link leads to the page it was made for")

	status, body := h.send(officer, h.decode(payloads(t, h.codec, summary, "waiting approval")))
	require.Equal(t, http.StatusOK, status, body)
	var out commonpb.Payloads
	require.NoError(t, protojson.Unmarshal([]byte(body), &out))
	var read string
	require.NoError(t, converter.GetDefaultDataConverter().FromPayload(out.GetPayloads()[0], &read))
	require.Equal(t, summary, read)

	require.Equal(t, []casebook.PayloadView{{
		At: h.now, Who: "ada", Namespace: "default", WorkflowID: "practice:EX-2026-03:P1", RunID: "01a212e7", Payloads: 2, Readable: true,
	}}, utc(h.views()))
	require.Contains(t, h.log.String(), `"WorkflowID":"practice:EX-2026-03:P1","RunID":"01a212e7","count":2,"status":"shown"`)
	require.NotContains(t, h.log.String(), "164.404")
}

// TestAnOfficerSeesWhereAPayloadBelongs, also when it lies somewhere else; what the
// page reads itself is as it was.
func TestAnOfficerSeesWhereAPayloadBelongs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	officer := h.loggedIn()
	at := func(purpose codec.Purpose) codec.Place {
		return codec.Place{Namespace: "default", Workflow: "practice:EX-2026-03:P2", Purpose: purpose, Name: "SendNotice", Of: "7"}
	}
	var in commonpb.Payloads
	add := func(purpose codec.Purpose, value any) {
		p, err := converter.GetDefaultDataConverter().ToPayload(value)
		require.NoError(t, err)
		p, err = h.codec.Seal(at(purpose), p)
		require.NoError(t, err)
		in.Payloads = append(in.Payloads, p)
	}
	add(codec.ActivityResult, map[string]string{"phase": "sent"})
	add(codec.Signal, nil)
	add(codec.Own, summary)
	add(codec.ActivityResult, []byte("bytes"))
	text, err := protojson.Marshal(&in)
	require.NoError(t, err)
	status, body := h.send(officer, h.decode(string(text)))
	require.Equal(t, http.StatusOK, status, body)
	var out commonpb.Payloads
	require.NoError(t, protojson.Unmarshal([]byte(body), &out))
	require.JSONEq(t, `{"belongs to":"the activity result SendNotice of workflow practice:EX-2026-03:P2, namespace default","content":{"phase":"sent"}}`,
		string(out.GetPayloads()[0].GetData()))
	require.JSONEq(t, `{"belongs to":"the signal SendNotice of workflow practice:EX-2026-03:P2, namespace default","content":null}`, string(out.GetPayloads()[1].GetData()))
	require.JSONEq(t, `"`+summary+`"`, string(out.GetPayloads()[2].GetData()))
	require.Equal(t, "bytes", string(out.GetPayloads()[3].GetData()))
	for i, purpose := range []codec.Purpose{codec.ActivityResult, codec.Signal, codec.Own, codec.ActivityResult} {
		require.Equal(t, at(purpose), codec.PlaceOf(out.GetPayloads()[i]))
	}
}

func utc(views []casebook.PayloadView) []casebook.PayloadView {
	for i := range views {
		views[i].At = views[i].At.UTC()
	}
	return views
}

func TestWhoIsNotLoggedInSeesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	sealed := payloads(t, h.codec, summary)
	stranger := h.browser()

	status, body := h.send(stranger, h.decode(sealed))
	require.Equal(t, http.StatusUnauthorized, status)
	require.Contains(t, body, "duenotice ui")
	guessed := h.decode(sealed)
	guessed.AddCookie(&http.Cookie{Name: "duenotice_" + h.address.Port(), Value: "AAAAAAAAAAAAAAAAAAAAAAAAAA"})
	status, _ = h.send(stranger, guessed)
	require.Equal(t, http.StatusUnauthorized, status)
	for _, path := range []string{"/", page, "/api/v1/settings", "/api/v1/namespaces/default/workflows"} {
		status, _ = h.get(stranger, path)
		require.Equal(t, http.StatusUnauthorized, status, path)
	}
	status, _ = h.press(stranger, "/duenotice/login?link=AAAAAAAAAAAAAAAAAAAAAAAAAA")
	require.Equal(t, http.StatusUnauthorized, status)
	require.Empty(t, h.reached)
	require.Empty(t, h.views())

	// A person with a browser is told what to do.
	r := h.request(http.MethodGet, "/", "")
	r.Header.Set("Accept", "text/html,*/*")
	_, body = h.send(stranger, r)
	require.Contains(t, body, "<code>duenotice ui</code>")
}

func TestTheCookieIsForThisPageAlone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.browser()
	b.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	u, err := url.Parse(h.link())
	require.NoError(t, err)
	answer, err := b.Do(h.posted(u.Query()))
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	cookie := answer.Cookies()[0]
	require.True(t, cookie.HttpOnly, "no script reads it")
	require.Equal(t, http.SameSiteStrictMode, cookie.SameSite, "no other site uses it")
	require.Empty(t, cookie.Domain, "it goes to this very name")
	require.Equal(t, "/", cookie.Path)

	status, _ := h.get(h.loggedIn(), "/")
	require.Equal(t, http.StatusOK, status)
	for _, r := range h.reached {
		require.Empty(t, r.Header.Get("Cookie"), "Temporal's UI and its log never see it")
	}
}

func TestAnotherPageCannotAsk(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	officer := h.loggedIn()
	sealed := payloads(t, h.codec, summary)
	for name, origin := range map[string]string{
		"another site": "https://evil.example", "another port of this machine": "http://127.0.0.1:1",
		"no page at all": "", "a file": "null", "the same with TLS": "https://" + h.address.Host,
	} {
		r := h.decode(sealed)
		r.Header.Set("Origin", origin)
		status, _ := h.send(officer, r)
		require.Equal(t, http.StatusForbidden, status, name)
	}
	// A site that made its own name mean this machine.
	r := h.decode(sealed)
	r.Host = "evil.example:" + h.address.Port()
	r.Header.Set("Origin", "http://"+r.Host)
	status, _ := h.send(officer, r)
	require.Equal(t, http.StatusMisdirectedRequest, status)
	require.Empty(t, h.views())
}

func TestThePageIsForLooking(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	officer := h.loggedIn()
	came := len(h.reached)
	const workflows = "/api/v1/namespaces/default/workflows/practice%3AEX%3AP1"
	for _, c := range [][2]string{
		{http.MethodPost, workflows + "/terminate"}, {http.MethodPost, workflows + "/signal/x"}, {http.MethodPost, workflows + "/reset"},
		{http.MethodPost, workflows + "/terminate/query/x"}, {http.MethodDelete, workflows}, {http.MethodPut, "/api/v1/namespaces/default"},
		{http.MethodPost, "/duenotice/codec/encode"},
	} {
		r := h.request(c[0], c[1], "{}")
		r.Header.Set("Origin", h.address.String())
		status, _ := h.send(officer, r)
		require.Equal(t, http.StatusMethodNotAllowed, status, c)
	}
	require.Len(t, h.reached, came)
	query := h.request(http.MethodPost, workflows+"/query/__temporal_workflow_metadata", "{}")
	query.Header.Set("Origin", h.address.String())
	status, _ := h.send(officer, query)
	require.Equal(t, http.StatusOK, status, "a query is how the UI gets its current details")
	query = h.request(http.MethodPost, workflows+"/query/__temporal_workflow_metadata", "{}")
	status, _ = h.send(officer, query)
	require.Equal(t, http.StatusForbidden, status, "and only the page itself asks it")

	_, settings := h.get(officer, "/api/v1/settings")
	require.JSONEq(t, `{"DefaultNamespace":"default","Codec":{"Endpoint":"/duenotice/codec","PassAccessToken":false,"IncludeCredentials":true},
		"DisableWriteActions":true,"NotifyOnNewVersion":false}`, settings)
}

func TestWhatCannotBeReadIsSaidAndWrittenDown(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	officer := h.loggedIn()
	status, body := h.send(officer, h.decode(payloads(t, ring(t, 2), summary)))
	require.Equal(t, http.StatusUnprocessableEntity, status)
	require.NotContains(t, body, "164.404")
	views := h.views()
	require.Len(t, views, 1)
	require.False(t, views[0].Readable)

	for name, body := range map[string]string{"no JSON": "x", "nothing": `{"payloads":[]}`, "not base64": `{"payloads":[{"data":"%"}]}`} {
		status, _ = h.send(officer, h.decode(body))
		require.Equal(t, http.StatusBadRequest, status, name)
	}
	require.Len(t, h.views(), 1)

	// What the server itself wrote in clear does not hide the rest.
	open := &commonpb.Payload{Metadata: map[string][]byte{"encoding": []byte("json/plain")}, Data: []byte(`"clear"`)}
	text, err := protojson.Marshal(&commonpb.Payloads{Payloads: []*commonpb.Payload{open}})
	require.NoError(t, err)
	status, body = h.send(officer, h.decode(string(text)))
	require.Equal(t, http.StatusOK, status)
	var out commonpb.Payloads
	require.NoError(t, protojson.Unmarshal([]byte(body), &out))
	require.True(t, proto.Equal(open, out.GetPayloads()[0]))
}

func TestWithoutARecordNothingIsShown(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	officer := h.loggedIn()
	h.viewer.Store = noRecord{h.store}
	r := h.decode(payloads(t, h.codec, summary))
	for _, c := range officer.Jar.Cookies(h.address) {
		r.AddCookie(c)
	}
	answer := httptest.NewRecorder()
	h.handler().ServeHTTP(answer, r)
	require.Equal(t, http.StatusServiceUnavailable, answer.Code)
	require.NotContains(t, answer.Body.String(), "payloads")
}

// noRecord is a database that is full.
type noRecord struct{ *postgres.Store }

func (noRecord) AddPayloadView(context.Context, casebook.PayloadView) error { return io.ErrShortWrite }
