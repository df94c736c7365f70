package breach_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
)

// TestWhetherTheLettersAreOursToWrite: a business associate writes where the
// practice lets it, a covered entity always to its own.
func TestWhetherTheLettersAreOursToWrite(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		role, answer string
		delegated    string
		ours         bool
	}{
		{breach.BusinessAssociate, breach.DelegateAll, breach.DelegateAll, true},
		{breach.BusinessAssociate, breach.DelegateLetters, breach.DelegateLetters, true},
		{breach.BusinessAssociate, breach.DelegateNone, breach.DelegateNone, false},
		{breach.BusinessAssociate, "", "", false},
		{breach.CoveredEntity, "", breach.DelegateAll, true},
		{breach.CoveredEntity, breach.DelegateNone, breach.DelegateAll, true},
		{breach.CoveredEntity, breach.DelegateLetters, breach.DelegateAll, true},
	} {
		entity, practice := breach.Entity{Role: c.role}, breach.Practice{Delegation: c.answer}
		require.Equal(t, c.delegated, entity.Delegated(practice), "%+v", c)
		require.Equal(t, c.ours, entity.WritesLetters(practice), "%+v", c)
	}
	for _, answer := range breach.Delegations {
		require.Equal(t, answer != breach.DelegateNone, breach.LettersDelegated(answer), answer)
	}
}
