package pages

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"duenotice/internal/casebook"
	"duenotice/internal/packet"
	"duenotice/internal/postgres/pagedoor"
)

// keeping are the practice's passkeys, and how it leaves.
type keeping struct {
	*packet.Page
	Devices  []device
	Possible bool
	Way      string
	Until    string
}

type device struct{ ID, Name, Made, Used string }

// devices shows the practice's passkeys.
func devices(ctx context.Context, v *visit) (reply, error) {
	p, err := v.page(ctx)
	if err != nil {
		return nil, err
	}
	kept, err := v.Passkeys(ctx)
	if err != nil {
		return nil, err
	}
	k := keeping{Page: p, Possible: v.site.passkeys.possible(), Way: v.Way, Until: v.moment(v.Until, v.zone())}
	for _, one := range kept {
		d := device{ID: base64.RawURLEncoding.EncodeToString(one.ID), Name: one.Name, Made: v.moment(one.MadeAt, v.zone())}
		if one.UsedAt != nil {
			d.Used = v.moment(*one.UsedAt, v.zone())
		}
		k.Devices = append(k.Devices, d)
	}
	return v.show(http.StatusOK, "devices", k), nil
}

// removeDevice takes a passkey away.
func removeDevice(ctx context.Context, v *visit) (reply, error) {
	id, err := base64.RawURLEncoding.DecodeString(v.typed("device"))
	if err != nil {
		return nil, errNoPage
	}
	return v.to("/devices"), v.RemovePasskey(ctx, id)
}

// whose is what ties a ceremony to its session.
func (v *visit) whose() string { return "register " + v.token.String() }

// beginDevice asks for a new passkey.
func beginDevice(ctx context.Context, v *visit) (reply, error) {
	if !v.site.passkeys.possible() {
		return nil, errNoPage
	}
	p, err := v.page(ctx)
	if err != nil {
		return nil, err
	}
	kept, err := v.Passkeys(ctx)
	if err != nil {
		return nil, err
	}
	options, session, err := v.site.passkeys.lib.BeginRegistration(v.owner(p.PracticeName),
		webauthn.WithExclusions(described(kept)), webauthn.WithExtensions(webauthn.WithExtensionPRF(prfInput)))
	if err != nil {
		return nil, err
	}
	return func(w http.ResponseWriter) { v.site.ask(w, v.r, options.Response, session, v.whose()) }, nil
}

// owner is the practice. A device that has its passkey already knows it by this id.
func (v *visit) owner(name string) owner {
	id := sha256.Sum256([]byte("duenotice page owner\n" + v.Recipient))
	return owner{id: id[:], name: name}
}

func described(kept []pagedoor.Passkey) []protocol.CredentialDescriptor {
	all := make([]protocol.CredentialDescriptor, len(kept))
	for i, k := range kept {
		all[i] = protocol.CredentialDescriptor{Type: protocol.PublicKeyCredentialType, CredentialID: k.ID}
	}
	return all
}

// finishDevice takes a new passkey in, when it has the pseudo-random function whose
// output opens the packet from then on. Of one without it nothing is kept.
func finishDevice(ctx context.Context, v *visit) (reply, error) {
	refuse := func(words string) (reply, error) {
		return func(w http.ResponseWriter) { v.site.refuse(w, v.r, http.StatusUnprocessableEntity, words) }, nil
	}
	var sent fromDevice
	if json.Unmarshal(v.body, &sent) != nil {
		return refuse("passkey.failed")
	}
	session, err := v.site.ceremonyOf(v.w, v.r, v.whose())
	if err != nil {
		return refuse("passkey.failed")
	}
	answer, err := protocol.ParseCredentialCreationResponseBytes(sent.Credential)
	if err != nil {
		return refuse("passkey.failed")
	}
	made, err := v.site.passkeys.lib.CreateCredential(v.owner(""), session, answer)
	if err != nil {
		return refuse("passkey.failed")
	}
	key, err := packet.FromPasskey(sent.PRF)
	if err != nil {
		return refuse("passkey.prf")
	}
	// What a device says of its make is not kept: nobody asked for it.
	made.Attestation = webauthn.CredentialAttestation{}
	credential, err := json.Marshal(made)
	if err != nil {
		return nil, err
	}
	wrapped, err := key.Wrap(v.identity, v.Of)
	if err != nil {
		return nil, err
	}
	ok, err := v.AddPasskey(ctx, made.ID, credential, v.deviceName(sent.Name), key, wrapped)
	if err != nil {
		return nil, err
	}
	if !ok {
		return refuse("passkey.enough")
	}
	return func(w http.ResponseWriter) { v.site.json(w, http.StatusOK, outcome{To: "/devices"}) }, nil
}

// deviceName is what the practice calls it, or the day on which it was added.
func (v *visit) deviceName(typed string) string {
	if typed == "" || len(typed) > 100 || casebook.Readable("name", typed) != nil {
		return v.site.Now().In(v.zone()).Format(time.DateOnly)
	}
	return typed
}
