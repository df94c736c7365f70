package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

// TestScansChangeNothingThatIsOwed: each is kept once, whichever file says it; letters that
// were mailed and of which there is none are listed, but for those that came back.
func TestScansChangeNothingThatIsOwed(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	mailed(t, store, someone(4)...)
	unseen := func(by civil.Date) (ids []string) {
		require.NoError(t, store.EachUnseenLetter(t.Context(), incidentID, by, func(l postgres.UnseenLetter) error {
			ids = append(ids, l.PieceID)
			require.Equal(t, today, l.MailedOn)
			return nil
		}))
		return ids
	}
	require.Empty(t, unseen(today), "no mailing is recorded")
	_, err := testkit.Pool(t, url).Exec(t.Context(), "UPDATE batch SET mailed_on = $1", today)
	require.NoError(t, err)
	require.Len(t, unseen(today), 4)
	require.Empty(t, unseen(today.AddDays(-1)))

	before := practice(t, store, "P1")
	at := time.Date(2026, 4, 21, 9, 0, 0, 0, time.UTC)
	scan := postgres.LetterScan{PieceID: "R001-000001", At: at, Operation: "919", Facility: "20001", Kind: breach.ScanSeen}
	later, other := scan, scan
	later.At, later.Kind = at.Add(time.Hour), breach.ScanReturning
	other.PieceID, other.Kind = "R001-000002", breach.ScanDelivered
	in := postgres.ScansInput{SHA256: "file", By: "Robin Officer", At: noon, Scans: []postgres.LetterScan{scan, scan, later, other}}
	got, err := store.TakeScans(t.Context(), incidentID, in)
	require.NoError(t, err)
	require.Equal(t, postgres.ScansResult{Scans: 3, Letters: 2}, got)
	in.SHA256 = "again"
	got, err = store.TakeScans(t.Context(), incidentID, in)
	require.NoError(t, err)
	require.Zero(t, got)
	letters, err := store.ScannedLetters(t.Context(), incidentID)
	require.NoError(t, err)
	require.Equal(t, map[string]int{breach.ScanSeen: 1, breach.ScanReturning: 1, breach.ScanDelivered: 1}, letters)
	after := practice(t, store, "P1")
	require.Equal(t, before.Account, after.Account, "what is on its way back did not come back yet")
	require.Equal(t, before.Tally, after.Tally)
	require.Equal(t, []string{"R001-000003", "R001-000004"}, unseen(today))
	returned(t, store, cameBack("list", 3))
	require.Equal(t, []string{"R001-000004"}, unseen(today))
	require.Contains(t, kinds(t, chains(t, store, "")[""]), ledger.KindTracing)
	_, err = store.TakeScans(t.Context(), "EX-NONE", in)
	refused(t, err, "unknown_incident")
}
