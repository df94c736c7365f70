package finding

import (
	"encoding/binary"
	"errors"
	"strings"
	"time"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// plainVersion is the first byte of a person before encryption, and says how
// the rest is written.
const plainVersion = 3

// appendPlain writes the person as it is encrypted, after the columns that are in
// clear too, and returns where what decides a letter's words and address lines
// begins and ends: the two parts are hashed apart, because another first part
// means that a corrected letter is owed. A corrected birth date is in the second
// unless it makes a minor an adult: the same letter twice would only alarm. The
// columns in clear are in neither: they follow from the rest.
//
// Every text is written with its length, so different people differ in bytes.
// The ZIP comes first: planning the mail reads no further.
func appendPlain(b []byte, p *breach.Person, shown *inClear) (plain []byte, letterBegins, letterEnds int) {
	b = append(b, plainVersion)
	b = shown.append(b)
	letterBegins = len(b)
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
	b = binary.AppendUvarint(b, uint64(shown.classes))
	b = appendFlag(b, shown.minor)
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
	return b, letterBegins, letterEnds
}

// readPlain reads what appendPlain wrote, from where the letter's part begins, and
// returns where that ends.
func readPlain(rest []byte) (p breach.Person, letterEnds int, err error) {
	r := plainReader{rest: rest}
	p.ZIP, p.Country = r.field(), r.field()
	p.FirstName, p.MiddleName, p.LastName, p.Suffix = r.field(), r.field(), r.field(), r.field()
	p.DeceasedDate, p.DeathDayUnknown = r.day(), r.byte() == 1
	p.RepresentativeName, p.RepresentativeRelation = r.field(), r.field()
	p.Address1, p.Address2, p.City, p.State = r.field(), r.field(), r.field(), r.field()
	p.DataClasses = breach.DataClassSet(r.number()).Classes()
	r.byte() // minor: derived anew by whoever asks
	p.EnrollmentCode = r.field()
	letterEnds = len(rest) - len(r.rest)
	p.BirthDate = r.day()
	p.ConfidentialAddress, p.Language, p.Email = breach.YesNo(r.field()), r.field(), r.field()
	p.EmailAgreedOn = r.day()
	p.Phone, p.AcquiredOrViewed, p.Source = r.field(), r.field(), r.field()
	if r.bad || len(r.rest) > 0 {
		return breach.Person{}, 0, errPlain
	}
	return p, letterEnds, nil
}

var errPlain = errors.New("the decrypted record is of a version that this program does not read: " +
	"use the program that wrote it or a later one, or start the incident again from its case folder")

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

// abroad sorts after every ZIP+4 there can be.
const abroad = 1_000_000_000

// ZIPOrder is the person's place in the mail: ZIP+4 as a number, five digits
// before the same ones with four more, other countries last. It fails on a record of
// a version that this program does not read.
func (o Opened) ZIPOrder() (int32, error) {
	r := plainReader{rest: o}
	p := breach.Person{ZIP: r.field(), Country: r.field()}
	if r.bad {
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
