package evidence_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/evidence"
	"duenotice/internal/ledger"
)

func TestAStoryNamesTheFilesThatAListWasImportedFrom(t *testing.T) {
	t.Parallel()
	result, err := json.Marshal(ledger.Loaded{List: 1, Rows: 2, Practices: 1})
	require.NoError(t, err)
	body := ledger.Body{Kind: ledger.KindLoaded, Result: result, Inputs: map[string]string{"list": "l", "case": "c", ledger.SourceInput + "S1": "0123456789abcdef0123", ledger.SourceInput + "S2": "fedcba", ledger.SourceInput + "access log L1": "aa"}}
	_, detail, err := evidence.MachineWords(body)
	require.NoError(t, err)
	require.Equal(t, "case folder c; list l; imported from source S1: 0123456789abcdef…; imported from source S2: fedcba; answered by source access log L1: aa", detail)
}
