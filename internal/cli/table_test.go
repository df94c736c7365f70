package cli_test

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/plan"
)

// TestTablesFitTheTerminal: on a terminal no line of a table is longer than it is
// wide; long cells go on below, and only a narrow one loses columns, which are named.
func TestTablesFitTheTerminal(t *testing.T) {
	t.Parallel()
	dir := syntheticCase(t, 12, 3700)
	for _, command := range [][]string{{"plan", dir}, {"rules"}, {"simulate", syntheticCase(t, 1, 3)}, {"validate", dir}} {
		for _, width := range []int{60, 80, 140} {
			r := terminal{terminal: true, width: width, env: map[string]string{"NO_COLOR": "1"}}.run(t, command...)
			require.Zero(t, r.code, r.err)
			require.NotEmpty(t, r.out)
			// What stands outside tables is prose and commands to copy, which the terminal wraps.
			for _, line := range strings.Split(r.out, "\n") {
				if strings.Contains(line, "   ") && !strings.Contains(line, "rulebook") && !strings.HasPrefix(line, "        ") {
					require.LessOrEqual(t, len(line), width, "%v at %d: %s", command, width, line)
				}
			}
		}
	}
	narrow := terminal{terminal: true, width: 60}.run(t, "plan", dir)
	require.NotContains(t, narrow.out, "UNDER")
	require.Contains(t, narrow.err, "Left out: CLOCK, UNDER (--csv has all)")
	wide := terminal{terminal: true, width: 200}.run(t, "plan", dir)
	require.Contains(t, wide.out, "UNDER")
	require.Empty(t, wide.err)
	// Where nobody watches, a line is a row.
	require.Regexp(t, `HHS annual log +5 practices +60 days after the end of the calendar year of discovery +45 CFR 164\.408\(c\)\n`, terminal{width: 60}.run(t, "plan", dir).out)
}

func TestTheTableForProgramsHasAllOfIt(t *testing.T) {
	t.Parallel()
	dir := syntheticCase(t, 12, 3700)
	document, err := plan.Parse([]byte(terminal{}.run(t, "plan", dir, "--json").out))
	require.NoError(t, err)
	r := terminal{terminal: true, width: 60}.run(t, "plan", dir, "--csv")
	require.Zero(t, r.code, r.err)
	rows, err := csv.NewReader(strings.NewReader(r.out)).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, document.Totals.Obligations+1)
	require.Equal(t, []string{"practice_key", "name", "people", "due", "stands"}, rows[0][:5])
	require.Equal(t, []string{"P-00005", "Cinder Summit Internal Medicine, Ltd.", "560", "2026-03-26", "overdue"}, rowOf(t, rows, "P-00005", "2026-03-26")[:5])
	require.NotContains(t, r.out, "\x1b")

	for _, args := range [][]string{{"rules", "--csv"}, {"simulate", syntheticCase(t, 1, 3), "--csv"}} {
		r := terminal{}.run(t, args...)
		require.Zero(t, r.code, r.err)
		rows, err := csv.NewReader(strings.NewReader(r.out)).ReadAll()
		require.NoError(t, err)
		require.Greater(t, len(rows), 10)
	}
	require.Equal(t, 2, terminal{}.run(t, "plan", dir, "--csv", "--json").code)
}

// rowOf is the first row that begins so, with a day in its fourth column.
func rowOf(t *testing.T, rows [][]string, first, day string) []string {
	t.Helper()
	for _, row := range rows {
		if row[0] == first && row[3] == day {
			return row
		}
	}
	require.Fail(t, "no such row", "%s %s", first, day)
	return nil
}

// A practice that the case folder says was told is not late for being told.
func TestAPlanMarksWhatIsOverdueAndNotWhatIsDone(t *testing.T) {
	t.Parallel()
	dir := syntheticCase(t, 12, 3700)
	told := strings.NewReplacer("overdue", "done")
	before := terminal{}.run(t, "plan", dir).out
	require.Regexp(t, `2026-03-26 overdue +Notice to the practice +P-00005`, before)
	setColumn(t, dir, "practices.csv", "P-00005", "notified_on", "2026-03-20")
	require.Regexp(t, told.Replace(`2026-03-26 overdue +Notice to the practice +P-00005`), terminal{}.run(t, "plan", dir).out)
	require.NotContains(t, terminal{}.run(t, "plan", dir, "--as-of", "2026-03-26").out, "2026-03-26 overdue", "on its day it is not over")
}
