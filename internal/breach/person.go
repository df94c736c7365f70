package breach

import (
	"strings"

	"duenotice/internal/civil"
)

// Person is one person as one practice knows them: a row of findings.csv.
// It is patient data: it never leaves PostgreSQL, the output folder and memory.
type Person struct {
	Key         string
	PracticeKey string
	FirstName   string
	MiddleName  string
	LastName    string
	Suffix      string
	BirthDate   civil.Date
	// DeceasedDate is the day of death; zero for the living and for the dead whose
	// day is not known (DeathDayUnknown). Dead says whether the person is.
	DeceasedDate           civil.Date
	DeathDayUnknown        bool
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
	// Language is the one that the person asked for, BCP 47; "" where nobody said.
	Language string
	// ConfidentialAddress: the address was asked for under 45 CFR 164.522(b).
	ConfidentialAddress YesNo
	DataClasses         []DataClass
	AcquiredOrViewed    string
	Source              string
	// EnrollmentCode is the person's own code for the credit monitoring that is
	// offered. It is worth money to whoever has it, and stands in the person's
	// letter and nowhere else.
	EnrollmentCode string
}

// DayUnknown stands in deceased_date for a person who is dead and whose day of
// death is not known.
const DayUnknown = "unknown"

// Dead reports whether the person is known to have died, on whatever day.
func (p *Person) Dead() bool { return p.DeathDayUnknown || !p.DeceasedDate.IsZero() }

// DiedOn is deceased_date as a list has it: the day, DayUnknown, or empty for
// the living.
func (p *Person) DiedOn() string {
	if p.DeathDayUnknown {
		return DayUnknown
	}
	return p.DeceasedDate.String()
}

// Removal takes a person out of a practice: a later look found that nothing of
// theirs was reached there. Why is its reason, which is kept; it is patient data
// like everything in a list. Reason is NotAcquired where the program itself gives it.
type Removal struct {
	Row         int
	PracticeKey string
	PersonKey   string
	Why         string
	Reason      string
}

// What a further list did to somebody.
const (
	ListAdded   = "added"
	ListChanged = "changed"
	ListRemoved = "removed"
)

// ListChange is what a further list did to one person of a practice. Why is the reason
// of a removal; it is patient data.
type ListChange struct{ PersonKey, What, Why string }

// ActsForSelf as a representative's relation says that there is none for this
// practice's care: a minor who lawfully consented to it alone, or whose parent
// agreed to confidentiality, is the individual for it, and so is somebody whose
// parent or representative the practice elected not to treat as one (45 CFR
// 164.502(g)(3)(i), (g)(5)). It is said row by row, since the regulation goes
// by the health care service and not by the child.
const ActsForSelf = "self"

// RelationNextOfKin is the relation of whoever is written to after somebody's
// death where no personal representative is (45 CFR 164.404(d)(1)(ii)).
const RelationNextOfKin = "next_of_kin"

// Relations of a representative to the person.
var Relations = []string{"parent", "guardian", RelationNextOfKin, "personal_representative", ActsForSelf}

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
	case p.Dead():
		return NextOfKin
	case p.RepresentativeRelation == ActsForSelf:
		return Adult
	case p.minorOn(day):
		return ForMinor
	case p.RepresentativeName != "" && (p.RepresentativeRelation == "guardian" || p.RepresentativeRelation == "personal_representative"):
		return ForAnother
	default:
		return Adult
	}
}

// minorOn reports whether the person is known to be under age on day.
func (p *Person) minorOn(day civil.Date) bool {
	return !p.BirthDate.IsZero() && day.Before(p.BirthDate.AddYears(AgeOfMajority))
}

// AgeGroup is what a practice is told of its patients' ages.
type AgeGroup string

// The age groups. Everybody is in one.
const (
	Minors     AgeGroup = "minor"
	Adults     AgeGroup = "adult"
	Deceased   AgeGroup = "deceased"
	AgeUnknown AgeGroup = "unknown"
)

// AgeGroups lists them as they are shown.
var AgeGroups = []AgeGroup{Adults, Minors, Deceased, AgeUnknown}

// AgeGroupOn is the group of the person on day: of the living by their day of birth,
// whoever acts for them, and unknown without one.
func (p *Person) AgeGroupOn(day civil.Date) AgeGroup {
	switch {
	case p.Dead():
		return Deceased
	case p.BirthDate.IsZero():
		return AgeUnknown
	case p.minorOn(day):
		return Minors
	}
	return Adults
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
// line and a city that name a place (SaysNoPlace), and for the United States a
// postal code of its mail (IsPostalCode) and a ZIP of five or nine digits.
func (p Person) HasUsableAddress() bool {
	if SaysNoPlace(p.Address1) || SaysNoPlace(p.City) || SaysReturned(p.Address2) {
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
	return p.Email != "" && !p.EmailAgreedOn.IsZero() && !p.Dead()
}

// InUnitedStates reports whether the address is domestic (DomesticCountry).
func (p Person) InUnitedStates() bool {
	_, domestic := DomesticCountry(p.Country)
	return domestic
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
// 160.103, "protected health information", (2)(iv)). Somebody whose day of death
// is not known is not known to have been dead so long.
func (p Person) ProtectedOn(day civil.Date) bool {
	return p.DeceasedDate.IsZero() || !p.DeceasedDate.AddYears(50).Before(day)
}
