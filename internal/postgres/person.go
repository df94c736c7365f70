package postgres

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/datakey"
	"duenotice/internal/postgres/sqlgen"
)

// plainVersion is the first byte of a person before encryption, and says how
// the rest is written.
const plainVersion = 2

// appendPlain writes the person as it is encrypted, and returns where what
// decides a letter's words and address lines ends: the two parts are hashed
// apart, because another first part means that a corrected letter is owed. A
// corrected birth date is in the second unless it makes a minor an adult: the
// same letter twice would only alarm.
//
// Every text is written with its length, so different people differ in bytes.
// The ZIP comes first: planning the mail reads no further.
func appendPlain(b []byte, p *breach.Person, minor bool, classes breach.DataClassSet) (plain []byte, letterEnds int) {
	b = append(b, plainVersion)
	b = appendField(b, p.ZIP)
	b = appendField(b, p.Country)
	b = appendField(b, p.FirstName)
	b = appendField(b, p.MiddleName)
	b = appendField(b, p.LastName)
	b = appendField(b, p.Suffix)
	b = appendDay(b, p.DeceasedDate)
	b = appendFlag(b, p.DeathDayUnknown)
	b = appendField(b, p.RepresentativeName)
	b = appendField(b, p.RepresentativeRelation)
	b = appendField(b, p.Address1)
	b = appendField(b, p.Address2)
	b = appendField(b, p.City)
	b = appendField(b, p.State)
	// The column is in clear: this copy cannot be changed unnoticed.
	b = binary.AppendUvarint(b, uint64(classes))
	b = appendFlag(b, minor)
	b = appendField(b, p.EnrollmentCode)
	letterEnds = len(b)
	b = appendDay(b, p.BirthDate)
	b = appendField(b, string(p.ConfidentialAddress))
	b = appendField(b, p.Language)
	b = appendField(b, p.Email)
	b = appendDay(b, p.EmailAgreedOn)
	b = appendField(b, p.Phone)
	b = appendField(b, p.AcquiredOrViewed)
	b = appendField(b, p.Source)
	return b, letterEnds
}

// readPlain is appendPlain's other direction.
func readPlain(plain []byte) (breach.Person, breach.DataClassSet, error) {
	r := plainReader{rest: plain}
	if r.byte() != plainVersion {
		return breach.Person{}, 0, errPlain
	}
	var p breach.Person
	p.ZIP, p.Country = r.field(), r.field()
	p.FirstName, p.MiddleName, p.LastName, p.Suffix = r.field(), r.field(), r.field(), r.field()
	p.DeceasedDate, p.DeathDayUnknown = r.day(), r.byte() == 1
	p.RepresentativeName, p.RepresentativeRelation = r.field(), r.field()
	p.Address1, p.Address2, p.City, p.State = r.field(), r.field(), r.field(), r.field()
	classes := breach.DataClassSet(r.number())
	r.byte() // minor: derived anew by whoever asks
	p.EnrollmentCode = r.field()
	p.BirthDate = r.day()
	p.ConfidentialAddress, p.Language, p.Email = breach.YesNo(r.field()), r.field(), r.field()
	p.EmailAgreedOn = r.day()
	p.Phone, p.AcquiredOrViewed, p.Source = r.field(), r.field(), r.field()
	if r.bad || len(r.rest) > 0 {
		return breach.Person{}, 0, errPlain
	}
	return p, classes, nil
}

var errPlain = errors.New("the decrypted record is of a version that this program does not read: update the program")

func appendField(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

func appendFlag(b []byte, set bool) []byte {
	if set {
		return append(b, 1)
	}
	return append(b, 0)
}

// appendDay writes a date's parts in one number; no date is 0.
func appendDay(b []byte, d civil.Date) []byte {
	return binary.AppendUvarint(b, uint64(d.Year)<<9|uint64(d.Month)<<5|uint64(d.Day))
}

// plainReader reads fields one after the other. After the first that is not
// there everything is empty and bad is set.
type plainReader struct {
	rest []byte
	bad  bool
}

func (r *plainReader) byte() byte {
	if len(r.rest) == 0 {
		r.bad = true
		return 0
	}
	first := r.rest[0]
	r.rest = r.rest[1:]
	return first
}

func (r *plainReader) number() uint64 {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

func (r *plainReader) field() string {
	n := r.number()
	if n > uint64(len(r.rest)) {
		r.bad, r.rest = true, nil
		return ""
	}
	s := string(r.rest[:n])
	r.rest = r.rest[n:]
	return s
}

func (r *plainReader) day() civil.Date {
	n := r.number()
	return civil.Date{Year: int(n >> 9), Month: time.Month(n >> 5 & 15), Day: int(n & 31)}
}

// appendBinding names the one place where a sealed person may be read: rows
// moved to another person, practice or incident do not open there.
func appendBinding(b []byte, incidentID, practiceKey, personKey string) []byte {
	b = append(b, "finding\x00"...)
	for _, key := range []string{incidentID, practiceKey, personKey} {
		b = append(b, key...)
		b = append(b, 0) // keys have no NUL: they cannot run into each other
	}
	return b
}

// opener reads people of one incident. Every read of patient data comes
// through here. It is for one goroutine.
type opener struct {
	incidentID string
	key        *datakey.Key
	place      []byte
}

// plain decrypts a finding as one that practiceKey has of personKey.
func (o *opener) plain(sealed []byte, practiceKey, personKey string) ([]byte, error) {
	o.place = appendBinding(o.place[:0], o.incidentID, practiceKey, personKey)
	plain, err := o.key.Open(sealed, o.place)
	if err != nil {
		return nil, o.altered(practiceKey, personKey)
	}
	return plain, nil
}

// altered is for whoever looks after the database. Keys name nobody.
func (o *opener) altered(practiceKey, personKey string) error {
	return fmt.Errorf("the finding of person %s at practice %s of %s is not what was written there: "+
		"somebody changed or moved rows of the table finding. Restore it from a backup: %w",
		personKey, practiceKey, o.incidentID, datakey.ErrAltered)
}

func (o *opener) person(f *sqlgen.Finding, practiceKey string) (breach.Person, error) {
	plain, err := o.plain(f.Sealed, practiceKey, f.PersonKey)
	if err != nil {
		return breach.Person{}, err
	}
	p, classes, err := readPlain(plain)
	if err != nil {
		return breach.Person{}, err
	}
	if classes != f.DataClasses {
		return breach.Person{}, o.altered(practiceKey, f.PersonKey)
	}
	p.Key, p.PracticeKey, p.DataClasses = f.PersonKey, practiceKey, classes.Classes()
	return p, nil
}

// abroad sorts after every ZIP+4 there can be.
const abroad = 1_000_000_000

// zipOrder is a person's place in the mail: ZIP+4 as a number, five digits
// before the same ones with four more, other countries last.
func zipOrder(plain []byte) (int32, error) {
	r := plainReader{rest: plain}
	version := r.byte()
	p := breach.Person{ZIP: r.field(), Country: r.field()}
	if r.bad || version != plainVersion {
		return 0, errPlain
	}
	if !p.InUnitedStates() || !breach.IsZIP(p.ZIP) {
		return abroad, nil
	}
	digits := strings.Replace(p.ZIP, "-", "", 1)
	if len(digits) == 5 {
		digits += "0000"
	}
	var n int32
	for _, d := range []byte(digits) {
		n = n*10 + int32(d-'0')
	}
	return n, nil
}
