package acts_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/acts"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
)

func mailed(day, who string) casebook.Act {
	return casebook.Act{IncidentID: "X", Kind: casebook.ActRecord, Who: who, Record: &casebook.RecordTerms{
		Fact: breach.Fact{Kind: breach.LettersMailed, On: civil.MustParse(day)},
	}}
}

// identify gives an act its ID among those before it.
func identify(act casebook.Act, before []casebook.Act) (id string, repeated bool, err error) {
	repeated, err = acts.Identify(&act, before)
	return act.ID, repeated, err
}

func identified(t *testing.T, act casebook.Act, before ...casebook.Act) casebook.Act {
	t.Helper()
	id, repeated, err := identify(act, before)
	require.NoError(t, err)
	require.False(t, repeated)
	act.ID = id
	return act
}

func TestTheSameActTwiceIsTheSameAct(t *testing.T) {
	t.Parallel()
	first := identified(t, mailed("2026-04-20", "Ada Rivera"))
	id, repeated, err := identify(mailed("2026-04-20", " ada  rivera"), []casebook.Act{first})
	require.NoError(t, err)
	require.True(t, repeated)
	require.Equal(t, first.ID, id)
	require.Equal(t, first.ID, identified(t, mailed("2026-04-20", "Ada Rivera")).ID, "a command given again before the first was written down")
}

func TestAnotherPersonsActIsAnother(t *testing.T) {
	t.Parallel()
	first := identified(t, mailed("2026-04-20", "Ada Rivera"))
	require.NotEqual(t, first.ID, identified(t, mailed("2026-04-20", "Ben Okafor"), first).ID)
}

func TestTheSameWordsAfterACorrectionAreAnotherAct(t *testing.T) {
	t.Parallel()
	first := identified(t, mailed("2026-04-20", "Ada"))
	correction := identified(t, mailed("2026-04-21", "Ada"), first)
	again := identified(t, mailed("2026-04-20", "Ada"), first, correction)
	require.NotEqual(t, first.ID, again.ID)
}

func TestAFactForAnotherStateDoesNotComeBetween(t *testing.T) {
	t.Parallel()
	first := identified(t, mailed("2026-04-20", "Ada"))
	other := mailed("2026-04-21", "Ada")
	other.Record.Fact.Jurisdiction = "VA"
	other = identified(t, other, first)
	_, repeated, err := identify(mailed("2026-04-20", "Ada"), []casebook.Act{first, other})
	require.NoError(t, err)
	require.True(t, repeated)
}

func TestAReleaseAfterANewHoldIsAnother(t *testing.T) {
	t.Parallel()
	release := casebook.Act{IncidentID: "X", Kind: casebook.ActRelease, Who: "Ada", Release: &casebook.ReleaseTerms{On: "2026-04-02"}}
	hold := casebook.Act{IncidentID: "X", Kind: casebook.ActHold, Who: "Ada", Hold: &breach.Hold{Kind: breach.OralHold}}
	first := identified(t, release)
	hold = identified(t, hold, first)
	require.NotEqual(t, first.ID, identified(t, release, first, hold).ID)
}

// TestSubstituteNoticeAfterLettersCameBackIsAnother: the same call to the same
// people is recorded once, and the same words for those whose letters came back
// since once more.
func TestSubstituteNoticeAfterLettersCameBackIsAnother(t *testing.T) {
	t.Parallel()
	told := mailed("2026-04-20", "Ada")
	told.Record = &casebook.RecordTerms{Fact: breach.Fact{Kind: breach.PostingStarted, On: civil.MustParse("2026-04-20")}}
	first := identified(t, told)
	cameBack := casebook.Act{ID: "returns-1", IncidentID: "X", Kind: casebook.ActReturns, Returns: &casebook.ReturnsTerms{Letters: 1}}
	again := identified(t, told, first, cameBack)
	require.NotEqual(t, first.ID, again.ID)
	_, repeated, err := identify(told, []casebook.Act{first, cameBack, again})
	require.NoError(t, err)
	require.True(t, repeated)
	letters := identified(t, mailed("2026-04-20", "Ada"))
	_, repeated, err = identify(mailed("2026-04-20", "Ada"), []casebook.Act{letters, cameBack})
	require.NoError(t, err)
	require.True(t, repeated, "letters that came back were mailed all the same")
}

// TestWhetherAPracticeWasToldIsOneSeries: told, not told after all, told again on
// the same day are three acts.
func TestWhetherAPracticeWasToldIsOneSeries(t *testing.T) {
	t.Parallel()
	record := func(kind string) casebook.Act {
		act := mailed("2026-04-20", "Ada")
		act.PracticeKey, act.Record.Fact.Kind = "P1", kind
		return act
	}
	told := identified(t, record(breach.PracticeNotified))
	bounced := identified(t, record(breach.NoticeBounced), told)
	again := identified(t, record(breach.PracticeNotified), told, bounced)
	require.NotEqual(t, told.ID, again.ID)
	_, repeated, err := identify(record(breach.PracticeNotified), []casebook.Act{told, bounced, again})
	require.NoError(t, err)
	require.True(t, repeated)
}
