package viewer

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
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

// NewLink makes a link that logs who in, once and soon, and then leads to page,
// a path of Temporal's UI.
func NewLink(ctx context.Context, store Store, address *url.URL, who, page string, now time.Time) (string, error) {
	secret := rand.Text()
	err := store.AddUILink(ctx, casebook.UILink{SHA256: hash(secret), Who: who, Until: now.Add(linkLasts)}, now)
	if err != nil {
		return "", err
	}
	query := url.Values{"link": {secret}}
	if page != "" {
		query.Set("to", page)
	}
	return address.String() + loginPath + "?" + query.Encode(), nil
}

// login follows a link: it becomes a session, whose secret goes into a cookie.
func (v *Viewer) login(w http.ResponseWriter, r *http.Request) {
	now := v.Now()
	secret := rand.Text()
	who, err := v.Store.OpenUISession(r.Context(), hash(r.FormValue("link")), casebook.UISession{SHA256: hash(secret), Until: now.Add(sessionLasts)}, now)
	if err != nil {
		v.broken(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer") // the link's secret is in this page's address
	if who == "" {
		v.Log.WarnContext(r.Context(), "a link into the Temporal UI was refused")
		v.explain(w, r, "This link was used already, or is older than ten minutes.")
		return
	}
	v.Log.InfoContext(r.Context(), "logged in to the Temporal UI", slog.String("who", who))
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // G124: Secure wherever the page is served with TLS; on this machine it is not
		Name: v.cookieName(), Value: secret, Path: "/", MaxAge: int(sessionLasts / time.Second),
		HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: v.Address.Scheme == "https",
	})
	http.Redirect(w, r, page(r.FormValue("to")), http.StatusSeeOther) //nolint:gosec // G710: page lets nothing through but a path of this site
}

// page is where a login leads: a path of this site, and never another site.
func page(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(u.Path, "/namespaces/") {
		return "/"
	}
	return u.String()
}

// cookieName holds the port: browsers keep one set of cookies for all ports of a
// machine, and two stacks may run on one.
func (v *Viewer) cookieName() string { return "duenotice_" + v.Address.Port() }

// loggedIn lets pass who has a session, with their name.
func (v *Viewer) loggedIn(next func(w http.ResponseWriter, r *http.Request, who string)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cookie, err := r.Cookie(v.cookieName())
		if err != nil {
			v.explain(w, r, "You are not logged in.")
			return
		}
		who, err := v.Store.UISession(r.Context(), hash(cookie.Value), v.Now())
		switch {
		case err != nil:
			v.broken(w, r, err)
		case who == "":
			v.explain(w, r, "Your login is over.")
		default:
			next(w, r, who)
		}
	})
}

const loginPage = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Duenotice</title>
<style>body{font:16px/1.5 sans-serif;max-width:36em;margin:4em auto;padding:0 1em}code{background:#eee;padding:.1em .3em}</style>
<h1>Temporal UI</h1>
<p>REASON This page shows what your incidents are doing, and who looks is written down, so it opens with a link of your own.</p>
<p>In a terminal, where you give Duenotice's other commands, type</p>
<p><code>duenotice ui</code></p>
<p>with <code>--dir</code> if you gave it to <code>up</code>, and open the link it prints.</p>
</html>
`

// explain says how to log in.
func (v *Viewer) explain(w http.ResponseWriter, r *http.Request, reason string) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if r.Method != http.MethodGet || !strings.Contains(r.Header.Get("Accept"), "text/html") {
		http.Error(w, reason+" Type: duenotice ui", http.StatusUnauthorized)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	w.WriteHeader(http.StatusUnauthorized)
	_, _ = w.Write([]byte(strings.Replace(loginPage, "REASON", reason, 1))) // the browser is gone, if anything
}

// broken says that we failed, and to the log why.
func (v *Viewer) broken(w http.ResponseWriter, r *http.Request, err error) {
	v.Log.ErrorContext(r.Context(), "the Temporal UI's login could not be looked up or written down", slog.Any("error", err))
	http.Error(w, "The database cannot be reached, so nothing is shown. duenotice doctor says what is wrong.", http.StatusServiceUnavailable)
}

// hash is what is kept of a secret. It has 128 random bits, so a plain hash hides it.
func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
