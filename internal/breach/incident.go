// Package breach has the words of the field as Go types: the incident, the
// practices (covered entities), the people found in it, the counts the law
// looks at, and what is owed to whom. It does no I/O and reads no clock.
package breach

import (
	"slices"

	"duenotice/internal/civil"
	"duenotice/internal/envelope"
)

// Roles of the entity that runs this program (45 CFR 160.103).
const (
	BusinessAssociate = "business_associate"
	CoveredEntity     = "covered_entity"
)

// Incident is what happened and what is said about it: the case folder's
// incident.yaml. It holds no patient data.
type Incident struct {
	ID     string `json:"id" yaml:"id"`
	Entity Entity `json:"entity" yaml:"entity"`

	// Occurred is the first and last day of the breach, each zero while it is not
	// known (45 CFR 164.404(c)(1)(A), "if known").
	Occurred   Span       `json:"occurred" yaml:"occurred"`
	Discovered civil.Date `json:"discovered" yaml:"discovered"`
	// Determined is the day it was concluded to be a breach; empty means Discovered.
	Determined civil.Date `json:"determined" yaml:"determined"`
	// ScopeIdentified is the day the list of people was known; empty means Determined.
	ScopeIdentified civil.Date `json:"scope_identified" yaml:"scope_identified"`
	// MaterialDetermined starts the clock of SEC Form 8-K Item 1.05.
	MaterialDetermined civil.Date `json:"material_determined" yaml:"material_determined"`

	Environment    string   `json:"environment" yaml:"environment"`
	BreachType     string   `json:"breach_type" yaml:"breach_type"`
	Location       []string `json:"location" yaml:"location"`
	WhatHappened   string   `json:"what_happened" yaml:"what_happened"`
	WhatWeAreDoing string   `json:"what_we_are_doing" yaml:"what_we_are_doing"`
	WhatYouCanDo   string   `json:"what_you_can_do" yaml:"what_you_can_do"`
	// Translations are the three texts in other languages, by BCP 47 tag in its canonical form.
	Translations map[string]Translation `json:"translations,omitempty" yaml:"translations"`

	DataSecurity         string `json:"data_security" yaml:"data_security"`
	DataSecurityStandard string `json:"data_security_standard" yaml:"data_security_standard"`
	KeysCompromised      YesNo  `json:"keys_compromised" yaml:"keys_compromised"`

	Exclusion       string `json:"exclusion" yaml:"exclusion"`
	ExclusionReason string `json:"exclusion_reason" yaml:"exclusion_reason"`

	// Knowledge is who knew of the incident when, besides Discovered.
	Knowledge []Knowledge `json:"knowledge,omitempty" yaml:"knowledge"`
	// ImminentMisuse: the information may be misused at once (45 CFR 164.404(d)(3)).
	ImminentMisuse YesNo `json:"imminent_misuse,omitempty" yaml:"imminent_misuse"`

	RiskAssessment   RiskAssessment   `json:"risk_assessment" yaml:"risk_assessment"`
	Holds            []Hold           `json:"law_enforcement_holds" yaml:"law_enforcement_holds"`
	CreditMonitoring CreditMonitoring `json:"credit_monitoring" yaml:"credit_monitoring"`
	Letters          LetterTerms      `json:"letters" yaml:"letters"`
	PrintRun         PrintRun         `json:"print_run,omitzero" yaml:"print_run"`

	// Media are what is said of telling the media, by State.
	Media []MediaTerms `json:"media,omitempty" yaml:"media"`

	// Reminders are the days after its notice on which a practice that says nothing is
	// reminded: nil for DefaultReminders, none at all for no reminder.
	Reminders []int `json:"reminders,omitzero" yaml:"reminders"`

	// Columns are what column names of the lists mean that are not ours: our name
	// for each, or "ignore".
	Columns map[string]string `json:"columns,omitempty" yaml:"columns"`
}

