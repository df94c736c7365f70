package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"duenotice/internal/casebook"
)

func TestANoticeIsIntendedOnceAndMovesOnce(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), person("P1", "a")))
	ctx := t.Context()
	require.Equal(t, casebook.Message{}, practice(t, store, "P1").Notice)
	m, err := store.IntendMessage(ctx, "m1", incidentID, "P1", "practice_notice")
	require.NoError(t, err)
	require.Equal(t, casebook.Message{ID: "m1", State: casebook.MessageIntended}, m)

	var moves [8]bool
	var all errgroup.Group
	for i := range moves {
		all.Go(func() (err error) {
			moves[i], err = store.MoveMessage(ctx, "m1", casebook.MessageIntended, casebook.Message{State: casebook.MessageSending})
			return err
		})
	}
	require.NoError(t, all.Wait())
	handed := 0
	for _, moved := range moves {
		if moved {
			handed++
		}
	}
	require.Equal(t, 1, handed, "one of them sends it")

	m, err = store.IntendMessage(ctx, "another id", incidentID, "P1", "practice_notice")
	require.NoError(t, err)
	require.Equal(t, casebook.Message{ID: "m1", State: casebook.MessageSending}, m, "the step has its message")

	sent := casebook.Message{ID: "m1", State: casebook.MessageSent, ProviderID: "provider-7", SentOn: today}
	moved, err := store.MoveMessage(ctx, "m1", casebook.MessageSending, sent)
	require.NoError(t, err)
	require.True(t, moved)
	require.Equal(t, sent, practice(t, store, "P1").Notice)
	require.Equal(t, casebook.Message{}, practice(t, store, "P2").Notice)
	moved, err = store.MoveMessage(ctx, "nobody", casebook.MessageSending, sent)
	require.NoError(t, err)
	require.False(t, moved)
}
