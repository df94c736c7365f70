package casefolder

import (
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"sort"
)

// seenPeople finds people who are in the list twice for one practice, in 8
// bytes for each row at a load of at most three quarters: an open-addressing
// table of 32 bits of a keyed hash and the row's line. An equal hash is only a
// suspicion (about one row in a thousand at five million); the earlier row is
// then read again from the file and compared, so that what is reported is exact.
type seenPeople struct {
	slots []uint64 // hash<<32 | line; 0 is free, as no row is on line 0
	count int
	seed  maphash.Seed

	// file is read again at a line by way of marks, one every markEvery bytes.
	file  io.ReaderAt
	marks []mark
	again *records
	// keyAt and practiceAt are the fields of the two keys.
	keyAt, practiceAt int
}

// mark is where a row begins.
type mark struct {
	offset int64
	line   int
}

const markEvery = 8 << 10

func newSeenPeople(file io.ReaderAt, keyAt, practiceAt int) *seenPeople {
	return &seenPeople{
		slots: make([]uint64, 1<<10), seed: maphash.MakeSeed(), file: file,
		again: newRecords(nil), keyAt: keyAt, practiceAt: practiceAt,
	}
}

// passing notes where rows begin; it is called for every row, in order.
func (s *seenPeople) passing(line int, offset int64) {
	if len(s.marks) == 0 || offset-s.marks[len(s.marks)-1].offset >= markEvery {
		s.marks = append(s.marks, mark{offset, line})
	}
}

// add enters the person of a row and returns the line on which the same person
// already was, or 0.
func (s *seenPeople) add(practiceKey, personKey string, line int) (int, error) {
	if s.count >= len(s.slots)/4*3 {
		s.grow()
	}
	h := s.hash(practiceKey, personKey)
	for i := s.home(h); ; i = (i + 1) & (len(s.slots) - 1) {
		slot := s.slots[i]
		if slot == 0 {
			s.slots[i] = uint64(h)<<32 | uint64(uint32(line))
			s.count++
			return 0, nil
		}
		if uint32(slot>>32) != h {
			continue
		}
		earlier := int(uint32(slot))
		same, err := s.sameAt(earlier, practiceKey, personKey)
		if err != nil {
			return 0, err
		}
		if same {
			return earlier, nil
		}
	}
}

func (s *seenPeople) hash(practiceKey, personKey string) uint32 {
	var h maphash.Hash
	h.SetSeed(s.seed)
	h.WriteString(practiceKey)
	h.WriteByte(0)
	h.WriteString(personKey)
	return uint32(h.Sum64() >> 32)
}

// home is taken from the hash's upper bits, so that growing needs nothing but the slots.
func (s *seenPeople) home(h uint32) int {
	return int(uint64(h) * uint64(len(s.slots)) >> 32)
}

func (s *seenPeople) grow() {
	old := s.slots
	s.slots = make([]uint64, 2*len(old))
	for _, slot := range old {
		if slot == 0 {
			continue
		}
		i := s.home(uint32(slot >> 32))
		for s.slots[i] != 0 {
			i = (i + 1) & (len(s.slots) - 1)
		}
		s.slots[i] = slot
	}
}

// sameAt reads the row on an earlier line again and compares its keys.
func (s *seenPeople) sameAt(line int, practiceKey, personKey string) (bool, error) {
	fields, err := s.fieldsAt(line)
	if err != nil {
		return false, err
	}
	return cellText(fields[s.practiceAt]) == practiceKey && cellText(fields[s.keyAt]) == personKey, nil
}

// fieldsAt reads the row on an earlier line again.
func (s *seenPeople) fieldsAt(line int) ([][]byte, error) {
	next := sort.Search(len(s.marks), func(i int) bool { return s.marks[i].line > line })
	from, size := s.marks[next-1], int64(markEvery+2*maxRecord)
	if next < len(s.marks) {
		size = s.marks[next].offset - from.offset
	}
	s.again.reset(io.NewSectionReader(s.file, from.offset, size), from.line, from.offset)
	for {
		err := s.again.read()
		switch {
		case errors.Is(err, errQuotes), errors.Is(err, errLongRecord):
		case err != nil:
			return nil, fmt.Errorf("read line %d of the list again: %w", line, err)
		case s.again.line == line:
			return s.again.fields, nil
		case s.again.line > line:
			return nil, fmt.Errorf("line %d of the list is no longer where it was: the file changed while it was read", line)
		}
	}
}
