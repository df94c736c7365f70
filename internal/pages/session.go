package pages

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"log/slog"
	"mime"
	"net/http"
	"strings"
	"time"

	"duenotice/internal/civil"
	"duenotice/internal/packet"
	"duenotice/internal/postgres/pagedoor"
)

// cookieName has the port where there is no TLS, because browsers keep one set of
// cookies for all ports of a name. With TLS its prefix lets the browser take it from
// this very name only.
func (t *site) cookieName(what string) string {
	if t.tls() {
		return "__Host-duenotice_" + what
	}
	return "duenotice_" + what + "_" + t.Address.Port()
}

// cookie is one that no script reads and no other site sends. It ends with the browser.
func (t *site) cookie(what, value string) *http.Cookie {
	return &http.Cookie{ //nolint:gosec // G124: Secure wherever the page is served with TLS
		Name: t.cookieName(what), Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: t.tls(),
	}
}

// gone takes a cookie away.
func (t *site) gone(what string) *http.Cookie {
	c := t.cookie(what, "") //nolint:gosec // G124: it takes one away
	c.MaxAge = -1
	return c
}

// Names of cookies.
const (
	sessionCookie  = "practice"
	ceremonyCookie = "passkey"
)

// secretField is the hidden field of every form with the session's secret, and
// secretHeader the header with it of what the script sends.
const (
	secretField  = "form"
	secretHeader = "X-Duenotice-Form" //nolint:gosec // G101: the name of a header
)

// visit is one request of a practice that came in.
type visit struct {
	*pagedoor.Visit
	site *site
	w    http.ResponseWriter
	r    *http.Request
	words

	token    packet.Token
	identity *packet.Identity
	proof    proof
	body     json.RawMessage // of what the script sends
	opened   *packet.Page
	gone     func() // nil until the session was found
}

// isHere notes that a practice with a session is here, until its request ends. A token
// alone is not enough: anybody can make one up, and keep the server from forgetting.
func (v *visit) isHere() {
	if v.gone == nil {
		v.gone = v.site.Traces.enter(v.site.Now)
	}
}

// reply writes an answer, once what was noted is in the database.
type reply func(w http.ResponseWriter)

// Errors that end a request with a page that says what to do.
var (
	errNoPage  = errors.New("there is no such page")
	errNothing = errors.New("there is nothing to see yet")
)

// unread answers what was sent without waiting for the rest of it.
func unread(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength != 0 {
		w.Header().Set("Connection", "close")
	}
}

func (t *site) tokenOf(r *http.Request) (packet.Token, bool) {
	cookie, err := r.Cookie(t.cookieName(sessionCookie))
	if err != nil {
		return packet.Token{}, false
	}
	return packet.ParseToken(cookie.Value)
}

// inside lets in who has a session. The form is read before the session's transaction
// begins, so that a slow line holds nothing of the database's; and it is read only of
// who has a session, because a proof is long.
func (t *site) inside(do func(ctx context.Context, v *visit) (reply, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		token, ok := t.tokenOf(r)
		if !ok {
			unread(w, r)
			t.explain(w, r, http.StatusUnauthorized, "nosession")
			return
		}
		v := &visit{site: t, w: w, r: r, token: token, words: t.views[languageOf(r)].words}
		defer func() {
			if v.gone != nil {
				v.gone()
			}
		}()
		if r.Method == http.MethodPost {
			back, ok := v.read()
			if !ok {
				return
			}
			defer back()
		}
		var answer reply
		err := t.Door.Visit(r.Context(), token.Key(), func(ctx context.Context, in *pagedoor.Visit) (err error) {
			v.Visit = in
			v.isHere()
			if v.identity, err = token.Key().Unwrap(in.Wrapped, in.Of); err != nil {
				return err
			}
			answer, err = do(ctx, v)
			return err
		})
		if err != nil {
			t.failed(w, r, err)
			return
		}
		answer(w)
	}
}

// failed says what to do after an error.
func (t *site) failed(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, pagedoor.ErrNoSession):
		http.SetCookie(w, t.gone(sessionCookie))
		t.explain(w, r, http.StatusUnauthorized, "nosession")
	case errors.Is(err, errNoPage):
		t.explain(w, r, http.StatusNotFound, "nopage")
	case errors.Is(err, errNothing):
		w.Header().Set("Retry-After", "60")
		t.explain(w, r, http.StatusServiceUnavailable, "nothing")
	case errors.Is(err, pagedoor.ErrTooMany):
		t.explain(w, r, http.StatusTooManyRequests, "toomany")
	default:
		if n := t.broken.Again(t.Now()); n > 0 && r.Context().Err() == nil {
			t.Log.ErrorContext(r.Context(), "practices' pages cannot be shown", slog.Int("count", n), slog.Any("error", err))
		}
		w.Header().Set("Retry-After", "60")
		t.explain(w, r, http.StatusServiceUnavailable, "broken")
	}
}

