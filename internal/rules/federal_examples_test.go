package rules_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/rules"
)

// recorded adds a fact with everything it may say.
func recorded(f breach.Fact) func(*rules.Subject) {
	return func(s *rules.Subject) { s.Facts = append(s.Facts, f) }
}

func reportOf(on string, count int, estimate bool) func(*rules.Subject) {
	return recorded(breach.Fact{Kind: breach.HHSFiled, On: day(on), Count: count, Estimate: estimate})
}

func addendum(on string, count int, estimate bool) func(*rules.Subject) {
	return recorded(breach.Fact{Kind: breach.HHSAddendum, On: day(on), Count: count, Estimate: estimate})
}

func agency(answer string) func(*rules.Subject) {
	return recorded(breach.Fact{Kind: breach.AgencyDetermined, On: day("2026-04-01"), Answer: answer})
}

func practice(change func(*breach.Practice)) func(*rules.Subject) {
	return func(s *rules.Subject) { change(&s.Practice) }
}

func incident(change func(*breach.Incident)) func(*rules.Subject) {
	return func(s *rules.Subject) { change(&s.Incident) }
}

func residents(n int, of ...any) func(*rules.Subject) {
	return func(s *rules.Subject) { s.Tally = tally(n, of...) }
}

func facility(p *breach.Practice) { p.CALicensedFacility = breach.Yes }

