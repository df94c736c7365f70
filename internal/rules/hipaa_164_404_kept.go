package rules

import (
	"fmt"
	"slices"
	"strings"

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
		Text:     "Once a conspicuous notice is up, the home page keeps it for 90 days and the toll-free number stays active for at least 90, each from its own first day: a posting of April 1 may come down on June 30. Taken down earlier, it has to go up again; a day on which it is known not to have been there counts for none, and it is kept a day longer. A notice printed or broadcast in major media leaves only the number to be kept. It is done when the ends are recorded.",
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
			Why: fmt.Sprintf("the notice is up; it is kept until %s%s, and done when its end is recorded", until, longerBy(m.Facts)),
		}}
	},
}

// longerBy says by how many days a notice is kept longer than 90, "" for none.
func longerBy(facts breach.Facts) string {
	var said []string
	for _, p := range []struct{ started, what string }{{breach.PostingStarted, "the page was not found"}, {breach.TollFreeStarted, "the number was not answered"}} {
		if f, ok := facts.Latest(p.started, ""); ok {
			if _, missed := termOf(facts, f); len(missed) > 0 {
				said = append(said, fmt.Sprintf("%s on %s", p.what, days(len(missed))))
			}
		}
	}
	if len(said) == 0 {
		return ""
	}
	return " (" + strings.Join(said, ", ") + ")"
}

func days(n int) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}

// keptDays is how long a conspicuous posting and its number are kept (45 CFR 164.404(d)(2)(ii)).
const keptDays = 90

// keptUntil is the first day on which what began may end; zero when it has not
// begun or, for a notice in the media, need not be kept.
func keptUntil(facts breach.Facts, started string) civil.Date {
	for _, f := range facts {
		if f.Kind != started || f.Through.IsZero() {
			continue
		}
		if until, _ := termOf(facts, f); !f.Through.Before(until) {
			return until // kept long enough before it was put up once more
		}
	}
	f, ok := facts.Latest(started, "")
	if !ok || f.Answer == breach.MediaInstead {
		return civil.Date{}
	}
	until, _ := termOf(facts, f)
	return until
}

// termOf is the first day on which a posting or number may end that began with the fact:
// the 90 days, and one more for each day on which it is known not to have been there,
// which are missed.
func termOf(facts breach.Facts, began breach.Fact) (until civil.Date, missed []civil.Date) {
	until = began.On.AddDays(keptDays)
	for day := began.On; day.Before(until); day = day.AddDays(1) {
		if wasMissing(facts, began.Kind, day) {
			missed, until = append(missed, day), until.AddDays(1)
		}
	}
	return until, missed
}

// wasMissing reports whether a posting was looked for on a day and not found, without a
// recorded reason why the day counts; and of a number whether the last call up to that
// day, which was recorded on some day, was not answered.
func wasMissing(facts breach.Facts, started string, day civil.Date) bool {
	of := func(f breach.Fact) bool { return f.Covers(day) }
	switch started {
	case breach.PostingStarted:
		return slices.ContainsFunc(facts, func(f breach.Fact) bool { return f.Kind == breach.PostingMissed && of(f) }) &&
			!slices.ContainsFunc(facts, func(f breach.Fact) bool { return f.Kind == breach.PostingGap && of(f) })
	case breach.TollFreeStarted:
		before, after := aroundCall(facts, day)
		return before.Answer == string(breach.No) && (before.On == day || !after.On.IsZero())
	}
	return false
}

// aroundCall is the last call to the number up to a day and the first one after it.
func aroundCall(facts breach.Facts, day civil.Date) (before, after breach.Fact) {
	for _, f := range facts {
		switch {
		case f.Kind != breach.TollFreeTested:
		case !f.On.After(day):
			if before.On.IsZero() || !f.On.Before(before.On) {
				before = f
			}
		case after.On.IsZero() || f.On.Before(after.On):
			after = f
		}
	}
	return before, after
}

// Unanswered is the call to the toll-free number, the last one recorded, that nobody
// answered; ok is false where it was answered or none is recorded.
func Unanswered(facts breach.Facts) (call breach.Fact, ok bool) {
	call, _ = aroundCall(facts, facts.On(breach.TollFreeTested, ""))
	return call, call.Answer == string(breach.No)
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
		if facts.On(p.ended, "").Before(until) || p.started == breach.TollFreeStarted && stillUnanswered(facts, until) {
			return civil.Date{}
		}
		last = civil.Later(last, until)
	}
	return last
}

// stillUnanswered: the last call to the number before its days were over was not answered.
func stillUnanswered(facts breach.Facts, until civil.Date) bool {
	before, _ := aroundCall(facts, until.AddDays(-1))
	return before.Answer == string(breach.No)
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
			there, not := ended.DaysSince(start), ""
			if f, _ := m.Facts.Latest(p.started, ""); f.On == start {
				_, missed := termOf(m.Facts, f)
				missed = slices.DeleteFunc(missed, func(day civil.Date) bool { return !day.Before(ended) })
				if n := len(missed); n > 0 {
					there, not = there-n, fmt.Sprintf(", and was not there on %s", days(n))
				}
			}
			warnings = append(warnings, Warning{"taken_down_early", fmt.Sprintf(
				"the %s of %s ended on %s, after %d days of %d%s (45 CFR 164.404(d)(2)(ii)); put it up again and record its start", p.what, start, ended, there, keptDays, not)})
		}
	}
	return warnings
}
