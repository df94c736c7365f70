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
