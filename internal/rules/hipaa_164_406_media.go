package rules

import (
	"fmt"
	"maps"
	"slices"

	"duenotice/internal/breach"
)

/*
45 CFR 164.406(a): "For a breach of unsecured protected health information
involving more than 500 residents of a State or jurisdiction, a covered entity
shall, following the discovery of the breach as provided in § 164.404(a)(2),
notify prominent media outlets serving the State or jurisdiction." (b):
"Except as provided in § 164.412, ... without unreasonable delay and in no
case later than 60 calendar days after discovery of a breach."
*/
var mediaNotice = &rule{
	Rule: Rule{
		ID: "hipaa.164.406.media", Regime: regimeHIPAA, Jurisdiction: federal, Kind: breach.MediaNotice,
		Title:    "Media notice",
		Text:     "Prominent media outlets of each State with more than 500 affected residents are told, at the latest 60 calendar days after discovery, with everything a letter says. Five hundred residents are not more than 500. It comes on top of the letters, and a release on one's own web site is not notice to the media.",
		Citation: "45 CFR 164.406(a)", Authority: hipaaAuthority,
		EffectiveFrom: breachRuleEffective, AsOf: asOf, Confidence: verified,
		Parameters: []Parameter{{"residents", fmt.Sprintf("> %d of one State, per counting entity", mediaMoreThan)}, outerLimit},
	},
	judgedBy: occurred,
	applies:  func(m *matter) bool { return m.leads },
	evaluate: func(m *matter) []breach.Obligation {
		var owed []breach.Obligation
		for _, state := range slices.Sorted(maps.Keys(m.counted.Residents)) {
			n := m.counted.Residents[state]
			if n <= mediaMoreThan {
				continue
			}
			confidence := ""
			if m.Practice.FederalPlan == breach.Yes {
				confidence = unverified // its "State" is counsel's to say
			}
			owed = append(owed, m.sixtyDays(breach.Obligation{
				Confidence: confidence, Jurisdiction: state, Recipient: "prominent media outlets serving " + stateName(state), Count: n,
			}, m.entityDiscovery, breach.CoversMedia, m.ofEntity(fmt.Sprintf("%d residents of %s", n, state))))
		}
		return owed
	},
}

// mediaMoreThan is the number of residents of one State that must be passed
// (45 CFR 164.406(a)). It is another line than the Secretary's "500 or more".
const mediaMoreThan = 500

func stateName(code string) string {
	if name := breach.StateName(code); name != "" {
		return name
	}
	return code
}
