package rules_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/rules"
)

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
