package rules

import (
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// Settled returns the day on which recorded facts show the obligation
// fulfilled. discovered is the practice's own discovery: a notice follows
// discovery, so a fact dated before it, a slip of the year for example,
// fulfils nothing. A zero discovered takes every fact, and the business
// associate's notice to the practice, which runs from another discovery, always does.
//
// Credit monitoring, which is an offer in the letters, is settled by the letters.
func Settled(o breach.Obligation, discovered civil.Date, facts breach.Facts) (on civil.Date, ok bool) {
	day := func(kind, jurisdiction string) civil.Date {
		on := facts.On(kind, jurisdiction)
		if on.IsZero() || on.Before(discovered) {
			return civil.Date{}
		}
		return on
	}
	switch o.Kind {
	case breach.CoveredEntityNotice:
		on = facts.On(breach.PracticeNotified, "")
	case breach.IndividualNotice, breach.StateIndividualNotice, breach.CreditMonitoringDuty:
		on = day(breach.LettersMailed, stateOf(o))
	case breach.SubstituteNotice:
		on = day(breach.PostingStarted, "")
		if o.Form == breach.FormConspicuous {
			// The number is part of the notice: the later of the two completes it.
			number := day(breach.TollFreeStarted, "")
			if on.IsZero() || number.IsZero() {
				return civil.Date{}, false
			}
			on = civil.Later(on, number)
		}
	case breach.MediaNotice:
		on = day(breach.MediaSent, stateOf(o))
	case breach.HHSNotice:
		on = filedWithHHS(o.Regime, discovered, facts)
	case breach.RegulatorNotice:
		on = civil.Later(day(breach.RegulatorNotified, stateOf(o)), agencyTold(o, discovered, facts))
	case breach.FacilityNotice:
		on = day(breach.RegulatorNotified, stateOf(o))
	case breach.CRANotice:
		on = day(breach.CRANotified, stateOf(o))
	}
	return on, !on.IsZero()
}

// stateOf is the obligation's State, or "" for the federal jurisdiction.
func stateOf(o breach.Obligation) string {
	if o.Jurisdiction == federal {
		return ""
	}
	return o.Jurisdiction
}

func filedWithHHS(regime string, discovered civil.Date, facts breach.Facts) civil.Date {
	var on civil.Date
	for _, f := range facts {
		if f.Kind == breach.HHSFiled && (f.Jurisdiction == breach.Part2) == (regime == regimePart2) && !f.On.Before(discovered) {
			on = civil.Later(on, f.On)
		}
	}
	return on
}

// agencyTold is the day on which the very agency was told, where a State has several.
func agencyTold(o breach.Obligation, discovered civil.Date, facts breach.Facts) civil.Date {
	_, agency, found := strings.Cut(o.Rule, ".regulator.")
	if !found {
		return civil.Date{}
	}
	var on civil.Date
	for _, f := range facts {
		if f.Kind == breach.RegulatorNotified && f.Jurisdiction == breach.AgencyOf(o.Jurisdiction, agency) && !f.On.Before(discovered) {
			on = civil.Later(on, f.On)
		}
	}
	return on
}
