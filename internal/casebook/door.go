package casebook

import "time"

// How long what lets people in lasts. NIST SP 800-63B-4, 2.2.3, has a day and an
// hour for what a second factor is asked for; a working day is enough here. 45 CFR
// 164.312(a)(2)(iii) asks for an end after a time without use.
const (
	// SignInLinkLasts is how long a link can wait to be followed.
	SignInLinkLasts = 10 * time.Minute
	// DoorSessionLasts is how long somebody stays signed in at most.
	DoorSessionLasts = 12 * time.Hour
	// DoorSessionIdle is how long a session goes on without a request.
	DoorSessionIdle = time.Hour
)

// Ways to sign in.
const (
	ByLink    = "link"
	ByPasskey = "passkey"
	// ByOIDC is by a provider of identities, with OpenID Connect.
	ByOIDC = "oidc"
)

// SignInLink is a link that is good for one sign-in.
type SignInLink struct {
	// SHA256 of the secret in the link, in hexadecimal.
	SHA256 string
	// Who asked for it, as the record of who looked shall name them.
	Who string
	// Identity is theirs (access.Identity): what they may see is asked by it.
	Identity string
	Until    time.Time
}

// DoorSession is somebody who is signed in, in one browser.
type DoorSession struct {
	// ID names it in lists. It opens nothing.
	ID int
	// SHA256 of the secret in the browser's cookie, in hexadecimal.
	SHA256        string
	Who, Identity string
	// How is one of ByLink, ByPasskey and ByOIDC.
	How string
	// PasskeyID is the passkey's, 0 where it was none.
	PasskeyID int
	// Address is where the browser came from as the connection says, Browser what it
	// calls itself.
	Address, Browser string
	// Seen is the last request, to the minute.
	Began, Seen, Until time.Time
}

// Passkey lets a person sign in without a link. What is kept of it is public.
type Passkey struct {
	ID int
	// Credential is the authenticator's name of it, Handle what stands there for the person.
	Credential, Handle []byte
	Who, Identity      string
	// Kept is its public key, flags and counter, as JSON that internal/door reads.
	Kept []byte
	// Label is what the person calls it.
	Label string
	Added time.Time
	// Used is the zero time until somebody signed in by it.
	Used time.Time
}

// What a DoorEvent tells of.
const (
	DoorSignedIn       = "signed_in"
	DoorRefused        = "refused"
	DoorEnded          = "ended"
	DoorPasskeyAdded   = "passkey_added"
	DoorPasskeyRemoved = "passkey_removed"
)

// DoorEvent is one row of the record of who came in and how it ended.
type DoorEvent struct {
	At   time.Time
	What string
	// Who and Identity are empty where nobody is known.
	Who, Identity string
	How           string
	// SessionID is 0 where it concerns no session.
	SessionID        int
	Address, Browser string
	// Times is how many refusals it stands for: they come in bursts.
	Times int
	Why   string
	// ByWhom is who ended a session or took a passkey away, where somebody did.
	ByWhom string
}
