// Package flat reads text files of cells: CSV and what programs write in its place,
// with semicolons, tabs or bars, in UTF-8, UTF-16 or Windows-1252. It streams: the
// longest row bounds the memory.
package flat

import (
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Encoding is how a file's letters are written.
type Encoding string

// The encodings that are told apart.
const (
	UTF8        Encoding = "utf-8"
	UTF16       Encoding = "utf-16"
	Windows1252 Encoding = "windows-1252"
	// Unknown is text that is none of them, or no text.
	Unknown Encoding = "unknown"
)

// Sniffer finds a file's encoding out from all of its bytes, which are written to it.
// What is not UTF-8 anywhere is Windows-1252 when that encoding has all of its bytes.
type Sniffer struct {
	head    []byte
	rest    []byte // the beginning of a letter at the end of the last write
	foreign bool   // bytes that are not UTF-8
	odd     bool   // bytes that Windows-1252 does not have
	zeros   int
	size    int64
}

// Write implements io.Writer; it never fails.
func (s *Sniffer) Write(p []byte) (int, error) {
	if len(s.head) < 4 {
		s.head = append(s.head, p[:min(len(p), 4-len(s.head))]...)
	}
	s.size += int64(len(p))
	s.zeros += bytes.Count(p, []byte{0})
	for _, b := range []byte("\x81\x8d\x8f\x90\x9d") {
		s.odd = s.odd || bytes.IndexByte(p, b) >= 0
	}
	if s.foreign {
		return len(p), nil
	}
	text := p
	if len(s.rest) > 0 {
		text = append(s.rest, p...)
	}
	keep := cutLetter(text)
	s.foreign = !utf8.Valid(text[:len(text)-keep])
	s.rest = append([]byte(nil), text[len(text)-keep:]...)
	return len(p), nil
}

// cutLetter is how many bytes at the end begin a letter that goes on.
func cutLetter(text []byte) int {
	for n := 1; n <= min(3, len(text)); n++ {
		if b := text[len(text)-n]; utf8.RuneStart(b) {
			if b >= utf8.RuneSelf && !utf8.FullRune(text[len(text)-n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}

// Encoding is what the bytes were written in.
func (s *Sniffer) Encoding() Encoding {
	switch {
	case bytes.HasPrefix(s.head, []byte("\xff\xfe")), bytes.HasPrefix(s.head, []byte("\xfe\xff")):
		return UTF16
	case s.zeros > 0:
		// UTF-16 without its mark has a zero in nearly every second byte of English text.
		if int64(s.zeros)*10 > s.size*4 && s.size%2 == 0 {
			return UTF16
		}
		return Unknown
	case !s.foreign && len(s.rest) == 0:
		return UTF8
	case !s.odd:
		return Windows1252
	}
	return Unknown
}

// decoder gives a source's text in UTF-8, without byte order marks.
func decoder(src io.Reader, encoding Encoding, head []byte) io.Reader {
	switch encoding {
	case UTF16:
		order := unicode.LittleEndian
		if len(head) > 1 && head[0] == 0 {
			order = unicode.BigEndian
		}
		src = transform.NewReader(src, unicode.UTF16(order, unicode.UseBOM).NewDecoder())
	case Windows1252:
		src = charmap.Windows1252.NewDecoder().Reader(src)
	}
	return transform.NewReader(src, unicode.BOMOverride(transform.Nop))
}
