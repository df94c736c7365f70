package sheet_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/civil"
	"duenotice/internal/sheet"
)

func TestATableIsOneLinePerRowWithItsNamesFirst(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, sheet.Write(&out, []string{"PRACTICE KEY", "PEOPLE", "NEXT DUE", "LATE", "NAME"}, [][]any{
		{"P1", 1234, civil.MustParse("2026-05-15"), true, "Example, Inc."},
		{"P2", 0, civil.Date{}, false, ""},
	}))
	require.Equal(t, "practice_key,people,next_due,late,name\nP1,1234,2026-05-15,yes,\"Example, Inc.\"\nP2,0,,no,\n", out.String())
}
