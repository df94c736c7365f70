package casefolder

import (
	"context"
	"encoding/csv"
	"io"
	"path/filepath"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/papers"
)

// The columns of a list of addresses that a service checked. Those up to aZIP are the
// columns in which the list goes out (AddressColumns).
const (
	aToken = iota
	aFirstName
	aLastName
	aAddress1
	aAddress2
	aCity
	aState
	aZIP
	aPlus4
	aDeliveryPoint
	aDPV
	aNCOA
	aMoveType
	aMovedOn
)

var addressColumns = []column{
	aToken:         {"token", true, 64, opaqueKey},
	aFirstName:     {"first_name", false, 256, personName},
	aLastName:      {"last_name", true, 256, personName},
	aAddress1:      {"address1", false, 256, placeName},
	aAddress2:      {"address2", false, 256, placeName},
	aCity:          {"city", false, 256, placeName},
	aState:         {"state", false, 64, wordOrDate},
	aZIP:           {"zip", false, 64, digits},
	aPlus4:         {"plus4", false, 64, digits},
	aDeliveryPoint: {"delivery_point", false, 64, digits},
	aDPV:           {"dpv", false, 64, wordOrDate},
	aNCOA:          {"ncoa", false, 64, wordOrDate},
	aMoveType:      {"move_type", false, 64, wordOrDate},
	aMovedOn:       {"moved_on", false, 64, wordOrDate},
}

// AddressColumns are the columns in which addresses go out to be checked.
func AddressColumns() []string { return namesOf(addressColumns[:aZIP+1]) }

// CheckedAddresses is a list of addresses that a service checked and that was read whole.
type CheckedAddresses struct {
	// SHA256 is the hash of the file as it stands, in hexadecimal.
	SHA256 string
	// Rows are in the file's order. A token may be among them twice, or be nobody's:
	// whoever takes them says so.
	Rows []breach.CheckedAddress
}

// ReadCheckedAddresses checks the form of a list of checked addresses as ReadReturns does
// that of letters. It looks nobody up.
func ReadCheckedAddresses(ctx context.Context, path string, options ListOptions, today civil.Date, sink Sink) (*CheckedAddresses, Report, error) {
	c := newCollector(sink)
	c.openFile(filepath.Base(path))
	list := &CheckedAddresses{}
	sum, err := readFile(ctx, path, func(src io.Reader, _ io.ReaderAt) error {
		rows, _, err := checkRows(ctx, c, src, addressColumns, options.headers(), noPracticeKey, func(*header) {}, func(row *row) error {
			if checked, ok := (cells{c, row, addressColumns, today}).checkedAddress(); ok {
				list.Rows = append(list.Rows, checked)
			}
			return nil
		})
		if err == nil && rows == 0 && c.report.Errors == 0 {
			c.startRow(0)
			c.problem(ruleNoRows, "", "there is no address in the list")
		}
		return err
	})
	if err != nil {
		return nil, c.report, err
	}
	list.SHA256 = sum.sha256
	return list, c.report, c.err
}

// checkedAddress reads a row; ok is false where its token cannot be read.
func (r cells) checkedAddress() (is breach.CheckedAddress, ok bool) {
	in := r.row.cells
	is = breach.CheckedAddress{
		Line: r.row.line, FirstName: nfc(in[aFirstName]), LastName: nfc(in[aLastName]),
		Address1: nfc(in[aAddress1]), Address2: nfc(in[aAddress2]), City: nfc(in[aCity]), State: r.state(aState, true), ZIP: r.wholeZIP(),
		DeliveryPoint: r.digitsOf(aDeliveryPoint, 2),
		DPV:           r.word(aDPV, breach.DPVCodes), NCOA: r.ncoa(), MoveType: r.word(aMoveType, breach.MoveTypes), MovedOn: r.dayOfMove(),
	}
	if is.Moves() {
		if in[aMoveType] == "" {
			r.c.problem(ruleRequired, "move_type", "move_type is empty, and ncoa gives a new address")
		}
		if in[aMovedOn] == "" {
			r.c.problem(ruleRequired, "moved_on", "moved_on is empty, and ncoa gives a new address")
		}
	}
	is.Token, ok = r.key(aToken)
	return is, ok
}

// wholeZIP is the ZIP with the four digits that a service may give apart.
func (r cells) wholeZIP() string {
	r.checkZIP(aZIP, r.row.cells[aState])
	zip, plus4 := r.row.cells[aZIP], r.digitsOf(aPlus4, 4)
	if len(zip) == 5 && plus4 != "" {
		zip += "-" + plus4
	}
	return withoutZeros(zip)
}

// digitsOf reads a number of so many digits; "" where there is none.
func (r cells) digitsOf(col, most int) string {
	if !r.row.fine(col) {
		return ""
	}
	s, name := r.row.cells[col], r.names[col].name
	if len(s) != most || !isNumber(s) {
		r.c.problemFix(ruleSpreadsheet, name, name+" has lost digits, or is none", "Format the column as text, with the zeros in front.")
		return ""
	}
	return s
}

// ncoa reads a return code. One that lost its zero in a spreadsheet is refused and not
// guessed: 1 may have been 01, and may be a service's own.
func (r cells) ncoa() string {
	if !r.row.fine(aNCOA) {
		return ""
	}
	if code := r.row.cells[aNCOA]; len(code) == 1 && isNumber(code) {
		r.c.problemFix(ruleSpreadsheet, "ncoa", "ncoa has lost a digit", "Format the column as text, with the zero in front: 01 and not 1.")
		return ""
	}
	return r.word(aNCOA, breach.NCOACodes)
}

// dayOfMove reads from when an order holds: a day, or a month as the Postal Service has it.
// It may be still to come.
func (r cells) dayOfMove() civil.Date {
	if !r.row.fine(aMovedOn) {
		return civil.Date{}
	}
	s := r.row.cells[aMovedOn]
	switch {
	case len(s) == 6 && isNumber(s):
		s = s[:4] + "-" + s[4:] + "-01"
	case len(s) == 7 && strings.Count(s, "-") == 1:
		s += "-01"
	}
	day, fault := readDate(s)
	if fault != dateFine {
		r.c.problemFix(fault.rule(), "moved_on", "moved_on "+fault.message(), fault.fix("moved_on"))
		return civil.Date{}
	}
	return day
}

// AddressList is the list of addresses that goes out to be checked: a row for each person
// to whom a letter is owed. It is patient data, and has nothing but what names are
// compared by and where they live.
type AddressList struct {
	out *csv.Writer
	n   int
	err error
}

// WriteAddresses begins the list with its header.
func WriteAddresses(w io.Writer) *AddressList {
	l := &AddressList{out: csv.NewWriter(w)}
	l.err = l.out.Write(AddressColumns())
	return l
}

// Add writes the address of a person under a token.
func (l *AddressList) Add(token string, p *breach.Person) error {
	if l.err != nil {
		return l.err
	}
	first, last := p.AddresseeNames()
	row := []string{token, first, last, p.Address1, p.Address2, p.City, p.State, p.ZIP}
	for i := range row[1:] {
		row[i+1] = papers.Inert(row[i+1])
	}
	l.err = l.out.Write(row)
	l.n++
	return l.err
}

// Flush ends the list and returns how many rows it has.
func (l *AddressList) Flush() (int, error) {
	l.out.Flush()
	if l.err == nil {
		l.err = l.out.Error()
	}
	return l.n, l.err
}
