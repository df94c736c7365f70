package app

import (
	"fmt"
	"strings"

	"duenotice/internal/access"
	"duenotice/internal/breach"
	"duenotice/internal/door"
)

// OIDC says which provider of identities lets people in to the pages, if any does.
// The secret by which it knows us is read by who asks it, and by no other command.
type OIDC struct {
	Issuer     string `yaml:"oidc_issuer"`
	ClientID   string `yaml:"oidc_client_id"`
	SecretFile string `yaml:"oidc_client_secret_file"`
	// Claim is by what somebody is known, one of door's claims.
	Claim string `yaml:"oidc_claim"`
}

// asked reports whether there is such a provider. Where its secret would lie says
// nothing: a container has a place for it in any case.
func (it OIDC) asked() bool { return it.Issuer != "" || it.ClientID != "" || it.Claim != "" }

// checked refuses half of one with code "oidc".
func (it OIDC) checked() (OIDC, error) {
	if !it.asked() {
		return OIDC{}, nil
	}
	it.Claim = first(it.Claim, door.ClaimSubject)
	if it.SecretFile == "" {
		return it, refuseOIDC(fmt.Errorf("it is not said which file has the client's secret"))
	}
	if err := it.provider("read later").Check(); err != nil {
		return it, refuseOIDC(err)
	}
	return it, nil
}

func refuseOIDC(err error) error {
	return breach.Refuse("oidc", "Set DUENOTICE_OIDC_ISSUER, _CLIENT_ID, _CLIENT_SECRET_FILE and _CLAIM, or none of them: see docs/deployment.md.",
		"the sign-in with a provider of identities: %s", err)
}

func (it OIDC) provider(secret string) *door.Provider {
	return &door.Provider{Issuer: it.Issuer, ClientID: it.ClientID, Secret: secret, Claim: it.Claim}
}

// Provider is who says with OpenID Connect who somebody is, nil where nobody does. It
// refuses with code "oidc" one that cannot be asked.
func (c Config) Provider() (*door.Provider, error) {
	if !c.OIDC.asked() {
		return nil, nil
	}
	text, err := secret("oidc_client_secret_file", c.OIDC.SecretFile)
	if err != nil {
		return nil, err
	}
	provider := c.OIDC.provider(text)
	if err := provider.Check(); err != nil {
		return nil, refuseOIDC(err)
	}
	return provider, nil
}

// IdentityGiven is the identity that somebody means who types it: an e-mail address
// is the provider's in whichever capitals it was typed.
func (c Config) IdentityGiven(typed access.Identity) access.Identity {
	if !typed.FromProvider() {
		return typed
	}
	_, name, _ := strings.Cut(string(typed), ":")
	return access.OfProvider(name, c.OIDC.Claim == door.ClaimEmail)
}
