package intake

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"duenotice/internal/intake/spill"
)

// togetherRows are the rows of people who are one, sorted by the key they keep. They are
// asked for in that order.
type togetherRows struct {
	file *os.File
	r    *bufio.Reader
	// key and row are the next one; key is empty at the end.
	key string
	row []string
}

// newTogetherRows writes what was sorted to a file, from which it can be read beside
// other lists.
func newTogetherRows(sorter *spill.Sorter, path string) (*togetherRows, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("sort on the disk: %w", err)
	}
	w := bufio.NewWriterSize(file, 1<<20)
	err = sorter.Each(func(key, value []byte) error {
		name, _, _ := strings.Cut(string(key), "\x00")
		record := appendText(nil, name)
		record = binary.AppendUvarint(record, uint64(len(value)))
		_, err := w.Write(append(record, value...))
		return err
	})
	if err == nil {
		err = w.Flush()
	}
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	t := &togetherRows{file: file, r: bufio.NewReaderSize(file, 256<<10)}
	if err == nil {
		err = t.next()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("sort on the disk: %w", err), file.Close())
	}
	return t, nil
}

func (t *togetherRows) close() error { return t.file.Close() }

func (t *togetherRows) next() error {
	t.key, t.row = "", nil
	key, err := t.text()
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		return err
	}
	value, err := t.text()
	if err != nil {
		return errors.Join(errRecord, err)
	}
	from := []byte(value)
	for len(from) > 0 {
		n, size := binary.Uvarint(from)
		if size <= 0 || n > uint64(len(from)-size) {
			return errRecord
		}
		t.row = append(t.row, string(from[size:size+int(n)]))
		from = from[size+int(n):]
	}
	t.key = key
	return nil
}

func (t *togetherRows) text() (string, error) {
	n, err := binary.ReadUvarint(t.r)
	if err != nil {
		return "", err
	}
	if n > 64<<20 {
		return "", errRecord
	}
	b := make([]byte, n)
	_, err = io.ReadFull(t.r, b)
	return string(b), err
}

// group are the rows that stand under a key.
func (t *togetherRows) group(key string) (rows [][]string, err error) {
	for t.key != "" && t.key < key {
		// Its person is in no list: a decision about somebody who left.
		if err := t.next(); err != nil {
			return nil, err
		}
	}
	for t.key == key {
		rows = append(rows, t.row)
		if err := t.next(); err != nil {
			return nil, err
		}
	}
	return rows, nil
}