// Entity is the organisation that runs this program and signs the notices.
type Entity struct {
	Name          string   `json:"name" yaml:"name"`
	Role          string   `json:"role" yaml:"role"`
	Address       []string `json:"address" yaml:"address"`
	TollFree      string   `json:"toll_free" yaml:"toll_free"`
	Email         string   `json:"email" yaml:"email"`
	Website       string   `json:"website" yaml:"website"`
	PublicCompany YesNo    `json:"public_company" yaml:"public_company"`
	// Parent is the company that owns it, if one does.
	Parent string `json:"parent,omitempty" yaml:"parent"`
	// PersonalHealthRecords: it also keeps personal health records outside HIPAA
	// (16 CFR part 318).
	PersonalHealthRecords YesNo `json:"personal_health_records,omitempty" yaml:"personal_health_records"`
}

// Relations of somebody who knew to the entity that runs this program.
const (
	Workforce     = "workforce"     // employees, officers, volunteers, trainees (45 CFR 160.103)
	Agent         = "agent"         // federal common law of agency
	Subcontractor = "subcontractor" // a business associate of the business associate
	Wrongdoer     = "wrongdoer"     // the person committing the breach
)

// KnowledgeRelations lists them.
var KnowledgeRelations = []string{Workforce, Agent, Subcontractor, Wrongdoer}

// Knowledge is somebody's knowledge of the incident, which may be the entity's
// own (45 CFR 164.404(a)(2), 164.410(a)(2)).
type Knowledge struct {
	Who      string     `json:"who" yaml:"who"`
	Relation string     `json:"relation" yaml:"relation"`
	KnewOn   civil.Date `json:"knew_on" yaml:"knew_on"`
	// Agent: is this subcontractor the entity's agent? Unknown counts as yes.
	Agent YesNo `json:"agent,omitempty" yaml:"agent"`
	// ToldOn is the day a subcontractor that is no agent told the entity.
	ToldOn civil.Date `json:"told_on,omitzero" yaml:"told_on"`
}

// ImputedOn is the day on which the knowledge was the entity's, zero when it
// never was: its workforce's and its agents' at once, a subcontractor's that is
// no agent on the day it told, the wrongdoer's never. A subcontractor that nobody
// has answered for counts as an agent.
func (k Knowledge) ImputedOn() civil.Date {
	switch {
	case k.Relation == Wrongdoer:
		return civil.Date{}
	case k.Relation == Subcontractor && k.Agent == No:
		return k.ToldOn
	}
	return k.KnewOn
}

// Span is a first and a last day, both included.
type Span struct {
	From civil.Date `json:"from" yaml:"from"`
	To   civil.Date `json:"to" yaml:"to"`
}

// How the data was protected when it was reached; anything but Unsecured needs
// a standard, and Encrypted also keys that were not compromised.
const (
	Unsecured = "unsecured"
	Encrypted = "encrypted"
	Destroyed = "destroyed"
)

// The three exclusions of 45 CFR 164.402, definition of breach, paragraph (1).
const (
	GoodFaithWorkforce    = "good_faith_workforce"
	InadvertentAuthorized = "inadvertent_authorized"
	NotRetained           = "not_retained"
)

// Exclusions lists them in the order of the regulation.
var Exclusions = []string{GoodFaithWorkforce, InadvertentAuthorized, NotRetained}

// Conclusions of a risk assessment. A breach is presumed unless a low
// probability of compromise is demonstrated (45 CFR 164.402(2)).
const (
	Presumed       = "presumed"
	LowProbability = "low_probability"
)

// RiskAssessment is the four-factor assessment of 45 CFR 164.402(2).
type RiskAssessment struct {
	Conclusion string  `json:"conclusion" yaml:"conclusion"`
	Factors    Factors `json:"factors" yaml:"factors"`
}

// Factors are the answers to the four factors; all must be there for a low probability.
type Factors struct {
	NatureOfPHI        string `json:"nature_of_phi" yaml:"nature_of_phi"`
	UnauthorizedPerson string `json:"unauthorized_person" yaml:"unauthorized_person"`
	AcquiredOrViewed   string `json:"acquired_or_viewed" yaml:"acquired_or_viewed"`
	Mitigation         string `json:"mitigation" yaml:"mitigation"`
}

