package postage_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/postage"
)

func TestRatesAreThoseOfTheDay(t *testing.T) {
	t.Parallel()
	r := postage.On(civil.MustParse("2026-04-20"))
	require.Equal(t, civil.MustParse("2025-07-13"), r.From.Date)
	require.Equal(t, breach.Verified, r.Confidence)
	require.Equal(t, r.From, postage.On(civil.MustParse("2020-01-01")).From, "a day before all has the first")
}

func TestALetterIsPaidByItsOunces(t *testing.T) {
	t.Parallel()
	r := postage.On(civil.MustParse("2026-04-20"))
	for sheets, ounces := range map[int]int{1: 1, 2: 1, 4: 1, 5: 2, 10: 2} {
		require.Equal(t, ounces, postage.Ounces(sheets), "%d sheets", sheets)
	}
	cents, known := r.Cents(breach.FirstClass, 1)
	require.True(t, known)
	require.Equal(t, 74, cents)
	cents, known = r.Cents(breach.FirstClass, 5)
	require.True(t, known)
	require.Equal(t, 74+29, cents)
	_, known = r.Cents(breach.International, 5)
	require.False(t, known, "what a second ounce costs depends on the country")
	_, known = r.Cents(breach.FirstClassPresorted, 1)
	require.False(t, known, "the mail house knows it")
}

func TestDaysAreReckonedBackFromTheLast(t *testing.T) {
	t.Parallel()
	require.Equal(t, postage.Dates{MailBy: civil.MustParse("2026-04-14"), ReturnsBy: civil.MustParse("2026-05-05"), Due: civil.MustParse("2026-05-15")},
		postage.Before(civil.MustParse("2026-05-15")))
}
