package casebook

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// Decision is one decision on one practice, with everything it was taken from.
// It is written once and never changed. It holds counts, days and keys, and
// nothing about a patient.
type Decision struct {
	// Seq rises in the order in which decisions were taken.
	Seq         int
	PracticeKey string
	// SHA256 is DecisionSHA256 of the other fields.
	SHA256          string
	RulebookVersion string
	RulebookSHA256  string
	// Inputs are a canonical rules.Subject, Result the canonical rules.Decision
	// that the rulebook makes of them.
	Inputs, Result []byte
	At             time.Time
}

// DecisionSHA256 is the hash that names a decision: over the rulebook's hash,
// the inputs and the result, each followed by a line feed, which none contains.
func DecisionSHA256(rulebookSHA256 string, inputs, result []byte) string {
	h := sha256.New()
	for _, part := range [][]byte{[]byte(rulebookSHA256), inputs, result} {
		h.Write(part)
		h.Write([]byte{'\n'})
	}
	return hex.EncodeToString(h.Sum(nil))
}
