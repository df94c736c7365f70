package rules_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/rules"
)

func day(s string) civil.Date {
	if s == "" {
		return civil.Date{}
	}
	return civil.MustParse(s)
}

// subject is a practice with n people in Texas, discovered and occurred on the
// day, whose business associate is its agent and whose answers are all given.
func subject(discovered string, n int, change ...func(*rules.Subject)) rules.Subject {
	s := rules.Subject{
		Incident: breach.Incident{
			ID:         "EX-1",
			Entity:     breach.Entity{Name: "Example Health Cloud, Inc.", Role: breach.BusinessAssociate},
			Occurred:   breach.Span{From: day(discovered), To: day(discovered)},
			Discovered: day(discovered),
		},
		Practice: breach.Practice{
			Key: "P1", LegalName: "Example Clinic", Agent: breach.Yes, BAANoticeDays: 60, Delegation: breach.DelegateAll,
		},
		Tally: tally(n, "TX", n),
	}
	for _, c := range change {
		c(&s)
	}
	return s
}

// tally counts n people and, in pairs, residents by State.
func tally(n int, residents ...any) breach.Tally {
	t := breach.Tally{People: n, Residents: map[string]int{}, Classes: map[breach.DataClass]int{"name": n}}
	for i := 0; i < len(residents); i += 2 {
		if c := residents[i+1].(int); c > 0 {
			t.Residents[residents[i].(string)] = c
		}
	}
	return t
}

func decide(s rules.Subject) rules.Decision { return rules.Current().Decide(s) }

// only returns the single obligation of the kind.
func only(t *testing.T, d rules.Decision, kind string) breach.Obligation {
	t.Helper()
	found := all(d, kind)
	require.Len(t, found, 1, "%s in %v", kind, brief(d))
	return found[0]
}

func all(d rules.Decision, kind string) []breach.Obligation {
	var found []breach.Obligation
	for _, o := range d.Obligations {
		if o.Kind == kind {
			found = append(found, o)
		}
	}
	return found
}

// brief lists the obligations as kind/form/jurisdiction.
func brief(d rules.Decision) []string {
	list := []string{}
	for _, o := range d.Obligations {
		s := o.Kind
		if o.Form != "" {
			s += "/" + o.Form
		}
		if o.Jurisdiction != "US" {
			s += "/" + o.Jurisdiction
		}
		list = append(list, s)
	}
	return list
}

func codes(d rules.Decision) []string {
	list := []string{}
	for _, w := range d.Warnings {
		list = append(list, w.Code)
	}
	return list
}

func hold(kind, stated, until string, covers ...string) func(*rules.Subject) {
	return func(s *rules.Subject) {
		s.Incident.Holds = append(s.Incident.Holds, breach.Hold{
			Kind: kind, StatedOn: day(stated), Until: day(until), Official: "Special Agent Example", Agency: "FBI", Covers: covers,
		})
	}
}

func fact(kind, on string) func(*rules.Subject) {
	return func(s *rules.Subject) { s.Facts = append(s.Facts, breach.Fact{Kind: kind, On: day(on)}) }
}

func unreachable(n, kin int) func(*rules.Subject) {
	return func(s *rules.Subject) { s.Tally.NoUsableAddress, s.Tally.NoUsableAddressKin = n, kin }
}

