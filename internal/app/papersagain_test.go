package app

import (
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/activities"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/packet"
	"duenotice/internal/testkit"
)

// TestAnAnswerDoesNotTypesetTheLetterAgain: what a practice answers changes its folder and
// not its letter, which takes longest. A letter that is not as it was written is made.
func TestAnAnswerDoesNotTypesetTheLetterAgain(t *testing.T) {
	t.Parallel()
	a := practicesAnswer(t, "P1")
	a.steps.Packets = a.store
	now := time.Now()
	a.steps.Now = func() time.Time { return now }
	letter := a.out.Incident(pagesIncident).LetterProof("P1")
	answers := 0
	// answered has the practice answer otherwise than before, which changes its folder, and
	// returns the letter that lies there when its papers were made.
	answered := func() string {
		t.Helper()
		a.says("P1", packet.Answer{Kind: packet.Delegate, Delegation: breach.Delegations[answers%2]}, nil)
		answers++
		a.attends()
		ref := activities.PracticeRef{IncidentID: pagesIncident, PracticeKey: "P1"}
		state, err := a.steps.PlanPractice(t.Context(), ref)
		require.NoError(t, err)
		require.True(t, state.PapersStale)
		state, err = a.steps.PreparePapers(t.Context(), activities.PapersInput{PracticeRef: ref, At: now})
		require.NoError(t, err)
		require.False(t, state.PapersStale)
		content, err := os.ReadFile(letter)
		require.NoError(t, err)
		return string(content)
	}
	typeset := answered()
	// Only whoever does not make it again leaves what lies there: as if it had come from the
	// same input, and been written so.
	other := []byte("%PDF another letter")
	require.NoError(t, os.WriteFile(letter, other, 0o600))
	tag, err := testkit.Pool(t, a.owner).Exec(t.Context(), "UPDATE practice_file SET sha256 = $1, bytes = $2 WHERE made_from <> ''", packet.Part{Content: other}.SHA256(), len(other))
	require.NoError(t, err)
	require.EqualValues(t, 1, tag.RowsAffected())
	require.Equal(t, string(other), answered(), "it was not made again")
	files, err := a.store.PracticeFiles(t.Context(), a.of("P1"))
	require.NoError(t, err)
	require.True(t, slices.ContainsFunc(files, func(f casebook.File) bool { return f.SHA256 == packet.Part{Content: other}.SHA256() }), "and is one of its papers")

	require.NoError(t, os.WriteFile(letter, []byte("something else"), 0o600))
	require.Equal(t, typeset, answered(), "what is not as it was written is made again")
	require.NoError(t, os.Remove(letter))
	require.Equal(t, typeset, answered(), "and what is gone")
	now = now.AddDate(0, 0, 1)
	require.NotEqual(t, typeset, answered(), "a letter of another day is another letter")
}
