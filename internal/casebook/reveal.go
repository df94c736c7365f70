package casebook

import "time"

// Reveal asks to see one patient's row outside the papers, and is kept.
type Reveal struct {
	IncidentID, PracticeKey string
	// PersonKey is the key of findings.csv; it is in no log and no ledger.
	PersonKey string
	// Reason is why it is needed.
	Reason string
	// Who asks, as given with --by, and in whose session.
	Who, Identity string
	// At is the database's clock; it is not given.
	At time.Time
}