// TestExamplesOfTheFactBase goes through the federal examples of the legal fact
// base by their numbers.
func TestExamplesOfTheFactBase(t *testing.T) {
	t.Parallel()
	t.Run("T01: 200 each in VA, MD and DC: HHS at once, no media", func(t *testing.T) {
		t.Parallel()
		d := decide(subject("2026-03-16", 600, func(s *rules.Subject) { s.Tally = tally(600, "VA", 200, "MD", 200, "DC", 200) }))
		require.Equal(t, []string{"covered_entity_notice", "individual_notice", "hhs_notice/immediate"}, brief(d))
		require.Equal(t, breach.Obligation{
			Rule: "hipaa.164.404.individual", Kind: "individual_notice", Regime: "hipaa", Jurisdiction: "US",
			Recipient: "affected individuals", Count: 600, Trigger: "discovered", Clock: "60 calendar days",
			Due: day("2026-05-15"), Citation: "45 CFR 164.404(b)", Why: "600 people; discovered 2026-03-16", Confidence: "verified",
		}, only(t, d, breach.IndividualNotice), "the contract's example, word for word")
	})
	t.Run("T04: 500 in TX: HHS at once, no media", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, []string{"covered_entity_notice", "individual_notice", "hhs_notice/immediate"}, brief(decide(subject("2026-03-16", 500))))
	})
	t.Run("T09: day 60 from New Year's Day is March 2", func(t *testing.T) {
		t.Parallel()
		d := decide(subject("2026-01-01", 501))
		for _, o := range d.Obligations {
			require.Equal(t, day("2026-03-02"), o.Due, o.Rule)
		}
		require.Equal(t, []string{"covered_entity_notice", "individual_notice", "media_notice/TX", "hhs_notice/immediate"}, brief(d))
	})
	t.Run("T13: 40 people in 2023 are logged by leap day", func(t *testing.T) {
		t.Parallel()
		for _, on := range []string{"2023-01-01", "2023-07-04", "2023-12-31"} {
			require.Equal(t, day("2024-02-29"), only(t, decide(subject(on, 40)), breach.HHSNotice).Due, on)
		}
	})
	t.Run("T17: the year of discovery governs, not of occurrence", func(t *testing.T) {
		t.Parallel()
		d := decide(subject("2024-01-05", 40, func(s *rules.Subject) {
			s.Incident.Occurred = breach.Span{From: day("2023-12-20"), To: day("2023-12-20")}
		}))
		require.Equal(t, day("2025-03-01"), only(t, d, breach.HHSNotice).Due)
	})
	t.Run("T22: an agent's discovery is the practice's", func(t *testing.T) {
		t.Parallel()
		d := decide(subject("2026-02-01", 40, func(s *rules.Subject) { s.Practice.NotifiedOn = day("2026-03-15") }))
		require.Equal(t, day("2026-02-01"), d.Discovered)
		require.Equal(t, day("2026-04-02"), only(t, d, breach.IndividualNotice).Due)
	})
	t.Run("T23: a contractor's practice discovers when it is told", func(t *testing.T) {
		t.Parallel()
		d := decide(subject("2026-02-01", 40, func(s *rules.Subject) {
			s.Practice.Agent, s.Practice.NotifiedOn = breach.No, day("2026-03-15")
		}))
		require.Equal(t, day("2026-03-15"), d.Discovered)
		require.Equal(t, day("2026-05-14"), only(t, d, breach.IndividualNotice).Due)
		require.Equal(t, day("2026-04-02"), only(t, d, breach.CoveredEntityNotice).Due)
	})
	t.Run("T25: an oral statement ends after 30 days and adds none", func(t *testing.T) {
		t.Parallel()
		o := only(t, decide(subject("2026-02-15", 40, hold("oral", "2026-03-10", ""))), breach.IndividualNotice)
		require.Equal(t, day("2026-04-16"), o.Due)
		require.Equal(t, day("2026-04-09"), o.NotBefore)
	})
	t.Run("T28: 9 without a usable address", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, breach.FormAlternative, only(t, decide(subject("2026-03-16", 40, unreachable(9, 0))), breach.SubstituteNotice).Form)
	})
	t.Run("T29: 10 without a usable address", func(t *testing.T) {
		t.Parallel()
		o := only(t, decide(subject("2026-03-16", 40, unreachable(10, 0))), breach.SubstituteNotice)
		require.Equal(t, breach.FormConspicuous, o.Form)
		require.Equal(t, 10, o.Count)
		require.Equal(t, day("2026-05-15"), o.Due)
	})
	t.Run("T33: next of kin never count", func(t *testing.T) {
		t.Parallel()
		require.Empty(t, all(decide(subject("2026-03-16", 40, unreachable(12, 12))), breach.SubstituteNotice))
		o := only(t, decide(subject("2026-03-16", 40, unreachable(12, 3))), breach.SubstituteNotice)
		require.Equal(t, breach.FormAlternative, o.Form)
		require.Equal(t, 9, o.Count)
	})
	t.Run("T42: opened by mistake among authorized people", func(t *testing.T) {
		t.Parallel()
		d := decide(subject("2026-03-16", 1, func(s *rules.Subject) {
			s.Incident.Exclusion, s.Incident.ExclusionReason = breach.GoodFaithWorkforce, "Billing opened a misdirected e-mail, told the nurse, deleted it."
		}))
		require.False(t, d.Notifiable)
		require.Equal(t, "excluded: good_faith_workforce (45 CFR 164.402, breach, (1)(i))", d.Reason)
		require.Empty(t, d.Obligations)
	})
	t.Run("T50: encrypted to NIST SP 800-111, key elsewhere", func(t *testing.T) {
		t.Parallel()
		d := decide(subject("2026-03-16", 700, secured(breach.Encrypted, "NIST SP 800-111", breach.No)))
		require.False(t, d.Notifiable)
		require.Equal(t, "secured: encrypted, NIST SP 800-111, keys not compromised", d.Reason)
		require.Empty(t, d.Warnings)
	})
	t.Run("T57: a Part 2 program files two reports", func(t *testing.T) {
		t.Parallel()
		d := decide(subject("2026-03-16", 700, part2(breach.Yes, 700)))
		reports := all(d, breach.HHSNotice)
		require.Len(t, reports, 2)
		require.Equal(t, []string{"hipaa", "part2"}, []string{reports[0].Regime, reports[1].Regime})
		for _, r := range reports {
			require.Equal(t, breach.FormImmediate, r.Form)
			require.Equal(t, day("2026-05-15"), r.Due)
			require.Equal(t, 700, r.Count)
		}
	})
}

