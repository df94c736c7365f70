package board_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/access"
	"duenotice/internal/packet"
)

// TestWhoHasNotOpenedTheirNoticeIsListed, and who has is not, until all are asked for.
func TestWhoHasNotOpenedTheirNoticeIsListed(t *testing.T) {
	t.Parallel()
	url := case27(t)
	store := openAt(t, url)
	require.Equal(t, [][]string(nil), rowsOf(rows(t, served(t, url, "os:ada"), "/board/EX-2026-03/csv/opened.csv")), "nobody has a page")
	for _, key := range []string{"harbor", "bay", "dune"} {
		_, err := store.MakePage(t.Context(), packet.Practice{IncidentID: incidentID, Key: key})
		require.NoError(t, err)
	}
	require.NoError(t, execute(t.Context(), url, `UPDATE page_practice SET opened_at = '2026-04-03 14:00Z', answered_at = '2026-04-03 14:05Z'
		WHERE practice_id = (SELECT id FROM practice WHERE practice_key = 'harbor')`))
	// Every role of the board, each with the columns that it may read.
	for _, who := range []access.Identity{"os:ada", "os:ben", "os:ola", "os:eve"} {
		h := served(t, url, who, grants...)
		require.Equal(t, [][]string{{"were told and have not opened their page", "2"}, {"opened their page", "1"}, {"answered there", "1"}, {"tried too many codes, and need another from an officer", "0"}, {"have no page", "4"}},
			rows(t, h, "/board/EX-2026-03/csv/opened.csv"), who)
		var unopened []string
		for _, row := range rows(t, h, "/board/EX-2026-03/csv/pages.csv") {
			unopened = append(unopened, row[0])
		}
		require.Equal(t, []string{"bay", "dune"}, unopened)
		whole := rows(t, h, "/board/EX-2026-03/csv/pages.csv?all=yes")
		require.Len(t, whole, 3)
		require.Equal(t, []string{"harbor", "2026-04-03 10:00:00 EDT", "2026-04-03 10:05:00 EDT"}, []string{whole[2][0], whole[2][3], whole[2][4]})
		require.NotContains(t, shown(t, h, "/board/EX-2026-03/pages"), "Harbor")
		require.Contains(t, shown(t, h, "/board/EX-2026-03/practice/bay"), "<dt>Opened its page</dt><dd>not yet</dd>")
	}
}

// rowsOf are rows, nil for none.
func rowsOf(list [][]string) [][]string {
	if len(list) == 0 {
		return nil
	}
	return list
}
