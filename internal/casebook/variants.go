package casebook

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// LetterVariants is which letters the people of a practice's list get, and how many of
// each: counts only, no person. It is what approvals are bound to beside the words.
type LetterVariants struct {
	// DatedOn is the day on the letters by which they were counted: it decides who is a
	// minor. It is no part of the hash.
	DatedOn civil.Date `json:"dated_on"`
	// Counts are the variants, most people first.
	Counts []VariantCount `json:"variants"`
	// NoAddress are people to whom no letter can be mailed.
	NoAddress int `json:"no_usable_address"`
	// Held are people whose letter would be held back, by the reason.
	Held map[breach.HeldReason]int `json:"held,omitempty"`
}

// PracticeVariants is the letters of a practice whose papers are made.
type PracticeVariants struct {
	Practice breach.Practice
	// Residents are its people by State.
	Residents map[string]int
	// PapersSHA256 is as the practice's: what its approvals are bound to.
	PapersSHA256 string
	LetterVariants
}

// VariantCount is how many people get one variant.
type VariantCount struct {
	breach.Variant
	People int `json:"people"`
}

// VariantCounter counts people one after the other. The zero value has counted nobody.
type VariantCounter struct {
	counts    map[breach.Variant]int
	noAddress int
	held      map[breach.HeldReason]int
}

// Add counts n people who get a variant.
func (c *VariantCounter) Add(v breach.Variant, n int) {
	if c.counts == nil {
		c.counts = map[breach.Variant]int{}
	}
	c.counts[v] += n
}

// NoAddress counts somebody to whom no letter can be mailed.
func (c *VariantCounter) NoAddress() { c.noAddress++ }

// Hold counts somebody whose letter would be held back.
func (c *VariantCounter) Hold(why breach.HeldReason) {
	if c.held == nil {
		c.held = map[breach.HeldReason]int{}
	}
	c.held[why]++
}

// Counted is what was counted for letters dated on.
func (c *VariantCounter) Counted(on civil.Date) LetterVariants {
	counted := LetterVariants{DatedOn: on, Counts: make([]VariantCount, 0, len(c.counts)), NoAddress: c.noAddress, Held: c.held}
	for v, n := range c.counts {
		counted.Counts = append(counted.Counts, VariantCount{v, n})
	}
	SortVariants(counted.Counts)
	return counted
}

// SortVariants puts the variants of most people first, and keeps one order of all others.
func SortVariants(counts []VariantCount) {
	slices.SortFunc(counts, func(a, b VariantCount) int {
		return cmp.Or(cmp.Compare(b.People, a.People), slices.Index(breach.Voices, a.Voice)-slices.Index(breach.Voices, b.Voice),
			cmp.Compare(a.Language, b.Language), cmp.Compare(a.State, b.State), cmp.Compare(a.Classes, b.Classes), cmp.Compare(a.Key(), b.Key()))
	})
}

// People are those who get a letter.
func (v LetterVariants) People() int {
	n := 0
	for _, c := range v.Counts {
		n += c.People
	}
	return n
}

// SHA256 identifies which letters there are, how many of each, and how many are none: the
// same list and the same words give the same, whenever it is counted, unless somebody came
// of age between the days of the two letters.
func (v LetterVariants) SHA256() string {
	v.DatedOn = civil.Date{}
	b, err := json.Marshal(v)
	if err != nil {
		// Words, bits and numbers alone, which always marshal.
		panic(fmt.Sprintf("casebook: the variants of letters cannot be written: %v", err))
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
