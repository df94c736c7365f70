package breach

import (
	"strings"

	"duenotice/internal/civil"
)

// Person is one person as one practice knows them: a row of findings.csv.
// It is patient data: it never leaves PostgreSQL, the output folder and memory.
type Person struct {
	Key                    string
	PracticeKey            string
	FirstName              string
	MiddleName             string
	LastName               string
	Suffix                 string
	BirthDate              civil.Date
	DeceasedDate           civil.Date
	RepresentativeName     string
	RepresentativeRelation string
	Address1               string
	Address2               string
	City                   string
	State                  string
	ZIP                    string
	Country                string
	Email                  string
	// EmailAgreedOn is the day the person agreed to electronic notice; zero means they did not.
	EmailAgreedOn civil.Date
	Phone         string
	Language      string
	// ConfidentialAddress: the address was asked for under 45 CFR 164.522(b).
	ConfidentialAddress YesNo
	DataClasses         []DataClass
	AcquiredOrViewed    string
	Source              string
}

// Removal takes a person out of a practice: a later look found that nothing of
// theirs was reached there. Why is its reason, which is kept; it is patient data
// like everything in a list.
type Removal struct {
	Row         int
	PracticeKey string
	PersonKey   string
	Why         string
}

// ActsForSelf as a representative's relation says that there is none for this
// practice's care: a minor who lawfully consented to it alone, or whose parent
// agreed to confidentiality, is the individual for it, and so is somebody whose
// parent or representative the practice elected not to treat as one (45 CFR
// 164.502(g)(3)(i), (g)(5)). It is said row by row, since the regulation goes
// by the health care service and not by the child.
const ActsForSelf = "self"

// Relations of a representative to the person.
var Relations = []string{"parent", "guardian", "next_of_kin", "personal_representative", ActsForSelf}

// Reader is whom a letter speaks to, which decides its salutation and address lines.
type Reader string

// The readers of a letter.
const (
	Adult      Reader = "adult"
	ForMinor   Reader = "minor"    // the parent or guardian of a minor
	NextOfKin  Reader = "deceased" // the next of kin or personal representative
	ForAnother Reader = "represented"
)

// AgeOfMajority is 18 throughout. A few States set it later; writing to an
// eighteen-year-old there in person is lawful, writing to the parents of a
// person who is of age elsewhere is not (docs/adr/0004).
const AgeOfMajority = 18

// ReaderOn returns whom a letter dated day speaks to: the next of kin or
// personal representative of a person known to be dead (45 CFR
// 164.404(d)(1)(ii)), the parent or guardian of a minor (164.502(g)(3)) who
// does not act for themself, the named representative of another
// (164.502(g)(2)), else the person.
func (p Person) ReaderOn(day civil.Date) Reader {
	switch {
	case !p.DeceasedDate.IsZero():
		return NextOfKin
	case p.RepresentativeRelation == ActsForSelf:
		return Adult
	case !p.BirthDate.IsZero() && day.Before(p.BirthDate.AddYears(AgeOfMajority)):
		return ForMinor
	case p.RepresentativeName != "" && (p.RepresentativeRelation == "guardian" || p.RepresentativeRelation == "personal_representative"):
		return ForAnother
	default:
		return Adult
	}
}

// FullName is the name as printed: first, middle, last, suffix.
func (p Person) FullName() string {
	parts := make([]string, 0, 4)
	for _, s := range []string{p.FirstName, p.MiddleName, p.LastName, p.Suffix} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " ")
}

// HasUsableAddress reports whether a letter can be mailed: a street or box
// line, a city, and for the United States a postal code of its mail (IsPostalCode)
// and a ZIP of five or nine digits.
func (p Person) HasUsableAddress() bool {
	if p.Address1 == "" || p.City == "" {
		return false
	}
	if !p.InUnitedStates() {
		return true
	}
	return IsPostalCode(p.State) && IsZIP(p.ZIP)
}

// AgreedToEmail reports whether an e-mail is written notice to the person (45 CFR
// 164.404(d)(1)(i)): they agreed to electronic notice. The next of kin of the
// dead are written to by first-class mail alone (164.404(d)(1)(ii)).
func (p Person) AgreedToEmail() bool {
	return p.Email != "" && !p.EmailAgreedOn.IsZero() && p.DeceasedDate.IsZero()
}

// InUnitedStates reports whether the address is domestic; an empty country is.
func (p Person) InUnitedStates() bool {
	switch strings.ToUpper(p.Country) {
	case "", "US", "USA", "UNITED STATES", "UNITED STATES OF AMERICA":
		return true
	}
	return false
}

// Residence is the State of the mailing address by which the person is
// counted, or "" when it is not known or not a State (45 CFR 160.103).
func (p Person) Residence() string {
	if p.InUnitedStates() && IsState(p.State) {
		return p.State
	}
	return ""
}

// ProtectedOn reports whether the record still is protected health information
// on day: records of people dead for more than 50 years are not (45 CFR
// 160.103, "protected health information", (2)(iv)).
func (p Person) ProtectedOn(day civil.Date) bool {
	return p.DeceasedDate.IsZero() || !p.DeceasedDate.AddYears(50).Before(day)
}

// IsZIP reports whether s is a ZIP code: 12345 or 12345-6789 (hyphen optional).
func IsZIP(s string) bool {
	digits := strings.Replace(s, "-", "", 1)
	if len(digits) != 5 && len(digits) != 9 {
		return false
	}
	for _, r := range digits {
		if r < '0' || r > '9' {
			return false
		}
	}
	return len(s) == len(digits) || (len(s) == 10 && s[5] == '-')
}
