package plan

import (
	"bytes"
	"encoding/json"
	"fmt"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/rules"
)

// Document is a plan: the contract's `plan --json`. It holds counts and keys
// of practices, and nobody's data.
type Document struct {
	Incident            string              `json:"incident"`
	AsOf                civil.Date          `json:"as_of"`
	Rulebook            Rulebook            `json:"rulebook"`
	Totals              Totals              `json:"totals"`
	Practices           []Practice          `json:"practices"`
	IncidentObligations []breach.Obligation `json:"incident_obligations"`
	Warnings            []rules.Warning     `json:"warnings"`
}

// Rulebook names the rulebook that decided.
type Rulebook struct {
	Version string `json:"version"`
	SHA256  string `json:"sha256"`
}

// Totals are the incident's counts.
type Totals struct {
	Practices int `json:"practices"`
	// People are different people; one whom two practices know counts once.
	People int `json:"people"`
	// Findings are rows: one for each person and practice.
	Findings int `json:"findings"`
	// Letters are the pieces that would be printed if every practice delegated.
	Letters     int `json:"letters"`
	Obligations int `json:"obligations"`
}

// Practice is what one practice owes.
type Practice struct {
	PracticeKey      string         `json:"practice_key"`
	People           int            `json:"people"`
	Residents        map[string]int `json:"residents"`
	UnknownResidence int            `json:"unknown_residence"`
	NoUsableAddress  int            `json:"no_usable_address"`
	// EmailOnly are those of them who are told by agreed e-mail.
	EmailOnly   int                 `json:"email_only,omitempty"`
	Discovered  civil.Date          `json:"discovered"`
	Notifiable  bool                `json:"notifiable"`
	Reason      string              `json:"reason"`
	Obligations []breach.Obligation `json:"obligations"`
}

// JSON writes the document, indented, with a line feed at its end. The same
// plan gives the same bytes.
func (d *Document) JSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // the law's signs are for people to read
	e.SetIndent("", "  ")
	if err := e.Encode(d); err != nil {
		return nil, fmt.Errorf("write the plan of %s as JSON: %w", d.Incident, err)
	}
	return b.Bytes(), nil
}

// Parse reads what JSON wrote.
func Parse(b []byte) (*Document, error) {
	var d Document
	if err := json.Unmarshal(b, &d); err != nil {
		return nil, fmt.Errorf("this is not a plan as `plan --json` writes it: %w", err)
	}
	return &d, nil
}
