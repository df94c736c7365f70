package postgres

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/bits"

	"duenotice/internal/breach"
	"duenotice/internal/postgres/sqlgen"
)

// counted is what is counted of one finding.
type counted struct {
	key                                string
	residence                          string
	protected, usable, minor, deceased bool
	// returned: its letter came back. It was printed, so the address is usable too.
	returned bool
	// email: an agreed e-mail reaches the person.
	email                 bool
	classes               breach.DataClassSet
	letterHash, otherHash [16]byte
}

func countedOf(f *sqlgen.Finding) counted {
	return counted{
		key: f.PersonKey, residence: f.Residence, protected: f.Protected, usable: f.UsableAddress, returned: f.Returned, email: f.AgreedEmail && !f.EmailBounced,
		minor: f.Minor, deceased: f.Deceased, classes: f.DataClasses,
		letterHash: f.LetterHash.Bytes, otherHash: f.OtherHash.Bytes,
	}
}

// counter adds up the findings of one practice, or the people of one counting
// entity. It is small, since a load keeps one for each of 45,000 practices.
type counter struct {
	findings int
	// noAddress are those no letter can be mailed to, and those whose letter came back.
	people, unknown, noAddress, kin int
	emailOnly                       int
	minors, deceased                int
	residents                       map[string]int
	classes                         [32]int32
	sets                            breach.ClassCounter
	sum                             [4]uint64
}

// add counts one finding.
func (c *counter) add(f counted) {
	c.findings++
	c.addHash(f)
	if !f.protected {
		return
	}
	if !f.usable || f.returned {
		c.noAddress++
		if f.deceased {
			c.kin++
		} else if f.email {
			c.emailOnly++
		}
	}
	c.people++
	c.sets.Add(f.residence, f.classes)
	if f.residence == "" {
		c.unknown++
	} else {
		if c.residents == nil {
			c.residents = map[string]int{}
		}
		c.residents[f.residence]++
	}
	if f.minor {
		c.minors++
	}
	if f.deceased {
		c.deceased++
	}
	for set := uint32(f.classes); set != 0; set &= set - 1 {
		c.classes[bits.TrailingZeros32(set)]++
	}
}

// addHash adds the finding's hash to a sum modulo 2^256. A sum is the same in
// whatever order the rows come, so that neither a load nor an amendment has to
// sort millions of rows to say what the list is.
func (c *counter) addHash(f counted) {
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

// listSHA256 identifies the practice's people as they stand, every cell of them.
func (c *counter) listSHA256() string {
	b := binary.BigEndian.AppendUint64(nil, uint64(c.findings)) // a count is never negative.
	for _, word := range c.sum {
		b = binary.BigEndian.AppendUint64(b, word)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func (c *counter) tally() breach.Tally {
	t := breach.Tally{
		People: c.people, Residents: c.residents, UnknownResidence: c.unknown,
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