// Complete reports whether all four factors are answered.
func (f Factors) Complete() bool { return len(f.Missing()) == 0 }

// Missing names the factors without an answer.
func (f Factors) Missing() []string {
	var missing []string
	for _, answer := range []struct{ name, text string }{
		{"nature_of_phi", f.NatureOfPHI},
		{"unauthorized_person", f.UnauthorizedPerson},
		{"acquired_or_viewed", f.AcquiredOrViewed},
		{"mitigation", f.Mitigation},
	} {
		if answer.text == "" {
			missing = append(missing, answer.name)
		}
	}
	return missing
}

// CreditMonitoring is the offer the letters make, if there is one.
type CreditMonitoring struct {
	Provider  string `json:"provider" yaml:"provider"`
	Months    int    `json:"months" yaml:"months"`
	EnrollURL string `json:"enroll_url" yaml:"enroll_url"`
	Phone     string `json:"phone" yaml:"phone"`
	// EnrollBy is the last day to enroll; zero where there is none.
	EnrollBy civil.Date `json:"enroll_by,omitzero" yaml:"enroll_by"`
}

// LetterTerms say how letters are approved and when they go out.
type LetterTerms struct {
	// Approvers is the number of different people who must approve: 1 or 2, by default DefaultApprovers.
	Approvers int `json:"approvers" yaml:"approvers"`
	// MailBy is the day the letters are dated and mailed; empty means the day they are approved.
	MailBy civil.Date `json:"mail_by" yaml:"mail_by"`
	// Envelope is the form that the letters are set for; zero is envelope.Standard. It is
	// kept whole, so that what was approved says where the window lies.
	Envelope envelope.Form `json:"envelope,omitzero" yaml:"envelope"`
	// Languages say which languages letters are in, beside what is translated.
	Languages LanguageTerms `json:"languages,omitzero" yaml:"languages"`
	// Taglines stand on a page of their own at each letter's end, if there are any: that
	// help with language is free, in English first.
	Taglines []Tagline `json:"taglines,omitempty" yaml:"taglines"`
}

// OnPaper is the part of the incident that goes into what is sent. A hold moves
// the day of mailing; of what is mailed it changes one sentence, that law
// enforcement delayed it. How it is printed is for machines and changes no word.
func (i Incident) OnPaper() (said Incident, delayed bool) {
	delayed = slices.ContainsFunc(i.Holds, func(h Hold) bool { return h.Covering(CoversIndividual) })
	i.Holds, i.Columns, i.Reminders, i.PrintRun, i.Media = nil, nil, nil, PrintRun{}, onPaper(i.Media)
	return i, delayed
}

// DeterminedOn is Determined, or Discovered when nobody said.
func (i Incident) DeterminedOn() civil.Date {
	if i.Determined.IsZero() {
		return i.Discovered
	}
	return i.Determined
}

// ScopeIdentifiedOn is ScopeIdentified, or DeterminedOn when nobody said.
func (i Incident) ScopeIdentifiedOn() civil.Date {
	if i.ScopeIdentified.IsZero() {
		return i.DeterminedOn()
	}
	return i.ScopeIdentified
}

// ApproversNeeded is how many different people must approve a practice's papers.
func (i Incident) ApproversNeeded() int {
	if i.Letters.Approvers == 0 {
		return DefaultApprovers
	}
	return i.Letters.Approvers
}

// BreachTypes are the HHS portal's words for what happened, one of which is chosen.
var BreachTypes = []string{
	"Hacking/IT Incident", "Improper Disposal", "Loss", "Theft", "Unauthorized Access/Disclosure",
}

// Locations are the HHS portal's words for where the information was.
var Locations = []string{
	"Desktop Computer", "Electronic Medical Record", "Email", "Laptop", "Network Server",
	"Other Portable Electronic Device", "Paper/Films", "Other",
}
