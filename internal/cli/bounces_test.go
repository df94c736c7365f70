package cli_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
	"duenotice/internal/cli"
	"duenotice/internal/mail"
)

// TestEveryBounceIsSaid: of a notice once; of a message that is none of the incident, and of
// one that is in the file twice, by where it stands. What arrived is no matter.
func TestEveryBounceIsSaid(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 4, 20, 9, 0, 0, 0, time.UTC)
	event := func(line int, kind, id, email string) mail.Event {
		return mail.Event{Line: line, Kind: kind, At: at, MessageID: id, Email: email}
	}
	latest := map[string]casebook.Message{"P1": {ID: "m1"}, "P2": {ID: "m2"}}
	practices, unknown, doubled := cli.SortBounces([]mail.Event{
		event(1, "bounce", "m1", "office@p1.example.org"), event(2, "delivered", "m9", "x@example.org"), event(3, "dropped", "m1", "office@p1.example.org"),
		event(4, "bounce", "m9", "x@example.org"), event(5, "bounce", "", "Office@P2.example.org"), event(6, "bounce", "m2", "office@p2.example.org"),
		event(7, "bounce", "", "nobody@example.org"), event(8, "bounce", "", "both@example.org"),
	}, latest, map[string][]string{"office@p1.example.org": {"P1"}, "office@p2.example.org": {"P2"}, "both@example.org": {"P1", "P2"}})
	require.Equal(t, []string{"P1", "P2"}, practices)
	require.Equal(t, []int{4, 7}, unknown)
	require.Equal(t, []int{3, 6}, doubled)
}
