package board_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/board"
)

// TestNobodyWaitsForNumbersThatTakeLong: who asks first is told that they are being
// counted, by one count for all who ask; then they are there.
func TestNobodyWaitsForNumbersThatTakeLong(t *testing.T) {
	t.Parallel()
	var kept board.Kept
	t.Cleanup(kept.Close)
	counted, begun := make(chan struct{}), make(chan struct{}, 10)
	slow := func(ctx context.Context) (int, error) {
		begun <- struct{}{}
		select {
		case <-counted:
			return 45_000, nil
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
	for range 3 {
		_, err := kept.Get(t.Context(), 0, slow)
		require.ErrorIs(t, err, board.ErrCounting)
	}
	<-begun
	require.Empty(t, begun, "one count for all")
	close(counted)
	n, err := kept.Get(t.Context(), time.Minute, slow)
	require.NoError(t, err)
	require.Equal(t, 45_000, n)
}

// TestEarlierNumbersAreShownWhileNewerOnesAreCounted and what was counted quickly is
// counted anew.
func TestEarlierNumbersAreShownWhileNewerOnesAreCounted(t *testing.T) {
	t.Parallel()
	var kept board.Kept
	t.Cleanup(kept.Close)
	n, err := kept.Get(t.Context(), time.Minute, func(context.Context) (int, error) { return 1, nil })
	require.NoError(t, err)
	require.Equal(t, 1, n)
	wait := make(chan struct{})
	require.Eventually(t, func() bool {
		n, err := kept.Get(t.Context(), time.Minute, func(context.Context) (int, error) { return 2, nil })
		return err == nil && n == 2
	}, time.Minute, time.Millisecond, "a quick count rests for a moment only")
	t.Cleanup(func() { close(wait) })
	require.Eventually(t, func() bool {
		n, err := kept.Get(t.Context(), 0, func(ctx context.Context) (int, error) {
			select {
			case <-wait:
			case <-ctx.Done():
			}
			return 3, ctx.Err()
		})
		return err == nil && n == 2
	}, time.Minute, time.Millisecond)
}

// TestACountThatFailsIsSaidAndTriedAgain.
func TestACountThatFailsIsSaidAndTriedAgain(t *testing.T) {
	t.Parallel()
	var kept board.Kept
	wrong := errors.New("the database is away")
	_, err := kept.Get(t.Context(), time.Minute, func(context.Context) (int, error) { return 0, wrong })
	require.ErrorIs(t, err, wrong)
	n, err := kept.Get(t.Context(), time.Minute, func(context.Context) (int, error) { return 7, nil })
	require.NoError(t, err)
	require.Equal(t, 7, n)
	kept.Close()
}

// TestClosingEndsACountThatWouldNever.
func TestClosingEndsACountThatWouldNever(t *testing.T) {
	t.Parallel()
	var kept board.Kept
	_, err := kept.Get(t.Context(), 0, func(ctx context.Context) (int, error) { <-ctx.Done(); return 0, ctx.Err() })
	require.ErrorIs(t, err, board.ErrCounting)
	kept.Close()
}
