package packet

import (
	"fmt"
	"time"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// Names of a packet's parts. Each is sealed by itself, so that looking at the page
// opens no list of patients.
const (
	PartPage      = "page"                  // Page, as JSON
	PartNotice    = "notice.pdf"            // the notice to the practice
	PartPeople    = "people.csv"            // the practice's own patients
	PartPeopleZIP = "people.zip"            // the same, encrypted with Page.ZIPPassword (AES-256)
	PartProof     = "letter-proof.pdf"      // the letter that would go out
	PartWorksheet = "hhs-worksheet.pdf"     // the answers to the HHS portal's questions
	PartCalendar  = "deadlines.ics"         // what is due, as a calendar
	PartLetters   = "own-letters.pdf"       // the letters under the practice's own name
	PartMerge     = "mail-merge.csv"        // the same as a table for a word processor
	PartRelease   = "press-release.pdf"     // for each State with a media duty, one after the other
	PartPosting   = "posting.html"          // the notice for the practice's home page
	PartAgencies  = "agencies.csv"          // whom to tell in each State, by when, in which form
	PartChecklist = "checklist.pdf"         // what a practice does that tells its patients itself
	PartSigned    = "signed-delegation.pdf" // the answer that it signed
)

// PartDifference is the name of the part with what a later list changed.
func PartDifference(list int) string { return fmt.Sprintf("list-%03d.csv", list) }

// PartFiled is the name of the paper that proves what was filed, by its SHA-256 sum.
func PartFiled(sha256 string) string { return "filed-" + sha256 }

// Page is what a practice's page shows. It has counts and no patient.
type Page struct {
	Practice
	MadeAt time.Time `json:"made_at"`

	// PracticeName is what the practice is called by its patients.
	PracticeName string `json:"practice_name"`
	// Zone is the practice's time zone, in which its days end.
	Zone string `json:"zone"`
	// Contact is whom we write to there.
	Contact Contact `json:"contact"`
	// Sender is who runs the incident, and how a practice checks by telephone that it is them.
	Sender Sender `json:"sender"`

	WhatHappened   string      `json:"what_happened"`
	WhatWeAreDoing string      `json:"what_we_are_doing"`
	Occurred       breach.Span `json:"occurred"`
	Discovered     civil.Date  `json:"discovered"`

	People int `json:"people"`
	// ByData, ByState and ByAge count people: one may be in several of ByData.
	ByData  []Count `json:"by_data"`
	ByState []Count `json:"by_state"`
	ByAge   []Count `json:"by_age"`

	// Delegation is the practice's answer, "" while there is none; Default is what
	// its contract says becomes of it without one, "" for nothing, after DefaultAfter.
	Delegation   string     `json:"delegation"`
	Default      string     `json:"default"`
	DefaultAfter civil.Date `json:"default_after,omitzero"`
	// LettersPrinted: letters are printed, and the delegation cannot be taken back.
	LettersPrinted bool `json:"letters_printed"`
	// Acknowledged is the day on which the practice said that it has its notice.
	Acknowledged civil.Date `json:"acknowledged,omitzero"`
	// Held: a law-enforcement delay stands, and nobody is told anything further.
	Held bool `json:"held"`

	Duties []Duty `json:"duties"`
	Files  []File `json:"files"`
	Lists  []List `json:"lists"`
	// ZIPPassword opens PartPeopleZIP.
	ZIPPassword string `json:"zip_password"`
}

// Contact is whom a practice is reached by.
type Contact struct {
	PrivacyOfficer string `json:"privacy_officer"`
	Email          string `json:"email"`
	Phone          string `json:"phone"`
}

// Sender is who sends the notice.
type Sender struct {
	Name     string   `json:"name"`
	Address  []string `json:"address"`
	TollFree string   `json:"toll_free"`
	Email    string   `json:"email"`
	Website  string   `json:"website"`
}

// Count is a number of people. Key is a breach.DataClass, a State's code or an age
// group; of people whose State is not known or is none it is "".
type Count struct {
	Key    string `json:"key"`
	People int    `json:"people"`
}

// Age groups of Page.ByAge, as breach.Person.AgeGroupOn has them.
const (
	AgeMinor   = string(breach.Minors)
	AgeAdult   = string(breach.Adults)
	AgeDead    = string(breach.Deceased)
	AgeUnknown = string(breach.AgeUnknown)
)

// Whose a duty is, as breach.Obligation.CarriedOutBy says.
const (
	DoneByUs  = breach.ByUs
	DoneByYou = breach.ByPractice
	// Undecided: it follows from the practice's answer.
	Undecided = breach.Undecided
)

// Duty is one thing owed to somebody.
type Duty struct {
	Kind         string `json:"kind"` // breach.Obligation's
	Jurisdiction string `json:"jurisdiction"`
	// Regime and Form are breach.Obligation's: HHS takes the report under 42 CFR part 2 as
	// another one than HIPAA's, and an addendum as another than the first report.
	Regime string `json:"regime,omitempty"`
	Form   string `json:"form,omitempty"`
	// Place is the jurisdiction by which a fact says that it was fulfilled (rules.PlaceOf).
	Place    string     `json:"place,omitempty"`
	Title    string     `json:"title"` // in English, as in the notice
	Citation string     `json:"citation"`
	Due      civil.Date `json:"due,omitzero"`
	// NotBefore is the first day on which it may be done, under a law-enforcement hold.
	NotBefore civil.Date `json:"not_before,omitzero"`
	By        string     `json:"by"`
	Open      bool       `json:"open"`
	// DoneOn is when it was done, with the tracking number or other reference, and the
	// part of the packet that proves it, "" for none.
	DoneOn    civil.Date `json:"done_on,omitzero"`
	Reference string     `json:"reference"`
	Paper     string     `json:"paper"`
	// PaperElsewhere: a proof is on record that is not in the packet; the sender has
	// it, and is asked for it.
	PaperElsewhere bool `json:"paper_elsewhere,omitempty"`
}

// File is a part that can be taken away.
type File struct {
	Part string `json:"part"`
	// Name is what it is called on the practice's disk.
	Name  string `json:"name"`
	Type  string `json:"type"`
	Bytes int64  `json:"bytes"`
	// Patients: it names patients.
	Patients bool `json:"patients"`
	// ForYourself: a practice needs it that tells its patients itself.
	ForYourself bool `json:"for_yourself"`
}

// List is one list of people, the first or a later one.
type List struct {
	Number  int        `json:"number"`
	On      civil.Date `json:"on"`
	Added   int        `json:"added"`
	Removed int        `json:"removed"`
	Changed int        `json:"changed"`
	// Part has the difference to the list before, "" for the first.
	Part string `json:"part"`
}
