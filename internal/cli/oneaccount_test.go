package cli_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
)

// TestTwoApprovalsTakeTwoIdentities also while nobody holds a role. Under the account
// that the worker itself runs under, which is the only one of many machines, two names
// are two people; the record says that both came from one account.
func TestTwoApprovalsTakeTwoIdentities(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.startWorker()
	const id = "DEMO-2026-03"
	o.must("start", syntheticCase(t, 4, 40), "--by", "Ada Rivera")
	var waiting struct{ Practices []casebook.WaitingPractice }
	require.NoError(t, json.Unmarshal([]byte(o.must("approve", id, "--list", "--json")), &waiting))
	require.GreaterOrEqual(t, len(waiting.Practices), 2)
	key := waiting.Practices[0].Key
	approve := func(account, who string) result {
		return o.as(account, "approve", id, "--practice", key, "--by", who, "--no-wait")
	}
	status := func() casebook.PracticeStatus {
		var document struct {
			Details []casebook.PracticeStatus `json:"details"`
		}
		require.NoError(t, json.Unmarshal([]byte(o.must("status", id, "--practice", key, "--json")), &document))
		require.Len(t, document.Details, 1)
		return document.Details[0]
	}

	require.Zero(t, approve("ben", "Ben Okafor").code)
	for who, says := range map[string]string{
		"Ada Rivera":       "os:ben decided as Ben Okafor in this incident before and cannot decide as Ada Rivera too",
		"Ben\u200d Okafor": "U+200D (ZERO WIDTH JOINER) as character 4, which nobody sees",
		"Ben Ok\u0430for":  "U+0430 (CYRILLIC SMALL LETTER A) as character 7, which is Cyrillic in a name that is Latin",
		"Ｂｅｎ Okafor":       "U+FF22 (FULLWIDTH LATIN CAPITAL LETTER B) as character 1",
	} {
		r := approve("ben", who)
		require.Equal(t, 3, r.code, "%+q", who)
		require.Contains(t, r.err, says)
	}
	r := approve("ada", "Okafor, Ben")
	require.Zero(t, r.code, r.err)
	require.Contains(t, r.out, "already approved")
	require.Equal(t, []string{"Ben Okafor"}, status().Approvals)

	// The machine's own account, under which the worker runs.
	key = waiting.Practices[1].Key
	r = approve("", "Cleo Marsh")
	require.Zero(t, r.code, r.err)
	require.NotContains(t, r.err, "one account")
	require.False(t, status().OneAccount)
	require.NotContains(t, o.must("status", id, "--practice", key), "from one account")
	r = approve("", "Dora Lind")
	require.Zero(t, r.code, r.err)
	require.Contains(t, r.err, "approved as Cleo Marsh before")
	require.True(t, status().OneAccount)
	require.Contains(t, o.must("status", id, "--practice", key), "Letters approved by: Cleo Marsh, Dora Lind (from one account)")
	o.must("report", "evidence", id, "--practice", key)
}

// TestTheFirstRoleSaysWhatChanges, and asks where a person can answer.
func TestTheFirstRoleSaysWhatChanges(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	grant := []string{"access", "grant", "officer", "--to", "os:ada", "--name", "Ada Rivera", "--by", "Ada Rivera"}
	o.answers = "n\n"
	r := o.as("ada", grant...)
	require.Equal(t, 1, r.code)
	require.Contains(t, r.err, "This cannot be taken back:")
	require.Contains(t, r.err, "from now on only who holds a role may act")
	require.Contains(t, r.err, "Go on? [y/N]")
	require.Contains(t, o.as("ada", "access").out, "Nobody holds a role")
	r = o.as("ada", "access", "grant", "officer", "--to", "os:ada", "--name", "Ada\u200d Rivera", "--by", "Ada Rivera")
	require.Equal(t, 3, r.code)
	require.Contains(t, r.err, "the name given with --name has U+200D")
	require.NotContains(t, r.err, "Go on?")
	o.answers = "y\n"
	require.Zero(t, o.as("ada", grant...).code)
	// Not the second: nothing changes for anybody else.
	o.answers = "n\n"
	r = o.as("ada", "access", "grant", "approver", "--to", "os:ben", "--name", "Ben Okafor", "--by", "Ada Rivera")
	require.Zero(t, r.code, r.err)
	require.NotContains(t, r.err, "Go on?")
}