// TestExamplesFromTheText goes through examples that follow from the text of
// the regulation, named by its paragraph or by the correction (C1 to C20) that
// settled how to read it. Each says in one line what must come out: the
// obligations as kind/form@due or a warning's code with "!".
func TestExamplesFromTheText(t *testing.T) {
	t.Parallel()
	const d0, d60 = "2026-03-16", "2026-05-15"
	noAgent := practice(func(p *breach.Practice) { p.Agent = breach.No })
	for _, c := range []struct {
		from, name string
		people     int
		with       []func(*rules.Subject)
		want       string // every line must come out
		not        string // none may
	}{
		{"164.404(b)", "the day of discovery is day 0", 1, nil, "individual_notice@" + d60, ""},
		{"164.404(d)(3)", "urgency adds a telephone call and takes no letter away", 40, []func(*rules.Subject){incident(func(i *breach.Incident) { i.ImminentMisuse = breach.Yes })}, "individual_notice@" + d60 + " !urgent_notice", ""},
		{"164.404(d)(3)", "no urgency, no word of it", 40, nil, "", "!urgent_notice"},
		{"164.404(d)(2)", "nobody unreachable", 40, []func(*rules.Subject){unreachable(0, 0)}, "", "substitute_notice"},
		{"164.404(d)(2)(i)", "one unreachable", 40, []func(*rules.Subject){unreachable(1, 0)}, "substitute_notice/alternative@" + d60, ""},
		{"C4: 164.404(d)", "substitute notice is inside the same 60 days", 40, []func(*rules.Subject){unreachable(10, 0)}, "substitute_notice/conspicuous@" + d60, ""},
		{"164.404(d)(2)", "eleven of whom two are the dead's kin are nine", 40, []func(*rules.Subject){unreachable(11, 2)}, "substitute_notice/alternative@" + d60, "substitute_notice/conspicuous"},
		{"164.404(d)(2)", "eleven of whom one is kin are ten", 40, []func(*rules.Subject){unreachable(11, 1)}, "substitute_notice/conspicuous@" + d60, ""},
		{"C5: 164.404(d)(2)(ii)", "once it is up it is kept", 40, []func(*rules.Subject){unreachable(10, 0), fact(breach.PostingStarted, "2026-04-01")}, "substitute_notice/conspicuous@" + d60 + " substitute_notice/kept@", ""},
		{"164.404(d)(2)(i)", "an alternative notice has nothing to keep", 40, []func(*rules.Subject){unreachable(9, 0), fact(breach.PostingStarted, "2026-04-01")}, "", "substitute_notice/kept"},
		{"C5: 164.404(d)(2)(ii)(A)", "taken down after 89 days", 40, []func(*rules.Subject){unreachable(10, 0), fact(breach.PostingStarted, "2026-04-01"), fact(breach.PostingEnded, "2026-06-29")}, "!taken_down_early", ""},
		{"C5: 164.404(d)(2)(ii)(A)", "taken down after 90", 40, []func(*rules.Subject){unreachable(10, 0), fact(breach.PostingStarted, "2026-04-01"), fact(breach.PostingEnded, "2026-06-30")}, "", "!taken_down_early"},
		{"T31", "the number is kept for at least 90 as well", 40, []func(*rules.Subject){unreachable(10, 0), fact(breach.TollFreeStarted, "2026-04-01"), fact(breach.TollFreeEnded, "2026-05-01")}, "!taken_down_early", ""},
		{"164.406(a)", "501 residents of one of three States", 900, []func(*rules.Subject){residents(900, "TX", 501, "OK", 200, "AR", 199)}, "media_notice/TX@" + d60, "media_notice/OK media_notice/AR"},
		{"160.103 State (2)", "501 in Puerto Rico", 501, []func(*rules.Subject){residents(501, "PR", 501)}, "media_notice/PR@" + d60, ""},
		{"160.103 State (2)", "501 in American Samoa", 501, []func(*rules.Subject){residents(501, "AS", 501)}, "media_notice/AS@" + d60, ""},
		{"160.103 State (2)", "501 at military addresses are residents of no State", 501, []func(*rules.Subject){func(s *rules.Subject) { s.Tally = tally(501); s.Tally.UnknownResidence = 501 }}, "hhs_notice/immediate@" + d60 + " !unknown_residence", "media_notice"},
		{"C3: 160.103 State (1)", "a federal plan's State is counsel's to say", 501, []func(*rules.Subject){practice(func(p *breach.Practice) { p.FederalPlan = breach.Yes })}, "media_notice/TX@" + d60 + " !federal_plan_state", ""},
		{"164.404(a), 164.410(a)", "whose records they are is not settled", 1, []func(*rules.Subject){practice(func(p *breach.Practice) { p.Ownership = breach.OwnershipUnresolved })}, "individual_notice@" + d60 + " !needs_counsel", ""},
		{"164.404(a), 164.410(a)", "whose records they are is settled", 1, []func(*rules.Subject){practice(func(p *breach.Practice) { p.Ownership = breach.OwnershipSettled })}, "", "!needs_counsel"},
		{"C3: 160.103 State (2)", "any other plan has the 56", 501, []func(*rules.Subject){practice(func(p *breach.Practice) { p.FederalPlan = breach.No })}, "", "!federal_plan_state"},
		{"C1: 164.408(b)", "letters on day 20 call for HHS on day 20", 500, []func(*rules.Subject){fact(breach.LettersMailed, "2026-04-05")}, "hhs_notice/immediate@2026-04-05", ""},
		{"C1: 164.408(b)", "letters day 20, HHS day 58: flagged", 500, []func(*rules.Subject){fact(breach.LettersMailed, "2026-04-05"), fact(breach.HHSFiled, "2026-05-13")}, "!hhs_not_with_letters", ""},
		{"C1: 164.408(b)", "HHS a day before the letters: flagged too", 500, []func(*rules.Subject){fact(breach.LettersMailed, "2026-04-05"), fact(breach.HHSFiled, "2026-04-04")}, "!hhs_not_with_letters", ""},
		{"C1: 164.408(c)", "fewer than 500 need not go together", 499, []func(*rules.Subject){fact(breach.LettersMailed, "2026-04-05"), fact(breach.HHSFiled, "2026-05-13")}, "hhs_notice/annual_log@2027-03-01", "!hhs_not_with_letters"},
		{"164.408(c)", "discovered on the last day of a year before a leap year", 499, []func(*rules.Subject){incident(func(i *breach.Incident) { i.Discovered = day("2027-12-31") })}, "hhs_notice/annual_log@2028-02-29", ""},
		{"HHS instructions", "an estimate of 501 is followed by an addendum", 600, []func(*rules.Subject){reportOf("2026-04-05", 501, true)}, "hhs_notice/addendum@", ""},
		{"HHS instructions", "the number that is there needs none", 600, []func(*rules.Subject){reportOf("2026-04-05", 600, false)}, "", "hhs_notice/addendum"},
		{"HHS instructions", "a number nobody recorded says nothing", 600, []func(*rules.Subject){reportOf("2026-04-05", 0, false)}, "", "hhs_notice/addendum"},
		{"164.408(b)", "499 told, 512 found: the report is owed and so is its addendum", 512, []func(*rules.Subject){reportOf("2026-04-05", 499, false)}, "hhs_notice/immediate@" + d60 + " hhs_notice/addendum@", "hhs_notice/annual_log"},
		{"164.408", "600 told, 590 found: pointed out, not owed", 590, []func(*rules.Subject){reportOf("2026-04-05", 600, false)}, "!hhs_told_more", "hhs_notice/addendum"},
		{"164.410(a)(2)", "a contractor's practice that was told: its own 60 days", 40, []func(*rules.Subject){noAgent, fact(breach.PracticeNotified, "2026-04-01")}, "individual_notice@2026-05-31 covered_entity_notice@" + d60, ""},
		{"164.404(a)(2)", "found to be an agent after all: the earlier day", 40, []func(*rules.Subject){noAgent, fact(breach.PracticeNotified, "2026-04-01"), agency("yes")}, "individual_notice@" + d60, ""},
		{"164.404(a)(2)", "found to be none after all: the day it was told", 40, []func(*rules.Subject){fact(breach.PracticeNotified, "2026-04-01"), agency("no")}, "individual_notice@2026-05-31", ""},
		{"164.404(a)(2)", "found to be none and not told: no day yet", 40, []func(*rules.Subject){agency("no")}, "individual_notice@", ""},
		{"C15: 164.404(a)(2)", "a volunteer knew the day before", 40, []func(*rules.Subject){incident(func(i *breach.Incident) {
			i.Knowledge = []breach.Knowledge{{Who: "A volunteer", Relation: breach.Workforce, KnewOn: day("2026-03-15")}}
		})}, "!discovered_earlier", ""},
		{"164.410(a)(2)", "the wrongdoer's knowledge is nobody's", 40, []func(*rules.Subject){incident(func(i *breach.Incident) {
			i.Knowledge = []breach.Knowledge{{Who: "The intruder", Relation: breach.Wrongdoer, KnewOn: day("2026-01-01")}}
		})}, "", "!discovered_earlier"},
		{"C16: 160.103 business associate (3)(iii)", "a subcontractor that is an agent knew the day before", 40, []func(*rules.Subject){incident(func(i *breach.Incident) {
			i.Knowledge = []breach.Knowledge{{Who: "Example Hosting", Relation: breach.Subcontractor, Agent: breach.Yes, KnewOn: day("2026-03-15"), ToldOn: day(d0)}}
		})}, "!discovered_earlier", ""},
		{"C16: 160.103 business associate (3)(iii)", "one that is none told on the day", 40, []func(*rules.Subject){incident(func(i *breach.Incident) {
			i.Knowledge = []breach.Knowledge{{Who: "Example Hosting", Relation: breach.Subcontractor, Agent: breach.No, KnewOn: day("2026-03-15"), ToldOn: day(d0)}}
		})}, "", "!discovered_earlier"},
		{"C6: 164.103", "an insurer's request holds nothing on its own word", 40, []func(*rules.Subject){hold("oral", "2026-03-20", ""), incident(func(i *breach.Incident) { i.Holds[0].Agency = "Example Insurance Co., Inc." })}, "!hold_not_law_enforcement", ""},
		{"C6: 164.103", "a sheriff is not doubted", 40, []func(*rules.Subject){hold("oral", "2026-03-20", ""), incident(func(i *breach.Incident) { i.Holds[0].Agency = "Lincoln County Sheriff's Office" })}, "", "!hold_not_law_enforcement"},
		{"C7: 164.412", "held days are never added", 40, []func(*rules.Subject){hold("written", "2026-03-20", "2026-04-20")}, "individual_notice@" + d60, ""},
		{"C18", "FIPS 140-2 on the last day of its certificates", 40, []func(*rules.Subject){secured(breach.Encrypted, "FIPS 140-2", breach.No), incident(func(i *breach.Incident) { i.Occurred.To = day("2026-09-21") })}, "", "!fips_140_2_historical"},
		{"C18", "FIPS 140-2 the day after", 40, []func(*rules.Subject){secured(breach.Encrypted, "FIPS 140-2", breach.No), incident(func(i *breach.Incident) { i.Occurred.To = day("2026-09-22") })}, "!fips_140_2_historical", "individual_notice"},
		{"164.402 guidance", "keys nobody is sure about", 40, []func(*rules.Subject){secured(breach.Encrypted, "NIST SP 800-111", breach.Unknown)}, "individual_notice@" + d60 + " !not_secured", ""},
		{"164.402 guidance", "redaction is not destruction", 40, []func(*rules.Subject){secured(breach.Destroyed, "redacted", breach.Unknown)}, "individual_notice@" + d60 + " !not_secured", ""},
		{"C19", "no word, no other clock", 40, nil, "individual_notice@" + d60, "!clock_override"},
		{"C19", "counted from the day the information came, on somebody's word", 501, []func(*rules.Subject){recorded(breach.Fact{Kind: breach.ClockOverride, On: day("2026-06-20"), Reference: "OCR FAQ of 2024-05-31"})}, "individual_notice@2026-08-19 media_notice/TX@2026-08-19 hhs_notice/immediate@2026-08-19 covered_entity_notice@" + d60 + " !clock_override", ""},
		{"C19", "a word that is earlier than discovery moves nothing", 40, []func(*rules.Subject){recorded(breach.Fact{Kind: breach.ClockOverride, On: day("2026-03-01"), Reference: "a slip"})}, "individual_notice@" + d60, "!clock_override"},
		{"C19", "the year of discovery stays the year of discovery", 40, []func(*rules.Subject){recorded(breach.Fact{Kind: breach.ClockOverride, On: day("2027-01-20"), Reference: "a statement"})}, "hhs_notice/annual_log@2027-03-01", ""},
		{"C2: 164.105(b)", "an affiliated entity passes the line together", 200, []func(*rules.Subject){inGroup("P1", 501)}, "hhs_notice/immediate@" + d60 + " media_notice/TX@" + d60, ""},
		{"T57", "a Part 2 program's estimate wants its own addendum", 700, []func(*rules.Subject){part2(breach.Yes, 700), recorded(breach.Fact{Kind: breach.HHSFiled, Jurisdiction: breach.Part2, On: day("2026-04-05"), Count: 500, Estimate: true})}, "hhs_notice/addendum@", ""},
		{"Cal. H&S 1280.15(b)", "15 business days, whatever the number", 1, []func(*rules.Subject){practice(facility)}, "facility_notice/department/CA@2026-04-06 facility_notice/patient/CA@2026-04-06", ""},
		{"Cal. H&S 1280.15(b)", "across Thanksgiving", 1, []func(*rules.Subject){practice(facility), incident(func(i *breach.Incident) { i.Discovered = day("2026-11-24") })}, "facility_notice/department/CA@2026-12-16", ""},
		{"Cal. H&S 1280.15", "another State's hospital", 1, nil, "", "facility_notice"},
		{"Cal. H&S 1280.15(c)", "15 business days after a hold's end", 1, []func(*rules.Subject){practice(facility), hold("oral", "2026-03-20", "")}, "facility_notice/department/CA@2026-05-08", ""},
		{"Cal. H&S 1280.15(c)", "a written request holds at most 60 days", 1, []func(*rules.Subject){practice(facility), hold("written", "2026-03-20", "2026-12-31")}, "facility_notice/patient/CA@2026-06-10 individual_notice@2026-12-31", ""},
		{"Cal. H&S 1280.15", "a hold on the letters does not reach the department", 1, []func(*rules.Subject){practice(facility), hold("oral", "2026-03-20", "", "individual")}, "facility_notice/department/CA@2026-04-06 facility_notice/patient/CA@2026-05-08", ""},
		{"22 CCR 79901", "what HIPAA excludes California decides by itself", 1, []func(*rules.Subject){practice(facility), incident(func(i *breach.Incident) { i.Exclusion, i.ExclusionReason = breach.NotRetained, "returned unopened" })}, "!ca_facility_own_test", "facility_notice"},
		{"Wash. OIC", "an insurer with one resident of Washington", 40, []func(*rules.Subject){residents(40, "WA", 1, "TX", 39), practice(func(p *breach.Practice) { p.Insurer = breach.Yes })}, "regulator_notice/WA@2026-03-18", ""},
		{"Wash. OIC", "an insurer with none", 40, []func(*rules.Subject){practice(func(p *breach.Practice) { p.Insurer = breach.Yes })}, "", "regulator_notice/WA"},
		{"16 CFR 318", "records kept outside HIPAA are pointed out", 40, []func(*rules.Subject){incident(func(i *breach.Incident) { i.Entity.PersonalHealthRecords = breach.Yes })}, "!ftc_318", ""},
	} {
		t.Run(c.from+": "+c.name, func(t *testing.T) {
			t.Parallel()
			d := decide(subject(d0, c.people, c.with...))
			var lines []string
			for i, b := range brief(d) {
				lines = append(lines, b+"@"+d.Obligations[i].Due.String())
			}
			for _, code := range codes(d) {
				lines = append(lines, "!"+code)
			}
			for _, want := range strings.Fields(c.want) {
				require.Contains(t, lines, want)
			}
			for _, not := range strings.Fields(c.not) {
				require.False(t, slices.ContainsFunc(lines, func(line string) bool { return strings.HasPrefix(line, not) }), "%s in %v", not, lines)
			}
		})
	}
}

