// Package fhir reads FHIR R4 Patient, Encounter and Organization: bundles, single
// resources, arrays of them, and Bulk Data NDJSON, one resource after another.
package fhir

import (
	"encoding/json"
	"errors"
	"io"

	"duenotice/internal/breach"
)

// stream gives the resources of a file one after another, whatever they stand in.
type stream struct {
	decoder *json.Decoder
	// within is the bundle's list of entries that is being read.
	within bool
	array  bool
	number int
}

func newStream(src io.Reader) *stream { return &stream{decoder: json.NewDecoder(src)} }

func damaged(err error) error {
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return errors.Join(breach.Refuse("fhir_json", "Export the file again: every resource has to be whole JSON.", "what should be JSON is none, or breaks off"), quiet{err})
}

// quiet keeps what json's errors quote of a file out of messages.
type quiet struct{ error }

func (quiet) Error() string { return "not JSON" }

// Unwrap gives the error to errors.Is.
func (q quiet) Unwrap() error { return q.error }

// next is the next resource; io.EOF ends the file.
func (s *stream) next() (json.RawMessage, error) {
	for {
		switch {
		case s.within:
			if s.decoder.More() {
				var entry struct {
					Resource json.RawMessage `json:"resource"`
				}
				if err := s.decoder.Decode(&entry); err != nil {
					return nil, damaged(err)
				}
				if len(entry.Resource) == 0 {
					continue
				}
				s.number++
				return entry.Resource, nil
			}
			s.within = false
			if err := s.skip(); err != nil { // the end of the list
				return nil, err
			}
			if found, err := s.members(); found != nil || err != nil {
				return found, err
			}
		case s.array:
			if s.decoder.More() {
				var resource json.RawMessage
				if err := s.decoder.Decode(&resource); err != nil {
					return nil, damaged(err)
				}
				s.number++
				return resource, nil
			}
			s.array = false
			if err := s.skip(); err != nil {
				return nil, err
			}
		default:
			token, err := s.decoder.Token()
			if errors.Is(err, io.EOF) {
				return nil, io.EOF
			}
			if err != nil {
				return nil, damaged(err)
			}
			switch token {
			case json.Delim('['):
				s.array = true
			case json.Delim('{'):
				if found, err := s.members(); found != nil || err != nil {
					return found, err
				}
			default:
				return nil, damaged(errors.New("a value that is no resource"))
			}
		}
	}
}

func (s *stream) skip() error {
	if _, err := s.decoder.Token(); err != nil {
		return damaged(err)
	}
	return nil
}

// members reads the members of an object: a bundle's up to its entries, which are then
// read one by one, or a resource's, which it returns. Nil is neither.
func (s *stream) members() (json.RawMessage, error) {
	whole := map[string]json.RawMessage{}
	for s.decoder.More() {
		token, err := s.decoder.Token()
		if err != nil {
			return nil, damaged(err)
		}
		name, _ := token.(string)
		if name == "entry" {
			token, err := s.decoder.Token()
			if err != nil {
				return nil, damaged(err)
			}
			if token != json.Delim('[') {
				return nil, damaged(errors.New("entry is no list"))
			}
			s.within = true
			return nil, nil
		}
		var value json.RawMessage
		if err := s.decoder.Decode(&value); err != nil {
			return nil, damaged(err)
		}
		whole[name] = value
	}
	if err := s.skip(); err != nil {
		return nil, err
	}
	if _, resource := whole["resourceType"]; !resource || string(whole["resourceType"]) == `"Bundle"` || len(whole) == 0 {
		return nil, nil
	}
	text, err := json.Marshal(whole)
	s.number++
	return text, err
}