func secured(how, standard string, keys breach.YesNo) func(*rules.Subject) {
	return func(s *rules.Subject) {
		s.Incident.DataSecurity, s.Incident.DataSecurityStandard, s.Incident.KeysCompromised = how, standard, keys
	}
}

func part2(program breach.YesNo, records int) func(*rules.Subject) {
	return func(s *rules.Subject) {
		s.Practice.Part2Program = program
		s.Tally.Classes["substance_use_disorder"] = records
	}
}

func TestLinesAreOneBelowOnAndAbove(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		people int
		want   []string
	}{
		{"nobody", 0, []string{}},
		{"one person", 1, []string{"covered_entity_notice", "individual_notice", "hhs_notice/annual_log"}},
		{"499: one below both lines", 499, []string{"covered_entity_notice", "individual_notice", "hhs_notice/annual_log"}},
		{"500: HHS's line is reached, the media's is not passed", 500, []string{"covered_entity_notice", "individual_notice", "hhs_notice/immediate"}},
		{"501: more than 500 of one State", 501, []string{"covered_entity_notice", "individual_notice", "media_notice/TX", "hhs_notice/immediate"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, brief(decide(subject("2026-03-16", c.people))))
		})
	}
}

func TestMediaIsPerStateAndTerritory(t *testing.T) {
	t.Parallel()
	d := decide(subject("2026-03-16", 2005, func(s *rules.Subject) {
		s.Tally = tally(2005, "TX", 501, "DC", 502, "PR", 501, "MP", 501)
	}))
	media := all(d, breach.MediaNotice)
	require.Len(t, media, 4)
	require.Equal(t, "DC", media[0].Jurisdiction, "in the order of State codes")
	require.Equal(t, 502, media[0].Count)
	require.Equal(t, "prominent media outlets serving Puerto Rico", media[2].Recipient)
	ids := map[string]bool{}
	for _, o := range d.Obligations {
		require.False(t, ids[o.ID()], "ID %s twice", o.ID())
		ids[o.ID()] = true
	}
}

func TestDaySixtyDoesNotRoll(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, discovered, due string }{
		{"due on a Saturday", "2026-03-17", "2026-05-16"},
		{"due on a Sunday", "2026-03-18", "2026-05-17"},
		{"due on Memorial Day", "2026-03-26", "2026-05-25"},
		{"across a leap day", "2024-01-01", "2024-03-01"},
		{"due on a leap day", "2023-12-31", "2024-02-29"},
		{"without a leap day", "2025-01-01", "2025-03-02"},
		{"across the end of a year", "2026-12-01", "2027-01-30"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, day(c.due), only(t, decide(subject(c.discovered, 501)), breach.MediaNotice).Due)
		})
	}
}

func TestAnnualLogAtYearEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, discovered, due string }{
		{"last day of a year", "2026-12-31", "2027-03-01"},
		{"first day of the next", "2027-01-01", "2028-02-29"},
		{"due on a Saturday does not roll", "2019-06-01", "2020-02-29"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, day(c.due), only(t, decide(subject(c.discovered, 499)), breach.HHSNotice).Due)
		})
	}
}

func TestWindowJudgedByTheIncidentsOwnDates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, from, to string
		notifiable     bool
	}{
		{"over the day before", "2009-09-22", "2009-09-22", false},
		{"on the first day", "2009-09-23", "2009-09-23", true},
		{"began before and went on past it", "2009-09-01", "2009-09-24", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := decide(subject("2026-03-16", 40, func(s *rules.Subject) {
				s.Incident.Occurred = breach.Span{From: day(c.from), To: day(c.to)}
			}))
			require.Equal(t, c.notifiable, d.Notifiable, d.Reason)
			if c.notifiable {
				require.Contains(t, codes(d), "before_2013_amendment")
			}
		})
	}
	for discovered, reports := range map[string]int{"2026-02-15": 1, "2026-02-16": 2} {
		d := decide(subject(discovered, 40, part2(breach.Yes, 1)))
		require.Len(t, all(d, breach.HHSNotice), reports, "Part 2 program, discovered %s", discovered)
	}
}

