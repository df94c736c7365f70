package door

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"
	"unicode"

	"duenotice/internal/access"
	"duenotice/internal/casebook"
)

// maxSaid bounds what a browser says of itself before it is kept.
const maxSaid = 300

// cookieName holds the port, because browsers keep one set of cookies for all
// ports of a name, and two environments may have one name. Where there is TLS its
// prefix lets the browser take it from this very name only, and only with TLS.
func (d *Door) cookieName(of string) string {
	name := "duenotice_" + d.Address.Port() + of
	if d.Address.Scheme == "https" {
		return "__Host-" + name
	}
	return name
}

// cookie is for this site alone, and no script reads it.
func (d *Door) cookie(name, value string, lasts time.Duration, to http.SameSite) *http.Cookie {
	age := int(lasts / time.Second)
	if value == "" {
		age = -1
	}
	return &http.Cookie{ //nolint:gosec // G124: Secure wherever the page is served with TLS; on this machine it is not
		Name: name, Value: value, Path: "/", MaxAge: age,
		HttpOnly: true, SameSite: to, Secure: d.Address.Scheme == "https",
	}
}

// secretOf is the session's secret that a browser sent, "" for none. What has not a
// secret's shape need not be looked up.
func (d *Door) secretOf(r *http.Request) string {
	cookie, err := r.Cookie(d.cookieName(""))
	if err != nil || len(cookie.Value) != len(rand.Text()) {
		return ""
	}
	return cookie.Value
}

// begin makes the session that is kept of a sign-in, and the secret for its cookie:
// always a new one, so that nobody knows it who put another into the browser before.
func (d *Door) begin(r *http.Request, how string, now time.Time) (session casebook.DoorSession, secret, replaces string) {
	secret = rand.Text()
	if before := d.secretOf(r); before != "" {
		replaces = hash(before)
	}
	return casebook.DoorSession{
		SHA256: hash(secret), How: how, Address: from(r), Browser: said(r.UserAgent()), Began: now, Until: now.Add(casebook.DoorSessionLasts),
	}, secret, replaces
}

// welcome gives the browser its cookie.
func (d *Door) welcome(w http.ResponseWriter, r *http.Request, session casebook.DoorSession, secret string) {
	d.Log.InfoContext(r.Context(), "signed in", slog.String("who", session.Who), slog.String("kind", session.How))
	http.SetCookie(w, d.cookie(d.cookieName(""), secret, casebook.DoorSessionLasts, http.SameSiteStrictMode))
	w.Header().Set("Cache-Control", "no-store")
}

// signedIn lets pass who has a session and a role now, with what they may see.
func (d *Door) signedIn(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secret := d.secretOf(r)
		if secret == "" {
			d.explain(w, r, http.StatusUnauthorized, "You are not signed in.")
			return
		}
		p, err := d.person(r, secret)
		switch {
		case err != nil:
			d.broken(w, r, err)
		case p.session.ID == 0:
			d.explain(w, r, http.StatusUnauthorized, "You are not signed in any more.")
		case !MayLook(p.Grants, p.Identity) && r.URL.Path != endPath && r.URL.Path != accountPath:
			d.explain(w, r, http.StatusForbidden, "You hold no role any more that may look here; an officer gives roles with duenotice access grant.")
		default:
			next(w, withPerson(r, p))
		}
	})
}

func (d *Door) person(r *http.Request, secret string) (Person, error) {
	select {
	case d.lookups <- struct{}{}:
		defer func() { <-d.lookups }()
	case <-r.Context().Done():
		return Person{}, r.Context().Err()
	}
	session, grants, err := d.Store.Session(r.Context(), hash(secret), d.Now())
	return Person{Name: session.Who, Identity: access.Identity(session.Identity), Grants: grants, session: session}, err
}

// WithoutCookies keeps the door's secrets from a server behind it, and from its log.
func (d *Door) WithoutCookies(r *http.Request) {
	all := r.Cookies()
	r.Header.Del("Cookie")
	for _, c := range all {
		if !strings.HasPrefix(strings.TrimPrefix(c.Name, "__Host-"), "duenotice_") {
			r.AddCookie(c)
		}
	}
}

// from is where a request came from: the other end of its connection, and before it
// what a proxy there says.
func from(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	passed := strings.Split(r.Header.Get("X-Forwarded-For"), ",")
	if said, err := netip.ParseAddr(strings.TrimSpace(passed[len(passed)-1])); err == nil {
		return said.String() + " through " + host
	}
	return host
}

// said is text as PostgreSQL can keep it and a terminal can show it.
func said(text string) string {
	text = strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) {
			return -1
		}
		return c
	}, strings.ToValidUTF8(text, ""))
	if len(text) > maxSaid {
		text = strings.ToValidUTF8(text[:maxSaid], "")
	}
	return text
}

// hash is what is kept of a secret. It has 130 random bits, so a plain hash hides
// it, and how long the database takes to compare hashes tells nothing of it.
func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
