package bucket

import (
	"errors"
	"io"
)

// chunk is how much of a file's content is kept in one piece. In pieces it grows
// without being copied, and a file takes as much memory as it is long.
const chunk = 256 << 10

// content is a file's content in memory.
type content struct {
	chunks [][]byte
	size   int64
}

// Write adds b.
func (c *content) Write(b []byte) (int, error) {
	n := len(b)
	for len(b) > 0 {
		last := len(c.chunks) - 1
		if last < 0 || len(c.chunks[last]) == chunk {
			// The first piece begins small: most files are.
			c.chunks = append(c.chunks, make([]byte, 0, min(chunk, max(len(b), 4<<10))))
			last++
		}
		room := min(chunk-len(c.chunks[last]), len(b))
		c.chunks[last] = append(c.chunks[last], b[:room]...)
		b = b[room:]
	}
	c.size += int64(n)
	return n, nil
}

// ReadAt reads what was written, so that a request can be made again from the
// beginning.
func (c *content) ReadAt(b []byte, offset int64) (n int, err error) {
	if offset < 0 {
		return 0, errors.New("a negative offset")
	}
	for n < len(b) && offset < c.size {
		read := copy(b[n:], c.chunks[offset/chunk][offset%chunk:])
		n, offset = n+read, offset+int64(read)
	}
	if n < len(b) {
		err = io.EOF
	}
	return n, err
}

func (c *content) reader() io.ReadSeeker { return io.NewSectionReader(c, 0, c.size) }
