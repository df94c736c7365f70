package breach

import "duenotice/internal/civil"

// Facts a person records with `record`, each with the day it happened.
const (
	PracticeNotified       = "practice_notified"
	Acknowledged           = "acknowledged"
	LettersMailed          = "letters_mailed"
	HHSFiled               = "hhs_filed"
	HHSAddendum            = "hhs_addendum"
	MediaSent              = "media_sent"
	RegulatorNotified      = "regulator_notified"
	CRANotified            = "consumer_reporting_agency_notified"
	PostingStarted         = "posting_started"
	PostingEnded           = "posting_ended"
	TollFreeStarted        = "toll_free_started"
	TollFreeEnded          = "toll_free_ended"
	DeterminedFact         = "determined"
	MaterialDeterminedFact = "material_determined"
)

// Part2 as the jurisdiction of an HHSFiled fact says that it was the report
// under 42 CFR part 2: HHS takes that and HIPAA's as two, and one filing does
// not stand for both.
const Part2 = "part2"

// FactKinds lists them as the contract does.
var FactKinds = []string{
	PracticeNotified, Acknowledged, LettersMailed, HHSFiled, HHSAddendum, MediaSent, RegulatorNotified,
	CRANotified, PostingStarted, PostingEnded, TollFreeStarted, TollFreeEnded, DeterminedFact, MaterialDeterminedFact,
}

// Fact is something that happened on a day, as a person recorded it.
type Fact struct {
	Kind         string     `json:"fact"`
	Jurisdiction string     `json:"jurisdiction"`
	On           civil.Date `json:"on"`
	Reference    string     `json:"reference"`
}

// Facts are the recorded facts of one practice, incident-wide ones included,
// the latest record of each kind and jurisdiction only.
type Facts []Fact

// On returns the day the fact was recorded to have happened, for the
// jurisdiction or for all of them; zero when it was not recorded.
func (fs Facts) On(kind, jurisdiction string) civil.Date {
	var day civil.Date
	for _, f := range fs {
		if f.Kind == kind && (f.Jurisdiction == jurisdiction || f.Jurisdiction == "") {
			day = civil.Later(day, f.On)
		}
	}
	return day
}
