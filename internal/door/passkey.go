package door

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

// Kinds of tickets for the steps with a passkey.
const (
	signInTicket = "sign in by a passkey"
	makeTicket   = "make a passkey"
)

// maxLabel is how long a passkey's name can be, in bytes.
const maxLabel = 60

// NoPasskeys says why browsers make no passkey for an address, "" when they do
// (https://www.w3.org/TR/webauthn-3/, 5.1.3 and 13.4.9: a secure context and a domain).
func NoPasskeys(address *url.URL) string {
	switch _, err := netip.ParseAddr(address.Hostname()); {
	case err == nil:
		return "it is a number, and a passkey belongs to a name"
	case !Private(address):
		return "it is without TLS"
	}
	return ""
}

// keys is how passkeys are asked for and judged, nil where browsers make none.
func (d *Door) keys() (*webauthn.WebAuthn, error) {
	if NoPasskeys(d.Address) != "" {
		return nil, nil
	}
	return webauthn.New(&webauthn.Config{
		RPID: d.Address.Hostname(), RPDisplayName: "Duenotice", RPOrigins: []string{d.Address.String()},
		// A passkey is all that somebody shows, so the authenticator asks who uses it, and
		// knows by itself whose it is.
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(), UserVerification: protocol.VerificationRequired,
		},
		AttestationPreference: protocol.PreferNoAttestation,
		// Some password managers answer more than they were asked; nothing is read of it.
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore,
	})
}

// keeper is a person as the library for passkeys knows one.
type keeper struct {
	handle []byte
	name   string
	has    []webauthn.Credential
}

func (k keeper) WebAuthnID() []byte                         { return k.handle }
func (k keeper) WebAuthnName() string                       { return k.name }
func (k keeper) WebAuthnDisplayName() string                { return k.name }
func (k keeper) WebAuthnCredentials() []webauthn.Credential { return k.has }

func keeperOf(name string, kept []casebook.Passkey) (keeper, error) {
	k := keeper{name: name}
	for _, p := range kept {
		var c webauthn.Credential
		if err := json.Unmarshal(p.Kept, &c); err != nil {
			return k, err
		}
		k.handle, k.has = p.Handle, append(k.has, c)
	}
	return k, nil
}

// ceremony is what a page needs to have the browser ask for a passkey.
type ceremony struct{ Options, Ticket string }

// offerPasskey begins a sign-in, for whom the passkey will say.
func (d *Door) offerPasskey() (*ceremony, error) {
	keys, err := d.keys()
	if keys == nil || err != nil {
		return nil, err
	}
	asked, data, err := keys.BeginDiscoverableLogin()
	if err != nil {
		return nil, err
	}
	return d.ceremony(signInTicket, asked.Response, data)
}

func (d *Door) ceremony(kind string, options, data any) (*ceremony, error) {
	text, err := json.Marshal(options)
	if err != nil {
		return nil, err
	}
	ticket, err := d.tickets.seal(kind, data, d.Now())
	return &ceremony{Options: string(text), Ticket: ticket}, err
}

// signInByPasskey lets in whose passkey signed what this door asked.
func (d *Door) signInByPasskey(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		tooLong(w, err)
		return
	}
	now := d.Now()
	right, ok := d.guess(w, r, now)
	if !ok {
		return
	}
	passkey, err := d.shown(r.Context(), r.PostFormValue("ticket"), r.PostFormValue("credential"), now)
	var wrong *wrongPasskey
	switch {
	case errors.As(err, &wrong):
		d.refuse(r, casebook.ByPasskey, wrong.why)
		d.explain(w, r, http.StatusUnauthorized, "That passkey does not sign in here. It may have been taken away, or the page was open too long: try again, or use a link.")
		return
	case err != nil:
		d.broken(w, r, err)
		return
	}
	session, secret, replaces := d.begin(r, casebook.ByPasskey, now)
	if session, err = d.Store.BeginSessionByPasskey(r.Context(), passkey, session, replaces); err != nil {
		d.broken(w, r, err)
		return
	}
	if session.ID == 0 {
		d.refuse(r, casebook.ByPasskey, "the passkey was taken away")
		d.explain(w, r, http.StatusUnauthorized, "That passkey was taken away.")
		return
	}
	right()
	d.welcome(w, r, session, secret)
	http.Redirect(w, r, d.page(r.PostFormValue("to")), http.StatusSeeOther)
}

// wrongPasskey is why a passkey does not sign in, for the record.
type wrongPasskey struct{ why string }

func (e *wrongPasskey) Error() string { return e.why }

// shown is the passkey that signed what a ticket asked, with its counter as it is now.
func (d *Door) shown(ctx context.Context, ticket, signed string, now time.Time) (passkey casebook.Passkey, err error) {
	keys, err := d.keys()
	if err != nil {
		return passkey, err
	}
	var data webauthn.SessionData
	if keys == nil || !d.tickets.open(signInTicket, ticket, &data, now) {
		return passkey, &wrongPasskey{"the question was over or used"}
	}
	answer, err := protocol.ParseCredentialRequestResponseBytes([]byte(signed))
	if err != nil {
		return passkey, &wrongPasskey{"it cannot be read"}
	}
	var broken error
	_, credential, err := keys.ValidatePasskeyLogin(func(id, handle []byte) (webauthn.User, error) {
		if passkey, broken = d.Store.Passkey(ctx, id); broken != nil {
			return nil, broken
		}
		if passkey.ID == 0 || !bytes.Equal(passkey.Handle, handle) {
			return nil, errors.New("nobody has it")
		}
		return keeperOf(passkey.Who, []casebook.Passkey{passkey})
	}, data, answer)
	switch {
	case broken != nil:
		return passkey, broken
	case err != nil && passkey.ID == 0:
		return passkey, &wrongPasskey{"nobody has it"}
	case err != nil:
		return passkey, &wrongPasskey{"it did not sign what was asked"}
	case credential.Authenticator.CloneWarning:
		return passkey, &wrongPasskey{"its counter went back: there may be a copy of it"}
	case !d.tickets.use(ticket, now):
		return passkey, &wrongPasskey{"the question was over or used"}
	}
	passkey.Kept, err = json.Marshal(credential)
	return passkey, err
}

