package match

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"duenotice/internal/intake/spill"
)

// mostAlike bounds how many entries with one mark in common are compared with each
// other: more of them share a nursing home and a made-up birth date.
const mostAlike = 200

// Finder finds the pairs among any number of entries. Only entries that have a mark in
// common are compared (a block: last name, first name and birth date; birth date and
// address; an identifier ...). Entries lie on the disk, and what is sorted are hashes
// of the marks with the entries' places, some twenty bytes for each of five to eight
// marks; memory does not grow with the list.
type Finder struct {
	file   *os.File
	w      *bufio.Writer
	at     int64
	blocks *spill.Sorter
	pairs  *spill.Sorter
	seed   maphash.Seed
	buffer []byte
	// Skipped counts blocks of more than mostAlike entries, which were not compared.
	Skipped int
}

// Pair is two people of whom something was found. A's key is the smaller.
type Pair struct {
	Found
	A, B Entry
}

// NewFinder works in dir, which holds patient data and is the caller's to remove.
func NewFinder(dir string) (*Finder, error) {
	f := &Finder{seed: maphash.MakeSeed()}
	for _, sorted := range []struct {
		name string
		to   **spill.Sorter
	}{{"blocks", &f.blocks}, {"pairs", &f.pairs}} {
		sub := filepath.Join(dir, sorted.name)
		if err := os.MkdirAll(sub, 0o700); err != nil {
			return nil, fmt.Errorf("make a folder to sort in: %w", err)
		}
		*sorted.to = spill.New(sub)
	}
	var err error
	if f.file, err = os.OpenFile(filepath.Join(dir, "entries"), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600); err != nil {
		return nil, fmt.Errorf("make a file to compare from: %w", err)
	}
	f.w = bufio.NewWriterSize(f.file, 1<<20)
	return f, nil
}

// Close closes what lies on the disk.
func (f *Finder) Close() error { return f.file.Close() }

// Add takes an entry.
func (f *Finder) Add(e *Entry) error {
	f.buffer = e.encode(f.buffer[:0])
	if _, err := f.w.Write(f.buffer); err != nil {
		return fmt.Errorf("keep an entry to compare: %w", err)
	}
	var value [2 * binary.MaxVarintLen64]byte
	n := binary.PutUvarint(value[:], uint64(f.at))
	n += binary.PutUvarint(value[n:], uint64(len(f.buffer)))
	f.at += int64(len(f.buffer))
	return f.block(marksOf(e), func(texts ...string) error {
		var h maphash.Hash
		h.SetSeed(f.seed)
		for _, text := range texts {
			_, _ = h.WriteString(text) // it never fails
			_ = h.WriteByte(0)
		}
		return f.blocks.Add(binary.BigEndian.AppendUint64(nil, h.Sum64()), value[:n])
	})
}

// block gives the marks by which an entry may meet another. Every rule needs entries that
// have one of them in common.
func (f *Finder) block(m *marks, put func(texts ...string) error) error {
	var failed error
	add := func(texts ...string) {
		if failed == nil {
			failed = put(texts...)
		}
	}
	placed := m.street != "" && m.zip != ""
	reach := slices.DeleteFunc([]string{m.email, m.phone}, func(s string) bool { return s == "" })
	for _, name := range m.formal {
		if m.Birth != "" {
			add("name and birth", m.last, name, m.Birth)
		}
		if placed {
			add("name and address", m.last, name, m.street, m.zip)
		}
		for _, r := range reach {
			add("name and contact", m.last, name, r)
		}
	}
	if m.Birth != "" && placed {
		add("birth and address", m.Birth, m.street, m.zip)
	}
	for _, r := range reach {
		if m.Birth != "" {
			add("birth and contact", m.Birth, r)
		}
	}
	for _, id := range m.IDs {
		add("id", id)
	}
	return failed
}

// place is where an entry lies in the file.
type place struct {
	at   int64
	size int
}

