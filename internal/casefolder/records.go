package casefolder

import (
	"bytes"
	"errors"
	"io"
)

// maxRecord is the longest row in bytes. It bounds memory: a quotation mark
// that is never closed would otherwise swallow the rest of the file.
const maxRecord = 64 << 10

// What can be wrong with a row's form. Reading goes on with the next line.
var (
	errQuotes     = errors.New("quotation marks do not pair up")
	errLongRecord = errors.New("row too long")
)

// records reads RFC 4180 rows from a stream in constant memory, keeping the
// line of the file and the byte at which each begins. encoding/csv is not used
// because it reads an unclosed quotation mark to the end of the file and makes
// a string of every row; a fuzz test holds the two equal on well-formed rows.
type records struct {
	src      io.Reader
	buf      []byte
	pos, end int   // the unread part of buf
	base     int64 // the file offset of buf[0]
	next     int   // the line of buf[pos]
	srcErr   error // what the source ended with, once it has
	// separator stands between cells; most is the longest row in bytes.
	separator byte
	most      int

	// Of the record last read:
	line    int
	offset  int64
	fields  [][]byte // valid until the next read
	scratch []byte   // holds cells whose doubled quotes were undone
}

// bufferSize leaves room for a row of many lines and one line more.
const bufferSize = 4 * maxRecord

// newRecords reads a file from its beginning.
func newRecords(src io.Reader) *records {
	return &records{src: src, buf: make([]byte, bufferSize), next: 1, separator: ',', most: maxRecord}
}

// reset makes r read src, which begins at the given line and offset of its
// file, with the memory it has.
func (r *records) reset(src io.Reader, line int, offset int64) {
	*r = records{src: src, buf: r.buf, next: line, base: offset, separator: r.separator, most: r.most, fields: r.fields, scratch: r.scratch}
}

// fill brings more of the source into buf; false when there is no more or no room.
func (r *records) fill() bool {
	if r.srcErr != nil {
		return false
	}
	if r.pos > 0 {
		copy(r.buf, r.buf[r.pos:r.end])
		r.base += int64(r.pos)
		r.end -= r.pos
		r.pos = 0
	}
	if r.end == len(r.buf) {
		return false
	}
	n, err := r.src.Read(r.buf[r.end:])
	r.end += n
	r.srcErr = err
	return n > 0 || err == nil
}

// lineEnd returns the length of the physical line that starts at buf[pos+from],
// its newline included; 0 when the line does not end within maxRecord.
func (r *records) lineEnd(from int) int {
	searched := from
	for {
		if i := bytes.IndexByte(r.buf[r.pos+searched:r.end], '\n'); i >= 0 {
			if searched+i+1-from > r.most {
				return 0
			}
			return searched + i + 1 - from
		}
		searched = r.end - r.pos
		if searched-from > r.most {
			return 0
		}
		if !r.fill() {
			return searched - from
		}
	}
}

// read reads the next row that is not an empty line into r.fields. It returns
// io.EOF at the end, errQuotes or errLongRecord for a row it skipped, or the
// source's error.
func (r *records) read() error {
	for {
		size := r.lineEnd(0)
		r.line, r.offset = r.next, r.base+int64(r.pos)
		switch {
		case size == 0 && r.end-r.pos > r.most:
			return r.skipLine()
		case size == 0:
			if r.srcErr != nil && !errors.Is(r.srcErr, io.EOF) {
				return r.srcErr
			}
			return io.EOF
		}
		line := cutNewline(r.buf[r.pos : r.pos+size])
		if len(line) == 0 {
			r.advance(size)
			continue
		}
		r.fields = r.fields[:0]
		if bytes.IndexByte(line, '"') < 0 {
			r.split(line)
			r.advance(size)
			return nil
		}
		return r.readQuoted(size)
	}
}

