package breach

import "duenotice/internal/civil"

// Practice is one covered entity: a row of practices.csv.
type Practice struct {
	Key            string `json:"practice_key"`
	NPI            string `json:"npi"`
	LegalName      string `json:"legal_name"`
	DBA            string `json:"dba"`
	Address1       string `json:"address1"`
	Address2       string `json:"address2"`
	City           string `json:"city"`
	State          string `json:"state"`
	ZIP            string `json:"zip"`
	PrivacyOfficer string `json:"privacy_officer"`
	Email          string `json:"email"`
	// SecondEmail is another mailbox of the practice: the code for its page goes there,
	// so that whoever reads one of the two has not both.
	SecondEmail string `json:"second_email,omitempty"`
	Phone       string `json:"phone"`
	TollFree    string `json:"toll_free"`
	Website     string `json:"website"`
	// BAANoticeDays is the contract's window for telling the practice, in
	// calendar days from discovery; 0 means the contract sets none.
	BAANoticeDays int `json:"baa_notice_days"`
	// Agent: is the business associate this practice's agent under the federal
	// common law of agency? Unknown counts as yes, the earlier clock.
	Agent      YesNo  `json:"agent"`
	Delegation string `json:"delegation"`
	// DefaultDelegation is what the contract makes of a practice that does not answer
	// within DefaultDays calendar days of its notice; "" for nothing.
	DefaultDelegation string `json:"default_delegation,omitempty"`
	DefaultDays       int    `json:"default_days,omitempty"`
	// NotifiedOn is the day the practice was told, if it already was.
	NotifiedOn civil.Date `json:"notified_on"`
	// CountingEntity is the affiliated covered entity or health care component
	// it is counted with (45 CFR 164.105); empty means itself.
	CountingEntity     string `json:"counting_entity"`
	Part2Program       YesNo  `json:"part2_program"`
	CALicensedFacility YesNo  `json:"ca_licensed_facility"`
	Insurer            YesNo  `json:"insurer"`
	// NYGeneralHospital: a general hospital licensed under article 28 of New York's
	// Public Health Law (10 NYCRR 405.46).
	NYGeneralHospital YesNo `json:"ny_general_hospital,omitempty"`
	// FederalPlan: a health plan established or regulated by Federal law, for
	// which "State" may mean something else (45 CFR 160.103, State, (1)).
	FederalPlan YesNo `json:"federal_plan,omitempty"`
	// Ownership is OwnershipUnresolved when nobody has settled whose records they are.
	Ownership string `json:"ownership,omitempty"`
	Timezone  string `json:"timezone"`
}

// Answers to whose the records are.
const (
	OwnershipSettled    = "settled"
	OwnershipUnresolved = "unresolved"
)

// OwnershipAnswers lists them.
var OwnershipAnswers = []string{OwnershipSettled, OwnershipUnresolved}

// Name is what patients know the practice by: its trade name, else its legal name.
func (p Practice) Name() string {
	if p.DBA != "" {
		return p.DBA
	}
	return p.LegalName
}

// OnPaper is the part of the practice that is sent in its name: not who writes
// for it, when it was told, or how it comes to its page.
func (p Practice) OnPaper() Practice {
	p.Delegation, p.NotifiedOn = "", civil.Date{}
	p.DefaultDelegation, p.DefaultDays, p.SecondEmail = "", 0, ""
	return p
}

// CountedAs is the key of the counting entity, by default the practice itself.
func (p Practice) CountedAs() string {
	if p.CountingEntity != "" {
		return p.CountingEntity
	}
	return p.Key
}

// YesNo is a CSV or YAML boolean that may be unknown: yes, no or empty.
type YesNo string

// The answers.
const (
	Yes     YesNo = "yes"
	No      YesNo = "no"
	Unknown YesNo = ""
)