// Each compares, and gives every pair of which something was found, by the two keys in
// order. It is called once. Who fits somebody, who fits a third that contradicts the
// first, is in doubt with all of them.
func (f *Finder) Each(do func(*Pair) error) error {
	chains, err := newChains(filepath.Join(filepath.Dir(f.file.Name()), "chains"))
	if err != nil {
		return err
	}
	return errors.Join(f.each(chains.add), chains.each(do), chains.close())
}

func (f *Finder) each(do func(pair []byte) error) error {
	if err := f.w.Flush(); err != nil {
		return fmt.Errorf("keep entries to compare: %w", err)
	}
	var current []byte
	var block []place
	more := false
	finish := func() error {
		defer func() { block, more = block[:0], false }()
		if more {
			f.Skipped++
			return nil
		}
		return f.compareBlock(block)
	}
	err := f.blocks.Each(func(key, value []byte) error {
		if !bytes.Equal(key, current) {
			if err := finish(); err != nil {
				return err
			}
			current = append(current[:0], key...)
		}
		at, n := binary.Uvarint(value)
		size, _ := binary.Uvarint(value[n:])
		if more = more || len(block) == mostAlike; !more {
			block = append(block, place{int64(at), int(size)})
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := finish(); err != nil {
		return err
	}
	return f.eachPair(do)
}

// compareBlock compares each of a block with each.
func (f *Finder) compareBlock(block []place) error {
	if len(block) < 2 {
		return nil
	}
	all := make([]*marks, 0, len(block))
	for _, p := range block {
		content := make([]byte, p.size)
		if _, err := f.file.ReadAt(content, p.at); err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read an entry again: %w", err)
		}
		var e Entry
		if err := e.decode(content); err != nil {
			return err
		}
		all = append(all, marksOf(&e))
	}
	for i, a := range all {
		for _, b := range all[i+1:] {
			if a.Key == b.Key {
				continue
			}
			found := compare(a, b)
			if found.Verdict == Apart {
				continue
			}
			first, second := a.Entry, b.Entry
			if second.Key < first.Key {
				first, second = second, first
			}
			if err := f.pairs.Add([]byte(first.Key+"\x00"+second.Key), encodePair(found, first, second)); err != nil {
				return err
			}
		}
	}
	return nil
}

func encodePair(found Found, a, b *Entry) []byte {
	// The first bytes order what was found, the surest first.
	to := []byte{byte(Same - found.Verdict), byte(slices.Index(rules, found.Rule))}
	to = append(append(to, found.But...), 0)
	first := a.encode(nil)
	to = binary.AppendUvarint(to, uint64(len(first)))
	return b.encode(append(to, first...))
}

func (p *Pair) decode(from []byte) error {
	if len(from) < 2 || int(from[1]) >= len(rules) {
		return errEntry
	}
	p.Verdict, p.Rule = Same-Verdict(from[0]), rules[from[1]]
	but, rest, ok := bytes.Cut(from[2:], []byte{0})
	size, n := binary.Uvarint(rest)
	if !ok || n <= 0 || size > uint64(len(rest)-n) {
		return errEntry
	}
	p.But = But(but)
	return errors.Join(p.A.decode(rest[n:n+int(size)]), p.B.decode(rest[n+int(size):]))
}

// eachPair gives each pair once, as the surest of what was found about it. Which of
// several entries of one person met does not depend on the order of the blocks.
func (f *Finder) eachPair(do func(pair []byte) error) error {
	var current, best []byte
	err := f.pairs.Each(func(key, value []byte) error {
		if best == nil || !bytes.Equal(key, current) {
			if best != nil {
				if err := do(best); err != nil {
					return err
				}
			}
			current, best = append(current[:0], key...), append(best[:0], value...)
			return nil
		}
		if bytes.Compare(value, best) < 0 {
			best = append(best[:0], value...)
		}
		return nil
	})
	if err != nil || best == nil {
		return err
	}
	return do(best)
}

// cutWord cuts the first word off.
func cutWord(text string) (word, rest string, more bool) { return strings.Cut(text, " ") }
