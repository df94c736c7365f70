package cli

import (
	"errors"
	"io/fs"

	"duenotice/internal/app"
	"duenotice/internal/door"
)

// pages says what of the pages' sign-in is wrong: the address, and the provider of
// identities.
func (e *examination) pages(config app.Config) {
	if config.TemporalUI == "" {
		return // there are none
	}
	address, err := door.ParseAddress(config.TemporalUI)
	if err != nil {
		e.bad("pages", err, "set DUENOTICE_TEMPORAL_UI to the address that officers open")
		return
	}
	if !door.Private(address) {
		e.bad("pages", errors.New(address.String()+" is without TLS: whoever is on the way reads the pages and takes over the sign-in"),
			"end TLS in front of the page, and write its address with https (docs/deployment.md)")
	} else {
		e.good("pages", "at "+address.String()+": "+e.p.command("board"))
	}
	if why := door.NoPasskeys(address); why != "" {
		e.note("passkeys", "browsers make none for "+address.String()+": "+why, "give the page a name below localhost or one with TLS (docs/deployment.md)")
	}
	provider, err := config.Provider()
	switch {
	case errors.Is(err, fs.ErrPermission):
		e.note("provider of identities", "this account may not read the client's secret, as it should be", "look as the account that serves the pages")
		return
	case err != nil:
		e.bad("provider of identities", err, "mend it as docs/deployment.md says; a link signs in meanwhile")
		return
	case provider == nil:
		return
	}
	_, err = provider.Discover(e.p.Now())
	switch {
	case err != nil && door.Unreached(err):
		e.note("provider of identities", err.Error(), "see that it answers where the pages are served; from here it may not")
	case err != nil:
		e.bad("provider of identities", err, "write the issuer as the provider itself does, in DUENOTICE_OIDC_ISSUER or oidc_issuer")
	default:
		e.good("provider of identities", provider.Issuer+" answers; people are known by "+provider.Claim+", and it has to know of "+door.BackAt(address))
	}
}
