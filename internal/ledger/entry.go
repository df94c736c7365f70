package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Hash is a SHA-256 sum; in JSON it is 64 hexadecimal digits.
type Hash [sha256.Size]byte

func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText writes the hash in hexadecimal digits.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads what MarshalText wrote, and nothing else: capitals would
// be the same hash in other bytes.
func (h *Hash) UnmarshalText(text []byte) error {
	if len(text) != 2*len(h) || strings.ToLower(string(text)) != string(text) {
		return fmt.Errorf("%q is not a SHA-256 sum in 64 small hexadecimal digits", text)
	}
	_, err := hex.Decode(h[:], text)
	return err
}

// Entry is one link of a chain. The JSON is a line of a pack's ledger.
type Entry struct {
	Incident string `json:"incident"`
	// Practice is the key of the practice whose chain it is in, "" for the incident's.
	Practice string `json:"practice"`
	// Seq counts from 1 without gaps.
	Seq int `json:"seq"`
	// At is when the database wrote it: UTC, as TimeFormat. It never goes back.
	At string `json:"at"`
	// Prev is the Hash of the entry before, zero for the first.
	Prev Hash `json:"prev"`
	Hash Hash `json:"hash"`
	// Body is the Body's JSON byte for byte as it was hashed: nobody has to
	// write it again in the same way to check it.
	Body string `json:"body"`
}

// TimeFormat is the form of Entry.At.
const TimeFormat = "2006-01-02T15:04:05.000000Z"

// Sum is what Hash must be. The database makes the same sum where it takes the
// entry in (migration 00041). No part but the body can hold a line break, so two
// different entries never write the same text.
func (e Entry) Sum() Hash {
	return sha256.Sum256(fmt.Appendf(nil, "duenotice ledger entry v1\n%s\n%s\n%d\n%s\n%s\n%s",
		e.Incident, e.Practice, e.Seq, e.At, e.Prev, e.Body))
}

// Body says what was done. Who did it, on which inputs, under which rulebook,
// with which result.
type Body struct {
	Kind string `json:"kind"`
	// Who is the person who acted, as given with --by, or "duenotice".
	Who string `json:"who"`
	// Identity is in whose session it was asked for ("os:ada", "db:ada"), where that is known.
	Identity string `json:"identity,omitempty"`
	// Run is the Temporal workflow and run whose step did it ("practice:ID:KEY/RUN"),
	// where one did.
	Run string `json:"run,omitempty"`
	// When is the instant by the clock of whoever acted, where that is known;
	// Entry.At is the database's.
	When time.Time `json:"when,omitzero"`
	// Ref names the record it tells of: an act's id, a message's, a batch.
	Ref string `json:"ref,omitempty"`
	// Inputs are the SHA-256 sums of what it was done on, by name.
	Inputs   map[string]string `json:"inputs,omitempty"`
	Rulebook *Rulebook         `json:"rulebook,omitempty"`
	// Result is one of the types of results.go, as Kind says.
	Result json.RawMessage `json:"result,omitempty"`
}

// Rulebook is the law that a decision was made under.
type Rulebook struct {
	Version string `json:"version"`
	SHA256  string `json:"sha256"`
}

// Encode writes the body with result as its Result, in the bytes that are
// hashed. Times are cut to microseconds, which is what databases keep.
func (b Body) Encode(result any) (string, error) {
	if !b.When.IsZero() {
		b.When = b.When.UTC().Truncate(time.Microsecond)
	}
	if result != nil {
		raw, err := json.Marshal(result)
		if err != nil {
			return "", fmt.Errorf("the ledger's entry of kind %s cannot be written: %w", b.Kind, err)
		}
		b.Result = raw
	}
	text, err := json.Marshal(b)
	return string(text), err
}

// Decode reads the entry's body.
func (e Entry) Decode() (Body, error) {
	var b Body
	err := json.Unmarshal([]byte(e.Body), &b)
	return b, err
}
