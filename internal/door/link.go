package door

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"time"

	"duenotice/internal/access"
	"duenotice/internal/casebook"
)

// NewLink makes a link that signs a person in, once and soon, and then leads to
// page, a path behind the door. name is how the record of who looked shall name them.
func NewLink(ctx context.Context, store Store, address *url.URL, name string, identity access.Identity, page string, now time.Time) (string, error) {
	secret := rand.Text()
	link := casebook.SignInLink{SHA256: hash(secret), Who: name, Identity: string(identity), Until: now.Add(casebook.SignInLinkLasts)}
	if err := store.AddSignInLink(ctx, link, now); err != nil {
		return "", err
	}
	query := url.Values{"link": {secret}}
	if page != "" {
		query.Set("to", page)
	}
	return address.String() + loginPath + "?" + query.Encode(), nil
}

// askToSignIn shows a button. Following a link uses nothing up: programs follow
// links too, to show a preview or to look for something dangerous in them.
func (d *Door) askToSignIn(w http.ResponseWriter, r *http.Request) {
	page := signInPage{Link: r.FormValue("link"), To: d.page(r.FormValue("to"))}
	if r.FormValue("out") != "" {
		page.Reason = "You are signed out."
	}
	d.show(w, http.StatusOK, "signin.html", d.signInPage(page))
}

// signInByLink uses a link up: it becomes a session, whose secret goes into a cookie.
func (d *Door) signInByLink(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		tooLong(w, err)
		return
	}
	now := d.Now()
	right, ok := d.guess(w, r, now)
	if !ok {
		return
	}
	session, secret, replaces := d.begin(r, casebook.ByLink, now)
	session, err := d.Store.BeginSessionByLink(r.Context(), hash(r.PostFormValue("link")), session, replaces)
	if err != nil {
		d.broken(w, r, err)
		return
	}
	if session.ID == 0 {
		d.refuse(r, casebook.ByLink, "the link was used, over or never made")
		d.explain(w, r, http.StatusUnauthorized, "This link was used already, or is older than ten minutes.")
		return
	}
	right()
	d.welcome(w, r, session, secret)
	http.Redirect(w, r, d.page(r.PostFormValue("to")), http.StatusSeeOther)
}
