package papers

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/jung-kurt/gofpdf"

	"duenotice/internal/typeface"
)

// gofpdf tells readers which character each glyph is in one range, 0000 to
// FFFF. ISO 32000-1 section 9.10.3 lets only the last byte count up within a
// range, so a reader that goes by the standard (a screen reader, say, or a
// search) finds "Ł" to be "A". These ranges say the same lawfully.
const wholeRange = "1 beginbfrange\n<0000> <FFFF> <0000>\nendbfrange"

// lawfulRanges is one range for each block of 256 characters the fonts have.
var lawfulRanges = sync.OnceValue(func() string {
	var ranges []string
	for high := range 256 {
		if typeface.HasBlock(high) {
			ranges = append(ranges, fmt.Sprintf("<%02X00> <%02XFF> <%02X00>\n", high, high, high))
		}
	}
	// A block takes at most 100 ranges (Adobe Technical Note 5014); there are fewer.
	return fmt.Sprintf("%d beginbfrange\n%sendbfrange", len(ranges), strings.Join(ranges, ""))
})

// output writes the document with lawful character maps.
func output(pdf *gofpdf.Fpdf, w io.Writer) (int64, error) {
	out := &corrected{w: w}
	err := pdf.Output(out)
	return out.written, err
}

// corrected is given the whole file in one Write, as gofpdf's buffer does, and
// passes it on with the maps replaced and the cross-reference table moved along.
type corrected struct {
	w       io.Writer
	written int64
}

// edit is a stretch of the file with what stands there instead.
type edit struct {
	from, to int
	by       []byte
}

func (c *corrected) Write(file []byte) (int, error) {
	edits, err := corrections(file)
	if err != nil {
		return 0, err
	}
	at := 0
	for _, e := range append(edits, edit{from: len(file), to: len(file)}) {
		for _, part := range [][]byte{file[at:e.from], e.by} {
			n, err := c.w.Write(part)
			c.written += int64(n)
			if err != nil {
				return 0, err
			}
		}
		at = e.to
	}
	return len(file), nil
}

// corrections finds what to change: each font's map with its length, the
// offsets of the objects that move, and the place of the table itself.
func corrections(file []byte) ([]edit, error) {
	const tail = "startxref\n"
	trailer := bytes.LastIndex(file, []byte(tail))
	if trailer < 0 || !bytes.HasPrefix(file, []byte("%PDF-")) {
		return nil, fmt.Errorf("gofpdf did not hand over a whole file")
	}
	start := trailer + len(tail)
	end := start + bytes.IndexByte(file[start:], '\n')
	table, err := strconv.Atoi(string(file[start:end]))
	if err != nil || table >= trailer {
		return nil, fmt.Errorf("gofpdf's file has no cross-reference table where it says")
	}
	var edits []edit
	for at := 0; ; {
		i := bytes.Index(file[at:table], []byte(wholeRange))
		if i < 0 {
			break
		}
		from := at + i
		at = from + len(wholeRange)
		head := bytes.LastIndex(file[:from], []byte("<</Length "))
		digits := head + len("<</Length ")
		stop := digits + bytes.IndexByte(file[digits:], '>')
		length, err := strconv.Atoi(string(file[digits:stop]))
		if err != nil {
			return nil, fmt.Errorf("gofpdf's character map has no length")
		}
		length += len(lawfulRanges()) - len(wholeRange)
		edits = append(edits, edit{digits, stop, strconv.AppendInt(nil, int64(length), 10)}, edit{from, at, []byte(lawfulRanges())})
	}
	if len(edits) == 0 {
		return nil, fmt.Errorf("gofpdf's character maps are not as expected: is it another version?")
	}
	entries := bytes.Clone(file[table:trailer])
	moveOffsets(entries, edits)
	return append(edits,
		edit{table, trailer, entries},
		edit{start, end, strconv.AppendInt(nil, int64(moved(table, edits)), 10)}), nil
}

// moveOffsets rewrites the cross-reference table's entries, which are 20 bytes
// each: "0000000015 00000 n " and a newline.
func moveOffsets(table []byte, edits []edit) {
	for at := 0; at < len(table); {
		next := at + bytes.IndexByte(table[at:], '\n') + 1
		if entry := table[at:next]; len(entry) == 20 && entry[17] == 'n' {
			if offset, err := strconv.Atoi(string(entry[:10])); err == nil {
				copy(entry, fmt.Sprintf("%010d", moved(offset, edits)))
			}
		}
		if next <= at {
			return
		}
		at = next
	}
}

// moved is where what was at offset is after the edits.
func moved(offset int, edits []edit) int {
	to := offset
	for _, e := range edits {
		if e.from < offset {
			to += len(e.by) - (e.to - e.from)
		}
	}
	return to
}
