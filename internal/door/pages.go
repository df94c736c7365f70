package door

import (
	"bytes"
	_ "embed"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"duenotice/templates"
)

// script is the only one: it has the browser ask for a passkey.
//
//go:embed passkey.js
var script []byte

var (
	pages = template.Must(template.ParseFS(templates.Door(), "*.html"))
	style = func() []byte {
		css, err := fs.ReadFile(templates.Door(), "door.css")
		if err != nil {
			panic(err) // it is part of the program
		}
		return css
	}()
)

// signInPage is a page that lets somebody in, or says why nothing is shown.
type signInPage struct {
	// Link is a link's secret whose button is to be pressed.
	Link string
	// To is where it leads.
	To string
	// Reason says why nothing is shown.
	Reason string
	// SignedIn: somebody is, and may not see this.
	SignedIn bool
	// Passkey is nil where the address makes none.
	Passkey  *ceremony
	Provider bool
}

type passkeyPage struct {
	Make  *ceremony
	Label string
}

// signInPage adds the ways in that there are.
func (d *Door) signInPage(p signInPage) signInPage {
	if p.Link != "" {
		return p
	}
	offered, err := d.offerPasskey()
	if err != nil {
		d.Log.Error("no passkey can be asked for", slog.Any("error", err))
	}
	p.Passkey, p.Provider = offered, d.Provider != nil
	return p
}

// show answers with a page of ours. What is not itself brings nothing into it: no
// frame, no style, no script but ours.
func (d *Door) show(w http.ResponseWriter, status int, name string, data any) {
	var page bytes.Buffer
	if err := pages.ExecuteTemplate(&page, name, data); err != nil {
		d.Log.Error("a page of the sign-in cannot be made", slog.Any("error", err))
		http.Error(w, "The page cannot be shown.", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	// A link's secret is in a page's address. Not no-referrer: the browser would say
	// null where a form's Origin is asked for.
	h.Set("Referrer-Policy", "strict-origin")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src "+d.Address.String()+scriptPath+
		"; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	// No other window of this site, such as one with Temporal's UI, reads this one.
	h.Set("Cross-Origin-Opener-Policy", "noopener-allow-popups")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	w.WriteHeader(status)
	_, _ = w.Write(page.Bytes()) // the browser is gone, if anything
}

// explain says why nothing is shown, and how to sign in.
func (d *Door) explain(w http.ResponseWriter, r *http.Request, status int, reason string) {
	if strings.Contains(r.Header.Get("Accept"), "text/html") {
		to := r.URL.RequestURI()
		if r.Method != http.MethodGet || strings.HasPrefix(r.URL.Path, loginPath) {
			to = r.FormValue("to")
		}
		d.show(w, status, "signin.html", d.signInPage(signInPage{Reason: reason, To: d.page(to), SignedIn: status == http.StatusForbidden}))
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, reason+" Type: duenotice board, or duenotice ui", status)
}

// broken says that we failed, and to the log why.
func (d *Door) broken(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // the browser went to another page
	}
	if count := d.unreachable.Again(d.Now()); count > 0 {
		d.Log.ErrorContext(r.Context(), "a sign-in could not be looked up or written down", slog.Any("error", err), slog.Int("count", count))
	}
	http.Error(w, "The database cannot be reached, so nothing is shown. duenotice doctor says what is wrong.", http.StatusServiceUnavailable)
}

// asset is a file that is part of the program, the same for everybody.
func asset(kind string, content []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Cache-Control", "no-cache")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cross-Origin-Resource-Policy", "same-origin")
		_, _ = w.Write(content) // the browser is gone, if anything
	}
}

func (d *Door) zone() *time.Location {
	if d.Zone == nil {
		return time.UTC
	}
	return d.Zone
}
