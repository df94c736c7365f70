package door

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"duenotice/internal/access"
	"duenotice/internal/casebook"
	"duenotice/internal/logging"
)

// Store keeps links, sessions, passkeys and the record of who came in.
type Store interface {
	AddSignInLink(ctx context.Context, link casebook.SignInLink, now time.Time) error
	BeginSessionByLink(ctx context.Context, linkSHA256 string, session casebook.DoorSession, replaces string) (casebook.DoorSession, error)
	BeginSessionByPasskey(ctx context.Context, p casebook.Passkey, session casebook.DoorSession, replaces string) (casebook.DoorSession, error)
	BeginSession(ctx context.Context, session casebook.DoorSession, replaces string) (casebook.DoorSession, error)
	Session(ctx context.Context, sha256 string, now time.Time) (casebook.DoorSession, []access.Grant, error)
	Sessions(ctx context.Context, identity access.Identity, now time.Time) ([]casebook.DoorSession, error)
	EndSession(ctx context.Context, id int, who access.Identity, others bool, name string, now time.Time) error
	Grants(ctx context.Context) ([]access.Grant, error)
	AddPasskey(ctx context.Context, p casebook.Passkey, session casebook.DoorSession) error
	Passkey(ctx context.Context, credential []byte) (casebook.Passkey, error)
	Passkeys(ctx context.Context, identity access.Identity) ([]casebook.Passkey, error)
	RemovePasskey(ctx context.Context, id int, of access.Identity, by string, now time.Time) error
	AddDoorEvent(ctx context.Context, e casebook.DoorEvent) error
}

// Door lets people in to pages.
type Door struct {
	// Address is where officers reach it, such as http://k3x9ab.localhost:8080. A
	// request to any other host name is refused: it comes from a page that made its
	// own name mean this machine, or from a neighbour who looks for the name.
	Address *url.URL
	Store   Store
	// Provider says who somebody is, with OpenID Connect; nil where none is configured.
	Provider *Provider
	// Ways are the pages that the door leads to, the first of them when nobody asked for one.
	Ways []Way
	// Zone is where the officers are: in it they read times.
	Zone *time.Location
	// Now tells the time.
	Now func() time.Time
	// Log receives a structured line for each sign-in.
	Log *slog.Logger

	once    sync.Once
	tickets *tickets
	guesses *rate.Limiter
	lookups chan struct{}
	// What strangers can cause again and again is counted, not repeated.
	refusals    map[string]*refusal
	unreachable logging.Counted
}

// Way is a page behind the door, as the door's own pages name it.
type Way struct{ Title, Path string }

// Paths of the door's own. Nothing behind it has one that begins like them.
const (
	loginPath        = "/duenotice/login"
	signedOutPath    = loginPath + "?out=1"
	accountPath      = "/duenotice/account"
	endPath          = accountPath + "/end"
	addPasskeyPath   = accountPath + "/passkey"
	dropPasskeyPath  = accountPath + "/passkey/remove"
	byPasskeyPath    = "/duenotice/passkey"
	toProviderPath   = "/duenotice/oidc"
	fromProviderPath = "/duenotice/oidc/callback"
	stylePath        = "/duenotice/door.css"
	scriptPath       = "/duenotice/passkey.js"
	// HealthPath answers 204 to everybody.
	HealthPath = "/duenotice/health"
	// AccountPath is the page on which somebody sees their sessions and passkeys, and signs out.
	AccountPath = accountPath
)

const (
	// maxBody is for what is sent to the door itself.
	maxBody = 64 << 10
	// maxLookups is how many sessions are looked up at the same time: the worker
	// beside the page needs the database's connections too.
	maxLookups = 4
	// guessesBurst wrong links or passkeys can be tried at once, and one more each guessesEvery.
	guessesBurst = 20
	guessesEvery = 3 * time.Second
)

// Handler serves the door, and pages to who is signed in: there Of says who it is.
func (d *Door) Handler(pages http.Handler) http.Handler {
	d.once.Do(d.prepare)
	own := http.NewServeMux()
	own.HandleFunc("GET "+loginPath, d.askToSignIn)
	own.HandleFunc("POST "+loginPath, d.signInByLink)
	own.HandleFunc("POST "+byPasskeyPath, d.signInByPasskey)
	own.HandleFunc("GET "+toProviderPath, d.sendToProvider)
	own.HandleFunc("GET "+fromProviderPath, d.signInByProvider)
	own.HandleFunc("GET "+stylePath, asset("text/css; charset=utf-8", style))
	own.HandleFunc("GET "+scriptPath, asset("text/javascript; charset=utf-8", script))
	own.Handle("GET "+accountPath, d.signedIn(apart(d.account)))
	own.Handle("POST "+endPath, d.signedIn(d.endSession))
	own.Handle("GET "+addPasskeyPath, d.signedIn(apart(d.askForPasskey)))
	own.Handle("POST "+addPasskeyPath, d.signedIn(d.addPasskey))
	own.Handle("POST "+dropPasskeyPath, d.signedIn(d.removePasskey))
	mux := http.NewServeMux()
	mux.HandleFunc(HealthPath, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	for _, path := range []string{loginPath, byPasskeyPath, toProviderPath, fromProviderPath, stylePath, scriptPath, accountPath, accountPath + "/"} {
		mux.Handle(path, d.atHome(d.sameOrigin(bounded(own))))
	}
	mux.Handle("/", d.atHome(d.sameOrigin(d.signedIn(pages.ServeHTTP))))
	return d.unquoting(d.rememberingRefusals(mux))
}

func (d *Door) prepare() {
	d.tickets = newTickets()
	d.guesses = rate.NewLimiter(rate.Every(guessesEvery), guessesBurst)
	d.lookups = make(chan struct{}, maxLookups)
	d.refusals = map[string]*refusal{}
	for _, how := range []string{casebook.ByLink, casebook.ByPasskey, casebook.ByOIDC} {
		d.refusals[how] = &refusal{}
	}
}

// home is where somebody comes who asked for no page.
func (d *Door) home() string {
	if len(d.Ways) == 0 {
		return accountPath
	}
	return d.Ways[0].Path
}

// page is where a sign-in leads: a path of this site behind the door, and never
// another site.
func (d *Door) page(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.IsAbs() || u.Host != "" || strings.Contains(u.Path, "//") || strings.Contains(u.Path, "\\") {
		return d.home()
	}
	for _, below := range []string{"/namespaces/", "/board/"} {
		if strings.HasPrefix(u.Path, below) {
			return u.String()
		}
	}
	if u.Path == accountPath {
		return accountPath
	}
	return d.home()
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
