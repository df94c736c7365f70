package pages

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/netip"
	"net/url"
	"sync"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// ceremonies are WebAuthn's: between the question to a passkey and its answer the
// challenge lies in a cookie, sealed under a key that this process made at its start.
// Nothing of it is in the database, and nothing is good for another process.
type ceremonies struct {
	lib  *webauthn.WebAuthn // nil where no passkey can be used
	aead cipher.AEAD

	mu   sync.Mutex
	used map[string]time.Time // challenges that were answered, until they are over
}

// ceremonyTime is how long somebody may take with their device.
const ceremonyTime = 5 * time.Minute

// newCeremonies makes ready for passkeys of an address. Of an address without a name
// there are none: WebAuthn ties them to a name.
func newCeremonies(address *url.URL) (*ceremonies, error) {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // documented never to fail
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	c := &ceremonies{used: map[string]time.Time{}}
	if c.aead, err = cipher.NewGCMWithRandomNonce(block); err != nil {
		return nil, err
	}
	if _, err := netip.ParseAddr(address.Hostname()); err == nil {
		return c, nil
	}
	limit := webauthn.TimeoutConfig{Enforce: true, Timeout: ceremonyTime, TimeoutUVD: ceremonyTime}
	c.lib, err = webauthn.New(&webauthn.Config{
		RPID: address.Hostname(), RPDisplayName: "Duenotice", RPOrigins: []string{address.Scheme + "://" + address.Host},
		// Which make of device it is, is nothing we want to know.
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			// The device finds the passkey by itself, so that the page with the code need not say
			// whether a link has one; and a device gives another secret to somebody it did not verify.
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(),
			UserVerification: protocol.VerificationRequired,
		},
		Timeouts: webauthn.TimeoutsConfig{Login: limit, Registration: limit},
	})
	return c, err
}

func (c *ceremonies) possible() bool { return c.lib != nil }

// prfInput is what every passkey's pseudo-random function is asked of. It is no
// secret: what comes out is another value for each passkey.
var prfInput = func() protocol.PRFValues {
	sum := sha256.Sum256([]byte("duenotice page passkey"))
	return protocol.PRFValues{First: sum[:]}
}()

// seal closes a ceremony for a cookie, for a purpose and whose it is.
func (c *ceremonies) seal(session *webauthn.SessionData, whose string) (string, error) {
	plain, err := json.Marshal(session)
	if err != nil {
		return "", err
	}
	//nolint:gosec // this AEAD makes its nonce itself, by chance
	return base64.RawURLEncoding.EncodeToString(c.aead.Seal(nil, nil, plain, []byte(whose))), nil
}

var errCeremony = errors.New("this is no ceremony of this page")

// open gives back a ceremony, once.
func (c *ceremonies) open(cookie, whose string, now time.Time) (session webauthn.SessionData, err error) {
	sealed, err := base64.RawURLEncoding.DecodeString(cookie)
	if err != nil {
		return session, errCeremony
	}
	plain, err := c.aead.Open(nil, nil, sealed, []byte(whose))
	if err != nil {
		return session, errCeremony
	}
	if err := json.Unmarshal(plain, &session); err != nil {
		return session, errCeremony
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for challenge, until := range c.used {
		if until.Before(now) {
			delete(c.used, challenge)
		}
	}
	if _, again := c.used[session.Challenge]; again {
		return session, errCeremony
	}
	c.used[session.Challenge] = now.Add(2 * ceremonyTime)
	return session, nil
}

// owner is a practice as WebAuthn's library sees it.
type owner struct {
	id          []byte
	name        string
	credentials []webauthn.Credential
}

func (o owner) WebAuthnID() []byte                         { return o.id }
func (o owner) WebAuthnName() string                       { return o.name }
func (o owner) WebAuthnDisplayName() string                { return o.name }
func (o owner) WebAuthnCredentials() []webauthn.Credential { return o.credentials }
