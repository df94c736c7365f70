package pages

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"runtime"
	"time"

	"duenotice/internal/logging"
	"duenotice/internal/packet"
	"duenotice/internal/postgres/pagedoor"
	files "duenotice/templates/pages"
)

// Server is what practices reach. Its fields are set before Handler and not changed after.
type Server struct {
	// Door is the database, as far as this server sees it.
	Door *pagedoor.Door
	// Address is where practices reach it, such as https://notice.example.com. With
	// https its cookies are for TLS alone, whether TLS ends here or at the proxy.
	Address *url.URL
	// Proxy are the addresses of proxies that are believed about whom they ask for
	// (X-Forwarded-For). A proxy passes on the Host header.
	Proxy []netip.Prefix
	// Scan is a program with its arguments that looks at each proof a practice sends: it
	// gets the file on standard input, and only exit status 0 lets it in. Nil for none.
	Scan []string
	// ProofTime is how long a request with a proof may take from when its session is
	// known; 0 leaves it the time that every request has.
	ProofTime time.Duration
	// Traces is told when something of a practice is unsealed; nil for nobody to tell.
	Traces *Traces
	// Log gets a structured line for each practice that comes in.
	Log *slog.Logger
	// Now tells the time.
	Now func() time.Time

	// fromCode is the slow hash of a try; nil stands for packet.FromCode. A test counts it.
	fromCode func(packet.Link, packet.Code, []byte) packet.Key
}

// HealthPath answers 204 to everybody who asks on this machine.
const HealthPath = "/health"

// PathOf is the path of a practice's page, below Address.
func PathOf(link string) string { return "/p/" + link }

// site is a server that was made ready.
type site struct {
	*Server

	views    map[string]*view // by language
	asset    map[string]asset
	style    string // path of the style sheet
	script   string // path of the script
	passkeys *ceremonies
	tries    turns
	hashes   turns
	files    turns
	proofs   turns
	byClient *guesses
	byLink   *guesses
	wrong    logging.Counted
	broken   logging.Counted
}

type asset struct {
	content []byte
	kind    string
}

// Handler makes the server ready and returns what serves it.
func (s *Server) Handler() (http.Handler, error) {
	if s.fromCode == nil {
		s.fromCode = packet.FromCode
	}
	if s.Traces == nil {
		s.Traces = &Traces{}
	}
	t := &site{
		Server: s, asset: map[string]asset{}, tries: make(turns, triesPerProcessor*runtime.GOMAXPROCS(0)), hashes: make(turns, hashesPerProcessor*runtime.GOMAXPROCS(0)),
		files: make(turns, maxFiles), proofs: make(turns, maxProofs),
		byClient: newGuesses(wrongPerClient, wrongPerClientEvery), byLink: newGuesses(wrongPerLink, wrongPerLinkEvery),
	}
	var err error
	if t.style, err = t.addAsset("style.css", "text/css; charset=utf-8"); err != nil {
		return nil, err
	}
	if t.script, err = t.addAsset("passkey.js", "text/javascript; charset=utf-8"); err != nil {
		return nil, err
	}
	if t.views, err = views(); err != nil {
		return nil, err
	}
	if t.passkeys, err = newCeremonies(s.Address); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+HealthPath, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.Handle("/", t.atHome(t.ours(bounded(t.routes()))))
	return t.unquoting(t.secured(mux)), nil
}

// Parts are the first parts of the paths below, as far as they say nothing of who asks.
var Parts = []string{"p", "notice", "list", "files", "calendar", "answers", "answer", "devices", "assets", "leave", "health"}

func (t *site) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", t.front)
	mux.HandleFunc("GET /assets/{name}", t.serveAsset)
	mux.HandleFunc("GET /p/{link}", t.askForCode)
	mux.HandleFunc("POST /p/{link}", t.tryCode)
	mux.HandleFunc("POST /p/{link}/passkey/begin", t.beginPasskeyLogin)
	mux.HandleFunc("POST /p/{link}/passkey/finish", t.finishPasskeyLogin)
	mux.HandleFunc("GET /notice", t.inside(notice))
	mux.HandleFunc("GET /list", t.held(t.inside(list)))
	mux.HandleFunc("POST /list", t.held(t.inside(list)))
	mux.HandleFunc("GET /files/{part}", t.held(t.inside(file)))
	mux.HandleFunc("GET /calendar", t.held(t.inside(calendar)))
	mux.HandleFunc("GET /answers/{id}", t.inside(answerState))
	for path, answer := range answering {
		mux.HandleFunc("GET /answer/"+path, t.inside(answer))
		mux.HandleFunc("POST /answer/"+path, t.inside(answer))
	}
	mux.HandleFunc("GET /devices", t.inside(devices))
	mux.HandleFunc("POST /devices/remove", t.inside(removeDevice))
	mux.HandleFunc("POST /devices/begin", t.inside(beginDevice))
	mux.HandleFunc("POST /devices/finish", t.inside(finishDevice))
	mux.HandleFunc("POST /leave", t.inside(leave))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { t.explain(w, r, http.StatusNotFound, "nopage") })
	return t.speaking(mux)
}

// addAsset takes in a file under a name that changes with it, so that browsers may keep it.
func (t *site) addAsset(name, kind string) (path string, err error) {
	content, err := fs.ReadFile(files.Files, name)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(content)
	named := hex.EncodeToString(sum[:8]) + "-" + name
	t.asset[named] = asset{content, kind}
	return "/assets/" + named, nil
}

func (t *site) serveAsset(w http.ResponseWriter, r *http.Request) {
	a, ok := t.asset[r.PathValue("name")]
	if !ok {
		t.explain(w, r, http.StatusNotFound, "nopage")
		return
	}
	w.Header().Set("Content-Type", a.kind)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(a.content) // the browser is gone, if anything
}

// front is for who typed the address without the link.
func (t *site) front(w http.ResponseWriter, r *http.Request) {
	t.explain(w, r, http.StatusOK, "front")
}
