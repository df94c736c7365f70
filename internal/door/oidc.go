package door

import (
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"duenotice/internal/access"
	"duenotice/internal/casebook"
)

const (
	providerTicket = "sign in by the provider"
	// stepCookie is added to the name of the cookie that binds the way to the provider
	// and back to one browser.
	stepCookie = "_oidc"
)

// journey is what is between the way to the provider and the way back.
type journey struct{ State, Nonce, Verifier, To string }

// sendToProvider sends the browser to the provider. The cookie is Lax, because the
// way back begins at another site.
func (d *Door) sendToProvider(w http.ResponseWriter, r *http.Request) {
	if d.Provider == nil {
		http.NotFound(w, r)
		return
	}
	// Another site's page signs nobody in.
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		d.askToSignIn(w, r)
		return
	}
	now := d.Now()
	at, err := d.Provider.Discover(now)
	if err != nil {
		d.providerAway(w, r, err)
		return
	}
	on := journey{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), To: d.page(r.FormValue("to"))}
	sealed, err := d.tickets.seal(providerTicket, on, now)
	if err != nil {
		d.broken(w, r, err)
		return
	}
	http.SetCookie(w, d.cookie(d.cookieName(stepCookie), sealed, ticketLasts, http.SameSiteLaxMode))
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, d.Provider.client(at, d.back()).AuthCodeURL(on.State, oidc.Nonce(on.Nonce), oauth2.S256ChallengeOption(on.Verifier)), http.StatusSeeOther)
}

// back is where the provider sends the browser back to, which it has to know of.
func (d *Door) back() string { return BackAt(d.Address) }

// signInByProvider lets in whom the provider names, if they hold a role.
func (d *Door) signInByProvider(w http.ResponseWriter, r *http.Request) {
	if d.Provider == nil {
		http.NotFound(w, r)
		return
	}
	now := d.Now()
	right, ok := d.guess(w, r, now)
	if !ok {
		return
	}
	name := d.cookieName(stepCookie)
	step, err := r.Cookie(name)
	http.SetCookie(w, d.cookie(name, "", 0, http.SameSiteLaxMode))
	var on journey
	if err != nil || !d.tickets.open(providerTicket, step.Value, &on, now) || !same(on.State, r.FormValue("state")) {
		d.turnAway(w, r, casebook.DoorEvent{Why: "it was not begun in this browser, or too long ago"})
		return
	}
	// The provider says which one it is (RFC 9207), or nothing.
	if issuer := r.FormValue("iss"); issuer != "" && issuer != d.Provider.Issuer {
		d.turnAway(w, r, casebook.DoorEvent{Why: "another provider answered"})
		return
	}
	if r.FormValue("error") != "" || r.FormValue("code") == "" || !d.tickets.use(step.Value, now) {
		d.turnAway(w, r, casebook.DoorEvent{Why: "the provider said no"})
		return
	}
	identity, err := d.Provider.identity(r.Context(), r.FormValue("code"), on.Verifier, on.Nonce, d.back(), now)
	var unknown *notKnown
	switch {
	case errors.As(err, &unknown):
		d.turnAway(w, r, casebook.DoorEvent{Why: unknown.why})
		return
	case err != nil:
		d.providerAway(w, r, err)
		return
	}
	right()
	d.letIn(w, r, identity, on.To, now)
}

// letIn begins a session of whom the provider named. Everybody whom it knows comes
// this far, so without a role nobody comes further.
func (d *Door) letIn(w http.ResponseWriter, r *http.Request, identity access.Identity, to string, now time.Time) {
	grants, err := d.Store.Grants(r.Context())
	if err != nil {
		d.broken(w, r, err)
		return
	}
	if !MayLook(grants, identity) {
		d.refuseWhom(r, casebook.DoorEvent{How: casebook.ByOIDC, Identity: string(identity), Why: "no role that may look is held"})
		d.explain(w, r, http.StatusForbidden, "You are "+string(identity)+" and hold no role here that may look. An officer gives one with: duenotice access grant ROLE --to "+string(identity))
		return
	}
	session, secret, replaces := d.begin(r, casebook.ByOIDC, now)
	session.Identity, session.Who = string(identity), nameOf(grants, identity)
	if session, err = d.Store.BeginSession(r.Context(), session, replaces); err != nil {
		d.broken(w, r, err)
		return
	}
	d.welcome(w, r, session, secret)
	// Not a redirect: the browser came from another site, and would not send its new
	// cookie, which is for this site alone, before it goes on from here.
	d.show(w, http.StatusOK, "goon.html", d.page(to))
}

// nameOf is how the record names somebody: as their roles were given to.
func nameOf(grants []access.Grant, identity access.Identity) string {
	for _, g := range grants {
		if g.Identity == identity {
			return g.Name + " (" + string(identity) + ")"
		}
	}
	return string(identity)
}

func (d *Door) turnAway(w http.ResponseWriter, r *http.Request, e casebook.DoorEvent) {
	e.How = casebook.ByOIDC
	d.refuseWhom(r, e)
	d.explain(w, r, http.StatusUnauthorized, "Your organisation's sign-in did not succeed: "+e.Why+". Try again, or use a link.")
}

func (d *Door) providerAway(w http.ResponseWriter, r *http.Request, err error) {
	if count := d.unreachable.Again(d.Now()); count > 0 {
		d.Log.ErrorContext(r.Context(), "the provider of identities cannot be asked", slog.Any("error", err), slog.Int("count", count))
	}
	d.explain(w, r, http.StatusBadGateway, "Your organisation's sign-in does not answer. duenotice doctor says what is wrong; a link of the command line works meanwhile.")
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
