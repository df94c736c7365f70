package casebook

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// What of a case an amendment corrects.
const (
	AmendPractices = "practices" // rows of practices.csv
	AmendIncident  = "incident"  // incident.yaml
)

// AmendTerms are a correction of what a case was started with. A further list of
// people is an act of the same kind without terms.
type AmendTerms struct {
	// Of is AmendPractices or AmendIncident.
	Of string
	// List is its number among the incident's lists, SHA256 the file's sum.
	List   int
	SHA256 string
	// Fields are the names of what it changed, each once; Practices the number of
	// practices whose own rows changed; Changes the number of values.
	Fields    []string
	Practices int `json:",omitempty"`
	Changes   int
}

// Amendment is a list or correction that came after the case folder.
type Amendment struct {
	Number int
	// Kind is findings, practices or incident.
	Kind   string
	SHA256 string
	By     string
	At     time.Time
}

// CaseFiles are the SHA-256 sums of a case folder's files, in hexadecimal.
type CaseFiles struct {
	Incident  string `json:"incident"`
	Practices string `json:"practices"`
	Findings  string `json:"findings"`
}

// VoidApproval are the approvals of a practice that an amendment makes void,
// because what was approved is not what there is.
type VoidApproval struct {
	PracticeKey string
	By          []string
}

// FieldChange is one value that an amendment changes, as a person reads it.
type FieldChange struct {
	// PracticeKey is empty for the incident's own.
	PracticeKey   string
	Field         string
	Before, After string
}

// FieldChanges compares two values of one type by their JSON, and names each
// value that differs by its keys: "entity.toll_free", "knowledge[1].who". They
// come in the order of the type's fields, those that only the first has last.
func FieldChanges(practiceKey string, before, after any) ([]FieldChange, error) {
	was, err := flatten(before)
	if err != nil {
		return nil, err
	}
	is, err := flatten(after)
	if err != nil {
		return nil, err
	}
	var changes []FieldChange
	for _, name := range slices.Concat(is.names, was.names) {
		b, a := was.values[name], is.values[name]
		if b == a || slices.ContainsFunc(changes, func(c FieldChange) bool { return c.Field == name }) {
			continue
		}
		changes = append(changes, FieldChange{PracticeKey: practiceKey, Field: name, Before: shortened(b), After: shortened(a)})
	}
	return changes, nil
}

// longestChange is how many bytes of a value a change tells: as many as a text of incident.yaml may have.
const longestChange = 4 * 6000

// shortened is a value as a change tells it. A file, such as a letter in a language of the
// officers' own, is told by its hash: nobody reads it in a list of changes.
func shortened(value string) string {
	if len(value) <= longestChange && !strings.Contains(value, "{{") {
		return value
	}
	sum := sha256.Sum256([]byte(value))
	return fmt.Sprintf("a text of %d bytes with SHA-256 %s", len(value), hex.EncodeToString(sum[:]))
}

// flat is a JSON document as names and what stands under them.
type flat struct {
	names  []string
	values map[string]string
}

func flatten(value any) (*flat, error) {
	document, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	f := &flat{values: map[string]string{}}
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	return f, f.read(decoder, "")
}

// read takes in the next value, which stands under name.
func (f *flat) read(d *json.Decoder, name string) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	switch token {
	case json.Delim('{'):
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return err
			}
			if err := f.read(d, strings.TrimPrefix(fmt.Sprintf("%s.%s", name, key), ".")); err != nil {
				return err
			}
		}
		_, err = d.Token()
		return err
	case json.Delim('['):
		for n := 1; d.More(); n++ {
			if err := f.read(d, fmt.Sprintf("%s[%d]", name, n)); err != nil {
				return err
			}
		}
		_, err = d.Token()
		return err
	case nil, json.Number("0"), "":
		return nil // nothing is said, in whichever way
	}
	f.names = append(f.names, name)
	f.values[name] = fmt.Sprint(token)
	return nil
}