func TestWhatLowersConfidence(t *testing.T) {
	t.Parallel()
	plain := decide(subject("2026-03-16", 501))
	for _, o := range plain.Obligations {
		require.Equal(t, breach.Verified, o.Confidence, o.Rule)
	}
	moved := decide(subject("2026-03-16", 501, recorded(breach.Fact{Kind: breach.ClockOverride, On: day("2026-04-01"), Reference: "a statement"})))
	require.Equal(t, breach.Unverified, only(t, moved, breach.IndividualNotice).Confidence)
	require.Equal(t, breach.Unverified, only(t, moved, breach.HHSNotice).Confidence)
	require.Equal(t, breach.Verified, only(t, moved, breach.CoveredEntityNotice).Confidence)
	federal := decide(subject("2026-03-16", 501, practice(func(p *breach.Practice) { p.FederalPlan = breach.Yes })))
	require.Equal(t, breach.Unverified, only(t, federal, breach.MediaNotice).Confidence)
	require.Equal(t, breach.Verified, only(t, federal, breach.HHSNotice).Confidence)
}

func TestAnotherClockOfACountingEntityIsTheFirstOfItsPractices(t *testing.T) {
	t.Parallel()
	word := recorded(breach.Fact{Kind: breach.ClockOverride, On: day("2026-06-20"), Reference: "a statement"})
	together := decide(subject("2026-03-16", 200, word, inGroup("P1", 600, rules.Peer{Key: "P2", Discovered: day("2026-03-16")})))
	require.Equal(t, day("2026-05-15"), only(t, together, breach.HHSNotice).Due, "P2's clock runs from discovery")
	require.Equal(t, day("2026-08-19"), only(t, together, breach.IndividualNotice).Due)
	both := decide(subject("2026-03-16", 200, word, inGroup("P1", 600, rules.Peer{Key: "P2", Discovered: day("2026-03-16"), Clock: day("2026-06-18"), ClockSource: "another"})))
	require.Equal(t, day("2026-08-17"), only(t, both, breach.HHSNotice).Due)
	require.Contains(t, only(t, both, breach.HHSNotice).Why, "counted from 2026-06-18 on the word of another")
}

