package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

func halted(t *testing.T, store *postgres.Store) []breach.HaltReason {
	t.Helper()
	status, err := store.Status(t.Context(), incidentID, noon, today)
	require.NoError(t, err)
	alone, err := store.Halted(t.Context(), incidentID)
	require.NoError(t, err)
	require.ElementsMatch(t, status.Halted, alone)
	return status.Halted
}

// What came back pauses printing, a person's word lets it go on, and as many more pause
// it again: from what is stored, so that it holds whoever looks.
func TestTooManyLettersThatComeBackPausePrinting(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	mailed(t, store, someone(24)...)
	require.Empty(t, halted(t, store))
	returned(t, store, cameBack("first", 1, 2, 3, 4, 5, 6, 7, 8, 9))
	require.Empty(t, halted(t, store), "of few letters nine say nothing")
	returned(t, store, cameBack("second", 10))
	require.Equal(t, []breach.HaltReason{{Kind: breach.HaltReturned, Count: 10, Limit: 10}}, halted(t, store))

	now, accepted, err := store.HaltCounts(t.Context(), incidentID)
	require.NoError(t, err)
	require.Equal(t, 10, now.Returned)
	require.NotZero(t, now.Printed)
	require.Zero(t, accepted)
	fresh, err := store.ActOnIncident(t.Context(), casebook.Act{
		ID: "go-on", IncidentID: incidentID, Kind: casebook.ActResume, Who: "Robin Officer", At: noon, Resume: &casebook.ResumeTerms{Seen: now, Reason: "One practice's addresses are old."},
	})
	require.NoError(t, err)
	require.True(t, fresh)
	require.Empty(t, halted(t, store))
	returned(t, store, cameBack("third", 11, 12, 13, 14, 15, 16, 17, 18, 19))
	require.Empty(t, halted(t, store))
	returned(t, store, cameBack("fourth", 20))
	require.Equal(t, []breach.HaltReason{{Kind: breach.HaltReturned, Count: 20, Limit: 20}}, halted(t, store))
}

// Disputes and letters that were misread count too, while nobody has seen to them.
func TestDisputesAndMisreadLettersPausePrinting(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	i := incident()
	i.PrintRun.Halt = breach.HaltLine{FailedChecks: 2, Disputed: 1}
	loaded(t, store, caseOf(i, practices("P1"), someone(4)...))
	approved(t, store, "P1")
	require.Equal(t, 4, mailRun(t, store, 1, 5).Pieces)
	require.NoError(t, store.SaveBatch(t.Context(), incidentID, 1, casebook.Batch{
		Name: casebook.BatchName(1, 1), Number: 1, Pieces: 2, PrintedAt: noon,
		Held: []casebook.HeldPiece{{PieceID: "R001-000001", Reason: breach.HeldMisread}, {PieceID: "R001-000003", Reason: breach.HeldMisread}},
	}))
	require.Equal(t, []breach.HaltReason{{Kind: breach.HaltFailed, Count: 2, Limit: 2}}, halted(t, store))
}

// Nothing is printed while the account of people does not add up, or differs from what
// the run has.
func TestADifferenceFromTheAccountStopsTheRun(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before, planned string
		stops           string
	}{
		"before it is planned":   {before: `UPDATE account SET people = people + 1`, stops: "plan"},
		"somebody is gone":       {planned: `DELETE FROM finding WHERE person_key = 'b'`, stops: "letters"},
		"somebody was told":      {planned: `UPDATE finding SET state = 'told', state_why = 'by_hand' WHERE person_key = 'b'`, stops: "save"},
		"everything is in order": {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store, url := open(t)
			pool := testkit.Pool(t, url)
			loaded(t, store, caseOf(incident(), practices("P1"), someone(3)...))
			approved(t, store, "P1")
			change := func(sql string) {
				if sql != "" {
					_, err := pool.Exec(t.Context(), sql)
					require.NoError(t, err)
				}
			}
			at := func(step string, err error) bool {
				if step != c.stops {
					require.NoError(t, err, step)
					return false
				}
				refused(t, err, "account_differs")
				return true
			}
			change(c.before)
			_, err := store.PlanMailRun(t.Context(), casebook.MailRun{IncidentID: incidentID, Number: 1, MailOn: today}, 5)
			if at("plan", err) {
				return
			}
			change(c.planned)
			if at("letters", store.Letters(t.Context(), incidentID, 1, 1, func(*casebook.Letter) error { return nil })) {
				return
			}
			at("save", store.SaveBatch(t.Context(), incidentID, 1, casebook.Batch{Name: casebook.BatchName(1, 1), Number: 1, Pieces: 3, PrintedAt: noon}))
		})
	}
}
