package breach

import (
	"slices"

	"duenotice/internal/civil"
)

// Kinds of law-enforcement statement (45 CFR 164.412).
const (
	OralHold    = "oral"
	WrittenHold = "written"
)

// What a hold may cover, in the words of 45 CFR 164.412 and of the case folder.
const (
	CoversIndividual = "individual"
	CoversMedia      = "media"
	CoversHHS        = "hhs"
	CoversPosting    = "posting"
	CoversPractice   = "practice"
)

// HoldScopes lists everything a hold may cover; a hold that names nothing covers all.
var HoldScopes = []string{CoversIndividual, CoversMedia, CoversHHS, CoversPosting, CoversPractice}

// Hold is a law-enforcement official's statement that a notice would impede an
// investigation (45 CFR 164.412). The official's identity must be documented.
type Hold struct {
	Kind     string     `json:"kind" yaml:"kind"`
	StatedOn civil.Date `json:"stated_on" yaml:"stated_on"`
	Official string     `json:"official" yaml:"official"`
	Agency   string     `json:"agency" yaml:"agency"`
	// PublicAuthority is a person's answer whether Agency is a public authority
	// that may investigate or prosecute (45 CFR 164.103). Unknown leaves it to the
	// agency's name, and a name that says nothing delays nothing.
	PublicAuthority YesNo      `json:"public_authority,omitempty" yaml:"public_authority"`
	Statement       string     `json:"statement" yaml:"statement"`
	Until           civil.Date `json:"until" yaml:"until"`
	Covers          []string   `json:"covers" yaml:"covers"`
	// ReleasedOn is the day the official or the entity ended it early.
	ReleasedOn civil.Date `json:"released_on,omitzero" yaml:"-"`
}

// Covering reports whether the hold delays notices of the given scope.
func (h Hold) Covering(scope string) bool {
	return len(h.Covers) == 0 || slices.Contains(h.Covers, scope)
}

// SameStatement reports whether both are one official's one statement, whether
// or not it was released.
func (h Hold) SameStatement(o Hold) bool {
	return h.Kind == o.Kind && h.StatedOn == o.StatedOn && h.Official == o.Official && h.Agency == o.Agency &&
		h.Statement == o.Statement && h.Until == o.Until && slices.Equal(h.Covers, o.Covers)
}

// CheckTime refuses a written statement that names no time. Such a statement delays
// for the time it specifies (45 CFR 164.412(a)), and one that specifies none is not
// the written statement of the regulation: what was said counts as an oral one, for
// at most 30 days (164.412(b)).
func (h Hold) CheckTime() error {
	if h.Kind == WrittenHold && h.Until.IsZero() {
		return Refuse("no_until", "Ask the official for the day and give it with --until. Until it comes, record what was said as an oral statement (--kind oral), which delays for at most 30 days (164.412(b)).",
			"a written statement delays until the day that it names, and this one names none (45 CFR 164.412(a))")
	}
	return nil
}
