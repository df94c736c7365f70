// Package spill sorts more than memory holds: what is added is sorted in parts, each
// part is written to a file, and the parts are read together. Memory stays the same
// however much is added.
package spill

import (
	"bufio"
	"bytes"
	"cmp"
	"container/heap"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
)

// part is how many bytes are sorted at once, with where each record lies: of short
// records that is most of it.
const (
	part     = 48 << 20
	itemSize = 24
)

// most bounds one record, so that a damaged file of ours is an error and no allocation.
const most = 64 << 20

// Sorter takes records and gives them back in the order of their keys, those with one
// key in the order in which they came. It is for one goroutine.
type Sorter struct {
	dir   string
	limit int
	arena []byte
	items []item
	files []string
	// Same, where it is set, reports two records with one key of which the later may be
	// dropped.
	Same func(first, second []byte) bool
}

// item is where a record lies in the arena: its key, then its value.
type item struct{ from, key, to int }

// New sorts with files in dir, which holds what is sorted in clear and is the caller's
// to keep from others and to remove.
func New(dir string) *Sorter { return &Sorter{dir: dir, limit: part} }

// Add takes a record.
func (s *Sorter) Add(key, value []byte) error {
	if len(s.arena) > 0 && len(s.arena)+len(key)+len(value)+itemSize*len(s.items) > s.limit {
		if err := s.write(); err != nil {
			return err
		}
	}
	from := len(s.arena)
	s.arena = append(append(s.arena, key...), value...)
	s.items = append(s.items, item{from, from + len(key), len(s.arena)})
	return nil
}

func (s *Sorter) key(i item) []byte   { return s.arena[i.from:i.key] }
func (s *Sorter) value(i item) []byte { return s.arena[i.key:i.to] }

func (s *Sorter) sort() {
	// Where each record begins keeps those with one key in the order in which they came.
	slices.SortFunc(s.items, func(a, b item) int { return cmp.Or(bytes.Compare(s.key(a), s.key(b)), cmp.Compare(a.from, b.from)) })
	if s.Same == nil {
		return
	}
	s.items = slices.CompactFunc(s.items, func(a, b item) bool {
		return bytes.Equal(s.key(a), s.key(b)) && s.Same(s.value(a), s.value(b))
	})
}

// write sorts the part that is in memory and puts it into a file.
func (s *Sorter) write() (err error) {
	s.sort()
	name := filepath.Join(s.dir, "part-"+strconv.Itoa(len(s.files)))
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("sort on the disk: %w", err)
	}
	s.files = append(s.files, name)
	defer func() { err = errors.Join(err, file.Close()) }()
	w := bufio.NewWriterSize(file, 1<<20)
	var head [2 * binary.MaxVarintLen64]byte
	for _, i := range s.items {
		n := binary.PutUvarint(head[:], uint64(i.key-i.from))
		n += binary.PutUvarint(head[n:], uint64(i.to-i.key))
		if _, err := w.Write(head[:n]); err != nil {
			return fmt.Errorf("sort on the disk: %w", err)
		}
		if _, err := w.Write(s.arena[i.from:i.to]); err != nil {
			return fmt.Errorf("sort on the disk: %w", err)
		}
	}
	s.arena, s.items = s.arena[:0], s.items[:0]
	return w.Flush()
}

// Each gives every record in order to do, which may keep neither key nor value. It is
// called once, after the last Add.
func (s *Sorter) Each(do func(key, value []byte) error) (err error) {
	if len(s.files) == 0 {
		s.sort()
		for _, i := range s.items {
			if err := do(s.key(i), s.value(i)); err != nil {
				return err
			}
		}
		return nil
	}
	if err := s.write(); err != nil {
		return err
	}
	s.arena, s.items = nil, nil
	var open merging
	defer func() {
		for _, r := range open.all {
			err = errors.Join(err, r.file.Close())
		}
	}()
	for n, name := range s.files {
		file, err := os.Open(name)
		if err != nil {
			return fmt.Errorf("sort on the disk: %w", err)
		}
		r := &run{number: n, file: file, src: bufio.NewReaderSize(file, 256<<10)}
		open.all = append(open.all, r)
		if err := open.push(r); err != nil {
			return err
		}
	}
	heap.Init(&open)
	for len(open.waiting) > 0 {
		r := open.waiting[0]
		if err := do(r.key, r.value); err != nil {
			return err
		}
		err := r.next()
		switch {
		case errors.Is(err, io.EOF):
			heap.Pop(&open)
		case err != nil:
			return fmt.Errorf("sort on the disk: %w", err)
		default:
			heap.Fix(&open, 0)
		}
	}
	return nil
}

// run is one sorted part as it is read again.
type run struct {
	number     int
	file       *os.File
	src        *bufio.Reader
	key, value []byte
}

func (r *run) next() error {
	keySize, err := binary.ReadUvarint(r.src)
	if err != nil {
		return err
	}
	valueSize, err := binary.ReadUvarint(r.src)
	if err != nil {
		return errors.Join(io.ErrUnexpectedEOF, err)
	}
	if keySize+valueSize > most {
		return errors.New("a part is damaged")
	}
	r.key = slices.Grow(r.key[:0], int(keySize))[:keySize]
	r.value = slices.Grow(r.value[:0], int(valueSize))[:valueSize]
	if _, err := io.ReadFull(r.src, r.key); err != nil {
		return errors.Join(io.ErrUnexpectedEOF, err)
	}
	if _, err := io.ReadFull(r.src, r.value); err != nil {
		return errors.Join(io.ErrUnexpectedEOF, err)
	}
	return nil
}

// merging has the parts by the record each has next.
type merging struct {
	all, waiting []*run
}

func (m *merging) push(r *run) error {
	err := r.next()
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("sort on the disk: %w", err)
	}
	m.waiting = append(m.waiting, r)
	return nil
}

func (m *merging) Len() int { return len(m.waiting) }

// Less puts an earlier part first where keys are equal, so that the order in which
// records came is kept.
func (m *merging) Less(i, j int) bool {
	if c := bytes.Compare(m.waiting[i].key, m.waiting[j].key); c != 0 {
		return c < 0
	}
	return m.waiting[i].number < m.waiting[j].number
}

func (m *merging) Swap(i, j int) { m.waiting[i], m.waiting[j] = m.waiting[j], m.waiting[i] }

// Push implements heap.Interface.
func (m *merging) Push(x any) { m.waiting = append(m.waiting, x.(*run)) }

// Pop implements heap.Interface.
func (m *merging) Pop() any {
	last := m.waiting[len(m.waiting)-1]
	m.waiting = m.waiting[:len(m.waiting)-1]
	return last
}