// making is what is between the two steps of making a passkey.
type making struct {
	Session int
	Data    webauthn.SessionData
}

// mayKeepPasskeys reports whether somebody signs in by passkeys of ours. Whom the
// provider knows is the provider's to let in, and no longer when it says so.
func (d *Door) mayKeepPasskeys(p Person) bool {
	return !p.Identity.FromProvider() && NoPasskeys(d.Address) == ""
}

// askForPasskey shows the page on which the browser makes one.
func (d *Door) askForPasskey(w http.ResponseWriter, r *http.Request) {
	p, _ := Of(r)
	keys, err := d.keys()
	if err != nil {
		d.broken(w, r, err)
		return
	}
	if keys == nil || !d.mayKeepPasskeys(p) {
		http.Error(w, "There are no passkeys here for you: "+d.whyNoPasskeys(p), http.StatusForbidden)
		return
	}
	there, err := d.Store.Passkeys(r.Context(), p.Identity)
	if err != nil {
		d.broken(w, r, err)
		return
	}
	keeper, err := keeperOf(p.Name, there)
	if err != nil {
		d.broken(w, r, err)
		return
	}
	if keeper.handle == nil {
		keeper.handle = make([]byte, 32)
		_, _ = rand.Read(keeper.handle) // it never fails (crypto/rand)
	}
	exclude := make([]protocol.CredentialDescriptor, len(keeper.has))
	for i, c := range keeper.has {
		exclude[i] = c.Descriptor()
	}
	asked, data, err := keys.BeginRegistration(keeper, webauthn.WithExclusions(exclude))
	if err != nil {
		d.broken(w, r, err)
		return
	}
	made, err := d.ceremony(makeTicket, asked.Response, making{Session: p.session.ID, Data: *data})
	if err != nil {
		d.broken(w, r, err)
		return
	}
	d.show(w, http.StatusOK, "passkey.html", passkeyPage{Make: made, Label: "Passkey of " + d.Now().In(d.zone()).Format(time.DateOnly)})
}

// addPasskey keeps what the browser made.
func (d *Door) addPasskey(w http.ResponseWriter, r *http.Request) {
	p, _ := Of(r)
	if err := r.ParseForm(); err != nil {
		tooLong(w, err)
		return
	}
	keys, err := d.keys()
	if err != nil {
		d.broken(w, r, err)
		return
	}
	if keys == nil || !d.mayKeepPasskeys(p) {
		http.Error(w, "There are no passkeys here for you: "+d.whyNoPasskeys(p), http.StatusForbidden)
		return
	}
	var asked making
	now := d.Now()
	const again = "The passkey was not kept: the page was open too long, or it was not this browser's. Add it once more."
	if !d.tickets.open(makeTicket, r.PostFormValue("ticket"), &asked, now) || asked.Session != p.session.ID {
		http.Error(w, again, http.StatusBadRequest)
		return
	}
	answer, err := protocol.ParseCredentialCreationResponseBytes([]byte(r.PostFormValue("credential")))
	if err != nil {
		http.Error(w, again, http.StatusBadRequest)
		return
	}
	credential, err := keys.CreateCredential(keeper{handle: asked.Data.UserID, name: p.Name}, asked.Data, answer)
	if err != nil || !d.tickets.use(r.PostFormValue("ticket"), now) {
		http.Error(w, again, http.StatusBadRequest)
		return
	}
	kept, err := json.Marshal(credential)
	if err != nil {
		d.broken(w, r, err)
		return
	}
	label := strings.TrimSpace(said(r.PostFormValue("label")))
	if len(label) > maxLabel {
		label = strings.ToValidUTF8(label[:maxLabel], "")
	}
	if label == "" {
		label = "Passkey"
	}
	err = d.Store.AddPasskey(r.Context(), casebook.Passkey{
		Credential: credential.ID, Handle: asked.Data.UserID, Who: p.Name, Identity: string(p.Identity), Kept: kept, Label: label, Added: now,
	}, p.session)
	d.thenAccount(w, r, err)
}

func (d *Door) whyNoPasskeys(p Person) string {
	if p.Identity.FromProvider() {
		return "you sign in by your organisation, which says who you are each time."
	}
	return "this page's address makes none, because " + NoPasskeys(d.Address) + "."
}

// thenAccount goes on to the account's page, or says what was refused.
func (d *Door) thenAccount(w http.ResponseWriter, r *http.Request, err error) {
	if refusal, ok := breach.AsRefusal(err); ok {
		http.Error(w, refusal.Error(), http.StatusConflict)
		return
	}
	if err != nil {
		d.broken(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, accountPath, http.StatusSeeOther)
}
