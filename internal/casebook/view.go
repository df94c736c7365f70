package casebook

import "time"

// UILink is a link into Temporal's UI that is good for one login.
type UILink struct {
	// SHA256 of the secret in the link, in hexadecimal.
	SHA256 string
	// Who asked for it, as the record of who looked shall name them.
	Who string
	// Identity is theirs (access.Identity): what they may see is asked by it.
	Identity string
	Until    time.Time
}

// UISession is what a link becomes once it was followed.
type UISession struct {
	// SHA256 of the secret in the browser's cookie, in hexadecimal.
	SHA256 string
	Until  time.Time
}

// PayloadView is one request of a person's browser to decode what passed through
// Temporal: evidence of who looked, never of what was seen.
type PayloadView struct {
	At  time.Time
	Who string
	// Namespace, WorkflowID and RunID as the browser said them; the last two are
	// empty where the page was of no single workflow.
	Namespace, WorkflowID, RunID string
	Payloads                     int
	// Readable is whether they could be decoded; if not, nothing was shown.
	Readable bool
}
