package rules

import (
	"slices"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// ShownBy is the recorded fact by which a duty was fulfilled on a day (Settled says on
// which), with its reference. ok is false where none of that day was recorded for it:
// people who were told one by one on different days, for example.
func ShownBy(o breach.Obligation, facts breach.Facts, on civil.Date) (shown breach.Fact, ok bool) {
	agency, toAgency := AgencyToTell(o)
	for _, kind := range SettledBy(o) {
		for _, f := range facts {
			if f.Kind != kind || f.On != on {
				continue
			}
			there := f.Jurisdiction == "" || f.Jurisdiction == o.Jurisdiction
			switch {
			case o.Kind == breach.HHSNotice:
				there = f.Reports(o.Regime)
			case toAgency:
				there = there || slices.Contains(breach.EachAgency(f.Jurisdiction), agency)
			}
			if there {
				return f, true
			}
		}
	}
	return breach.Fact{}, false
}

// PlaceOf is the jurisdiction by which a fact names whom a duty of HHS, the media or an
// agency was fulfilled to; "" where the duty is one for all.
func PlaceOf(o breach.Obligation) string {
	if agency, is := AgencyToTell(o); is {
		return agency
	}
	switch {
	case o.Kind == breach.HHSNotice && o.Regime == breach.Part2:
		return breach.Part2
	case breach.IsState(o.Jurisdiction) && !OfPeople(o) && !o.ToPractice():
		return o.Jurisdiction
	}
	return ""
}