func TestSecondReportNeedsAProgramAndItsRecords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		program breach.YesNo
		records int
		reports int
	}{
		{"a program with such records", breach.Yes, 1, 2},
		{"a program without such records in the breach", breach.Yes, 0, 1},
		{"no program", breach.No, 5, 1},
		{"not answered", breach.Unknown, 5, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.Len(t, all(decide(subject("2026-03-16", 40, part2(c.program, c.records))), breach.HHSNotice), c.reports)
		})
	}
}

func TestWhenThePracticeDiscovers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*rules.Subject)
		want   string
	}{
		{"agent: the business associate's day", func(*rules.Subject) {}, "2026-02-01"},
		{"not answered: the earlier clock", func(s *rules.Subject) { s.Practice.Agent = breach.Unknown }, "2026-02-01"},
		{"no agent and not told: not yet", func(s *rules.Subject) { s.Practice.Agent = breach.No }, ""},
		{"no agent, told by a recorded fact", func(s *rules.Subject) {
			s.Practice.Agent = breach.No
			fact(breach.PracticeNotified, "2026-03-01")(s)
		}, "2026-03-01"},
		{"no agent, told twice: the first time", func(s *rules.Subject) {
			s.Practice.Agent, s.Practice.NotifiedOn = breach.No, day("2026-02-20")
			fact(breach.PracticeNotified, "2026-03-01")(s)
		}, "2026-02-20"},
		{"the entity is the covered entity itself", func(s *rules.Subject) {
			s.Incident.Entity.Role, s.Practice.Agent = breach.CoveredEntity, breach.No
		}, "2026-02-01"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := subject("2026-02-01", 600, c.change)
			d := decide(s)
			require.Equal(t, day(c.want), d.Discovered)
			require.Equal(t, day(c.want), rules.Discovered(s.Incident, s.Practice, s.Facts))
			o := only(t, d, breach.IndividualNotice)
			if c.want == "" {
				require.True(t, o.Due.IsZero())
				require.Equal(t, "600 people; the clock starts on the day the practice is told, because the business associate is not its agent", o.Why)
				require.True(t, only(t, d, breach.HHSNotice).Due.IsZero())
				require.Equal(t, day("2026-04-02"), only(t, d, breach.CoveredEntityNotice).Due, "the business associate's own clock runs")
				return
			}
			require.Equal(t, day(c.want).AddDays(60), o.Due)
		})
	}
}

func TestNoticeToThePractice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		days   int
		regime string
		due    string
		clock  string
	}{
		{0, "hipaa", "2026-05-15", "60 calendar days"},
		{1, "contract", "2026-03-17", "1 calendar day"},
		{10, "contract", "2026-03-26", "10 calendar days"},
		{59, "contract", "2026-05-14", "59 calendar days"},
		{60, "hipaa", "2026-05-15", "60 calendar days"},
		{61, "hipaa", "2026-05-15", "60 calendar days"},
	} {
		t.Run(fmt.Sprintf("contract window of %d days", c.days), func(t *testing.T) {
			t.Parallel()
			o := only(t, decide(subject("2026-03-16", 40, func(s *rules.Subject) { s.Practice.BAANoticeDays = c.days })), breach.CoveredEntityNotice)
			require.Equal(t, []string{c.regime, c.due, c.clock, "Example Clinic"}, []string{o.Regime, o.Due.String(), o.Clock, o.Recipient})
		})
	}
	d := decide(subject("2026-03-16", 40, func(s *rules.Subject) { s.Incident.Entity.Role = breach.CoveredEntity }))
	require.Empty(t, all(d, breach.CoveredEntityNotice), "a covered entity tells no other")
}

func TestSecretaryIsToldWithTheLetters(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, mailed, due, trigger string }{
		{"not mailed yet", "", "2026-05-15", "discovered"},
		{"mailed on day 20", "2026-04-05", "2026-04-05", "letters_mailed"},
		{"mailed on day 59", "2026-05-14", "2026-05-14", "letters_mailed"},
		{"mailed on day 60", "2026-05-15", "2026-05-15", "discovered"},
		{"mailed late", "2026-06-01", "2026-05-15", "discovered"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var change []func(*rules.Subject)
			if c.mailed != "" {
				change = append(change, fact(breach.LettersMailed, c.mailed))
			}
			o := only(t, decide(subject("2026-03-16", 500, change...)), breach.HHSNotice)
			require.Equal(t, []string{c.due, c.trigger}, []string{o.Due.String(), o.Trigger})
		})
	}
	late := decide(subject("2026-03-16", 500, fact(breach.LettersMailed, "2026-04-05"), fact(breach.HHSFiled, "2026-05-13")))
	require.Contains(t, codes(late), "hhs_not_with_letters")
	same := decide(subject("2026-03-16", 500, fact(breach.LettersMailed, "2026-04-05"), fact(breach.HHSFiled, "2026-04-05")))
	require.NotContains(t, codes(same), "hhs_not_with_letters")
}
