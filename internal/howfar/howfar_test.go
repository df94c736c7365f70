package howfar_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/howfar"
)

func TestWhatIsReadIsTold(t *testing.T) {
	t.Parallel()
	var told [][2]int
	ctx := howfar.With(t.Context(), func(done, total int) { told = append(told, [2]int{done, total}) })
	text := strings.Repeat("x", 3<<20)
	n, err := io.Copy(io.Discard, howfar.Reader(strings.NewReader(text), len(text), howfar.Of(ctx)))
	require.NoError(t, err)
	require.Equal(t, int64(len(text)), n)
	require.Len(t, told, 3, "once for each MB")
	require.Equal(t, [2]int{len(text), len(text)}, told[2])
	howfar.Of(context.Background())(1, 2)
	howfar.Of(howfar.With(t.Context(), nil))(1, 2)
}
