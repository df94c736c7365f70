package simulate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
)

// Act is one thing somebody of a script does. The keys are those of the
// command line: what is written `record --fact hhs_filed --reference X` there
// is `act: record`, `fact: hhs_filed`, `reference: X` here.
type Act struct {
	// On is the day on which it is done, at ten in the morning where the officers are.
	On  civil.Date `yaml:"on"`
	Act string     `yaml:"act"`
	By  string     `yaml:"by"`
	// Practice is a practice's key, or "all" for each of them; empty means the
	// incident as a whole.
	Practice string `yaml:"practice"`

	Conclusion string         `yaml:"conclusion"`
	Factors    breach.Factors `yaml:"factors"`
	Delegation string         `yaml:"delegation"`

	Fact         string `yaml:"fact"`
	Jurisdiction string `yaml:"jurisdiction"`
	Batch        string `yaml:"batch"`
	// Day is the day recorded, or of a release; empty means On.
	Day       civil.Date `yaml:"day"`
	Reference string     `yaml:"reference"`
	// Count is the number HHS was told; Estimate the same where it was guessed.
	Count    int        `yaml:"count"`
	Estimate int        `yaml:"estimate"`
	Answer   string     `yaml:"answer"`
	Through  civil.Date `yaml:"through"`

	Kind      string     `yaml:"kind"`
	StatedOn  civil.Date `yaml:"stated_on"` // empty means On
	Official  string     `yaml:"official"`
	Agency    string     `yaml:"agency"`
	Statement string     `yaml:"statement"`
	Until     civil.Date `yaml:"until"`
	Covers    []string   `yaml:"covers"`
	// PublicAuthority is yes or no where somebody confirmed what the agency is.
	PublicAuthority breach.YesNo `yaml:"public_authority"`
}

// everyPractice is Act.Practice for each of them.
const everyPractice = "all"

// Script is what somebody does, in the order of the file where days are the same.
type Script []Act

// ReadScript reads a script's YAML, `acts:` with a list, and refuses what
// cannot be meant. name stands in messages for the file.
func ReadScript(name string, content []byte) (Script, error) {
	var file struct {
		Acts Script `yaml:"acts"`
	}
	if err := yaml.UnmarshalWithOptions(content, &file, yaml.Strict(), yaml.UseJSONUnmarshaler()); err != nil {
		return nil, breach.Refuse("script", "It is `acts:` with a list of on, act, by and what the act needs; docs/simulate.md has one.",
			"%s cannot be read as a script: %s", name, strings.TrimSpace(yaml.FormatError(err, false, true)))
	}
	if len(file.Acts) == 0 {
		return nil, breach.Refuse("script", "Leave out --script to see what happens when nobody acts.", "%s has no acts", name)
	}
	for i, act := range file.Acts {
		if err := act.whole(); err != nil {
			return nil, breach.Refuse("script", "", "%s, act %d: %s", name, i+1, err)
		}
	}
	slices.SortStableFunc(file.Acts, func(a, b Act) int { return a.On.Compare(b.On) })
	return file.Acts, nil
}

var (
	onPractices = []string{casebook.ActAssess, casebook.ActDelegate}
	onIncidents = []string{casebook.ActHold, casebook.ActRelease}
	onBoth      = []string{casebook.ActApprove, casebook.ActRecord}
)

// whole says what the act lacks to be one; whether it is allowed the workflow decides.
func (a Act) whole() error {
	switch {
	case a.On.IsZero():
		return fmt.Errorf("`on` has the day on which it is done")
	case strings.TrimSpace(a.By) == "":
		return fmt.Errorf("`by` has the name of the person who does it")
	case !slices.Contains(slices.Concat(onPractices, onIncidents, onBoth), a.Act):
		return fmt.Errorf("%q is not an act; it is assess, approve, delegate, record, hold or release", a.Act)
	case slices.Contains(onPractices, a.Act) && a.Practice == "":
		return fmt.Errorf("%s needs `practice`, a key or all", a.Act)
	case slices.Contains(onIncidents, a.Act) && a.Practice != "":
		return fmt.Errorf("%s is for the whole incident and takes no `practice`", a.Act)
	}
	return nil
}

// terms makes the act's own part of a casebook.Act.
func (a Act) terms(incidentID string) casebook.Act {
	day := a.Day
	if day.IsZero() {
		day = a.On
	}
	act := casebook.Act{IncidentID: incidentID, Kind: a.Act, Who: a.By}
	switch a.Act {
	case casebook.ActAssess:
		act.Assess = &casebook.AssessTerms{Conclusion: a.Conclusion, Factors: a.Factors}
	case casebook.ActDelegate:
		act.Delegate = &casebook.DelegateTerms{Delegation: a.Delegation}
	case casebook.ActRecord:
		act.Record = &casebook.RecordTerms{Fact: breach.Fact{
			Kind: a.Fact, Jurisdiction: a.Jurisdiction, Batch: a.Batch, On: day, Reference: a.Reference,
			Count: max(a.Count, a.Estimate), Estimate: a.Estimate != 0, Answer: a.Answer, Through: a.Through,
		}}
	case casebook.ActHold:
		stated := a.StatedOn
		if stated.IsZero() {
			stated = a.On
		}
		act.Hold = &breach.Hold{
			Kind: a.Kind, StatedOn: stated, Official: a.Official, Agency: a.Agency, Statement: a.Statement, Until: a.Until, Covers: a.Covers,
			PublicAuthority: a.PublicAuthority,
		}
	case casebook.ActRelease:
		act.Release = &casebook.ReleaseTerms{On: day.String()}
	}
	return act
}

// String says what is done, for the calendar: "delegate all".
func (a Act) String() string {
	words := []string{a.Act}
	for _, word := range []string{a.Conclusion, a.Delegation, a.Fact, a.Jurisdiction, a.Answer, a.Kind} {
		if word != "" {
			words = append(words, word)
		}
	}
	return strings.Join(words, " ")
}
