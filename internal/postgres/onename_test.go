package postgres_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/access"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres"
)

// signing is an approval of one practice's papers, or of all with key "", by somebody
// in a session.
func signing(id, key, papers, who, identity string) casebook.Act {
	return casebook.Act{
		ID: id, IncidentID: incidentID, PracticeKey: key, Kind: casebook.ActApprove, Who: who, Identity: identity, At: noon,
		Approve: &casebook.ApproveTerms{SHA256: papers},
	}
}

// TestOneIdentityNeverApprovesUnderTwoNames, nor assesses, before anybody holds a role:
// not for one practice, for another, for all, or in two spellings an earlier program
// took for two people's. The worker's own account is several people's, and the record
// says so.
func TestOneIdentityNeverApprovesUnderTwoNames(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), person("P1", "a"), person("P2", "b")))
	store = openAt(t, url, postgres.RunBy("duenotice"))
	ctx := t.Context()
	prepare(t, store, "P1", "one")
	prepare(t, store, "P2", "two")
	sign := func(a casebook.Act) error {
		require.NoError(t, store.RequestAct(ctx, a, strings.TrimPrefix(a.Identity, "os:")))
		fresh, err := store.ActOnPractice(ctx, a, allowed)
		if err == nil {
			require.True(t, fresh)
		}
		return err
	}
	require.NoError(t, sign(signing("1", "P1", "one", "Ben Okafor", "os:ben")))
	for id, a := range map[string]casebook.Act{
		"one": signing("2", "P1", "one", "Ada Rivera", "os:ben"), "other": signing("3", "P2", "two", "Ada Rivera", "os:ben"),
	} {
		refused(t, sign(a), "one_identity")
		require.NotContains(t, practice(t, store, a.PracticeKey).Approvals, "Ada Rivera", id)
	}
	assess := signing("4", "P2", "", "Ada Rivera", "os:ben")
	assess.Kind, assess.Approve, assess.Assess = casebook.ActAssess, nil, &casebook.AssessTerms{Conclusion: breach.Presumed}
	refused(t, sign(assess), "one_identity")
	_, sha := waits(t, store, "Ada Rivera")
	_, err := store.ApproveAll(ctx, signing("5", "", sha, "Ada Rivera", "os:ben"))
	refused(t, err, "one_identity")
	require.Len(t, practice(t, store, "P1").Approvals, 1)
	require.Empty(t, practice(t, store, "P2").Approvals)

	keys, _ := waits(t, store, "Okafor, Ben")
	require.Equal(t, []string{"P2"}, keys, "P1 has this person's already, however the name is typed")
	require.NoError(t, sign(signing("6", "P2", "two", "Okafor, Ben", "os:ben")))
	require.NoError(t, sign(signing("7", "P1", "one", "Ada Rivera", "os:ada")))

	stand(t, store, "P2")
	require.NoError(t, sign(signing("8", "P2", "two", "Cleo Marsh", "os:duenotice")))
	require.False(t, detail(t, store, "P2").OneAccount)
	// As if three were needed: under the worker's own account anybody may act, and it shows.
	require.NoError(t, sign(signing("9", "P2", "two", "Dora Lind", "os:duenotice")))
	require.True(t, detail(t, store, "P2").OneAccount)
	require.False(t, detail(t, store, "P1").OneAccount)
	for _, a := range practice(t, store, "P1").Approvals {
		require.NotEmpty(t, a.Identity)
	}
}

// TestOfTwoApprovalsAtOnceUnderOneIdentityOneStands.
func TestOfTwoApprovalsAtOnceUnderOneIdentityOneStands(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "a")))
	prepare(t, store, "P1", "one")
	errs := make([]error, 2)
	var all sync.WaitGroup
	for i, name := range []string{"Ada Rivera", "Ben Okafor"} {
		act := signing(name, "P1", "one", name, "os:ben")
		require.NoError(t, store.RequestAct(t.Context(), act, "ben"))
		all.Go(func() { _, errs[i] = store.ActOnPractice(t.Context(), act, allowed) })
	}
	all.Wait()
	require.Len(t, practice(t, store, "P1").Approvals, 1)
	if errs[0] == nil {
		errs[0] = errs[1]
	}
	refused(t, errs[0], "one_identity")
}

// TestWhatTakesTwoNeedsAnIdentity: an update that nobody asked for in the database could
// be anybody's, and is no second person's.
func TestWhatTakesTwoNeedsAnIdentity(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	officer := openAt(t, url, postgres.As(access.Everywhere(access.Officer)))
	a := signing("1", "P1", "one", "Ada Rivera", "")
	_, err := store.Authorise(t.Context(), a)
	refused(t, err, "no_identity")
	require.NoError(t, officer.RequestAct(t.Context(), a, "ada"))
	identity, err := store.Authorise(t.Context(), a)
	require.NoError(t, err)
	require.Equal(t, "os:ada", identity)
}

func detail(t *testing.T, store *postgres.Store, key string) casebook.PracticeStatus {
	t.Helper()
	list, err := store.StatusDetails(t.Context(), incidentID, postgres.Filter{Practice: key}, noon)
	require.NoError(t, err)
	require.Len(t, list, 1)
	return list[0]
}
