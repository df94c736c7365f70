package pages

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"duenotice/internal/packet"
)

// fromDevice is what the script sends of a passkey: its answer as JSON, and apart from
// it the output of its pseudo-random function.
type fromDevice struct {
	Credential json.RawMessage           `json:"credential"`
	PRF        protocol.URLEncodedBase64 `json:"prf"`
	Name       string                    `json:"name"`
}

// beginPasskeyLogin asks for any passkey of this page. It asks the same of every link.
func (t *site) beginPasskeyLogin(w http.ResponseWriter, r *http.Request) {
	if !t.passkeys.possible() {
		t.explain(w, r, http.StatusNotFound, "nopage")
		return
	}
	options, session, err := t.passkeys.lib.BeginDiscoverableLogin(webauthn.WithAssertionExtensions(webauthn.WithExtensionPRF(prfInput)))
	if err != nil {
		t.failed(w, r, err)
		return
	}
	t.ask(w, r, options.Response, session, "login "+r.PathValue("link"))
}

// ask sends what the browser shall ask a device, and keeps the ceremony in a cookie.
func (t *site) ask(w http.ResponseWriter, r *http.Request, options any, session *webauthn.SessionData, whose string) {
	sealed, err := t.passkeys.seal(session, whose)
	if err != nil {
		t.failed(w, r, err)
		return
	}
	cookie := t.cookie(ceremonyCookie, sealed) //nolint:gosec // G124: Secure wherever the page is served with TLS
	cookie.MaxAge = int(ceremonyTime.Seconds())
	http.SetCookie(w, cookie)
	t.json(w, http.StatusOK, options)
}

// json answers the script.
func (t *site) json(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the browser is gone, if anything
}

// outcome is what the script shows or where it goes on.
type outcome struct {
	To    string `json:"to,omitempty"`
	Error string `json:"error,omitempty"`
}

// refuse tells the script why a passkey is not taken.
func (t *site) refuse(w http.ResponseWriter, r *http.Request, status int, words string) {
	text, err := t.views[languageOf(r)].text(words)
	if err != nil {
		t.failed(w, r, err)
		return
	}
	t.json(w, status, outcome{Error: text})
}

// ceremonyOf takes the ceremony out of its cookie, and the cookie away.
func (t *site) ceremonyOf(w http.ResponseWriter, r *http.Request, whose string) (webauthn.SessionData, error) {
	cookie, err := r.Cookie(t.cookieName(ceremonyCookie))
	if err != nil || !t.passkeys.possible() {
		return webauthn.SessionData{}, errCeremony
	}
	http.SetCookie(w, t.gone(ceremonyCookie))
	return t.passkeys.open(cookie.Value, whose, t.Now())
}

// finishPasskeyLogin begins a session with a passkey of the link's practice.
func (t *site) finishPasskeyLogin(w http.ResponseWriter, r *http.Request) {
	link := linkOf(r)
	g := t.guessed(r, link)
	if t.tooMany(g) {
		w.Header().Set("Retry-After", "60")
		t.refuse(w, r, http.StatusTooManyRequests, "code.many")
		return
	}
	entered, err := t.enterByPasskey(w, r, link)
	switch {
	case errors.Is(err, errDevice) || err == nil && !entered:
		t.notedWrong(r, g)
		t.refuse(w, r, http.StatusForbidden, "passkey.wrong")
	case errors.Is(err, errNoPRF):
		t.refuse(w, r, http.StatusUnprocessableEntity, "passkey.prf")
	case err != nil:
		t.Log.ErrorContext(r.Context(), "a passkey could not be looked at", slog.Any("error", err))
		t.refuse(w, r, http.StatusServiceUnavailable, "passkey.later")
	default:
		t.json(w, http.StatusOK, outcome{To: "/notice"})
	}
}

var (
	// errDevice is an answer that is not a passkey's of this practice.
	errDevice = errors.New("this is no passkey of this practice")
	// errNoPRF is a device without the pseudo-random function.
	errNoPRF = errors.New("this device has no secret for us")
)

func (t *site) enterByPasskey(w http.ResponseWriter, r *http.Request, link packet.Link) (bool, error) {
	session, err := t.ceremonyOf(w, r, "login "+r.PathValue("link"))
	if err != nil {
		return false, errDevice
	}
	var sent fromDevice
	if json.NewDecoder(r.Body).Decode(&sent) != nil {
		return false, errDevice
	}
	answer, err := protocol.ParseCredentialRequestResponseBytes(sent.Credential)
	if err != nil {
		return false, errDevice
	}
	credentials, err := t.credentials(r.Context(), link)
	if err != nil {
		return false, err
	}
	_, used, err := t.passkeys.lib.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
		// The handle only says whose the device takes it for. That the passkey is of this link
		// is what the database says, and that it is this passkey its signature.
		return owner{id: handle, credentials: credentials}, nil
	}, session, answer)
	if err != nil || used.Authenticator.CloneWarning {
		return false, errDevice
	}
	key, err := packet.FromPasskey(sent.PRF)
	if err != nil {
		return false, errNoPRF
	}
	tried, ok, err := t.Door.Try(r.Context(), link, used.ID, key)
	if err != nil || !ok {
		return false, err
	}
	updated, err := json.Marshal(used)
	if err != nil {
		return false, err
	}
	return t.enter(w, r, entry{link: link, key: key, tried: tried, credential: used.ID, updated: updated})
}

// credentials are the passkeys that may open a link's page.
func (t *site) credentials(ctx context.Context, link packet.Link) ([]webauthn.Credential, error) {
	kept, err := t.Door.Passkeys(ctx, link)
	if err != nil {
		return nil, err
	}
	all := make([]webauthn.Credential, len(kept))
	for i, one := range kept {
		if err := json.NewDecoder(bytes.NewReader(one)).Decode(&all[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}
