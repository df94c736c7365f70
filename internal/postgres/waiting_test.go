package postgres_test

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
	"duenotice/internal/postgres"
)

func waits(t *testing.T, store *postgres.Store, who string) (keys []string, sha string) {
	t.Helper()
	w, err := store.Waiting(t.Context(), incidentID, who)
	require.NoError(t, err)
	for _, p := range w.Practices {
		keys = append(keys, p.Key)
	}
	return keys, w.SHA256
}

func TestApproveAllIsBoundToWhatWasLookedAt(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices("P3", "P1", "P2", "P4"), person("P1", "a"), person("P2", "a"), person("P3", "a")))
	ctx := t.Context()
	all := func(id, who, sha string) casebook.Act {
		a := act(id, "", casebook.ActApprove)
		a.Who, a.Approve = who, &casebook.ApproveTerms{SHA256: sha}
		return a
	}
	_, err := store.ApproveAll(ctx, all("0", "Robin Officer", "x"))
	refused(t, err, "nothing_waits")

	prepare(t, store, "P2", "two")
	prepare(t, store, "P1", "one")
	sum := sha256.Sum256([]byte("P1 one\nP2 two\n"))
	keys, sha := waits(t, store, "Robin Officer")
	require.Equal(t, []string{"P1", "P2"}, keys)
	require.Equal(t, hex.EncodeToString(sum[:]), sha)

	prepare(t, store, "P3", "three")
	_, err = store.ApproveAll(ctx, all("1", "Robin Officer", sha))
	refused(t, err, "changed_since_looked")
	require.Empty(t, practice(t, store, "P1").Approvals)

	approve(t, store, "P2", "two", "Robin Officer")
	keys, sha = waits(t, store, "robin officer")
	require.Equal(t, []string{"P1", "P3"}, keys, "not what Robin approved already")
	n, err := store.ApproveAll(ctx, all("2", "Robin Officer", sha))
	require.NoError(t, err)
	require.Equal(t, 2, n)
	n, err = store.ApproveAll(ctx, all("2", "Robin Officer", sha))
	require.NoError(t, err)
	require.Equal(t, 2, n, "the same act again")
	_, err = store.ApproveAll(ctx, all("3", "Robin Officer", sha))
	refused(t, err, "nothing_waits")

	w, err := store.Waiting(ctx, incidentID, "")
	require.NoError(t, err)
	require.Equal(t, casebook.WaitingPractice{
		Key: "P1", Name: "Practice P1, Inc.", People: 1, Letters: 1, PapersSHA256: "one", ApprovedBy: []string{"Robin Officer"}, Needed: 2,
	}, w.Practices[0])
	require.Len(t, w.Practices, 3)

	_, sha = waits(t, store, "Sam Second")
	n, err = store.ApproveAll(ctx, all("4", "Sam Second", sha))
	require.NoError(t, err)
	require.Equal(t, 3, n)
	keys, _ = waits(t, store, "Tess Third")
	require.Empty(t, keys, "two are enough")
	acts, err := store.Acts(ctx, incidentID, "P4")
	require.NoError(t, err)
	require.Len(t, acts, 2, "one act for each approve --all that did something")
}

// TestOnlyWhatWaitsIsListed: other phases and practices without papers are not.
func TestOnlyWhatWaitsIsListed(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	i := incident()
	i.Letters.Approvers = 1
	loaded(t, store, caseOf(i, practices("P1", "P2"), person("P1", "a")))
	prepare(t, store, "P1", "one")
	_, err := store.SavePlan(t.Context(), incidentID, "P2", casebook.Plan{}, casebook.Standing{Phase: casebook.PhaseApproval})
	require.NoError(t, err)
	keys, _ := waits(t, store, "")
	require.Equal(t, []string{"P1"}, keys)
	approve(t, store, "P1", "one", "Robin Officer")
	keys, _ = waits(t, store, "")
	require.Empty(t, keys, "this incident needs one approval")

	prepare(t, store, "P1", "changed")
	keys, _ = waits(t, store, "")
	require.Equal(t, []string{"P1"}, keys)
	_, err = store.SavePlan(t.Context(), incidentID, "P1", casebook.Plan{}, casebook.Standing{Phase: casebook.PhaseHeld})
	require.NoError(t, err)
	keys, _ = waits(t, store, "")
	require.Empty(t, keys)
	_, err = store.Waiting(t.Context(), "NONE", "")
	refused(t, err, "unknown_incident")
}
