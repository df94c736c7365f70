package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/postgres"
)

// order is a change of address by somebody of the name that person gives everybody.
func order(piece string, p breach.Person) breach.Moved {
	return breach.Moved{
		PieceID: piece, LastName: p.LastName, FirstName: p.FirstName, Address1: "9 SAMPLE AVE", City: "RENO", State: "NV", ZIP: "89501",
	}
}

// TestANewAddressIsForAllFindingsOfALetter, owes another letter, and is taken once; whoever
// asked for mail to the old address has a letter of their own and stays there.
func TestANewAddressIsForAllFindingsOfALetter(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	one := []breach.Person{person("P1", "a"), person("P2", "a"), person("P1", "b"), person("P2", "b")}
	for i := range one {
		one[i].FirstName, one[i].LastName = "Ada", "Example"
		one[i].Address1, one[i].ZIP = "1 Same Street", "20001"
		if one[i].Key == "b" {
			one[i].FirstName, one[i].Address1, one[i].ZIP = "Ben", "2 Same Street", "20002"
		}
	}
	one[3].ConfidentialAddress = breach.Yes // at one of the two practices
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), one...))
	approved(t, store, "P1")
	approved(t, store, "P2")
	run := mailRun(t, store, 1, 5)
	take := postgres.NewAddressesInput{FileSHA256: "file", By: "Robin Officer", At: noon, Moved: []breach.Moved{order("R001-000001", one[0]), order("R001-000002", one[2]), order("R001-000003", one[3])}}
	_, err := store.TakeNewAddresses(t.Context(), incidentID, take)
	refused(t, err, "mail_run_open")
	for batch := range run.Batches {
		finish(t, store, 1, batch+1)
	}

	nobody, err := store.TakeNewAddresses(t.Context(), incidentID, take)
	require.NoError(t, err)
	require.Zero(t, nobody.List.Number, "no letter came back")
	returned(t, store, cameBack("file", 1, 2, 3))
	got, err := store.TakeNewAddresses(t.Context(), incidentID, take)
	require.NoError(t, err)
	require.Equal(t, map[string]breach.Unmoved{"R001-000003": breach.UnmovedConfidential}, got.Left)
	require.Equal(t, 3, got.List.Changed)
	require.Equal(t, []string{"P1", "P2"}, got.List.Practices)
	for key, waiting := range map[string]int{"P1": 2, "P2": 1} {
		p := practice(t, store, key)
		require.Equal(t, waiting, p.Account.In(account.Waiting), "another letter is owed")
		require.Equal(t, 2-waiting, p.Account.In(account.Returned))
		require.Equal(t, 2-waiting, p.Tally.NoUsableAddress)
	}
	again, err := store.TakeNewAddresses(t.Context(), incidentID, take)
	require.NoError(t, err)
	require.True(t, again.List.AlreadyLoaded)
	require.Equal(t, got.List.Number, again.List.Number)
}

// TestLettersAreNumberedThroughAllRuns as the mail's barcode has them.
func TestLettersAreNumberedThroughAllRuns(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	mailed(t, store, someone(3)...)
	letters, err := store.LettersByNumber(t.Context(), incidentID, []int{1, 3, 4, 0})
	require.NoError(t, err)
	require.Equal(t, map[int]string{1: "R001-000001", 3: "R001-000003"}, letters)
}
