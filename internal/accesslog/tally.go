package accesslog

import (
	"bytes"
	"encoding/binary"
	"errors"

	"duenotice/internal/intake/spill"
)

// mostCells is how many counts are kept before they go to the sort: lines of one account,
// hour and patient often come near each other, and are then one record of it.
const mostCells = 1 << 17

// tally counts lines by account, hour, patient and practice.
type tally struct {
	sorter *spill.Sorter
	cells  map[string]*cell
	key    []byte
	value  []byte
}

// cell is what an account did with a patient in an hour at a practice.
type cell struct {
	lines, exports uint64
	// unnamed are rows of lines that name no patient and are of some.
	unnamed uint64
}

// slot is what a cell is of.
type slot struct {
	account uint32
	// hour is counted from 1970 in UTC.
	hour uint32
	// within: the line is in the window that was asked for.
	within   bool
	patient  []byte
	practice uint32
}

func newTally(sorter *spill.Sorter) *tally { return &tally{sorter: sorter, cells: map[string]*cell{}} }

// The order of the keys is account, hour, outside the window before within, patient: what
// is of one account, of one hour and of one patient comes together.
func (s slot) append(to []byte) []byte {
	to = binary.BigEndian.AppendUint32(to, s.account)
	to = binary.BigEndian.AppendUint32(to, s.hour)
	to = append(to, flag(s.within))
	to = append(append(to, s.patient...), 0)
	return binary.BigEndian.AppendUint32(to, s.practice)
}

var errTally = errors.New("a count between reading and judging is damaged")

func readSlot(key []byte) (slot, error) {
	if len(key) < 14 {
		return slot{}, errTally
	}
	end := len(key) - 5
	return slot{binary.BigEndian.Uint32(key), binary.BigEndian.Uint32(key[4:]), key[8] == 1, key[9:end], binary.BigEndian.Uint32(key[end+1:])}, nil
}

func flag(is bool) byte {
	if is {
		return 1
	}
	return 0
}

// add counts a line.
func (t *tally) add(s slot, c cell) error {
	t.key = s.append(t.key[:0])
	there := t.cells[string(t.key)]
	if there == nil {
		if len(t.cells) >= mostCells {
			if err := t.flush(); err != nil {
				return err
			}
		}
		there = &cell{}
		t.cells[string(t.key)] = there
	}
	there.add(c)
	return nil
}

func (c *cell) add(other cell) {
	c.lines += other.lines
	c.exports += other.exports
	c.unnamed += other.unnamed
}

func (t *tally) flush() error {
	for key, c := range t.cells {
		t.value = binary.AppendUvarint(binary.AppendUvarint(binary.AppendUvarint(t.value[:0], c.lines), c.exports), c.unnamed)
		if err := t.sorter.Add([]byte(key), t.value); err != nil {
			return err
		}
	}
	clear(t.cells)
	return nil
}

// each gives every slot once, in the order of the keys, with all that was counted of it.
func (t *tally) each(do func(slot, cell) error) error {
	if err := t.flush(); err != nil {
		return err
	}
	var last []byte
	var sum cell
	give := func() error {
		if last == nil {
			return nil
		}
		s, err := readSlot(last)
		if err != nil {
			return err
		}
		return do(s, sum)
	}
	err := t.sorter.Each(func(key, value []byte) error {
		if last == nil || !bytes.Equal(last, key) {
			if err := give(); err != nil {
				return err
			}
			last, sum = append(last[:0], key...), cell{}
		}
		var c cell
		for _, to := range []*uint64{&c.lines, &c.exports, &c.unnamed} {
			n, size := binary.Uvarint(value)
			if size <= 0 {
				return errTally
			}
			*to, value = n, value[size:]
		}
		sum.add(c)
		return nil
	})
	if err != nil {
		return err
	}
	return give()
}
