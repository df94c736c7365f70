package viewer

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"duenotice/internal/casebook"
)

const (
	// linkLasts is how long a link can wait to be followed.
	linkLasts = 10 * time.Minute
	// sessionLasts is a working day. Whoever still looks then asks for a new link.
	sessionLasts = 12 * time.Hour
)

// Person is who a link is for.
type Person struct {
	// Name is how the record of who looked shall name them.
	Name string
	// Identity is whose roles say what they may see (access.Identity).
	Identity string
}

// NewLink makes a link that logs a person in, once and soon, and then leads to
// page, a path of Temporal's UI.
func NewLink(ctx context.Context, store Store, address *url.URL, who Person, page string, now time.Time) (string, error) {
	secret := rand.Text()
	err := store.AddUILink(ctx, casebook.UILink{SHA256: hash(secret), Who: who.Name, Identity: who.Identity, Until: now.Add(linkLasts)}, now)
	if err != nil {
		return "", err
	}
	query := url.Values{"link": {secret}}
	if page != "" {
		query.Set("to", page)
	}
	return address.String() + loginPath + "?" + query.Encode(), nil
}

// askToLogIn shows a button. Following a link uses nothing up: programs follow
// links too, to show a preview or to look for something dangerous in them.
func (v *Viewer) askToLogIn(w http.ResponseWriter, r *http.Request) {
	v.show(w, http.StatusOK, messagePage{Link: r.FormValue("link"), To: page(r.FormValue("to"))})
}

// login uses a link up: it becomes a session, whose secret goes into a cookie.
func (v *Viewer) login(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		tooLong(w, err, "That is no login.")
		return
	}
	now := v.Now()
	// A link that is good gives its guess back.
	guess := v.guesses.ReserveN(now, 1)
	if guess.DelayFrom(now) > 0 {
		guess.CancelAt(now)
		w.Header().Set("Retry-After", "3")
		v.explain(w, r, http.StatusTooManyRequests, "Too many wrong links were tried. Press Log in again in a few seconds.")
		return
	}
	secret := rand.Text()
	who, err := v.Store.OpenUISession(r.Context(), hash(r.PostFormValue("link")), casebook.UISession{SHA256: hash(secret), Until: now.Add(sessionLasts)}, now)
	if err != nil {
		v.broken(w, r, err)
		return
	}
	if who == "" {
		if count := v.refused.again(now); count > 0 {
			v.Log.WarnContext(r.Context(), "a link into the Temporal UI was refused", slog.Int("count", count))
		}
		v.explain(w, r, http.StatusUnauthorized, "This link was used already, or is older than ten minutes.")
		return
	}
	guess.CancelAt(now)
	v.Log.InfoContext(r.Context(), "logged in to the Temporal UI", slog.String("who", who))
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // G124: Secure wherever the page is served with TLS; on this machine it is not
		Name: v.cookieName(), Value: secret, Path: "/", MaxAge: int(sessionLasts / time.Second),
		HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: v.Address.Scheme == "https",
	})
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, page(r.PostFormValue("to")), http.StatusSeeOther) //nolint:gosec // G710: page lets nothing through but a path of this site
}

// page is where a login leads: a path of this site, and never another site.
func page(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(u.Path, "/namespaces/") {
		return "/"
	}
	return u.String()
}

// cookieName holds the port, because browsers keep one set of cookies for all
// ports of a name, and two environments may have one name. Where there is TLS its
// prefix lets the browser take it from this very name only, and only with TLS.
func (v *Viewer) cookieName() string {
	name := "duenotice_" + v.Address.Port()
	if v.Address.Scheme == "https" {
		return "__Host-" + name
	}
	return name
}

// loggedIn lets pass who has a session and a role now, with what they may see.
func (v *Viewer) loggedIn(next func(w http.ResponseWriter, r *http.Request, who looker)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cookie, err := r.Cookie(v.cookieName())
		// What has not a secret's shape need not be looked up.
		if err != nil || len(cookie.Value) != len(rand.Text()) {
			v.explain(w, r, http.StatusUnauthorized, "You are not logged in.")
			return
		}
		who, err := v.session(r, cookie.Value)
		switch {
		case err != nil:
			v.broken(w, r, err)
		case who.name == "":
			v.explain(w, r, http.StatusUnauthorized, "Your login is over.")
		case len(who.incidents) == 0:
			v.explain(w, r, http.StatusForbidden, "You hold no role any more that may look here; an officer gives roles with duenotice access grant.")
		default:
			next(w, r, who)
		}
	})
}

func (v *Viewer) session(r *http.Request, secret string) (looker, error) {
	select {
	case v.lookups <- struct{}{}:
		defer func() { <-v.lookups }()
	case <-r.Context().Done():
		return looker{}, r.Context().Err()
	}
	who, incidents, err := v.Store.UISession(r.Context(), hash(secret), v.Now())
	return looker{name: who, incidents: incidents}, err
}

// messagePage is a page of our own: a login to confirm, or why nothing is shown.
type messagePage struct{ Link, To, Reason string }

// The page uses no script, so that a login needs none.
var messages = template.Must(template.New("").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="robots" content="noindex"><title>Duenotice</title>
<style>body{font:16px/1.5 sans-serif;max-width:36em;margin:4em auto;padding:0 1em}code{background:#eee;padding:.1em .3em}button{font:inherit;padding:.4em 1.5em}</style>
<h1>Temporal UI</h1>
{{if .Reason}}<p>{{.Reason}} This page shows what your incidents are doing, and who looks is written down, so it opens with a link of your own.</p>
<p>In a terminal, where you give Duenotice's other commands, type</p>
<p><code>duenotice ui</code></p>
<p>with <code>--dir</code> if you gave it to <code>up</code>, and open the link it prints.</p>
{{else}}<p>This page shows what your incidents are doing, and who looks is written down. The link logs you in once.</p>
<form method="post" action="` + loginPath + `"><input type="hidden" name="link" value="{{.Link}}"><input type="hidden" name="to" value="{{.To}}"><button autofocus>Log in</button></form>
{{end}}</html>
`))

func (v *Viewer) show(w http.ResponseWriter, status int, p messagePage) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	// The link's secret is in this page's address. Not no-referrer: the browser would
	// say null where the form's Origin is asked for.
	w.Header().Set("Referrer-Policy", "strict-origin")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	w.WriteHeader(status)
	_ = messages.Execute(w, p) // the browser is gone, if anything
}

// explain says why nothing is shown, and how to log in.
func (v *Viewer) explain(w http.ResponseWriter, r *http.Request, status int, reason string) {
	if strings.Contains(r.Header.Get("Accept"), "text/html") {
		v.show(w, status, messagePage{Reason: reason})
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, reason+" Type: duenotice ui", status)
}

// broken says that we failed, and to the log why.
func (v *Viewer) broken(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // the browser went to another page
	}
	if count := v.unreachable.again(v.Now()); count > 0 {
		v.Log.ErrorContext(r.Context(), "the Temporal UI's login could not be looked up or written down", slog.Any("error", err), slog.Int("count", count))
	}
	http.Error(w, "The database cannot be reached, so nothing is shown. duenotice doctor says what is wrong.", http.StatusServiceUnavailable)
}

// hash is what is kept of a secret. It has 130 random bits, so a plain hash hides
// it, and how long the database takes to compare hashes tells nothing of it.
func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
