package casebook

import "time"

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
