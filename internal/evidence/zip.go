package evidence

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"strings"
)

// member is one file of a pack.
type member struct {
	name string
	size int64
	crc  uint32
	open func() (io.ReadCloser, error)
}

// content makes a member of bytes.
func content(name string, b []byte) member {
	return member{
		name: name, size: int64(len(b)), crc: crc32.ChecksumIEEE(b),
		open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil },
	}
}

const (
	zipVersion = 20                 // 2.0, which all readers have
	zipDate    = 0x0021             // 1980-01-01, the first day ZIP knows
	maxMembers = math.MaxUint16 - 1 // of a ZIP file without the 64-bit extension
	maxSize    = math.MaxUint32 - 1
)

// writeZIP writes members as a ZIP file, uncompressed and without dates. Every
// byte follows from the members, whoever writes it: a reader writes the file
// again and compares, so that no byte of it can be changed unnoticed. That is
// why this is not archive/zip, whose bytes are its own business.
func writeZIP(w io.Writer, members []member) error {
	if len(members) > maxMembers {
		return fmt.Errorf("a pack holds at most %d files, not %d", maxMembers, len(members))
	}
	out := &counting{w: bufio.NewWriter(w)}
	var directory bytes.Buffer
	for _, m := range members {
		if out.n+m.size+int64(len(m.name))+1024 > maxSize {
			return errors.New("a pack holds at most 4 GB")
		}
		header := zipFields(m)
		directory.WriteString("PK\x01\x02")
		directory.Write(binary.LittleEndian.AppendUint16(nil, zipVersion))
		directory.Write(header)
		directory.Write(make([]byte, 10)) // comment, disk, attributes
		directory.Write(binary.LittleEndian.AppendUint32(nil, uint32(out.n)))
		directory.WriteString(m.name)

		out.write([]byte("PK\x03\x04"))
		out.write(header)
		out.write([]byte(m.name))
		if err := out.copy(m); err != nil {
			return err
		}
	}
	start := out.n
	out.write(directory.Bytes())
	end := []byte("PK\x05\x06\x00\x00\x00\x00")
	end = binary.LittleEndian.AppendUint16(end, uint16(len(members)))
	end = binary.LittleEndian.AppendUint16(end, uint16(len(members)))
	end = binary.LittleEndian.AppendUint32(end, uint32(directory.Len()))
	end = binary.LittleEndian.AppendUint32(end, uint32(start))
	out.write(append(end, 0, 0))
	if out.err != nil {
		return out.err
	}
	return out.w.Flush()
}

func zipped(members []member) ([]byte, error) {
	var b bytes.Buffer
	err := writeZIP(&b, members)
	return b.Bytes(), err
}

// zipFields are the fields that a file's own header and the directory share.
func zipFields(m member) []byte {
	b := binary.LittleEndian.AppendUint16(nil, zipVersion)
	b = binary.LittleEndian.AppendUint16(b, 0) // flags
	b = binary.LittleEndian.AppendUint16(b, zip.Store)
	b = binary.LittleEndian.AppendUint16(b, 0) // midnight
	b = binary.LittleEndian.AppendUint16(b, zipDate)
	b = binary.LittleEndian.AppendUint32(b, m.crc)
	b = binary.LittleEndian.AppendUint32(b, uint32(m.size))
	b = binary.LittleEndian.AppendUint32(b, uint32(m.size))
	b = binary.LittleEndian.AppendUint16(b, uint16(len(m.name)))
	return binary.LittleEndian.AppendUint16(b, 0) // no extra field
}

// counting writes and counts, and keeps the first error.
type counting struct {
	w   *bufio.Writer
	n   int64
	err error
}

func (c *counting) write(b []byte) {
	if c.err == nil {
		_, c.err = c.w.Write(b)
		c.n += int64(len(b))
	}
}

func (c *counting) copy(m member) error {
	if c.err != nil {
		return c.err
	}
	r, err := m.open()
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }() // only read
	n, err := io.Copy(c.w, r)
	c.n += n
	if err == nil && n != m.size {
		err = fmt.Errorf("%s has %d bytes and not %d", m.name, n, m.size)
	}
	return err
}

// readZIP opens a pack and checks that it is, byte for byte, what writeZIP
// makes of the files in it.
func readZIP(r io.ReaderAt, size int64) (map[string]*zip.File, []member, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil, nil, fmt.Errorf("it is not a ZIP file any more: %w", err)
	}
	files := map[string]*zip.File{}
	members := make([]member, len(archive.File))
	for i, f := range archive.File {
		if _, twice := files[f.Name]; twice {
			return nil, nil, fmt.Errorf("%s is there twice", f.Name)
		}
		if f.Name == "" || strings.HasSuffix(f.Name, "/") || f.Method != zip.Store {
			return nil, nil, fmt.Errorf("%q is no file of a pack", f.Name)
		}
		files[f.Name] = f
		members[i] = member{
			name: f.Name, size: int64(f.UncompressedSize64), crc: f.CRC32,
			// Open checks the CRC too, but what it says of a wrong one names no file.
			open: func() (io.ReadCloser, error) { return named(f) },
		}
	}
	same := &comparing{with: io.NewSectionReader(r, 0, size)}
	if err := writeZIP(same, members); err != nil {
		return nil, nil, err
	}
	if same.n != size {
		return nil, nil, fmt.Errorf("there are bytes after its end (at %d)", same.n)
	}
	return files, members, nil
}

func named(f *zip.File) (io.ReadCloser, error) {
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	return struct {
		io.Reader
		io.Closer
	}{&naming{r, f.Name}, r}, nil
}

type naming struct {
	r    io.Reader
	name string
}

func (n *naming) Read(b []byte) (int, error) {
	read, err := n.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("%s was changed: %w", n.name, err)
	}
	return read, err
}

// comparing fails at the first byte that is not the same.
type comparing struct {
	with io.Reader
	n    int64
}

func (c *comparing) Write(b []byte) (int, error) {
	other := make([]byte, len(b))
	got, err := io.ReadFull(c.with, other)
	for i := range got {
		if other[i] != b[i] {
			return i, fmt.Errorf("it is not written as a pack is: byte %d was changed", c.n+int64(i))
		}
	}
	if err != nil {
		return got, fmt.Errorf("it ends too early (at %d)", c.n+int64(got))
	}
	c.n += int64(len(b))
	return len(b), nil
}
