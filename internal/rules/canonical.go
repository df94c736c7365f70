package rules

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Canonical writes the subject as JSON: the same subject gives the same bytes.
// It is what a decision is taken from and what is kept of its inputs: facts of
// the incident and the practice, counts, days and officers' names, no patient.
// The incident comes first, so that a store can keep it once for all practices.
func (s Subject) Canonical() ([]byte, error) { return canonical(s) }

// Canonical writes the decision as JSON: the same decision gives the same bytes.
func (d Decision) Canonical() ([]byte, error) { return canonical(d) }

// Replay decides from inputs and returns the canonical decision. Inputs with a
// field this program does not know are refused: they are a later program's, and
// a field that is passed over could have decided otherwise.
//
// What a later program adds to a Subject or to what is decided is left out of
// the bytes while it is zero (omitzero), so that the bytes of earlier decisions
// stay what they were.
func (b *Book) Replay(inputs []byte) (decision []byte, err error) {
	s, err := b.read(inputs)
	if err != nil {
		return nil, err
	}
	return b.Decide(s).Canonical()
}

func (b *Book) read(inputs []byte) (s Subject, err error) {
	in := json.NewDecoder(bytes.NewReader(inputs))
	in.DisallowUnknownFields()
	if err := in.Decode(&s); err != nil {
		return s, fmt.Errorf("rulebook %s cannot read the inputs of a decision: %w", b.Version(), err)
	}
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		return s, fmt.Errorf("rulebook %s: the inputs of a decision are followed by something else", b.Version())
	}
	return s, nil
}

// canonical is JSON without white space, with a struct's fields in their
// order, a map's by key, and the law's signs as they are.
func canonical(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
