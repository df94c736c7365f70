package finding

import (
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgtype"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/datakey"
)

// columns are the columns of a finding that a list brings, in the order in which
// rowWriter.append writes them.
var columns = []string{
	"practice_id", "row_no", "list_number", "data_classes", "person_key", "residence",
	"minor", "deceased", "protected", "usable_address", "agreed_email", "state", "state_why", "letter_hash", "other_hash", "mail_key", "code_hash", "name_hash", "sealed",
}

// rowWriter makes rows in the form COPY ... BINARY reads: each value as its
// length in four bytes and its bytes, numbers in network order. It takes a
// fraction of the time that a driver needs to look at each value's type.
// https://www.postgresql.org/docs/current/sql-copy.html
type rowWriter struct {
	incidentID string
	discovered civil.Date
	classBits  map[breach.DataClass]breach.DataClassSet
	key        *datakey.Key
	hasher     *datakey.Hasher
	// Used again for every row.
	plain, place, mail []byte
}

func newRowWriter(incidentID string, discovered civil.Date, key *datakey.Key) *rowWriter {
	w := &rowWriter{
		incidentID: incidentID, discovered: discovered, classBits: map[breach.DataClass]breach.DataClassSet{},
		key: key, hasher: key.Hasher(),
	}
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
	// ours: the practice's letters are ours to write.
	ours bool
	list int
	row  int
}

// append adds the person's row to b, and returns what is counted of it.
func (w *rowWriter) append(b []byte, at place, p *breach.Person) ([]byte, Counted, error) {
	c := w.count(p)
	shown := inClear{
		minor: c.Minor, deceased: c.Deceased, protected: c.Protected, usable: c.Usable, email: c.Email,
		classes: c.Classes, residence: c.Residence, mailKey: w.mailKey(p), code: w.code(p.EnrollmentCode),
	}
	var begins, ends int
	w.plain, begins, ends = appendPlain(w.plain[:0], p, &shown)
	c.letterHash, c.otherHash = w.hasher.Sum128(w.plain[begins:ends]), w.hasher.Sum128(w.plain[ends:])
	w.place = appendBinding(w.place[:0], w.incidentID, p.PracticeKey, p.Key)
	sealed, err := w.key.Seal(w.plain, w.place)
	if err != nil {
		return b, c, fmt.Errorf("row %d cannot be encrypted: %w", at.row, err)
	}

	b = binary.BigEndian.AppendUint16(b, uint16(len(columns)))
	b = appendInt32(b, int32(at.practiceID)) // came from an integer column.
	b = appendInt32(b, int32(at.row))        // a list of more than two thousand million rows is refused by the database's own limits first.
	b = appendInt16(b, int16(at.list))       // the number of lists of one incident.
	b = appendInt32(b, int32(c.Classes))     // 27 bits.
	b = appendText(b, p.Key)
	b = appendText(b, c.Residence)
	b = appendBool(b, c.Minor)
	b = appendBool(b, c.Deceased)
	b = appendBool(b, c.Protected)
	b = appendBool(b, c.Usable)
	b = appendBool(b, c.Email)
	state, why := account.Person{Protected: c.Protected, Usable: c.Usable, Dead: c.Deceased, ByEmail: c.Email, Ours: at.ours}.Begins()
	c.begins = beginning{state, why, c.Residence}
	b = appendText(b, string(state))
	b = appendText(b, why)
	b = appendBytes(b, c.letterHash[:])
	b = appendBytes(b, c.otherHash[:])
	b = appendHash(b, shown.mailKey)
	b = appendHash(b, shown.code)
	name := nameHash(w.hasher, w.incidentID, p)
	b = appendBytes(b, name[:])
	return appendBytes(b, sealed), c, nil
}

// mailKey is the hash by which findings share a letter; none where one shares with
// no other.
func (w *rowWriter) mailKey(p *breach.Person) (key pgtype.UUID) {
	if w.mail, key.Valid = p.AppendMailKey(w.mail[:0]); key.Valid {
		key.Bytes = w.hasher.Sum128(w.mail)
	}
	return key
}

// code is the hash of a code, whatever its capitals. It begins with a word, so that
// no code has the hash of a mail key.
func (w *rowWriter) code(code string) pgtype.UUID {
	if code == "" {
		return pgtype.UUID{}
	}
	w.mail = append(append(w.mail[:0], "code\x00"...), strings.ToUpper(code)...)
	return pgtype.UUID{Bytes: w.hasher.Sum128(w.mail), Valid: true}
}

// count derives what tallies and counters are made of.
func (w *rowWriter) count(p *breach.Person) Counted {
	c := Counted{
		key: p.Key, Residence: p.Residence(), Protected: p.ProtectedOn(w.discovered), Usable: p.HasUsableAddress(), Email: p.AgreedToEmail(),
		Minor: p.ReaderOn(w.discovered) == breach.ForMinor, Deceased: p.Dead(),
	}
	for _, class := range p.DataClasses {
		c.Classes |= w.classBits[class]
	}
	return c
}

func appendHash(b []byte, hash pgtype.UUID) []byte {
	if !hash.Valid {
		return appendNull(b)
	}
	return appendBytes(b, hash.Bytes[:])
}

func appendNull(b []byte) []byte { return append(b, 0xff, 0xff, 0xff, 0xff) }

func appendText(b []byte, s string) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(s))) // a CSV cell.
	return append(b, s...)
}

func appendBytes(b, value []byte) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(value))) // a hash, or a row of at most 65,536 bytes.
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
