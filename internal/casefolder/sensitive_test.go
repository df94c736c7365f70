package casefolder_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casefolder"
)

func TestShapesOfSocialSecurityNumbers(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"123-45-6789", "123 45 6789", "123.45.6789", "123 45-6789", "000-12-3456", "987-65-4321", "SSN:123-45-6789.",
		"MRN 7, 123-45-6789", "12 123-45-6789", "X-123-45-6789", "123\u201145\u20116789", "123\u201345\u20136789", "123\u00a045\u00a06789",
		"\uff11\uff12\uff13-45-6789", "123456789", "id 123456789", "P-123456789", "#123456789", "900501234",
	} {
		require.Equal(t, "E105", casefolder.Smuggled(s), s)
	}
	for _, s := range []string{
		"", "12345678", "1234567890", "123-45-678", "123-45-67890", "1123-45-6789", "123-456-789", "12-345-6789", "123--45-6789",
		"217-555-0100", "(217) 555-0100", "62701-1234", "2026-03-16", "000456789", "666456789", "123006789", "123450000", "900491234",
		"PT123456789", "123456789B", "Ł123456789", "550e8400-e29b-41d4-a716-446655440000", "10.123.45.67",
	} {
		require.Empty(t, casefolder.Smuggled(s), s)
	}
}

func TestNineDigitsWhereTheyMeanSomethingElse(t *testing.T) {
	t.Parallel()
	require.Empty(t, casefolder.SmuggledPracticeKey("123456789"))
	require.Equal(t, "E105", casefolder.SmuggledPracticeKey("123-45-6789"))
	require.Empty(t, casefolder.SmuggledPhone("217555010"))
	require.Equal(t, "E105", casefolder.SmuggledPhone("123-45-6789"))
	require.Equal(t, "E105", casefolder.SmuggledPhone("+1 123-45-6789"))
	require.Empty(t, casefolder.SmuggledPhone("+358 123 45 6789"), "a number abroad may be grouped like that")
	require.Empty(t, casefolder.SmuggledPhone("+4111111111111111"[:14]), "E.164 numbers have up to 15 digits")
	require.Equal(t, "E106", casefolder.SmuggledPhone("4111111111111111"))
}

func TestShapesOfCardNumbers(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111", "4222222222222" /* 13 digits */, "378282246310005",
		"6011111111111117", "3530111333300000", "30569309025904", "5555555555554444", "2223003122003222",
		"6304000000000000000" /* 19 digits */, "card 4111111111111111, 12/27", "4111111111111111 12 27", "12 4111111111111111", "４111111111111111",
	} {
		require.Equal(t, "E106", casefolder.Smuggled(s), s)
	}
	for _, s := range []string{
		"4111111111111112", "411111111111", "1111111111111117", "7111111111111111", "63040000000000000001", "2720999999999999",
		"2721000000000004", "A4111111111111111", "4111111111111111B", "4111  1111  1111  1111",
		"41111111-1111-4111-8111-1111111111ab", "4111111111111111-ab",
	} {
		require.NotEqual(t, "E106", casefolder.Smuggled(s), s)
	}
}
