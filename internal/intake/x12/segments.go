// Package x12 reads people and practices out of X12 005010 interchanges: 270 and 271
// (eligibility), 837 (claims) and 835 (payments), from invented and public samples of
// their implementation guides (005010X279A1, X222A1, X223A2, X221A1). It reads what says
// who somebody is and which kinds of data were there, and no amount, code or result.
package x12

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"

	"duenotice/internal/breach"
)

// longestSegment bounds a segment in bytes; the guides' longest have some hundreds.
const longestSegment = 64 << 10

// Is reports whether a file begins as an interchange does.
func Is(head []byte) bool {
	return len(head) >= 106 && bytes.HasPrefix(head, []byte("ISA")) && bytes.Count(head[:106], head[3:4]) == 16
}

// segments reads an interchange's segments one after another.
type segments struct {
	src       *bufio.Reader
	element   string
	component string
	end       byte
	number    int
}

func newSegments(src io.Reader) (*segments, error) {
	s := &segments{src: bufio.NewReaderSize(src, longestSegment)}
	if err := s.envelope(); err != nil {
		return nil, err
	}
	return s, nil
}

// envelope learns the separators from the fixed form of ISA, which several interchanges
// in one file may each have different.
func (s *segments) envelope() error {
	if mark, err := s.src.Peek(3); err == nil && string(mark) == "\xef\xbb\xbf" {
		if _, err := s.src.Discard(3); err != nil {
			return err
		}
	}
	for {
		b, err := s.src.Peek(1)
		if err != nil {
			return err
		}
		if !bytes.ContainsAny(b, " \t\r\n") {
			break
		}
		if _, err := s.src.Discard(1); err != nil {
			return err
		}
	}
	head, err := s.src.Peek(106)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if !Is(head) {
		return breach.Refuse("x12_envelope", "Export the file as whole interchanges, from ISA to IEA.", "it does not begin with an ISA segment of 106 characters")
	}
	s.element, s.component, s.end = string(head[3]), string(head[104]), head[105]
	return nil
}

// errLong is a segment that never ends.
var errLong = errors.New("a segment is longer than 65,536 bytes")

// next returns the elements of the next segment, its name first.
func (s *segments) next() ([]string, error) {
	for {
		if head, err := s.src.Peek(3); err == nil && string(head) == "ISA" {
			if err := s.envelope(); err != nil {
				return nil, err
			}
		}
		text, err := s.src.ReadSlice(s.end)
		if errors.Is(err, bufio.ErrBufferFull) {
			return nil, errLong
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		segment := strings.TrimSpace(string(bytes.TrimSuffix(text, []byte{s.end})))
		if segment == "" {
			if err != nil {
				return nil, io.EOF
			}
			continue
		}
		s.number++
		// The separators may stand behind line breaks, by which some programs part segments.
		for {
			b, err := s.src.Peek(1)
			if err != nil || !bytes.ContainsAny(b, " \r\n\t") {
				break
			}
			if _, err := s.src.Discard(1); err != nil {
				return nil, err
			}
		}
		return strings.Split(segment, s.element), nil //nolint:nilerr // the end of the file, which the next call finds again
	}
}

// at is an element of a segment, "" where it is not there.
func at(segment []string, i int) string {
	if i < len(segment) {
		return strings.TrimSpace(segment[i])
	}
	return ""
}
