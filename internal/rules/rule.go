package rules

import (
	"cmp"
	"slices"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// Rule describes one rule: what it says, where it stands and since when. It is
// what `duenotice rules --json` prints and what the rulebook's hash covers.
type Rule struct {
	ID           string `json:"id"`
	Regime       string `json:"regime"`
	Jurisdiction string `json:"jurisdiction"`
	// Kind is a kind of obligation, or says what else the rule does:
	// "definition", "exclusion", "safe_harbor", "discovery", "counting", "delay".
	Kind  string `json:"kind"`
	Title string `json:"title"`
	// Text is our paraphrase, for people who do not read the regulation.
	Text     string `json:"text"`
	Citation string `json:"citation"`
	// Authority is the statute or instrument that the cited text rests on.
	Authority string `json:"authority"`
	// EffectiveFrom is the first day the rule is in force; EffectiveTo is the
	// first day it no longer is, zero while no end is known.
	EffectiveFrom civil.Date `json:"effective_from"`
	EffectiveTo   civil.Date `json:"effective_to"`
	// AsOf is the day the reading was last compared with a source.
	AsOf       civil.Date  `json:"as_of"`
	Confidence string      `json:"confidence"`
	Parameters []Parameter `json:"parameters"`
}

// Parameter is a number or word of the law that the rule computes with.
type Parameter struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// InForce reports whether day lies in the rule's half-open window.
func (r Rule) InForce(day civil.Date) bool {
	return !day.Before(r.EffectiveFrom) && (r.EffectiveTo.IsZero() || day.Before(r.EffectiveTo))
}

// Stale reports whether nobody has compared the reading with a source for more
// than days before asOf.
func (r Rule) Stale(asOf civil.Date, days int) bool { return r.AsOf.AddDays(days).Before(asOf) }

// rule is a Rule that computes. A rule without evaluate defines something that
// others use; its logic stands in its own file.
type rule struct {
	Rule
	// judgedBy picks the incident's date that the window is held against.
	judgedBy func(*matter) civil.Date
	applies  func(*matter) bool
	// evaluate returns what is owed when the rule applies. Identity and citation
	// are filled in from the Rule, and its confidence unless the case lowers it.
	evaluate func(*matter) []breach.Obligation
	// withoutBreach: it is owed where no harm was found, and by nobody else.
	withoutBreach bool
}

// owed returns the rule's obligations for m, complete.
func (r *rule) owed(m *matter) []breach.Obligation {
	if r.evaluate == nil || !r.InForce(r.judgedBy(m)) || !r.applies(m) {
		return nil
	}
	return r.complete(m, r.evaluate(m))
}

// complete fills in what an obligation has from its rule, and puts behind a
// notice to an agency the duty to tell it a larger number, where that is owed.
func (r *rule) complete(m *matter, owed []breach.Obligation) []breach.Obligation {
	for i := range owed {
		o := &owed[i]
		o.Rule, o.Kind, o.Regime = r.ID, r.Kind, r.Regime
		o.Citation, o.Confidence = cmp.Or(o.Citation, r.Citation), cmp.Or(o.Confidence, r.Confidence)
		if o.Jurisdiction == "" {
			o.Jurisdiction = r.Jurisdiction
		}
	}
	for _, o := range slices.Clone(owed) {
		if _, agency := AgencyToTell(o); agency && o.Form != breach.FormUpdate {
			owed = append(owed, m.updateAgency(o)...)
		}
	}
	return owed
}

// Regimes.
const (
	regimeHIPAA    = "hipaa"
	regimePart2    = "part2"
	regimeContract = "contract"
	regimeSEC      = "sec"
	regimeFTC      = "ftc"
)

// federal is the jurisdiction of federal rules.
const federal = "US"

// asOf is the day on which every federal reading of this rulebook was compared
// with the text of the regulation.
var asOf = civil.MustParse("2026-11-22")

// hipaaAuthority is what subpart D rests on.
const hipaaAuthority = "HITECH Act section 13402, 42 U.S.C. 17932"

// Confidence in a reading.
const (
	verified   = breach.Verified
	unverified = breach.Unverified
)