// firstLine is the first line that is not empty, or what of it is in the buffer;
// it stays to be read.
func (r *records) firstLine() []byte {
	for {
		size := r.lineEnd(0)
		if size == 0 {
			return r.buf[r.pos:r.end]
		}
		line := cutNewline(r.buf[r.pos : r.pos+size])
		if len(line) > 0 {
			return line
		}
		r.advance(size)
	}
}

func (r *records) advance(size int) {
	r.pos += size
	r.next++
}

func (r *records) split(line []byte) {
	for {
		i := bytes.IndexByte(line, r.separator)
		if i < 0 {
			r.fields = append(r.fields, line)
			return
		}
		r.fields = append(r.fields, line[:i])
		line = line[i+1:]
	}
}

// readQuoted parses a row with quotation marks; size is its first line's
// length. After an error the reading goes on with the second line, so that one
// stray mark costs one row. No two neighbouring lines can both run on like
// that, so the work stays linear.
func (r *records) readQuoted(size int) error {
	first, lines := size, 1
	r.scratch = r.scratch[:0]
	at := 0
	for {
		if r.buf[r.pos+at] != '"' {
			rest := cutNewline(r.buf[r.pos+at : r.pos+size])
			stop := bytes.IndexByte(rest, r.separator)
			cell := rest
			if stop >= 0 {
				cell = rest[:stop]
			}
			if bytes.IndexByte(cell, '"') >= 0 {
				r.advance(first)
				return errQuotes
			}
			r.keep(cell)
			if stop < 0 {
				break
			}
			at += stop + 1
		} else {
			next, last, ok := r.quotedCell(at+1, &size, &lines)
			if !ok {
				r.advance(first)
				return errQuotes
			}
			if last {
				break
			}
			at = next
		}
		if at == size { // a comma was the last byte of the file
			r.keep(nil)
			break
		}
	}
	r.pos += size
	r.next += lines
	r.sliceScratch()
	return nil
}

// quotedCell reads the cell after the quotation mark before at, taking in
// further lines while it is open. next is where the following cell begins.
func (r *records) quotedCell(at int, size, lines *int) (next int, last, ok bool) {
	start := len(r.scratch)
	for {
		i := bytes.IndexByte(r.buf[r.pos+at:r.pos+*size], '"')
		if i < 0 {
			r.scratch = append(r.scratch, r.buf[r.pos+at:r.pos+*size]...)
			at = *size
			more := r.lineEnd(*size)
			if more == 0 || *size+more > r.most {
				return 0, false, false
			}
			*size += more
			*lines++
			continue
		}
		r.scratch = append(r.scratch, r.buf[r.pos+at:r.pos+at+i]...)
		at += i + 1
		rest := r.buf[r.pos+at : r.pos+*size]
		if len(rest) > 0 && rest[0] == '"' {
			r.scratch = append(r.scratch, '"')
			at++
			continue
		}
		r.mark(start)
		switch {
		case len(cutNewline(rest)) == 0:
			return at, true, true
		case rest[0] == r.separator:
			return at + 1, false, true
		}
		return 0, false, false
	}
}

// Cells of a quoted row are collected in scratch, which moves as it grows; so
// fields hold their lengths until the row is whole.
func (r *records) keep(cell []byte) {
	start := len(r.scratch)
	r.scratch = append(r.scratch, cell...)
	r.mark(start)
}

func (r *records) mark(start int) { r.fields = append(r.fields, r.scratch[start:]) }

func (r *records) sliceScratch() {
	at := 0
	for i, f := range r.fields {
		r.fields[i] = r.scratch[at : at+len(f)]
		at += len(f)
	}
}

// skipLine passes over a line longer than maxRecord.
func (r *records) skipLine() error {
	for {
		if i := bytes.IndexByte(r.buf[r.pos:r.end], '\n'); i >= 0 {
			r.advance(i + 1)
			return errLongRecord
		}
		r.pos = r.end
		if !r.fill() {
			r.next++
			return errLongRecord
		}
	}
}

func cutNewline(line []byte) []byte {
	line = bytes.TrimSuffix(line, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r"))
}