// AmendedPractice is a practice as a corrected row of practices.csv makes it: the
// columns that the row's file has take the place of those before, the others
// stay. delegation is what was decided since, which a row changes only where it
// says something else than the row before it.
func AmendedPractice(before breach.Practice, delegation string, row breach.Practice, columns []string) (after breach.Practice, decided string, err error) {
	merged, err := members(before)
	if err != nil {
		return after, "", err
	}
	corrected, err := members(row)
	if err != nil {
		return after, "", err
	}
	for _, name := range columns {
		delete(merged, name)
		if value, said := corrected[name]; said {
			merged[name] = value
		}
	}
	document, err := json.Marshal(merged)
	if err != nil {
		return after, "", err
	}
	if err := json.Unmarshal(document, &after); err != nil {
		return after, "", err
	}
	if decided = delegation; after.Delegation != before.Delegation {
		decided = after.Delegation
	}
	return after, decided, nil
}

func members(p breach.Practice) (map[string]json.RawMessage, error) {
	document, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	var m map[string]json.RawMessage
	return m, json.Unmarshal(document, &m)
}

// AmendedIncident is an incident's facts as a corrected incident.yaml makes them:
// what the file says, with what people added by acts since. kept names what the
// file says otherwise and an act keeps as it is.
//
// The file of another incident is refused with code "other_incident", and with
// "hold_released" one that no longer has a hold whose release was recorded.
func AmendedIncident(standing, file breach.Incident, acts []Act) (after breach.Incident, kept []string, err error) {
	if file.ID != standing.ID {
		return after, nil, breach.Refuse("other_incident", "Give the corrected incident.yaml of the same incident: its id stays.",
			"the file is of incident %s, and this is %s", file.ID, standing.ID)
	}
	after = file
	var recorded []breach.Hold
	for _, act := range acts {
		switch {
		case act.Hold != nil:
			recorded = append(recorded, *act.Hold)
		case act.Record != nil && act.Record.Fact.Kind == breach.DeterminedFact:
			after.Determined = act.Record.Fact.On
		case act.Record != nil && act.Record.Fact.Kind == breach.MaterialDeterminedFact:
			after.MaterialDetermined = act.Record.Fact.On
		}
	}
	for _, day := range []struct {
		name       string
		file, kept civil.Date
	}{{"determined", file.Determined, after.Determined}, {"material_determined", file.MaterialDetermined, after.MaterialDetermined}} {
		if day.file != day.kept {
			kept = append(kept, fmt.Sprintf("%s stays %s, as it was recorded; to change it, record it again", day.name, day.kept))
		}
	}
	after.Holds, err = amendedHolds(standing.Holds, file.Holds, recorded)
	return after, kept, err
}

// amendedHolds are the holds of a corrected file with those that people recorded.
// A hold of the file keeps its release where it stands there as before, or
// corrected in the place of one that is there no more.
func amendedHolds(standing, file, recorded []breach.Hold) ([]breach.Hold, error) {
	var own, ofFile []breach.Hold
	for _, h := range standing {
		if i := slices.IndexFunc(recorded, h.SameStatement); i >= 0 {
			recorded = slices.Delete(slices.Clone(recorded), i, i+1)
			own = append(own, h)
			continue
		}
		ofFile = append(ofFile, h)
	}
	holds := slices.Clone(file)
	matched := make([]bool, len(holds))
	take := func(h breach.Hold, fits func(breach.Hold) bool) bool {
		for i := range holds {
			if !matched[i] && fits(holds[i]) {
				matched[i], holds[i].ReleasedOn = true, h.ReleasedOn
				return true
			}
		}
		return false
	}
	ofFile = slices.DeleteFunc(ofFile, func(h breach.Hold) bool { return take(h, h.SameStatement) })
	for _, h := range ofFile {
		if h.ReleasedOn.IsZero() || take(h, func(breach.Hold) bool { return true }) {
			continue
		}
		return nil, breach.Refuse("hold_released", "Leave it in the file, corrected where it was wrong.",
			"the hold of %s, stated %s, was released on %s and is not in the file", h.Agency, h.StatedOn, h.ReleasedOn)
	}
	for _, h := range holds {
		if !h.ReleasedOn.IsZero() && h.ReleasedOn.Before(h.StatedOn) {
			return nil, breach.Refuse("before_cause", "Check stated_on.", "the hold of %s would be stated on %s, after its release on %s", h.Agency, h.StatedOn, h.ReleasedOn)
		}
	}
	return append(holds, own...), nil
}
