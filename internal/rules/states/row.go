package states

import (
	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// Row is the law of one jurisdiction, in one or several versions.
type Row struct {
	// Jurisdiction is the two-letter code.
	Jurisdiction string `yaml:"jurisdiction" json:"jurisdiction"`
	// Versions stand in the order of their windows, which do not overlap.
	Versions []Version `yaml:"versions" json:"versions"`
}

// Version is a row as it is in force in one half-open window of days.
type Version struct {
	// EffectiveFrom is the first day of the window, EffectiveTo the first day
	// after it; zero while no end is known.
	EffectiveFrom civil.Date `yaml:"effective_from" json:"effective_from"`
	EffectiveTo   civil.Date `yaml:"effective_to" json:"effective_to"`
	// JudgedBy is the incident's day that is held against the window: Occurred
	// (its last day, also when empty), Discovered or Determined.
	JudgedBy string `yaml:"judged_by" json:"judged_by,omitempty"`
	// Before is NothingBefore when the law had none of these duties before the
	// first version. Otherwise the first version is applied to earlier days too,
	// unverified, and counsel is asked.
	Before string `yaml:"before" json:"before,omitempty"`

	Statute string `yaml:"statute" json:"statute"`
	// Citation is where the letters' duty stands, and each duty's that names none.
	Citation   string     `yaml:"citation" json:"citation"`
	AsOf       civil.Date `yaml:"as_of" json:"as_of"`
	Confidence string     `yaml:"confidence" json:"confidence"`
	Sources    []string   `yaml:"sources" json:"sources"`
	Notes      string     `yaml:"notes" json:"notes,omitempty"`

	Binds               Binds               `yaml:"binds" json:"binds"`
	PersonalInformation PersonalInformation `yaml:"personal_information" json:"personal_information"`
	HarmTest            HarmTest            `yaml:"harm_test" json:"harm_test"`
	HIPAA               HIPAA               `yaml:"hipaa" json:"hipaa"`

	Individuals Individuals `yaml:"individuals" json:"individuals"`
	// Insurers says whether insurance licensees tell a regulator of their own: by a
	// rule, by none that was found, or as counsel finds. It is never left out.
	Insurers Insurers `yaml:"insurers" json:"insurers"`
	// DataOwner is the clock of who keeps data that is another's, toward its owner;
	// absent where none of its own was seen.
	DataOwner        *DataOwner  `yaml:"data_owner" json:"data_owner,omitempty"`
	Regulators       []Regulator `yaml:"regulators" json:"regulators"`
	Bureaus          *Bureaus    `yaml:"consumer_reporting_agencies" json:"consumer_reporting_agencies"`
	CreditMonitoring *Monitoring `yaml:"credit_monitoring" json:"credit_monitoring"`
	// InsurerMonitoring is what insurance licensees offer under a law of their own,
	// which no HIPAA clause excuses.
	InsurerMonitoring *Monitoring  `yaml:"insurer_credit_monitoring" json:"insurer_credit_monitoring,omitempty"`
	Letter            LetterDemand `yaml:"letter" json:"letter"`
	// PoliceHold is what the statute says of a law-enforcement delay, in words.
	PoliceHold string `yaml:"police_hold" json:"police_hold,omitempty"`
}

// Binds says whom the statute binds, when that is not everybody.
type Binds struct {
	// Practices is Yes, or No where an ordinary practice is outside the statute.
	Practices Answer `yaml:"practices" json:"practices,omitempty"`
	Who       string `yaml:"who" json:"who,omitempty"`
}

// PersonalInformation is what makes a resident's data the statute's business.
type PersonalInformation struct {
	// HealthData answers: does health data with a name, and nothing else, do it?
	HealthData Answer    `yaml:"health_data" json:"health_data"`
	Elements   []Element `yaml:"elements" json:"elements"`
	Detail     string    `yaml:"detail" json:"detail,omitempty"`
}

// Element is one data element of the definition. It is there when one of the
// classes is and, where With is not empty, one of With too.
type Element struct {
	// Classes are data classes of the case folder or the names of groups of
	// them. Empty: nothing in our vocabulary is this element.
	Classes []string `yaml:"classes" json:"classes"`
	With    []string `yaml:"with" json:"with,omitempty"`
	// Says is the element in the statute's words.
	Says string `yaml:"says" json:"says"`
}

// HarmTest says whether the duty to notify ends where no harm is likely.
type HarmTest struct {
	Exists Answer `yaml:"exists" json:"exists"`
	Says   string `yaml:"says" json:"says,omitempty"`
}

// HIPAA is what compliance with HIPAA excuses a covered entity from.
type HIPAA struct {
	// Exempt is Yes where the statute does not apply to it at all.
	Exempt Answer `yaml:"exempt" json:"exempt"`
	// The duties: Yes is excused; No stays; Unknown and Doubtful are done anyway
	// and counsel is asked. Doubtful: the words reach the duty, and nobody
	// should rely on them alone.
	Letter           Answer `yaml:"letter" json:"letter"`
	Regulators       Answer `yaml:"regulators" json:"regulators"`
	Bureaus          Answer `yaml:"bureaus" json:"bureaus"`
	CreditMonitoring Answer `yaml:"credit_monitoring" json:"credit_monitoring"`
	// ClockStays is Yes where an excused letter still has the State's day.
	ClockStays Answer `yaml:"clock_stays" json:"clock_stays,omitempty"`
	// LimitedTo: the clause works only while the breach has no element of the
	// definition but these, which are classes or groups.
	LimitedTo []string `yaml:"limited_to" json:"limited_to,omitempty"`
	// Condition is one of Conditions, empty where nothing is excused.
	Condition string `yaml:"condition" json:"condition,omitempty"`
	// Reaches lists who is excused: covered_entity, business_associate.
	Reaches    []string `yaml:"reaches" json:"reaches,omitempty"`
	Basis      string   `yaml:"basis" json:"basis"`
	Note       string   `yaml:"note" json:"note,omitempty"`
	Confidence string   `yaml:"confidence" json:"confidence,omitempty"`
}

// Individuals is the deadline for the letters to residents.
type Individuals struct {
	Due      []Clock `yaml:"due" json:"due"`
	Says     string  `yaml:"says" json:"says,omitempty"`
	Evidence `yaml:",inline"`
}

// Insurers is what is known of insurance licensees in a State.
type Insurers struct {
	// Answer is ByRule, NoneFound or AskCounsel.
	Answer string `yaml:"answer" json:"answer"`
	// Says is why, for the latter two.
	Says string `yaml:"says" json:"says,omitempty"`
}

// DataOwner is the notice of a vendor to the owner of the data.
type DataOwner struct {
	Due      []Clock `yaml:"due" json:"due"`
	Says     string  `yaml:"says" json:"says,omitempty"`
	Evidence `yaml:",inline"`
}

// Regulator is one filing with one agency.
type Regulator struct {
	// ID names the filing within the State: attorney_general.
	ID   string `yaml:"id" json:"id"`
	Name string `yaml:"name" json:"name"`
	// If is the condition under which it is owed, one of Conditions of filers; empty is Always.
	If string `yaml:"if" json:"if,omitempty"`
	// HIPAA is the answer for this filing where it stands in another statute
	// than the clause, as insurers' filings do; empty is the version's.
	HIPAA     Answer    `yaml:"hipaa" json:"hipaa,omitempty"`
	Threshold Threshold `yaml:"threshold" json:"threshold"`
	// Domicile is Yes where a licensee domiciled in the State files whatever the
	// number. A case folder tells the practice's own State, which is taken for it.
	Domicile Answer  `yaml:"domicile" json:"domicile,omitempty"`
	Due      []Clock `yaml:"due" json:"due"`
	// Content and Form are what is filed and how, in words.
	Content  string `yaml:"content" json:"content,omitempty"`
	Form     string `yaml:"form" json:"form,omitempty"`
	Evidence `yaml:",inline"`
}

// Bureaus is the notice to the nationwide consumer reporting agencies.
type Bureaus struct {
	// Recipient is who is told, when not the nationwide agencies.
	Recipient string    `yaml:"recipient" json:"recipient,omitempty"`
	Threshold Threshold `yaml:"threshold" json:"threshold"`
	Due       []Clock   `yaml:"due" json:"due"`
	// Where is a condition that a case folder does not tell, in words: "the
	// letter ...". The notice is planned, and counsel says whether it holds.
	Where    string `yaml:"where" json:"where,omitempty"`
	Content  string `yaml:"content" json:"content,omitempty"`
	Evidence `yaml:",inline"`
}

// Monitoring is compulsory credit monitoring for residents.
type Monitoring struct {
	Months int `yaml:"months" json:"months"`
	// AnyOf are the classes of which one must be among a resident's.
	AnyOf    []string `yaml:"any_of" json:"any_of"`
	Says     string   `yaml:"says" json:"says"`
	Evidence `yaml:",inline"`
}

// LetterDemand is what a letter to a resident must and must not say.
type LetterDemand struct {
	Requires []Content `yaml:"requires" json:"requires"`
	Forbids  []Content `yaml:"forbids" json:"forbids"`
	Evidence `yaml:",inline"`
}

// Content is one item of a letter: a word of Items, and the statute's words.
type Content struct {
	Item string `yaml:"item" json:"item"`
	Says string `yaml:"says" json:"says"`
}

// Evidence is how sure a duty is and where it was seen. What is empty is the version's.
type Evidence struct {
	Citation   string `yaml:"citation" json:"citation,omitempty"`
	Confidence string `yaml:"confidence" json:"confidence,omitempty"`
	Source     string `yaml:"source" json:"source,omitempty"`
	Note       string `yaml:"note" json:"note,omitempty"`
	// From is the first day of the duty where it is younger than the version.
	From civil.Date `yaml:"from" json:"from,omitzero"`
}

// Threshold is the count that must be reached or passed. The operator is the
// statute's own and is never turned into another: "more than 500" is not "500 or more".
type Threshold struct {
	Op string `yaml:"op" json:"op"`
	// N is the number, absent for Any.
	N *int `yaml:"n" json:"n,omitempty"`
	// Of is what is counted: OfResidents when empty.
	Of string `yaml:"of" json:"of,omitempty"`
}

// Clock is the time one duty has. Where a duty has several, the earliest day counts.
type Clock struct {
	// N is the number of units, absent for units without one.
	N    *int   `yaml:"n" json:"n,omitempty"`
	Unit string `yaml:"unit" json:"unit"`
	// Trigger is what starts it, absent for the units that stand by the letters.
	Trigger string `yaml:"trigger" json:"trigger,omitempty"`
}

// Reached reports whether a count of n reaches the threshold.
func (t Threshold) Reached(n int) bool {
	switch t.Op {
	case MoreThan:
		return n > *t.N
	case AtLeast:
		return n >= *t.N
	}
	return n >= 1
}

// Excuses is the answer of the HIPAA clause for one filing: the filing's own, else the version's.
func (v Version) Excuses(r Regulator) Answer {
	if r.HIPAA != "" {
		return r.HIPAA
	}
	return v.HIPAA.Regulators
}

// Set is the classes of a list of words, which may name groups.
func Set(words []string) breach.DataClassSet {
	var set breach.DataClassSet
	for _, word := range words {
		if group, ok := Groups[word]; ok {
			set |= breach.SetOf(group...)
			continue
		}
		set |= breach.SetOf(breach.DataClass(word))
	}
	return set
}
