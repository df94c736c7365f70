package account_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/account"
	"duenotice/internal/civil"
)

func TestMovesGoBetweenKnownStates(t *testing.T) {
	t.Parallel()
	for _, m := range account.Moves {
		require.Contains(t, account.States, m.To, m.Name)
		for _, s := range m.From {
			require.Contains(t, account.States, s, m.Name)
			require.True(t, m.Takes(s))
		}
		require.False(t, m.Takes(m.To), "%s: doing it twice is doing it once", m.Name)
		require.NotContains(t, m.From, account.DeadFifty, "%s: nobody is owed anything of them", m.Name)
	}
}

func TestWhereAFindingBegins(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		who   account.Person
		state account.State
		why   string
	}{
		{account.Person{Protected: true, Usable: true, Ours: true}, account.Waiting, ""},
		{account.Person{Protected: true, Usable: true}, account.PracticeTells, ""},
		{account.Person{Protected: true, Usable: true, Dead: true, Ours: true}, account.Waiting, ""},
		{account.Person{Protected: true, Ours: true}, account.NoAddress, ""},
		{account.Person{Protected: true}, account.NoAddress, ""},
		{account.Person{Protected: true, Dead: true}, account.NoAddress, account.Kin},
		{account.Person{Protected: true, ByEmail: true, Ours: true}, account.NoAddress, account.ByEmail},
		{account.Person{Protected: true, Dead: true, ByEmail: true}, account.NoAddress, account.Kin},
		{account.Person{Usable: true, Dead: true, Ours: true}, account.DeadFifty, ""},
	} {
		state, why := c.who.Begins()
		require.Equal(t, c.state, state, "%+v", c.who)
		require.Equal(t, c.why, why, "%+v", c.who)
	}
}

// TestNobodyIsLostOrMadeByMoving plays random moves: the total stays, a move that
// is repeated moves nobody, and who was told stays told but for a bounce.
func TestNobodyIsLostOrMadeByMoving(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var a account.Account
		for _, state := range account.States {
			a = append(a, account.Line{State: state, Residence: []string{"TX", "OK", ""}[random.IntN(3)], People: random.IntN(9)})
		}
		for range 30 {
			m := account.Moves[random.IntN(len(account.Moves))]
			n := random.IntN(8) - 1
			before := slices.Clone(a)
			next, moved := a.Apply(m, n, nil, func(l *account.Line) {
				if l.State == account.Mailed {
					l.MailedOn = civil.MustParse("2026-04-02")
				}
			})
			require.Equal(t, before, a, "an account is not changed under whoever reads it")
			require.Equal(t, a.Total(), next.Total(), m.Name)
			require.Equal(t, a.In(m.To)+moved, next.In(m.To), m.Name)
			if n < 0 {
				require.Zero(t, next.In(m.From...), m.Name)
				again, none := next.Apply(m, -1, nil, nil)
				require.Zero(t, none, m.Name)
				require.ElementsMatch(t, next, again)
			}
			require.Equal(t, next.Untold(""), next.Untold("TX")+next.Untold("OK")+untoldElsewhere(next), m.Name)
			a = next
		}
		require.Equal(t, a.Total(), account.Account(nil).Plus(a, a).Total()/2)
	}
}

// untoldElsewhere counts those of no known State.
func untoldElsewhere(a account.Account) int {
	return slices.DeleteFunc(slices.Clone(a), func(l account.Line) bool { return l.Residence != "" }).Untold("")
}

func TestWhoIsUntold(t *testing.T) {
	t.Parallel()
	told := []account.State{account.Mailed, account.Returned, account.Told, account.NoAddress, account.Left, account.DeadFifty}
	for _, s := range account.States {
		a := account.Account{{State: s, Residence: "TX", People: 2}}
		require.Equal(t, !slices.Contains(told, s), a.Untold("TX") == 2, s)
		require.Zero(t, a.Untold("OK"))
		require.Equal(t, s == account.NoAddress || s == account.Returned, a.Unreached("") == 2, s)
	}
	kin := account.Account{{State: account.NoAddress, Why: account.Kin, People: 1}, {State: account.Returned, Why: account.Kin, People: 1}}
	require.Zero(t, kin.Unreached(""), "next of kin are owed no substitute notice")
	email := account.Account{{State: account.NoAddress, Why: account.ByEmail, People: 1}, {State: account.Returned, Why: account.ByEmail, People: 1}}
	require.Zero(t, email.Unreached(""), "agreed e-mail reaches them")
	require.Equal(t, 2, email.Untold(""), "and was not sent yet")
	require.Equal(t, 2, email.OwedEmail())
	require.Zero(t, kin.OwedEmail())
}

func TestWhoIsToldAndAwaitsACorrectedLetter(t *testing.T) {
	t.Parallel()
	for _, s := range account.States {
		a := account.Account{{State: s, Why: account.ToldBefore, People: 2}}
		onTheWay := slices.Contains([]account.State{account.Waiting, account.Printing, account.Printed}, s)
		require.Equal(t, onTheWay, a.ToCorrect() == 2, s)
		if onTheWay {
			require.Zero(t, a.Untold(""), "%s: the first letter told them", s)
		}
		require.True(t, a.AnyLetter(), s)
	}
}

func TestWhetherAnAccountHasEverybody(t *testing.T) {
	t.Parallel()
	a := account.Account{{State: account.Mailed, People: 3}, {State: account.Left, People: 2}}
	require.True(t, a.AddsUpTo(3))
	require.False(t, a.AddsUpTo(5), "who left is on no list")
	require.False(t, a.AddsUpTo(4))
}

func TestFromWhichDayOnPeopleWereTold(t *testing.T) {
	t.Parallel()
	first, last := civil.MustParse("2026-04-02"), civil.MustParse("2026-04-09")
	a := account.Account{
		{State: account.Waiting, Residence: "TX", People: 1}, {State: account.Told, Why: account.ByHand, Residence: "TX", People: 1, ToldOn: last},
		{State: account.Mailed, Residence: "OK", People: 1, MailedOn: first},
		{State: account.Told, Why: account.BySubstitute, People: 1, ToldOn: civil.MustParse("2026-04-01")},
	}
	require.Equal(t, first, a.ToldFrom(""))
	require.Equal(t, last, a.ToldFrom("TX"))
	require.Equal(t, last, a.ToldOn(""))
	require.True(t, a[:1].ToldFrom("").IsZero())
}
