package finding

import (
	"encoding/binary"

	"github.com/jackc/pgx/v5/pgtype"

	"duenotice/internal/breach"
	"duenotice/internal/postgres/sqlgen"
)

// inClear are the columns of a finding that SQL counts and joins by, which are
// set when a list brings the finding and decide something: to whom a letter goes,
// who is counted where, which findings share a letter. A copy of them is sealed with
// the record, so that nobody changes one unnoticed (docs/adr/0173).
type inClear struct {
	minor, deceased, protected, usable, email bool
	classes                                   breach.DataClassSet
	residence                                 string
	mailKey, code                             pgtype.UUID
}

func inClearOf(f *sqlgen.Finding) inClear {
	return inClear{
		minor: f.Minor, deceased: f.Deceased, protected: f.Protected, usable: f.UsableAddress, email: f.AgreedEmail,
		classes: f.DataClasses, residence: f.Residence, mailKey: f.MailKey, code: f.CodeHash,
	}
}

// append writes them as they are sealed, the same ones always in the same bytes.
func (c *inClear) append(b []byte) []byte {
	for _, flag := range []bool{c.minor, c.deceased, c.protected, c.usable, c.email} {
		b = appendFlag(b, flag)
	}
	b = binary.AppendUvarint(b, uint64(c.classes))
	b = appendField(b, c.residence)
	b = appendUUID(b, c.mailKey)
	return appendUUID(b, c.code)
}

// inClear is append's other direction.
func (r *plainReader) inClear() inClear {
	return inClear{
		minor: r.byte() == 1, deceased: r.byte() == 1, protected: r.byte() == 1, usable: r.byte() == 1, email: r.byte() == 1,
		classes: breach.DataClassSet(r.number()), residence: r.field(), mailKey: r.uuid(), code: r.uuid(),
	}
}

func appendUUID(b []byte, id pgtype.UUID) []byte {
	if !id.Valid {
		return append(b, 0)
	}
	return append(append(b, 1), id.Bytes[:]...)
}

func (r *plainReader) uuid() (id pgtype.UUID) {
	if r.byte() == 0 {
		return id
	}
	if len(r.rest) < len(id.Bytes) {
		r.bad, r.rest = true, nil
		return id
	}
	id.Valid = true
	r.rest = r.rest[copy(id.Bytes[:], r.rest):]
	return id
}

// differs names the columns that are not as they were sealed.
func (c *inClear) differs(sealed *inClear) []string {
	var columns []string
	for _, column := range []struct {
		name string
		same bool
	}{
		{"minor", c.minor == sealed.minor}, {"deceased", c.deceased == sealed.deceased}, {"protected", c.protected == sealed.protected},
		{"usable_address", c.usable == sealed.usable}, {"agreed_email", c.email == sealed.email}, {"data_classes", c.classes == sealed.classes},
		{"residence", c.residence == sealed.residence}, {"mail_key", c.mailKey == sealed.mailKey}, {"code_hash", c.code == sealed.code},
	} {
		if !column.same {
			columns = append(columns, column.name)
		}
	}
	return columns
}
