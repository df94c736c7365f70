package cli_test

import (
	"bytes"
	"encoding/csv"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/cli"
)

// A spreadsheet runs no cell of the list as a formula; a key stays what commands take.
func TestTheListOfWhatIsOpenHasNoFormulas(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, cli.OpenCSV(&out, "-P1", "=HYPERLINK(1)", "@SUM(A1)", "+1"))
	records, err := csv.NewReader(&out).ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"practice_key", "name", "kind", "what", "waits_for", "due", "late", "do"}, records[0])
	require.Equal(t, []string{"-P1", "'=HYPERLINK(1)", "duty", "'@SUM(A1)", "officer", "", "no", "'+1"}, records[1])
}

// Whatever a practice typed on its page is text in an officer's spreadsheet.
func TestWhatPracticesAnsweredHasNoFormulas(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, cli.AnswersCSV(&out, "=1+1", "@Ann, Manager", "+1", "=cmd|' /C calc'!A0\r\n=2"))
	records, err := csv.NewReader(&out).ReadAll()
	require.NoError(t, err)
	require.Len(t, records, 2, "a line break is within its cell")
	require.Equal(t, "-P1", records[1][0])
	require.Equal(t, []string{"'=1+1", "'@Ann, Manager", "'+1"}, records[1][4:7])
	require.Equal(t, "'=cmd|' /C calc'!A0\n=2", records[1][7])
}
