package finding

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/bits"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/postgres/sqlgen"
)

// Counted is what is counted of one finding, or of one person whom several practices
// of one counting entity know.
type Counted struct {
	// Residence is the State or territory where the person counts; "" is unknown.
	Residence string
	// Protected: the record is protected still, 50 years after death at most.
	Protected bool
	// Usable: a letter can be mailed to the address.
	Usable bool
	// Minor and Deceased are as on the day the breach was discovered.
	Minor, Deceased bool
	// Email: an agreed e-mail reaches the person.
	Email bool
	// Classes are the kinds of data that were found.
	Classes breach.DataClassSet
	// returned: its letter came back. It was printed, so the address is usable too.
	returned bool
	// What identifies the finding and every cell of it in a list's sum.
	key                   string
	letterHash, otherHash [16]byte
	// begins is the line of the account that a row of a list begins in.
	begins beginning
}

// beginning is a line of the account in which people are whom nothing became of yet.
type beginning struct {
	state          account.State
	why, residence string
}

// CountedOf is what is counted of a finding as the database has it.
func CountedOf(f *sqlgen.Finding) Counted {
	return Counted{
		key: f.PersonKey, Residence: f.Residence, Protected: f.Protected, Usable: f.UsableAddress, returned: f.Returned, Email: f.AgreedEmail && !f.EmailBounced,
		Minor: f.Minor, Deceased: f.Deceased, Classes: f.DataClasses,
		letterHash: f.LetterHash.Bytes, otherHash: f.OtherHash.Bytes,
	}
}

// Counter adds up the findings of one practice, or the people of one counting
// entity. It is small, since a load keeps one for each of 45,000 practices. The zero
// value has counted nobody.
type Counter struct {
	// Findings is how many were added, People how many of them are protected.
	Findings, People int
	// noAddress are those no letter can be mailed to, and those whose letter came back.
	unknown, noAddress, kin int
	emailOnly               int
	minors, deceased        int
	residents               map[string]int
	classes                 [32]int32
	sets                    breach.ClassCounter
	sum                     [4]uint64
}

// Add counts one finding.
func (c *Counter) Add(f Counted) {
	c.Findings++
	c.addHash(f)
	if !f.Protected {
		return
	}
	if !f.Usable || f.returned {
		c.noAddress++
		if f.Deceased {
			c.kin++
		} else if f.Email {
			c.emailOnly++
		}
	}
	c.People++
	c.sets.Add(f.Residence, f.Classes)
	if f.Residence == "" {
		c.unknown++
	} else {
		if c.residents == nil {
			c.residents = map[string]int{}
		}
		c.residents[f.Residence]++
	}
	if f.Minor {
		c.minors++
	}
	if f.Deceased {
		c.deceased++
	}
	for set := uint32(f.Classes); set != 0; set &= set - 1 {
		c.classes[bits.TrailingZeros32(set)]++
	}
}

// addHash adds the finding's hash to a sum modulo 2^256. A sum is the same in
// whatever order the rows come, so that neither a load nor an amendment has to
// sort millions of rows to say what the list is.
func (c *Counter) addHash(f Counted) {
	h := sha256.New()
	h.Write([]byte(f.key))
	h.Write([]byte{0}) // keys have no NUL: key and hashes cannot run into each other
	h.Write(f.letterHash[:])
	h.Write(f.otherHash[:])
	var row [sha256.Size]byte
	h.Sum(row[:0])
	var carry uint64
	for i := range c.sum {
		c.sum[i], carry = bits.Add64(c.sum[i], binary.LittleEndian.Uint64(row[8*i:]), carry)
	}
}

// ListSHA256 identifies the practice's people as they stand, every cell of them.
func (c *Counter) ListSHA256() string {
	b := binary.BigEndian.AppendUint64(nil, uint64(c.Findings)) // a count is never negative.
	for _, word := range c.sum {
		b = binary.BigEndian.AppendUint64(b, word)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Tally is what the law asks how many there are of.
func (c *Counter) Tally() breach.Tally {
	t := breach.Tally{
		People: c.People, Residents: c.residents, UnknownResidence: c.unknown,
		NoUsableAddress: c.noAddress, NoUsableAddressKin: c.kin, EmailOnly: c.emailOnly, Minors: c.minors, Deceased: c.deceased,
		Classes: map[breach.DataClass]int{}, Sets: c.sets.Counts(),
	}
	if t.Residents == nil {
		t.Residents = map[string]int{}
	}
	for bit, class := range breach.DataClasses() {
		if n := c.classes[bit]; n > 0 {
			t.Classes[class] = int(n)
		}
	}
	return t
}
