package activities_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/activities"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/outfolder"
)

// notOpened is an incident of two practices of which nothing is decided yet.
func notOpened(t *testing.T) *packetCase {
	t.Helper()
	return loadedCase(t, vendor(), []breach.Practice{clinic("P1"), clinic("P2")}, []breach.Person{patient("P1", 1), patient("P2", 2)})
}

func (c *packetCase) open(keys ...string) []*activities.PracticeState {
	c.t.Helper()
	result, err := c.steps.OpenPractices(c.t.Context(), activities.OpenInput{IncidentID: packetIncident, Keys: keys, At: c.now})
	require.NoError(c.t, err)
	require.Len(c.t, result.States, len(keys))
	return result.States
}

func TestOpenedPracticesStandWhereTheirOwnWorkflowsWouldBringThem(t *testing.T) {
	t.Parallel()
	c := notOpened(t)
	states := c.open("P1", "P2")
	for i, key := range []string{"P1", "P2"} {
		require.NotNil(t, states[i])
		require.NotEmpty(t, states[i].PapersSHA256)
		require.NotEqual(t, casebook.PhaseStarting, states[i].Phase)
		own, err := c.steps.PlanPractice(t.Context(), c.ref(key))
		require.NoError(t, err)
		require.Equal(t, own, *states[i])
	}
	// The process died before its answer came through: the same again is the same.
	require.Equal(t, states, c.open("P1", "P2"))
}

func TestAPracticeThatCannotBeOpenedKeepsNobodyElse(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(store *breaking){
		"a refusal": func(s *breaking) { s.err = breach.Refuse("no_key", "", "there is no key") },
		"an error":  func(s *breaking) { s.err = errors.New("its row cannot be read") },
		"a panic":   func(s *breaking) { s.panics = true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := notOpened(t)
			store := &breaking{Store: c.steps.Store, key: "P1"}
			spoil(store)
			c.steps.Store = store
			states := c.open("P1", "P2")
			require.Nil(t, states[0], "its own workflow finds it undone")
			require.NotNil(t, states[1])
			require.NotEmpty(t, states[1].PapersSHA256)
		})
	}
}

// breaking is a store in which one practice cannot be read.
type breaking struct {
	activities.Store
	key    string
	err    error
	panics bool
}

func (s *breaking) Practice(ctx context.Context, incidentID, key string) (casebook.Practice, error) {
	switch {
	case key == s.key && s.panics:
		panic("its record makes no sense")
	case key == s.key:
		return casebook.Practice{}, s.err
	}
	return s.Store.Practice(ctx, incidentID, key)
}

// TestDaysAreKnownWherePapersCannotBeMade: a disk that is full keeps the papers back and
// not the days, which the practice then watches.
func TestDaysAreKnownWherePapersCannotBeMade(t *testing.T) {
	t.Parallel()
	c := notOpened(t)
	inTheWay := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(inTheWay, nil, 0o600))
	c.steps.Out = outfolder.New(inTheWay)
	state := c.open("P1")[0]
	require.NotNil(t, state)
	require.True(t, state.PapersStale, "its workflow makes them, and says why it cannot")
	require.NotEmpty(t, state.Deadlines)
}

// TestWhatChangedWhileAPracticeWasOpenedIsLookedAt: word of it came when its workflow had
// not begun.
func TestWhatChangedWhileAPracticeWasOpenedIsLookedAt(t *testing.T) {
	t.Parallel()
	c := notOpened(t)
	word := &listening{}
	c.steps.Workflows = word
	keys := []string{"P1", "P2"}
	c.open(keys...)
	tell := func() {
		t.Helper()
		require.NoError(t, c.steps.TellChanged(t.Context(), activities.ChangedInput{IncidentID: packetIncident, Keys: keys}))
	}
	tell()
	require.Empty(t, word.told)
	c.act("", casebook.Act{Kind: casebook.ActHold, Hold: &breach.Hold{
		Kind: breach.OralHold, StatedOn: civil.OfTime(c.now), Official: "Sergeant Example", Agency: "Example State Police", Covers: []string{breach.CoversIndividual},
	}})
	_, err := c.steps.PlanPractice(t.Context(), c.ref("P1"))
	require.NoError(t, err)
	tell()
	require.Equal(t, []string{"practice:" + packetIncident + ":P2"}, word.told, "P1 has looked by itself")
}

// listening hears which workflows were told something.
type listening struct{ told []string }

func (l *listening) SignalWorkflow(_ context.Context, id, _, _ string, _ any) error {
	l.told = append(l.told, id)
	return nil
}
