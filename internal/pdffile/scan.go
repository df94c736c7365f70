package pdffile

import (
	"bytes"
	"encoding/hex"
	"strconv"
)

// kind is what a token of a PDF is (ISO 32000-1 section 7.2).
type kind int

const (
	ended kind = iota
	number
	name // without its slash
	literal
	keyword
	open    // [ or <<
	closing // ] or >>
)

// token is one of them; text is a name, a string's bytes or a keyword.
type token struct {
	kind kind
	num  float64
	text []byte
}

func (t token) is(kind kind, text string) bool { return t.kind == kind && string(t.text) == text }

// scanner reads tokens. What is no PDF gives keywords that nobody knows.
type scanner struct {
	in []byte
	at int
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isDelimiter(c byte) bool { return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0 }

func (s *scanner) next() token {
	for s.at < len(s.in) {
		switch c := s.in[s.at]; {
		case isSpace(c):
			s.at++
		case c == '%':
			for s.at < len(s.in) && s.in[s.at] != '\n' && s.in[s.at] != '\r' {
				s.at++
			}
		default:
			return s.token(c)
		}
	}
	return token{}
}

func (s *scanner) token(c byte) token {
	switch two := s.in[s.at:min(s.at+2, len(s.in))]; {
	case string(two) == "<<" || string(two) == ">>":
		s.at += 2
		return token{kind: map[byte]kind{'<': open, '>': closing}[c], text: two}
	case c == '<':
		return s.hexadecimal()
	case c == '(':
		return s.string()
	case c == '[' || c == ']':
		s.at++
		return token{kind: map[byte]kind{'[': open, ']': closing}[c], text: two[:1]}
	case c == '/':
		s.at++
		return token{kind: name, text: s.word()}
	case isDelimiter(c):
		s.at++
		return token{kind: keyword, text: two[:1]}
	}
	word := s.word()
	if c == '+' || c == '-' || c == '.' || c >= '0' && c <= '9' {
		if n, err := strconv.ParseFloat(string(word), 64); err == nil {
			return token{kind: number, num: n}
		}
	}
	return token{kind: keyword, text: word}
}

// word reads up to the next space or delimiter.
func (s *scanner) word() []byte {
	from := s.at
	for s.at < len(s.in) && !isSpace(s.in[s.at]) && !isDelimiter(s.in[s.at]) {
		s.at++
	}
	return s.in[from:s.at]
}

func (s *scanner) hexadecimal() token {
	s.at++
	end := bytes.IndexByte(s.in[s.at:], '>')
	if end < 0 {
		s.at = len(s.in)
		return token{kind: keyword}
	}
	digits := s.in[s.at : s.at+end]
	s.at += end + 1
	text := make([]byte, hex.DecodedLen(len(digits)))
	if _, err := hex.Decode(text, digits); err != nil {
		return token{kind: keyword}
	}
	return token{kind: literal, text: text}
}

// escapes are the characters behind a backslash that stand for another one.
var escapes = map[byte]byte{'n': '\n', 'r': '\r', 't': '\t', 'b': '\b', 'f': '\f'}

// string reads a string in parentheses, whose bytes may be escaped (section 7.3.4.2).
func (s *scanner) string() token {
	s.at++
	var text []byte
	for depth := 1; s.at < len(s.in); s.at++ {
		switch c := s.in[s.at]; c {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				s.at++
				return token{kind: literal, text: text}
			}
		case '\\':
			text = s.escaped(text)
			continue
		}
		text = append(text, s.in[s.at])
	}
	return token{kind: keyword}
}

// escaped reads what stands behind a backslash, and stays on its last byte.
func (s *scanner) escaped(text []byte) []byte {
	if s.at++; s.at == len(s.in) {
		return text
	}
	c := s.in[s.at]
	if c >= '0' && c <= '7' {
		code := 0
		for n := 0; n < 3 && s.at < len(s.in) && s.in[s.at] >= '0' && s.in[s.at] <= '7'; n++ {
			code = code*8 + int(s.in[s.at]-'0')
			s.at++
		}
		s.at--
		return append(text, byte(code))
	}
	if stands, is := escapes[c]; is {
		c = stands
	}
	if c == '\n' && s.in[s.at] == '\n' {
		return text // the line goes on
	}
	return append(text, c)
}