// TestTheNinetyDaysAreDoneWhenTheirEndsAreRecorded: T31, C5.
func TestTheNinetyDaysAreDoneWhenTheirEndsAreRecorded(t *testing.T) {
	t.Parallel()
	f := func(kind, on, answer string) breach.Fact { return breach.Fact{Kind: kind, On: day(on), Answer: answer} }
	posted, number := f(breach.PostingStarted, "2026-04-01", ""), f(breach.TollFreeStarted, "2026-04-02", "")
	media := f(breach.PostingStarted, "2026-04-01", breach.MediaInstead)
	for _, c := range []struct {
		name  string
		facts breach.Facts
		want  string
	}{
		{"both up", breach.Facts{posted, number}, ""},
		{"the posting alone is over", breach.Facts{posted, number, f(breach.PostingEnded, "2026-06-30", "")}, ""},
		{"both over, the number on its 90th day", breach.Facts{posted, number, f(breach.PostingEnded, "2026-06-30", ""), f(breach.TollFreeEnded, "2026-07-01", "")}, "2026-07-01"},
		{"the number a day short", breach.Facts{posted, number, f(breach.PostingEnded, "2026-06-30", ""), f(breach.TollFreeEnded, "2026-06-30", "")}, ""},
		{"both kept longer than they must be", breach.Facts{posted, number, f(breach.PostingEnded, "2026-09-01", ""), f(breach.TollFreeEnded, "2026-12-01", "")}, "2026-07-01"},
		{"printed in the paper: the number alone is kept", breach.Facts{media, number, f(breach.TollFreeEnded, "2026-07-01", "")}, "2026-07-01"},
		{"printed in the paper, the number not begun", breach.Facts{media}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := subject("2026-03-16", 40, unreachable(10, 0))
			s.Facts = c.facts
			for _, o := range all(decide(s), breach.SubstituteNotice) {
				if o.Form == breach.FormKept {
					settled, _ := rules.Settled(o, rules.Progress{Discovered: s.Incident.Discovered, Facts: s.Facts})
					require.Equal(t, c.want, settled.On.String())
					require.Equal(t, []rules.Reminder{{Name: "90 days are over", On: o.NotBefore}}, rules.Reminders(o, s.Incident.Discovered, s.Facts))
					return
				}
			}
			require.Empty(t, c.want)
		})
	}
}

