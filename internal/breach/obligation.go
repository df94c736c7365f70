package breach

import (
	"strings"

	"duenotice/internal/civil"
)

// Kinds of obligation.
const (
	CoveredEntityNotice   = "covered_entity_notice"
	IndividualNotice      = "individual_notice"
	SubstituteNotice      = "substitute_notice"
	MediaNotice           = "media_notice"
	HHSNotice             = "hhs_notice"
	StateIndividualNotice = "state_individual_notice"
	RegulatorNotice       = "regulator_notice"
	CRANotice             = "consumer_reporting_agency_notice"
	CreditMonitoringDuty  = "credit_monitoring"
	FacilityNotice        = "facility_notice"
	SECForm8K             = "sec_form_8k"
	// DataOwnerNotice is the vendor's notice to the owner of the data under its own
	// State clock, beside CoveredEntityNotice.
	DataOwnerNotice = "data_owner_notice"
)

// Forms an obligation may take.
const (
	FormImmediate   = "immediate"   // HHS, 500 or more
	FormAnnualLog   = "annual_log"  // HHS, fewer than 500
	FormAlternative = "alternative" // substitute notice, fewer than 10
	FormConspicuous = "conspicuous" // substitute notice, 10 or more
	FormKept        = "kept"        // substitute notice, its 90 days
	FormAddendum    = "addendum"    // HHS, the final number after an estimate
	FormUpdate      = "update"      // agency or practice, the larger number after a smaller one
	FormDepartment  = "department"  // licensed facility, to the department
	FormPatient     = "patient"     // licensed facility, to the patient
)

// Obligation is one thing owed to somebody by some day, and the law that says
// so. The JSON is the contract's.
type Obligation struct {
	Rule         string `json:"rule"`
	Kind         string `json:"kind"`
	Regime       string `json:"regime"`
	Jurisdiction string `json:"jurisdiction"`
	Recipient    string `json:"recipient"`
	Form         string `json:"form"`
	Count        int    `json:"count"`
	// Emails is the part of Count who are told by agreed e-mail, because no letter
	// can be mailed to them.
	Emails int `json:"emails,omitempty"`
	// Told is the number the recipient of an update was told last.
	Told int `json:"told,omitempty"`
	// Trigger names the fact that starts the clock.
	Trigger string `json:"trigger"`
	// Clock is the time allowed, in words: "60 calendar days".
	Clock string `json:"clock"`
	// Due is the last day on which it is in time; zero while the trigger has not happened.
	Due civil.Date `json:"due"`
	// NotBefore is the first day on which it may be done, under a law-enforcement hold.
	NotBefore  civil.Date `json:"not_before"`
	Citation   string     `json:"citation"`
	Why        string     `json:"why"`
	Confidence string     `json:"confidence"`
}

// ID names the obligation within its practice: the rule, the State and the
// recipient's place in it. It is stable when counts and dates change.
func (o Obligation) ID() string {
	if o.Form == FormUpdate && !strings.HasSuffix(o.Rule, updateSuffix) {
		o.Rule += updateSuffix // the same agency's second duty, under the same rule
	}
	if o.Jurisdiction == "" || o.Jurisdiction == "US" || strings.HasPrefix(o.Rule, "state.") {
		return o.Rule // a State's own rule names the State and the agency
	}
	return o.Rule + "." + o.Jurisdiction
}

// updateSuffix ends the names of duties to tell somebody a larger number.
const updateSuffix = ".update"

// Title is the obligation in an officer's words: "Individual notice".
func (o Obligation) Title() string {
	title := kindTitles[o.Kind]
	if o.Form == FormUpdate {
		return "Larger number to " + o.Recipient
	}
	if o.Kind == RegulatorNotice {
		return "Notice to " + o.Recipient
	}
	if own, ok := formTitles[o.Form]; ok {
		title = own
	}
	if o.Regime == Part2 {
		title += " (42 CFR part 2)"
	}
	if o.Jurisdiction != "" && o.Jurisdiction != "US" {
		title += " (" + o.Jurisdiction + ")"
	}
	return title
}

// ToPractice reports whether the business associate owes it to the practice itself.
func (o Obligation) ToPractice() bool {
	return o.Kind == CoveredEntityNotice || o.Kind == DataOwnerNotice
}

// FirstToPractice reports whether it is fulfilled by the notice with which the
// practice is told of the breach.
func (o Obligation) FirstToPractice() bool { return o.ToPractice() && o.Form != FormUpdate }

// NoSetDay reports whether the law sets no day for the duty, which is owed all the same.
func (o Obligation) NoSetDay() bool {
	return o.Form == FormKept || o.Form == FormAddendum || o.Form == FormUpdate
}

var kindTitles = map[string]string{
	CoveredEntityNotice:   "Notice to the practice",
	IndividualNotice:      "Individual notice",
	SubstituteNotice:      "Substitute notice",
	MediaNotice:           "Media notice",
	HHSNotice:             "HHS notice",
	StateIndividualNotice: "State individual notice",
	RegulatorNotice:       "Regulator notice",
	CRANotice:             "Consumer reporting agency notice",
	CreditMonitoringDuty:  "Credit monitoring",
	FacilityNotice:        "Licensed facility notice",
	SECForm8K:             "SEC Form 8-K",
	DataOwnerNotice:       "Vendor's notice to the practice",
}

// formTitles are those of the forms that need a title of their own.
var formTitles = map[string]string{
	FormAnnualLog:  "HHS annual log",
	FormAddendum:   "HHS addendum",
	FormKept:       "90 days of substitute notice",
	FormDepartment: "Licensed facility notice to the department",
	FormPatient:    "Licensed facility notice to the patients",
}

// Confidence of a rule's reading.
const (
	Verified   = "verified"
	Unverified = "unverified"
)
