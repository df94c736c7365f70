package casefolder

import (
	"fmt"
	"hash/maphash"
	"strings"
)

// Lengths of an enrollment code. Shorter ones could be guessed.
const shortestCode = 4

// isEnrollmentCode reports what a provider of credit monitoring gives out and a
// letter can print on one line.
func isEnrollmentCode(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && !isDigit(c) && c != '-' && c != '.' && c != '_' && c != '/' {
			return false
		}
	}
	return len(s) >= shortestCode
}

// seenCodes finds an enrollment code that two people have, as seenPeople finds
// people: by hashes, each suspicion held against the file. Capitals make no
// difference to people who type a code in, and so to nobody.
type seenCodes struct {
	slots  []codeSlot
	count  int
	seed   maphash.Seed
	people *seenPeople
	codeAt int
}

// codeSlot is a code's first row; a line of 0 is free.
type codeSlot struct{ code, person, line uint32 }

func newSeenCodes(people *seenPeople, codeAt int) *seenCodes {
	return &seenCodes{slots: make([]codeSlot, 1<<10), seed: maphash.MakeSeed(), people: people, codeAt: codeAt}
}

// add enters the code of a row and returns the line on which another person has
// it already, or 0.
func (s *seenCodes) add(code, personKey string, line int) (int, error) {
	if s.count >= len(s.slots)/4*3 {
		s.grow()
	}
	code = strings.ToUpper(code)
	of, person := uint32(maphash.String(s.seed, code)), uint32(maphash.String(s.seed, personKey))
	for i := s.home(of); ; i = (i + 1) & (len(s.slots) - 1) {
		slot := s.slots[i]
		switch {
		case slot.line == 0:
			s.slots[i] = codeSlot{of, person, uint32(line)}
			s.count++
			return 0, nil
		case slot.code != of:
			continue
		case slot.person == person:
			return 0, nil // the same person at another practice
		}
		fields, err := s.people.fieldsAt(int(slot.line))
		if err != nil {
			return 0, err
		}
		if strings.ToUpper(cellText(fields[s.codeAt])) == code {
			return int(slot.line), nil
		}
	}
}

// home spreads the hash over the slots.
func (s *seenCodes) home(of uint32) int { return int(uint64(of) * uint64(len(s.slots)) >> 32) }

func (s *seenCodes) grow() {
	old := s.slots
	s.slots = make([]codeSlot, 2*len(old))
	for _, slot := range old {
		if slot.line == 0 {
			continue
		}
		i := s.home(slot.code)
		for s.slots[i].line != 0 {
			i = (i + 1) & (len(s.slots) - 1)
		}
		s.slots[i] = slot
	}
}

// checkCode checks a person's code for the credit monitoring.
func (f *findingsCheck) checkCode(r cells, person string, dead bool) error {
	if f.codes == nil {
		return nil
	}
	code := r.row.cells[fEnrollmentCode]
	switch {
	case code == "" && f.monitoring && !dead:
		f.c.problem(warnNoCode, "enrollment_code", "enrollment_code is empty")
	case !r.row.fine(fEnrollmentCode):
	case !isEnrollmentCode(code):
		f.c.problem(ruleCode, "enrollment_code", "enrollment_code is not 4 to 64 of A-Z a-z 0-9 - . _ /")
	case person != "":
		other, err := f.codes.add(code, person, r.row.line)
		if err != nil {
			return err
		}
		if other > 0 {
			f.c.problem(ruleTwiceCode, "enrollment_code", fmt.Sprintf("another person has this enrollment_code, on line %d", other))
		}
	}
	return nil
}