func TestAnEstimateIsOpenUntilTheFinalNumber(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		with []func(*rules.Subject)
		want string
	}{
		{"501 by estimate", []func(*rules.Subject){reportOf("2026-04-05", 501, true)}, ""},
		{"another estimate", []func(*rules.Subject){reportOf("2026-04-05", 501, true), addendum("2026-04-20", 550, true)}, ""},
		{"an addendum from before the report", []func(*rules.Subject){reportOf("2026-04-05", 501, true), addendum("2026-04-04", 600, false)}, ""},
		{"the final number", []func(*rules.Subject){reportOf("2026-04-05", 501, true), addendum("2026-04-20", 600, false)}, "2026-04-20"},
		{"the final number, and then a list that adds to it", []func(*rules.Subject){reportOf("2026-04-05", 501, true), addendum("2026-04-20", 599, false)}, ""},
		{"told without an estimate, one more found", []func(*rules.Subject){reportOf("2026-04-05", 599, false)}, ""},
		{"told without an estimate, one more found and added", []func(*rules.Subject){reportOf("2026-04-05", 599, false), addendum("2026-05-01", 600, false)}, "2026-05-01"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := subject("2026-03-16", 600, c.with...)
			reports := all(decide(s), breach.HHSNotice)
			require.Len(t, reports, 2)
			o := reports[1]
			require.Equal(t, breach.FormAddendum, o.Form)
			require.True(t, o.Due.IsZero(), "no text sets a day for it")
			settled, _ := rules.Settled(o, rules.Progress{Discovered: s.Incident.Discovered, Facts: s.Facts})
			require.Equal(t, c.want, settled.On.String())
			require.Equal(t, []rules.Reminder{{"30 days after the report", day("2026-05-05")}, {"60 days after the report", day("2026-06-04")}},
				rules.Reminders(o, s.Incident.Discovered, s.Facts))
			filed, _ := rules.Settled(reports[0], rules.Progress{Discovered: s.Incident.Discovered, Facts: s.Facts})
			require.Equal(t, day("2026-04-05"), filed.On, "the report itself was made")
		})
	}
}
