package plan

import (
	"encoding/binary"
	"math/bits"
)

// hashSet is a set of 64-bit hashes with open addressing. It says how many
// different things were seen without keeping them: eight bytes each at a load
// of at most three quarters. Among a million things the chance that any two
// share a hash, and one is counted too few, is about one in 37 million.
type hashSet struct {
	slots []uint64 // 0 marks a free slot
	n     int
}

// add reports whether h was not in the set yet.
func (s *hashSet) add(h uint64) bool {
	if h == 0 {
		h = 1
	}
	if (s.n+1)*4 > len(s.slots)*3 {
		s.grow()
	}
	mask := uint64(len(s.slots) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		switch s.slots[i] {
		case h:
			return false
		case 0:
			s.slots[i] = h
			s.n++
			return true
		}
	}
}

func (s *hashSet) grow() {
	old := s.slots
	s.slots = make([]uint64, max(1<<10, 2*len(old)))
	mask := uint64(len(s.slots) - 1)
	for _, h := range old {
		if h == 0 {
			continue
		}
		i := h & mask
		for s.slots[i] != 0 {
			i = (i + 1) & mask
		}
		s.slots[i] = h
	}
}

// hash is a 64-bit hash of b, well mixed in every bit and the same in every
// run, so that a plan does not differ between runs even in the unlikely case.
// Each word is folded in by the upper and lower half of a 128-bit product.
func hash(seed uint64, b []byte) uint64 {
	const k0, k1, k2 = 0xa0761d6478bd642f, 0xe7037ed1a0b428db, 0x8ebc6af09c88c6e3
	h := fold(seed^k0, uint64(len(b))^k1)
	for len(b) >= 8 {
		h = fold(h^binary.LittleEndian.Uint64(b), k1)
		b = b[8:]
	}
	if len(b) > 0 {
		var last [8]byte
		copy(last[:], b)
		h = fold(h^binary.LittleEndian.Uint64(last[:]), k2)
	}
	return fold(h^k2, k0)
}

func fold(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}
