// Package viewer lets a person read Temporal's UI. What passes through Temporal
// is encrypted, so the UI by itself shows ciphertext; the viewer stands in front
// of it, lets in who has logged in with a link of the command line, decodes for
// them under the same address, and writes down each time it did.
//
// It is for looking: whatever would change a workflow is refused. Acts go
// through the command line, where each names its author and leaves evidence.
//
// The UI, its codec server and the login share one origin, so that a cookie
// which no script can read and no other site can use is all the browser needs.
// A session holds no rights: at each request the store is asked what its person
// may see now.
package viewer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	commonpb "go.temporal.io/api/common/v1"
	"golang.org/x/time/rate"

	"duenotice/internal/casebook"
	"duenotice/internal/codec"
	"duenotice/internal/logging"
)

// Store keeps logins and the record of what was looked at.
type Store interface {
	// AddUILink keeps a link that was made.
	AddUILink(ctx context.Context, link casebook.UILink, now time.Time) error
	// OpenUISession makes a session of a link, once, and returns whose it is; ""
	// for a link that is unknown, over or used.
	OpenUISession(ctx context.Context, linkSHA256 string, session casebook.UISession, now time.Time) (who string, err error)
	// UISession returns whose session it is, "" when it is none now, and of which
	// incidents they may watch the workflows now: access.EveryIncident alone for all.
	UISession(ctx context.Context, sha256 string, now time.Time) (who string, incidents []string, err error)
	// AddPayloadView writes down that somebody had payloads decoded.
	AddPayloadView(ctx context.Context, v casebook.PayloadView) error
}

// Viewer is the page officers open.
type Viewer struct {
	// Address is where officers reach it, such as http://k3x9ab.localhost:8080. A
	// request to any other host name is refused: it comes from a page that made its
	// own name mean this machine, or from a neighbour who looks for the name.
	Address *url.URL
	// UI is where Temporal's own UI is, which nobody needs to reach but the viewer.
	UI *url.URL
	// Transport carries requests there; nil is the usual one. Where the UI asks for a
	// certificate, this has it.
	Transport http.RoundTripper
	// Codec decodes; its Viewer is used.
	Codec *codec.Codec
	// PlaceOf tells of which workflow a payload is that the codec opened, false where
	// nothing that was sealed with it says so. Nil knows of none: then only who may
	// watch every incident is shown anything.
	PlaceOf func(sealed *commonpb.Payload) (workflowID string, known bool)
	Store   Store
	// Now tells the time.
	Now func() time.Time
	// Log receives a structured line for each login and each decoding.
	Log *slog.Logger

	once    sync.Once
	guesses *rate.Limiter
	lookups chan struct{}
	// What strangers can cause again and again is counted, not repeated.
	refused, unreachable, silent, out counted
}

// Paths of the viewer's own. Temporal's UI has none that begin like them.
const (
	loginPath  = "/duenotice/login"
	codecPath  = "/duenotice/codec"
	decodePath = codecPath + "/decode"
	renderPath = "/duenotice/render"
	// HealthPath answers 204 to everybody.
	HealthPath = "/duenotice/health"
)

// Limits on what comes from a browser. Those on time are the server's (Serve).
const (
	// maxBody is for what has no limit of its own: the UI's queries and a login.
	maxBody = 64 << 10
	// maxLookups is how many sessions are looked up at the same time: the worker
	// beside the page needs the database's connections too.
	maxLookups = 4
	// guessesBurst wrong links can be tried at once, and one more each guessesEvery.
	guessesBurst = 20
	guessesEvery = 3 * time.Second
)

// Handler serves the viewer.
func (v *Viewer) Handler() http.Handler {
	v.once.Do(func() {
		v.guesses = rate.NewLimiter(rate.Every(guessesEvery), guessesBurst)
		v.lookups = make(chan struct{}, maxLookups)
	})
	page := http.NewServeMux()
	page.HandleFunc("GET "+loginPath, v.askToLogIn)
	page.HandleFunc("POST "+loginPath, v.login)
	page.Handle("POST "+decodePath, v.loggedIn(v.decode))
	page.Handle("POST "+renderPath, v.loggedIn(v.render))
	page.Handle("/", v.loggedIn(v.proxy()))
	mux := http.NewServeMux()
	mux.HandleFunc(HealthPath, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.Handle("/", v.atHome(v.sameOrigin(page)))
	return v.unquoting(bounding(mux))
}

// bounding cuts a body that has no end.
func bounding(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		most := int64(maxBody)
		switch r.URL.Path {
		case decodePath:
			most = maxDecode
		case renderPath:
			most = maxRender
		}
		r.Body = http.MaxBytesReader(w, r.Body, most)
		next.ServeHTTP(w, r)
	})
}

// unquoting answers a panic in the server's stead, which would write what it says to
// standard error: what is decoded here is for the eyes of who is logged in.
func (v *Viewer) unquoting(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch value := recover(); value {
			case nil:
			case http.ErrAbortHandler: // how a proxy ends an answer that broke off
				panic(value)
			default:
				v.Log.ErrorContext(r.Context(), "a request for the Temporal UI met a fault of the program", slog.Any("error", errors.New(string(logging.Panicked(value)))))
				http.Error(w, "The program has a fault, and its log says where.", http.StatusInternalServerError)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// atHome refuses a request to another host than the viewer's own, without saying
// which that is: a stack's name is known to who may open its page.
func (v *Viewer) atHome(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.EqualFold(r.Host, v.Address.Host) {
			http.Error(w, "There is no page of this name here. The command that leads to it: duenotice ui", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// sameOrigin lets another page's script, or what no browser sent, only look, which
// shows it nothing: the cookie is for this page alone. The browser says in Origin
// which page it was.
func (v *Viewer) sameOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead && r.Header.Get("Origin") != v.Address.String() {
			http.Error(w, "Only the page itself may ask this.", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// ParseAddress reads an address of a configuration: http or https, a host, and
// no path.
func ParseAddress(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || (u.Path != "" && u.Path != "/") || u.RawQuery != "" || u.User != nil {
		return nil, fmt.Errorf("%q is not an address such as http://127.0.0.1:8080", text)
	}
	u.Path, u.Host = "", strings.ToLower(u.Host)
	return u, nil
}
