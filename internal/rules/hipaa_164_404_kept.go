package rules

import (
	"fmt"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

/*
45 CFR 164.404(d)(2)(ii): "(A) ... a conspicuous posting for a period of 90 days
on the home page of the Web site of the covered entity involved ...; and (B)
Include a toll-free phone number that remains active for at least 90 days".

Putting it up is the notice, due inside the 60 days (hipaa.164.404.substitute).
Keeping it up is this duty, which begins with it. Each runs from its own start.
*/
var substituteKept = &rule{
	Rule: Rule{
		ID: "hipaa.164.404.substitute_kept", Regime: regimeHIPAA, Jurisdiction: federal, Kind: breach.SubstituteNotice,
		Title:    "Substitute notice, kept for 90 days",
		Text:     "Once a conspicuous notice is up, the home page keeps it for 90 days and the toll-free number stays active for at least 90, each from its own first day: a posting of April 1 may come down on June 30. Taken down earlier, it has to go up again. A notice printed or broadcast in major media leaves only the number to be kept. It is done when the ends are recorded.",
		Citation: "45 CFR 164.404(d)(2)(ii)", Authority: hipaaAuthority,
		EffectiveFrom: breachRuleEffective, AsOf: asOf, Confidence: verified,
		Parameters: []Parameter{{"posting", fmt.Sprintf("%d days", keptDays)}, {"toll_free", fmt.Sprintf("at least %d days", keptDays)}},
	},
	judgedBy: occurred,
	applies: func(m *matter) bool {
		return isConspicuous(m) && (!keptUntil(m.Facts, breach.PostingStarted).IsZero() || !keptUntil(m.Facts, breach.TollFreeStarted).IsZero())
	},
	evaluate: func(m *matter) []breach.Obligation {
		until := civil.Later(keptUntil(m.Facts, breach.PostingStarted), keptUntil(m.Facts, breach.TollFreeStarted))
		return []breach.Obligation{{
			Recipient: "individuals without a usable address", Form: breach.FormKept, Count: unreachable(m.Tally),
			Trigger: breach.PostingStarted, Clock: fmt.Sprintf("kept for %d days", keptDays), NotBefore: until,
			Why: fmt.Sprintf("the notice is up; it is kept until %s, and done when its end is recorded", until),
		}}
	},
}

// keptDays is how long a conspicuous posting and its number are kept (45 CFR 164.404(d)(2)(ii)).
const keptDays = 90

// keptUntil is the first day on which what began may end; zero when it has not
// begun or, for a notice in the media, need not be kept.
func keptUntil(facts breach.Facts, started string) civil.Date {
	for _, f := range facts {
		if until := f.On.AddDays(keptDays); f.Kind == started && !f.Through.IsZero() && !f.Through.Before(until) {
			return until // kept long enough before it was put up once more
		}
	}
	f, ok := facts.Latest(started, "")
	if !ok || f.Answer == breach.MediaInstead {
		return civil.Date{}
	}
	return f.On.AddDays(keptDays)
}

// keptOn is the day on which the 90 days of everything that had to be kept were
// over, as the recorded ends show; zero while one is missing or too early.
func keptOn(facts breach.Facts) civil.Date {
	var last civil.Date
	for _, p := range []struct{ started, ended string }{
		{breach.PostingStarted, breach.PostingEnded}, {breach.TollFreeStarted, breach.TollFreeEnded},
	} {
		until := keptUntil(facts, p.started)
		if until.IsZero() {
			if f, ok := facts.Latest(p.started, ""); !ok || f.Answer != breach.MediaInstead {
				return civil.Date{} // not begun
			}
			continue
		}
		if facts.On(p.ended, "").Before(until) {
			return civil.Date{}
		}
		last = civil.Later(last, until)
	}
	return last
}

// takenDown warns of what ended before its 90 days.
func takenDown(m *matter) []Warning {
	var warnings []Warning
	if !isConspicuous(m) {
		return nil
	}
	for _, p := range []struct{ started, ended, what string }{
		{breach.PostingStarted, breach.PostingEnded, "posting"}, {breach.TollFreeStarted, breach.TollFreeEnded, "toll-free number"},
	} {
		until, ended := keptUntil(m.Facts, p.started), m.Facts.On(p.ended, "")
		start := m.Facts.On(p.started, "")
		if !until.IsZero() && !ended.Before(start) && ended.Before(until) {
			warnings = append(warnings, Warning{"taken_down_early", fmt.Sprintf(
				"the %s of %s ended on %s, after %d days of %d (45 CFR 164.404(d)(2)(ii)); put it up again and record its start", p.what, start, ended, ended.DaysSince(start), keptDays)})
		}
	}
	return warnings
}
