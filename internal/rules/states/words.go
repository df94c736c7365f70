package states

import (
	"slices"

	"duenotice/internal/breach"
)

// Answer is a closed answer to a question of law.
type Answer string

// The answers.
const (
	Yes      Answer = "yes"
	No       Answer = "no"
	Unknown  Answer = "unknown"
	Doubtful Answer = "doubtful"
	// Part: only some health data is personal information.
	Part Answer = "part"
)

// Operators of a threshold.
const (
	MoreThan = ">"
	AtLeast  = ">="
	Any      = "any"
)

// What a threshold counts, in the counting entity's people.
const (
	// OfResidents: residents of the State with its personal information.
	OfResidents = "residents"
	// OfAffectedResidents: residents, whatever their data.
	OfAffectedResidents = "affected_residents"
	// OfPeople: everybody affected, wherever they live, when a resident with
	// personal information is among them.
	OfPeople = "people"
)

// Units of a clock.
const (
	Days         = "days" // the text says days and no more: counted as calendar days
	CalendarDays = "calendar_days"
	BusinessDays = "business_days"
	Hours        = "hours"
	Months       = "months"
	// Promptly: without unreasonable delay, no number.
	Promptly = "none"
	// BeforeLetters, WithLetters and ByLetters stand by the letters to residents:
	// before the first, at the same time, not later.
	BeforeLetters = "before_letters"
	WithLetters   = "with_letters"
	ByLetters     = "by_letters"
)

// Triggers of a clock: a date of the incident or a recorded fact.
const (
	Discovered      = "discovered"
	Notified        = "notified" // the practice was told
	Determined      = "determined"
	ScopeIdentified = "scope_identified"
	LettersMailed   = "letters_mailed"
	HHSFiled        = "hhs_filed"
	// Occurred only judges windows.
	Occurred = "occurred"
)

// NothingBefore says that the law had none of a row's duties before its first version.
const NothingBefore = "nothing"

// Conditions under which a filing with a regulator is owed.
const (
	Always = "always"
	// HIPAAFiler: for a HIPAA covered entity; NotHIPAAFiler is for others, and
	// no practice is one.
	HIPAAFiler    = "hipaa_filer"
	NotHIPAAFiler = "not_hipaa_filer"
	Insurer       = "insurer"
	NotInsurer    = "not_insurer"
	// NoHarmFiling: only by who does not notify because no harm is likely.
	NoHarmFiling = "no_harm_filing"
	// DelayFiling: only while letters are held back beyond the State's day.
	DelayFiling = "delay_filing"
	// The rest says of itself what it is; a case folder does not tell, so
	// nothing is owed under it and counsel reads the rule.
	GovernmentEntity = "government_entity"
	CreditBureau     = "credit_bureau"
	Vendor           = "vendor"
	Employer         = "employer"
	OtherFiler       = "other_filer"
)

// What is known of insurance licensees.
const (
	ByRule     = "rule"
	NoneFound  = "none_found"
	AskCounsel = "counsel"
)

// Conditions of a HIPAA clause.
const (
	// Status: being subject to HIPAA is enough.
	Status = "status"
	// Compliance with HIPAA is asked for.
	Compliance = "compliance"
	// NoticeGiven: residents must have been notified under HIPAA.
	NoticeGiven = "notice_given"
)

// Groups are names for classes that statutes name together.
var Groups = map[string][]breach.DataClass{
	// Medical history, condition, treatment or diagnosis. Claims tell all of it.
	"health": {"diagnosis", "treatment", "medication", "lab_result", "disability", "mental_health", "substance_use_disorder", "claims"},
	// Everything that identifies somebody and relates to health, care or payment for it.
	"any_phi": {
		"diagnosis", "treatment", "medication", "lab_result", "disability", "mental_health", "substance_use_disorder", "claims",
		"medical_record_number", "health_insurance_id", "provider_name",
	},
}

// Items are the words for what a letter says. What is true is in every letter
// that satisfies 45 CFR 164.404(c); the rest a State asks for on top.
var Items = map[string]bool{
	"breach_description": true,
	"breach_date":        true,
	"discovery_date":     true,
	"data_types":         true,
	"contact":            true, // name, address or telephone of who writes
	"protective_steps":   true,
	"actions_taken":      true,
	"plain_language":     true,

	"notice_title":               false, // "Notice of Data Breach"
	"prescribed_headings":        false,
	"type_size":                  false,
	"notice_date":                false,
	"no_charge":                  false,
	"toll_free_number":           false,
	"web_site":                   false,
	"bureaus_by_telephone":       false, // a number from which to learn the bureaus' contacts
	"lookup_contact":             false, // where to learn what is held and whether one is included
	"bureau_contacts":            false,
	"ftc_contact":                false,
	"attorney_general_contact":   false,
	"state_agency_contacts":      false,
	"fraud_alert_or_freeze":      false, // that the bureaus and the FTC inform on them
	"freeze_how_to":              false,
	"freeze_free":                false,
	"police_report_right":        false,
	"report_identity_theft":      false, // to police, attorney general or FTC
	"vigilance":                  false, // review statements, free credit reports
	"fcra_rights":                false,
	"password_change":            false,
	"monitoring_offer":           false,
	"monitoring_enrolment":       false,
	"number_affected":            false,
	"police_delay":               false, // whether police delayed the notice
	"parent_company":             false,
	"knowledge_statement":        false, // that the entity knows of the acquisition
	"identify_on_request":        false,
	"not_to_breached_account":    false,
	"no_request_for_information": false,
	"nature_of_breach":           false, // only ever forbidden
	"other":                      false,
}

var (
	operators  = []string{MoreThan, AtLeast, Any}
	counted    = []string{"", OfResidents, OfAffectedResidents, OfPeople}
	numbered   = []string{Days, CalendarDays, BusinessDays, Hours, Months}
	byLetters  = []string{BeforeLetters, WithLetters, ByLetters}
	triggers   = []string{Discovered, Notified, Determined, ScopeIdentified, LettersMailed, HHSFiled}
	judges     = []string{"", Occurred, Discovered, Determined}
	conditions = []string{
		"", Always, HIPAAFiler, NotHIPAAFiler, Insurer, NotInsurer, NoHarmFiling, DelayFiling,
		GovernmentEntity, CreditBureau, Vendor, Employer, OtherFiler,
	}
	insurers = []string{ByRule, NoneFound, AskCounsel}
	excuses  = []string{Status, Compliance, NoticeGiven}
	reached  = []string{"covered_entity", "business_associate"}
)

// ByTheLetters reports whether the clock stands by the letters to residents.
func (c Clock) ByTheLetters() bool { return slices.Contains(byLetters, c.Unit) }
