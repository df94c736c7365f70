package postgres

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// findingColumns are the columns of a finding in the order rowWriter writes
// them: keys, what decides a letter's words and address lines, the rest of the
// row, what is derived. A corrected birth date is in the rest unless it makes a
// minor an adult: the same letter twice would only alarm.
var findingColumns = strings.Join([]string{
	"practice_id", "row_no", "list_number", "person_key",
	"first_name", "middle_name", "last_name", "suffix", "minor", "deceased_date",
	"representative_name", "representative_relation",
	"address1", "address2", "city", "state", "zip", "country", "data_classes",
	"birth_date", "confidential_address", "language", "email", "email_agreed_on", "phone", "acquired_or_viewed", "source",
	"zip_order", "protected", "usable_address", "residence", "letter_hash", "other_hash", "mail_key",
}, ", ")

// columnCount is the length of findingColumns.
const columnCount = 34

// rowWriter makes rows in the form COPY ... BINARY reads: each value as its
// length in four bytes and its bytes, numbers in network order. It takes a
// fraction of the time that a driver needs to look at each value's type.
// https://www.postgresql.org/docs/current/sql-copy.html
type rowWriter struct {
	discovered civil.Date
	classBits  map[breach.DataClass]breach.DataClassSet
	key        []byte
}

func newRowWriter(discovered civil.Date) *rowWriter {
	w := &rowWriter{discovered: discovered, classBits: map[breach.DataClass]breach.DataClassSet{}}
	for _, class := range breach.DataClasses() {
		w.classBits[class] = breach.SetOf(class)
	}
	return w
}

// copyHeader and copyTrailer stand before the first row and after the last.
var (
	copyHeader  = []byte("PGCOPY\n\xff\r\n\x00" + "\x00\x00\x00\x00" + "\x00\x00\x00\x00")
	copyTrailer = []byte{0xff, 0xff}
)

// place is where a row belongs.
type place struct {
	practiceID int
	list       int
	row        int
}

// append adds the person's row to b, and returns what is counted of it.
func (w *rowWriter) append(b []byte, at place, p *breach.Person) ([]byte, counted) {
	c := w.count(p)
	b = binary.BigEndian.AppendUint16(b, columnCount)
	b = appendInt32(b, int32(at.practiceID)) // came from an integer column.
	b = appendInt32(b, int32(at.row))        // a list of more than two thousand million rows is refused by the database's own limits first.
	b = appendInt16(b, int16(at.list))       // the number of lists of one incident.
	b = appendText(b, p.Key)

	letter := len(b)
	b = appendText(b, p.FirstName)
	b = appendText(b, p.MiddleName)
	b = appendText(b, p.LastName)
	b = appendText(b, p.Suffix)
	b = appendBool(b, c.minor)
	b = appendDate(b, p.DeceasedDate)
	b = appendText(b, p.RepresentativeName)
	b = appendText(b, p.RepresentativeRelation)
	b = appendText(b, p.Address1)
	b = appendText(b, p.Address2)
	b = appendText(b, p.City)
	b = appendText(b, p.State)
	b = appendText(b, p.ZIP)
	b = appendText(b, p.Country)
	b = appendInt32(b, int32(c.classes)) // 27 bits.

	other := len(b)
	b = appendDate(b, p.BirthDate)
	b = appendText(b, string(p.ConfidentialAddress))
	b = appendText(b, p.Language)
	b = appendText(b, p.Email)
	b = appendDate(b, p.EmailAgreedOn)
	b = appendText(b, p.Phone)
	b = appendText(b, p.AcquiredOrViewed)
	b = appendText(b, p.Source)

	// Every value is written with its length, so different rows hash differently.
	c.letterHash, c.otherHash = hash128(b[letter:other]), hash128(b[other:])
	b = appendInt32(b, zipOrder(p))
	b = appendBool(b, c.protected)
	b = appendBool(b, c.usable)
	b = appendText(b, c.residence)
	b = appendBytes(b, c.letterHash[:])
	b = appendBytes(b, c.otherHash[:])
	var joinable bool
	if w.key, joinable = p.AppendMailKey(w.key[:0]); !joinable {
		return appendNull(b), c
	}
	key := hash128(w.key)
	return appendBytes(b, key[:]), c
}

// count derives what tallies and counters are made of.
func (w *rowWriter) count(p *breach.Person) counted {
	c := counted{
		key: p.Key, residence: p.Residence(), protected: p.ProtectedOn(w.discovered), usable: p.HasUsableAddress(),
		minor: p.ReaderOn(w.discovered) == breach.ForMinor, deceased: !p.DeceasedDate.IsZero(),
	}
	for _, class := range p.DataClasses {
		c.classes |= w.classBits[class]
	}
	return c
}

// abroad sorts after every ZIP+4 there can be.
const abroad = 1_000_000_000

// zipOrder is the person's place in the mail: ZIP+4 as a number, five digits
// before the same ones with four more, other countries last.
func zipOrder(p *breach.Person) int32 {
	if !p.InUnitedStates() || !breach.IsZIP(p.ZIP) {
		return abroad
	}
	digits := strings.Replace(p.ZIP, "-", "", 1)
	if len(digits) == 5 {
		digits += "0000"
	}
	var n int32
	for _, d := range []byte(digits) {
		n = n*10 + int32(d-'0')
	}
	return n
}

// hash128 is SHA-256 cut to 128 bits: enough that two different texts never
// meet by chance, and half the room.
func hash128(b []byte) [16]byte {
	sum := sha256.Sum256(b)
	return [16]byte(sum[:16])
}

// epoch is the day from which PostgreSQL counts.
var epoch = civil.Of(2000, 1, 1)

func appendDate(b []byte, d civil.Date) []byte {
	if d.IsZero() {
		return appendNull(b)
	}
	return appendInt32(b, int32(d.DaysSince(epoch))) // the years 1 to 9999 are four million days.
}

func appendNull(b []byte) []byte { return append(b, 0xff, 0xff, 0xff, 0xff) }

func appendText(b []byte, s string) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(s))) // a CSV cell.
	return append(b, s...)
}

func appendBytes(b, value []byte) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(value))) // sixteen.
	return append(b, value...)
}

func appendInt32(b []byte, n int32) []byte {
	return binary.BigEndian.AppendUint32(append(b, 0, 0, 0, 4), uint32(n)) // two's complement, as wanted.
}

func appendInt16(b []byte, n int16) []byte {
	return binary.BigEndian.AppendUint16(append(b, 0, 0, 0, 2), uint16(n)) // two's complement, as wanted.
}

func appendBool(b []byte, v bool) []byte {
	if v {
		return append(b, 0, 0, 0, 1, 1)
	}
	return append(b, 0, 0, 0, 1, 0)
}
