package evidence

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
	"duenotice/internal/ledger"
)

// TestTheBinderSaysWhatCameFromOneAccount: two names under one identity are no proof
// that two people were there, however each of them approved or assessed.
func TestTheBinderSaysWhatCameFromOneAccount(t *testing.T) {
	t.Parallel()
	var entries []ledger.Entry
	add := func(kind, who, identity string, result any) {
		body, err := ledger.Body{Kind: kind, Who: who, Identity: identity}.Encode(result)
		require.NoError(t, err)
		entries = append(entries, ledger.Entry{Practice: "P1", Seq: len(entries) + 1, Body: body})
	}
	approve := map[string]any{"act": casebook.ActApprove, "terms": map[string]any{"Approve": casebook.ApproveTerms{SHA256: "p"}}}
	delegate := map[string]any{"act": casebook.ActDelegate, "terms": map[string]any{"Delegate": casebook.DelegateTerms{Delegation: "all"}}}
	add(ledger.KindAct, "Ada Rivera", "os:duenotice", approve)
	add(ledger.KindAct, "Rivera, Ada", "os:duenotice", approve)
	add(ledger.KindAct, "Ben Okafor", "os:duenotice", delegate)
	add(ledger.KindAct, "Cleo Marsh", "os:cleo", approve)
	add(ledger.KindAct, "Dora Lind", "", approve)
	add(ledger.KindAct, "Eve Moss", "", approve)
	add(ledger.KindApproval, "Ben Okafor", "os:duenotice", ledger.Approval{PapersSHA256: "p"})
	s, err := tell(entries)
	require.NoError(t, err)
	require.Len(t, s.events, len(entries))
	for _, e := range s.events[:len(s.events)-1] {
		require.NotContains(t, e.Detail, "one account", e.Who)
	}
	require.Contains(t, s.events[len(s.events)-1].Detail, "from one account with Ada Rivera (os:duenotice)")
}
