package listdiff

import (
	"encoding/binary"
	"errors"
	"hash/maphash"
	"strings"

	"duenotice/internal/breach"
)

// record is what is compared of one row.
type record struct {
	row int
	// address is of where mail goes; other is of everything else that a row says, but for
	// where it was found.
	address, other uint64
	kinds          breach.DataClassSet
	state          string
	acquired       string
}

// reader makes records. It is for one goroutine.
type reader struct {
	seed maphash.Seed
	buf  []byte
}

func (r *reader) record(row int, p *breach.Person) record {
	r.buf = p.AppendAddress(r.buf[:0])
	address := maphash.Bytes(r.seed, r.buf)
	r.buf = r.buf[:0]
	for _, text := range []string{
		p.FirstName, p.MiddleName, p.LastName, p.Suffix, p.BirthDate.String(), p.DiedOn(), p.RepresentativeName, p.RepresentativeRelation,
		p.Email, p.EmailAgreedOn.String(), p.Phone, p.Language, string(p.ConfidentialAddress), p.AcquiredOrViewed, p.EnrollmentCode,
	} {
		r.buf = appendText(r.buf, text)
	}
	return record{row, address, maphash.Bytes(r.seed, r.buf), breach.SetOf(p.DataClasses...), p.Residence(), p.AcquiredOrViewed}
}

// key orders rows by practice and person, the old list's before the new one's.
func key(to []byte, p *breach.Person, side byte) []byte {
	return append(append(append(append(append(to[:0], p.PracticeKey...), 0), p.Key...), 0), side)
}

func cutKey(key []byte) (practice, person string, side byte, ok bool) {
	parts := strings.Split(string(key), "\x00")
	if len(parts) != 3 || len(parts[2]) != 1 {
		return "", "", 0, false
	}
	return parts[0], parts[1], parts[2][0], true
}

func appendText(to []byte, s string) []byte {
	return append(binary.AppendUvarint(to, uint64(len(s))), s...)
}

func (r *record) encode(to []byte) []byte {
	to = binary.AppendUvarint(to[:0], uint64(r.row))
	to = binary.BigEndian.AppendUint64(to, r.address)
	to = binary.BigEndian.AppendUint64(to, r.other)
	to = binary.BigEndian.AppendUint32(to, uint32(r.kinds))
	return appendText(appendText(to, r.state), r.acquired)
}

var errRecord = errors.New("a row between reading and comparing is damaged")

func decode(from []byte) (r record, err error) {
	row, n := binary.Uvarint(from)
	if n <= 0 || len(from) < n+20 {
		return r, errRecord
	}
	from = from[n:]
	r.row, r.address, r.other = int(row), binary.BigEndian.Uint64(from), binary.BigEndian.Uint64(from[8:])
	r.kinds, from = breach.DataClassSet(binary.BigEndian.Uint32(from[16:])), from[20:]
	for _, text := range []*string{&r.state, &r.acquired} {
		size, n := binary.Uvarint(from)
		if n <= 0 || uint64(len(from)-n) < size {
			return r, errRecord
		}
		*text, from = string(from[n:n+int(size)]), from[n+int(size):]
	}
	return r, nil
}
