package breach_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// TestALaterRecordCorrectsUnlessSomethingIsPutUpAgain: a posting that starts
// after its recorded end begins a second term and does not undo the first.
func TestALaterRecordCorrectsUnlessSomethingIsPutUpAgain(t *testing.T) {
	t.Parallel()
	f := func(kind, on string) breach.Fact { return breach.Fact{Kind: kind, On: civil.MustParse(on)} }
	until := func(fact breach.Fact, through string) breach.Fact {
		fact.Through = civil.MustParse(through)
		return fact
	}
	by := func(fact breach.Fact, reference string) breach.Fact {
		fact.Reference = reference
		return fact
	}
	started := func(on string) breach.Fact { return f(breach.PostingStarted, on) }
	ended := func(on string) breach.Fact { return f(breach.PostingEnded, on) }
	inVirginia := f(breach.MediaSent, "2026-04-01")
	inVirginia.Jurisdiction = "VA"
	for _, c := range []struct {
		name    string
		records []breach.Fact
		want    breach.Facts
	}{
		{"nothing", nil, nil},
		{"a correction", []breach.Fact{started("2026-04-01"), started("2026-04-02")}, breach.Facts{started("2026-04-02")}},
		{"of one State", []breach.Fact{inVirginia, f(breach.MediaSent, "2026-04-02")}, breach.Facts{inVirginia, f(breach.MediaSent, "2026-04-02")}},
		{
			"put up again after its end",
			[]breach.Fact{started("2026-04-01"), ended("2026-04-20"), started("2026-05-01")},
			breach.Facts{ended("2026-04-20"), until(started("2026-04-01"), "2026-04-20"), started("2026-05-01")},
		},
		{
			"put up again on the day it was taken down",
			[]breach.Fact{started("2026-04-01"), ended("2026-04-20"), started("2026-04-20")},
			breach.Facts{ended("2026-04-20"), until(started("2026-04-01"), "2026-04-20"), started("2026-04-20")},
		},
		{
			"a start corrected after its end was recorded",
			[]breach.Fact{started("2026-04-01"), ended("2026-06-30"), started("2026-04-02")},
			breach.Facts{ended("2026-06-30"), started("2026-04-02")},
		},
		{
			"the end corrected before it is put up again",
			[]breach.Fact{started("2026-04-01"), ended("2026-04-20"), ended("2026-04-22"), started("2026-05-01")},
			breach.Facts{ended("2026-04-22"), until(started("2026-04-01"), "2026-04-22"), started("2026-05-01")},
		},
		{
			"an end of something else",
			[]breach.Fact{started("2026-04-01"), f(breach.TollFreeEnded, "2026-04-20"), started("2026-05-01")},
			breach.Facts{f(breach.TollFreeEnded, "2026-04-20"), started("2026-05-01")},
		},
		{
			"a notice that came back",
			[]breach.Fact{f(breach.PracticeNotified, "2026-04-01"), f(breach.NoticeBounced, "2026-04-01")},
			breach.Facts{f(breach.NoticeBounced, "2026-04-01")},
		},
		{
			"a notice that came back, after the practice was told by telephone",
			[]breach.Fact{f(breach.PracticeNotified, "2026-04-01"), f(breach.PracticeNotified, "2026-04-03"), f(breach.NoticeBounced, "2026-04-02")},
			breach.Facts{f(breach.PracticeNotified, "2026-04-03"), f(breach.NoticeBounced, "2026-04-02")},
		},
		{
			"of two notices the one by e-mail came back",
			[]breach.Fact{by(f(breach.PracticeNotified, "2026-04-01"), "by hand"), by(f(breach.PracticeNotified, "2026-04-02"), "e-mail m"), by(f(breach.NoticeBounced, "2026-04-02"), "e-mail m: 550 no such user")},
			breach.Facts{by(f(breach.PracticeNotified, "2026-04-01"), "by hand"), by(f(breach.NoticeBounced, "2026-04-02"), "e-mail m: 550 no such user")},
		},
		{
			"told again after it came back",
			[]breach.Fact{f(breach.PracticeNotified, "2026-04-01"), f(breach.NoticeBounced, "2026-04-01"), f(breach.PracticeNotified, "2026-04-01")},
			breach.Facts{f(breach.NoticeBounced, "2026-04-01"), f(breach.PracticeNotified, "2026-04-01")},
		},
		{
			"an end before the start is a slip",
			[]breach.Fact{started("2026-04-01"), ended("2026-03-20"), started("2026-05-01")},
			breach.Facts{ended("2026-03-20"), started("2026-05-01")},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, breach.FactsOf(c.records))
		})
	}
}
