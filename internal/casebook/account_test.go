package casebook_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

// TestAnAccountInWords: every state and every reason has words, each state with
// anybody is one row, and reasons of other letters or residences are one reason.
func TestAnAccountInWords(t *testing.T) {
	t.Parallel()
	for _, s := range account.States {
		if s != account.Mailed { // its word is its name
			require.NotEqual(t, string(s), s.Words(), "%s has no words", s)
		}
	}
	people := account.Account{
		{State: account.Told, Why: account.ByHand, People: 2, Residence: "TX"}, {State: account.Held, Why: string(breach.HeldScript), People: 1, Residence: "TX"},
		{State: account.Held, Why: string(breach.HeldScript), People: 2, Residence: "OK"}, {State: account.NoAddress, People: 4},
		{State: account.NoAddress, Why: account.Kin, People: 1}, {State: account.Told, Why: account.BySubstitute, People: 3}, {State: account.Left, People: 0},
	}
	var said [][3]string
	for _, row := range casebook.RowsOf(people) {
		said = append(said, [3]string{strconv.Itoa(row.People), row.State.Words(), row.Why(strconv.Itoa)})
	}
	require.Equal(t, [][3]string{
		{"3", "held back", breach.HeldScript.Words()},
		{"5", "without a usable address", "1 next of kin without an address"},
		{"5", "told otherwise", "2 by hand; 3 by substitute notice"},
	}, said)
}
