package cli_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/cli"
)

func mailed(day, who string) casebook.Act {
	return casebook.Act{IncidentID: "X", Kind: casebook.ActRecord, Who: who, Record: &casebook.RecordTerms{
		Fact: breach.Fact{Kind: breach.LettersMailed, On: civil.MustParse(day)},
	}}
}

func identified(t *testing.T, act casebook.Act, before ...casebook.Act) casebook.Act {
	t.Helper()
	id, repeated, err := cli.Identify(act, before)
	require.NoError(t, err)
	require.False(t, repeated)
	act.ID = id
	return act
}

func TestTheSameActTwiceIsTheSameAct(t *testing.T) {
	t.Parallel()
	first := identified(t, mailed("2026-04-20", "Ada Rivera"))
	id, repeated, err := cli.Identify(mailed("2026-04-20", " ada  rivera"), []casebook.Act{first})
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
	_, repeated, err := cli.Identify(mailed("2026-04-20", "Ada"), []casebook.Act{first, other})
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

func TestWordsAreQuotedForAShell(t *testing.T) {
	t.Parallel()
	require.Equal(t, "cases/EX-2026-03", cli.ShellWord("cases/EX-2026-03"))
	require.Equal(t, `"Ada Rivera"`, cli.ShellWord("Ada Rivera"))
	require.Equal(t, `'$HOME'`, cli.ShellWord("$HOME"))
	require.Equal(t, `'a"b'\''c'`, cli.ShellWord(`a"b'c`))
	require.Equal(t, `""`, cli.ShellWord(""))
}

func TestNumbersAreGrouped(t *testing.T) {
	t.Parallel()
	for n, text := range map[int]string{0: "0", 999: "999", 1000: "1,000", -45000: "-45,000", 3433965: "3,433,965"} {
		require.Equal(t, text, cli.Number(n))
	}
}

func TestTimesOfDue(t *testing.T) {
	t.Parallel()
	for text, days := range map[string]int{"": 0, "7d": 7, "2w": 14, "30": 30} {
		n, err := cli.DaysOf(text)
		require.NoError(t, err)
		require.Equal(t, days, n)
	}
	for _, text := range []string{"d", "-1d", "7x", "99999d"} {
		_, err := cli.DaysOf(text)
		require.Error(t, err, text)
	}
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
	_, repeated, err := cli.Identify(told, []casebook.Act{first, cameBack, again})
	require.NoError(t, err)
	require.True(t, repeated)
	letters := identified(t, mailed("2026-04-20", "Ada"))
	_, repeated, err = cli.Identify(mailed("2026-04-20", "Ada"), []casebook.Act{letters, cameBack})
	require.NoError(t, err)
	require.True(t, repeated, "letters that came back were mailed all the same")
}