// read takes in what was sent and looks whether it came from a form of this session.
// When it answers ok with false, it has said why. back gives up the memory's turn.
func (v *visit) read() (back func(), ok bool) {
	t, back := v.site, func() {}
	kind, _, _ := mime.ParseMediaType(v.r.Header.Get("Content-Type"))
	var err error
	switch kind {
	case "multipart/form-data":
		if back, ok = v.begin(); !ok {
			return nil, false
		}
		// All of it fits into this much memory, so that no proof comes on the disk.
		err = v.r.ParseMultipartForm(maxProofBody + 1<<20)
	case "application/json":
		err = json.NewDecoder(v.r.Body).Decode(&v.body)
	default:
		err = v.r.ParseForm()
	}
	var long *http.MaxBytesError
	secret := v.r.PostFormValue(secretField)
	if v.body != nil {
		secret = v.r.Header.Get(secretHeader)
	}
	switch {
	case errors.As(err, &long):
		t.explain(v.w, v.r, http.StatusRequestEntityTooLarge, "toolong")
	case err != nil:
		t.explain(v.w, v.r, http.StatusBadRequest, "garbled")
	case subtle.ConstantTimeCompare([]byte(secret), []byte(v.token.FormSecret())) != 1:
		t.explain(v.w, v.r, http.StatusForbidden, "elsewhere")
	default:
		if v.r.MultipartForm != nil {
			v.proof = t.takeProof(v.r)
		}
		return back, true
	}
	back()
	return nil, false
}

// begin looks whether there is a session at all, before ten megabytes are read.
func (v *visit) begin() (back func(), ok bool) {
	t := v.site
	if err := t.Door.Visit(v.r.Context(), v.token.Key(), func(context.Context, *pagedoor.Visit) error { v.isHere(); return nil }); err != nil {
		unread(v.w, v.r)
		t.failed(v.w, v.r, err)
		return nil, false
	}
	back, ok = t.turn(t.proofs, v.w, v.r)
	if ok && t.ProofTime > 0 {
		// From here on a slow line has longer than a stranger. A server that knows no
		// deadlines, as in a test, has none to move.
		if err := http.NewResponseController(v.w).SetReadDeadline(time.Now().Add(t.ProofTime)); err != nil && !errors.Is(err, http.ErrNotSupported) {
			back()
			t.failed(v.w, v.r, err)
			return nil, false
		}
	}
	return back, ok
}

// turn waits until there is memory for a whole file.
func (t *site) turn(of turns, w http.ResponseWriter, r *http.Request) (back func(), ok bool) {
	if back, ok = of.take(r.Context()); !ok {
		w.Header().Set("Retry-After", "30")
		t.explain(w, r, http.StatusServiceUnavailable, "busy")
	}
	return back, ok
}

// held is for what has a whole file in memory until it is written. It waits for its turn
// before the session's transaction begins.
func (t *site) held(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if _, ok := t.tokenOf(r); !ok {
			next(w, r) // says that there is no session
			return
		}
		back, ok := t.turn(t.files, w, r)
		if !ok {
			return
		}
		defer back()
		next(w, r)
	}
}

// part opens one part of the practice's packet; pagedoor.ErrNoPart for none.
func (v *visit) part(ctx context.Context, name string) ([]byte, error) {
	sealed, _, err := v.Part(ctx, name)
	if err != nil {
		return nil, err
	}
	return v.identity.Open(sealed, v.Of, name)
}

// page is the practice's page.
func (v *visit) page(ctx context.Context) (*packet.Page, error) {
	if v.opened != nil {
		return v.opened, nil
	}
	content, err := v.part(ctx, packet.PartPage)
	if errors.Is(err, pagedoor.ErrNoPart) {
		return nil, errNothing
	}
	if err != nil {
		return nil, err
	}
	v.opened = &packet.Page{}
	return v.opened, json.Unmarshal(content, v.opened)
}

// zone is the practice's, in which its days end.
func (v *visit) zone() *time.Location {
	if v.opened != nil {
		if zone, err := time.LoadLocation(v.opened.Zone); err == nil {
			return zone
		}
	}
	return time.UTC
}

func (v *visit) today() civil.Date { return civil.OfTime(v.site.Now().In(v.zone())) }

// show answers with a page of the session.
func (v *visit) show(status int, name string, body any) reply {
	return func(w http.ResponseWriter) {
		f := frame{Secret: v.token.FormSecret(), Body: body}
		if v.opened != nil {
			f.Sender = v.opened.Sender.Name
		}
		if name == "devices" && v.site.passkeys.possible() {
			f.Script = v.site.script
		}
		v.site.render(w, v.r, status, name, f)
	}
}

// to answers by leading to another page of this site.
func (v *visit) to(path string) reply {
	return func(w http.ResponseWriter) { http.Redirect(w, v.r, path, http.StatusSeeOther) }
}

// posted reports whether a form was sent, and not asked for.
func (v *visit) posted() bool { return v.r.Method == http.MethodPost }

// typed is what stands in a field of the form, without spaces around it.
func (v *visit) typed(field string) string { return strings.TrimSpace(v.r.PostFormValue(field)) }

// leave ends the session, or with everybody all of the practice's.
func leave(ctx context.Context, v *visit) (reply, error) {
	if err := v.Leave(ctx, v.typed("everybody") == "yes"); err != nil {
		return nil, err
	}
	return func(w http.ResponseWriter) {
		http.SetCookie(w, v.site.gone(sessionCookie))
		w.Header().Set("Clear-Site-Data", `"cache"`)
		v.site.explain(w, v.r, http.StatusOK, "left")
	}, nil
}
