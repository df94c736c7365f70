package logs

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// items gives the JSON objects of a file: one a line, in a list, or the resources of a
// FHIR bundle. A line that is none costs that line. In a list what follows a damaged
// object cannot be told apart any more: the file ends there, and says so.
type items struct {
	lines   *lines
	decoder *json.Decoder
	state   int
	number  int
	cut     bool
}

const (
	outside = iota
	inList
	inEntries
)

// newItems looks at the beginning of a text: where its first line is a whole object that
// is no bundle, each line is one.
func newItems(src *bufio.Reader) (*items, error) {
	begin, err := src.Peek(src.Size())
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, err
	}
	begin = bytes.TrimLeft(begin, "\xef\xbb\xbf \t\r\n")
	line, _, _ := bytes.Cut(begin, []byte("\n"))
	line = bytes.TrimSpace(line)
	if bytes.HasPrefix(line, []byte("{")) && json.Valid(line) && !isBundle(line) {
		return &items{lines: newLines(src)}, nil
	}
	return &items{decoder: json.NewDecoder(src)}, nil
}

func isBundle(text []byte) bool {
	var kind struct{ ResourceType string }
	return json.Unmarshal(text, &kind) == nil && kind.ResourceType == "Bundle"
}

// next is the next object; io.EOF ends the file. An object that breaks off is the last.
func (s *items) next() (record, error) {
	if s.lines != nil {
		r, err := s.lines.read(false)
		r.raw = bytes.TrimSpace(bytes.TrimPrefix(r.raw, []byte("\xef\xbb\xbf")))
		if err == nil && r.problem == "" && !json.Valid(r.raw) {
			r.problem = ProblemJSON
		}
		return r, err
	}
	if s.cut {
		return record{}, io.EOF
	}
	raw, err := s.document()
	switch {
	case errors.Is(err, errBroken):
		s.cut = true
		return record{line: s.number + 1, problem: ProblemJSON}, nil
	case err != nil:
		return record{}, err
	}
	s.number++
	return record{line: s.number, raw: raw}, nil
}

var errBroken = errors.New("the JSON breaks off")

// broken tells JSON that breaks off from a file that cannot be read.
func broken(err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &syntax) || errors.As(err, &kind) {
		return errBroken
	}
	return err
}

// document is the next object of a list or bundle.
func (s *items) document() (json.RawMessage, error) {
	for {
		if s.state == outside {
			found, err := s.top()
			if found != nil || err != nil {
				return found, err
			}
			continue
		}
		if !s.decoder.More() {
			entries := s.state == inEntries
			s.state = outside
			// A list that is still being written has no end: what it has is whole.
			if _, err := s.decoder.Token(); errors.Is(err, io.EOF) && !entries {
				return nil, io.EOF
			} else if err != nil {
				return nil, broken(err)
			}
			if entries {
				if found, err := s.members(); found != nil || err != nil {
					return found, err
				}
			}
			continue
		}
		if s.state == inList {
			var one json.RawMessage
			if err := s.decoder.Decode(&one); err != nil {
				return nil, broken(err)
			}
			return one, nil
		}
		var entry struct {
			Resource json.RawMessage `json:"resource"`
		}
		if err := s.decoder.Decode(&entry); err != nil {
			return nil, broken(err)
		}
		if len(entry.Resource) > 0 {
			return entry.Resource, nil
		}
	}
}

// top reads what stands outside of lists: a list, an object, or the end.
func (s *items) top() (json.RawMessage, error) {
	token, err := s.decoder.Token()
	switch {
	case errors.Is(err, io.EOF):
		return nil, io.EOF
	case err != nil:
		return nil, broken(err)
	case token == json.Delim('['):
		s.state = inList
		return nil, nil
	case token == json.Delim('{'):
		return s.members()
	}
	return nil, errBroken
}

// members reads the members of an object up to the entries of a bundle, which are then
// read one by one, or all of another object, which it returns as JSON of the same
// members.
func (s *items) members() (json.RawMessage, error) {
	whole := map[string]json.RawMessage{}
	for s.decoder.More() {
		token, err := s.decoder.Token()
		if err != nil {
			return nil, broken(err)
		}
		name, _ := token.(string)
		if name == "entry" {
			if token, err = s.decoder.Token(); err != nil {
				return nil, broken(err)
			}
			if token != json.Delim('[') {
				return nil, errBroken
			}
			s.state = inEntries
			return nil, nil
		}
		var value json.RawMessage
		if err := s.decoder.Decode(&value); err != nil {
			return nil, broken(err)
		}
		whole[name] = value
	}
	if _, err := s.decoder.Token(); err != nil {
		return nil, broken(err)
	}
	if kind := string(whole["resourceType"]); kind == "" || kind == `"Bundle"` {
		return nil, nil
	}
	return json.Marshal(whole)
}
