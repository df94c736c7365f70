package acsfile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// Is reports whether a file that begins so is one of these, of whatever version: a header
// of digits.
func Is(beginning []byte) bool {
	const known = 17 // type, version, customer, date
	if len(beginning) < known || string(beginning[:1]) != headerType {
		return false
	}
	for _, c := range beginning[1:known] {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// advice is for a file that is not as its layout has it.
const advice = "Download the file again, as it is. A file of another version is to be asked for in version 02 (700 characters a record)."

// Read gives the records of a fulfillment file to each, in their order. A file that is of
// another version, cut, or has a record that cannot be read is refused with code
// "acs_file"; nothing of it counts then, whatever each was given.
func Read(src io.Reader, each func(*Record) error) error {
	lines := bufio.NewScanner(src)
	lines.Buffer(make([]byte, 0, 4*width), 4*width)
	if !lines.Scan() {
		return bad(1, "it is empty", lines.Err())
	}
	header := lines.Text()
	if err := checkRecord(header, headerType, 1); err != nil {
		return err
	}
	if _, err := date(createDate.of(header)); err != nil {
		return bad(1, "its header has no date on which it was made", nil)
	}
	var told [3]int
	for i, f := range []field{totalCount, coaCount, nixieCount} {
		n, err := strconv.Atoi(f.of(header))
		if err != nil {
			return bad(1, "its header does not say how many records there are", nil)
		}
		told[i] = n
	}
	var found [3]int
	for line := 2; lines.Scan(); line++ {
		text := lines.Text()
		if text == "" || text == "\x1a" { // an empty line at the end, or DOS's mark of it
			continue
		}
		if err := checkRecord(text, detailType, line); err != nil {
			return err
		}
		r, err := read(text, line)
		if err != nil {
			return err
		}
		found[0]++
		if r.Nixie {
			found[2]++
		} else {
			found[1]++
		}
		if err := each(r); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return bad(found[0]+2, "the record is too long", err)
	}
	if told != found {
		return breach.Refuse("acs_file", advice, "the file of the Address Change Service has %d records, %d changes of address and %d nixies, where its header says %d, %d and %d: a part is missing",
			found[0], found[1], found[2], told[0], told[1], told[2])
	}
	return nil
}

// bad refuses the file at a line. cause is an error of reading it, or nil.
func bad(line int, what string, cause error) error {
	if cause != nil && !errors.Is(cause, bufio.ErrTooLong) {
		return fmt.Errorf("read the file of the Address Change Service: %w", cause)
	}
	return breach.Refuse("acs_file", advice, "line %d of the file of the Address Change Service: %s", line, what)
}

func checkRecord(text, kind string, line int) error {
	switch {
	case len(text) >= 3 && recordType.of(text) == headerType && fileVersion.of(text) != version:
		return bad(line, fmt.Sprintf("it is of version %q, and version %s is read", text[1:3], version), nil)
	case len(text) != width || endMarker.of(text) != endOfRecord:
		return bad(line, fmt.Sprintf("the record has %d characters, or no mark at its end, where there are to be %d", len(text), width), nil)
	case recordType.of(text) != kind || fileVersion.of(text) != version:
		return bad(line, fmt.Sprintf("the record begins with %q, where %q is to be", text[:3], kind+version), nil)
	}
	return nil
}

func read(text string, line int) (*Record, error) {
	r := &Record{
		Line: line, Keyline: strings.Trim(keyline.of(text), "# "), Code: text[deliverabilityCode.from-1], Move: text[moveType.from-1], Action: text[mailAction.from-1],
		LastName: lastName.of(text), FirstName: firstName.of(text),
	}
	if code := barcode.of(text); len(code) >= 20 {
		r.Tracking = code[:20]
	}
	switch coaOrNixie.of(text) {
	case "C":
	case "N":
		r.Nixie = true
	default:
		return nil, bad(line, "the record says neither that it is a change of address (C) nor that it is a nixie (N)", nil)
	}
	var err error
	if r.On, err = date(fulfillmentDate.of(text)); err != nil {
		return nil, bad(line, "the record has no day on which the piece was dealt with", nil)
	}
	if !r.Nixie && r.Code == ' ' {
		r.New = newAddress(text)
	}
	return r, nil
}

// date reads CCYYMMDD.
func date(s string) (civil.Date, error) {
	if len(s) != 8 {
		return civil.Date{}, errors.New("not of eight digits")
	}
	return civil.Parse(s[:4] + "-" + s[4:6] + "-" + s[6:])
}
