package ledger_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/ledger"
)

// TestATreeMovedOnIsTheTreeMadeAnew: with any number of practices, a head that
// moved gives the same root and proofs as the tree over all heads made again.
func TestATreeMovedOnIsTheTreeMadeAnew(t *testing.T) {
	t.Parallel()
	for size := 1; size <= 33; size++ {
		heads := make([]ledger.Head, size)
		for i := range heads {
			heads[i] = ledger.Head{Practice: fmt.Sprintf("P%03d", i), Seq: 1, Hash: ledger.Hash{byte(i)}}
		}
		tree, err := ledger.NewTree(heads)
		require.NoError(t, err)
		for place := range heads {
			heads[place].Seq, heads[place].Hash = 2, ledger.Hash{0xff, byte(place)}
			tree.Set(place, heads[place])
			anew, err := ledger.NewTree(heads)
			require.NoError(t, err)
			got, err := tree.Anchor()
			require.NoError(t, err)
			want, err := anew.Anchor()
			require.NoError(t, err)
			require.Equal(t, want, got, "%d heads, %d moved", size, place)
			for at := range heads {
				proof, err := tree.Prove(at)
				require.NoError(t, err)
				require.NoError(t, proof.Holds(want, heads[at]), "%d heads, %d moved, proof of %d", size, place, at)
			}
		}
	}
}
