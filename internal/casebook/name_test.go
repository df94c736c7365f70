package casebook_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
)

func TestNamesAreOnePersonsHoweverTheyAreTyped(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{"ada rivera", " Ada   RIVERA ", "Ada\tRivera"} {
		require.True(t, casebook.SameName("Ada Rivera", typed), typed)
	}
	require.True(t, casebook.SameName("Ross", "Ro\u017f\u017f"), "the long s")
	require.True(t, casebook.SameName("Kim", "\u212aim"), "the sign for kelvin")
	require.False(t, casebook.SameName("Ada Rivera", "Ada River"))
	require.Empty(t, casebook.FoldName(" \t"))
}
