package evidence

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
	"duenotice/internal/ledger"
)

// TestTheStoryTellsOfLettersThatCameBack, in the incident and in the practice.
func TestTheStoryTellsOfLettersThatCameBack(t *testing.T) {
	t.Parallel()
	entry := func(practice, kind string, result any) ledger.Entry {
		body, err := ledger.Body{Kind: kind, Who: "Ada Rivera"}.Encode(result)
		require.NoError(t, err)
		return ledger.Entry{Practice: practice, Seq: 1, At: "2026-05-02T12:00:00.000000Z", Body: body}
	}
	recorded := act{Kind: casebook.ActReturns}
	recorded.Terms.Returns = &casebook.ReturnsTerms{List: 2, SHA256: "0123456789abcdef0123", Letters: 12}
	s, err := tell([]ledger.Entry{
		entry("", ledger.KindAct, recorded), entry("P1", ledger.KindReturned, ledger.Returned{List: 2, Letters: 9, NoUsableAddress: 11}),
	})
	require.NoError(t, err)
	require.Len(t, s.events, 2)
	require.Equal(t, "Recorded letters that came back, over all practices: 12", s.events[0].What)
	require.Equal(t, "list 2, 0123456789abcdef…", s.events[0].Detail)
	require.Equal(t, "Letters of the practice came back (list 2): 9; people without a usable address now: 11", s.events[1].What)
}
