package intake

import (
	"fmt"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// Rows that two cells name are found in the one that they become, whatever the sources say
// behind them.
func TestJoinedSourcesNameTheirRowsFirst(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]string{
		{"S1 row 2", "S2 sheet 3 row 4", "S1 row 2; S2 sheet 3 row 4"},
		{"S1 row 2: DOC-1", "S2 row 3: DOC-2", "S1 row 2; S2 row 3: DOC-1; DOC-2"},
		{"S1 row 2: DOC-1", "S2 row 3", "S1 row 2; S2 row 3: DOC-1"},
		{"S1 row 2", "S2 row 3: DOC-2", "S1 row 2; S2 row 3: DOC-2"},
		{"DOC-1: page 2", "DOC-2", "DOC-1: page 2; DOC-2"},
		{"", "S1 row 2", "S1 row 2"},
	} {
		require.Equal(t, c[2], joinSources(c[0], c[1]))
	}
	cell := "S1 row 1: said"
	for n := range 100 {
		cell = joinSources(cell, fmt.Sprintf("S1 row %d: said of %d", n+2, n))
		require.LessOrEqual(t, utf8.RuneCountInString(cell), 250, cell)
	}
	require.Contains(t, cell, "S1 row 1; S1 row 2; ")
}
