package logs

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
)

// longest is the longest line in bytes: statements stand in audit trails whole.
const longest = 1 << 20

// mostTogether is how many lines of the file a quoted cell may go over. A quotation mark
// that is never closed costs no more than that.
const mostTogether = 2000

// lines gives a text's records one after another: a line, or several where a quoted cell
// goes over line breaks. One whose quotes never close is one damaged line, and reading
// goes on behind it.
type lines struct {
	src *bufio.Reader
	// ahead are lines that were read and given back.
	ahead [][]byte
	next  int
	buf   []byte
}

// record is a record as it stands in the file.
type record struct {
	line    int
	raw     []byte
	problem string
}

func newLines(src *bufio.Reader) *lines { return &lines{src: src, next: 1} }

// physical is the next line without its break. long is true, and the line's rest left
// out, where it is too long to be one. The line may be used until the next is read.
func (l *lines) physical() (line []byte, long bool, err error) {
	if len(l.ahead) > 0 {
		line, l.ahead = l.ahead[0], l.ahead[1:]
		return line, false, nil
	}
	l.buf = l.buf[:0]
	for {
		part, err := l.src.ReadSlice('\n')
		if len(l.buf)+len(part) > longest {
			long = true
		} else {
			l.buf = append(l.buf, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(part) == 0 && len(l.buf) == 0 && !long:
			return nil, false, io.EOF
		case err != nil && !errors.Is(err, io.EOF):
			return nil, false, err
		}
		return trimBreak(l.buf), long, nil
	}
}

func trimBreak(line []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
}

// read is the next record that is not empty; io.EOF ends the text. Its bytes may be used
// until the next call.
func (l *lines) read(quoted bool) (record, error) {
	for {
		line, long, err := l.physical()
		if err != nil {
			return record{}, err
		}
		r := record{line: l.next, raw: line}
		l.next++
		if long {
			r.problem = ProblemLong
			return r, nil
		}
		if len(line) == 0 {
			continue
		}
		if quoted && bytes.Count(line, []byte(`"`))%2 == 1 {
			return l.together(r)
		}
		return r, nil
	}
}

// together adds the lines over which a quoted cell goes.
func (l *lines) together(r record) (record, error) {
	first := append([]byte(nil), r.raw...)
	whole := append([]byte(nil), first...)
	var added [][]byte
	for len(added) < mostTogether && len(whole) < longest {
		line, long, err := l.physical()
		if errors.Is(err, io.EOF) || long {
			break
		}
		if err != nil {
			return record{}, err
		}
		added = append(added, append([]byte(nil), line...))
		whole = append(append(whole, '\n'), line...)
		if bytes.Count(line, []byte(`"`))%2 == 1 {
			l.next += len(added)
			r.raw = whole
			return r, nil
		}
	}
	// What was read ahead is read again line by line.
	l.ahead = append(added, l.ahead...)
	r.raw, r.problem = first, ProblemQuotes
	return r, nil
}

// cut cuts a record into cells. ok is false where a quoted cell does not end where it
// should.
func cut(text string, separator byte, to []string) (cells []string, ok bool) {
	cells = to[:0]
	for {
		if strings.HasPrefix(text, `"`) {
			cell, rest, ok := unquote(text[1:])
			if !ok || rest != "" && rest[0] != separator {
				return cells, false
			}
			cells = append(cells, cell)
			if rest == "" {
				return cells, true
			}
			text = rest[1:]
			continue
		}
		end := strings.IndexByte(text, separator)
		if end < 0 {
			return append(cells, text), true
		}
		cells = append(cells, text[:end])
		text = text[end+1:]
	}
}

// unquote is a quoted cell whose first mark was taken off, and what follows it.
func unquote(text string) (cell, rest string, ok bool) {
	end := strings.IndexByte(text, '"')
	if end < 0 {
		return "", "", false
	}
	if end+1 >= len(text) || text[end+1] != '"' {
		return text[:end], text[end+1:], true
	}
	var b strings.Builder
	for {
		end := strings.IndexByte(text, '"')
		if end < 0 {
			return "", "", false
		}
		b.WriteString(text[:end])
		if end+1 >= len(text) || text[end+1] != '"' {
			return b.String(), text[end+1:], true
		}
		b.WriteByte('"')
		text = text[end+2:]
	}
}
