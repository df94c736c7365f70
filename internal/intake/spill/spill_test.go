package spill_test

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/intake/spill"
)

func TestPartsOnTheDiskComeBackInOrder(t *testing.T) {
	t.Parallel()
	type record struct {
		key string
		n   uint32
	}
	for _, limit := range []int{64, 1 << 10, 1 << 20} {
		dir := t.TempDir()
		s := spill.NewSmall(dir, limit)
		random := rand.New(rand.NewPCG(1, uint64(limit)))
		var want, got []record
		for n := range uint32(2000) {
			r := record{fmt.Sprintf("key-%03d", random.IntN(300)), n}
			want = append(want, r)
			require.NoError(t, s.Add([]byte(r.key), binary.BigEndian.AppendUint32(nil, n)))
		}
		slices.SortStableFunc(want, func(a, b record) int { return cmp.Compare(a.key, b.key) })
		require.NoError(t, s.Each(func(key, value []byte) error {
			got = append(got, record{string(key), binary.BigEndian.Uint32(value)})
			return nil
		}))
		require.Equal(t, want, got, "with parts of %d bytes", limit)
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		require.NoError(t, err)
		for _, name := range files {
			info, err := os.Stat(name)
			require.NoError(t, err)
			require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "what is sorted is patient data")
		}
	}
}

func TestADamagedPartIsAnError(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := spill.NewSmall(dir, 32)
	for n := range 20 {
		require.NoError(t, s.Add(fmt.Appendf(nil, "key-%02d", n), []byte("value")))
	}
	require.NoError(t, os.Truncate(filepath.Join(dir, "part-0"), 9))
	require.Error(t, s.Each(func(_, _ []byte) error { return nil }), "a part that was cut off must not look like a short one")
}
