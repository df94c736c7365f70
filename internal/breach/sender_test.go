package breach_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// TestWhoseEachDutyIs: what the form that a practice signs says. All leaves us
// everything, agencies of States too; letters what patients are told one by one.
func TestWhoseEachDutyIs(t *testing.T) {
	t.Parallel()
	us, you, open := breach.ByUs, breach.ByPractice, breach.Undecided
	for _, c := range []struct {
		duty                                breach.Obligation
		all, letters, none, answeredNothing string
	}{
		{breach.Obligation{Kind: breach.IndividualNotice}, us, us, you, open},
		{breach.Obligation{Kind: breach.StateIndividualNotice}, us, us, you, open},
		{breach.Obligation{Kind: breach.CreditMonitoringDuty}, us, us, you, open},
		{breach.Obligation{Kind: breach.FacilityNotice, Form: breach.FormPatient}, us, us, you, open},
		{breach.Obligation{Kind: breach.FacilityNotice, Form: breach.FormDepartment}, us, you, you, open},
		{breach.Obligation{Kind: breach.SubstituteNotice}, us, you, you, open},
		{breach.Obligation{Kind: breach.HHSNotice}, us, you, you, open},
		{breach.Obligation{Kind: breach.MediaNotice}, us, you, you, open},
		{breach.Obligation{Kind: breach.RegulatorNotice}, us, you, you, open},
		{breach.Obligation{Kind: breach.CRANotice}, us, you, you, open},
		{breach.Obligation{Kind: breach.CoveredEntityNotice}, us, us, us, us},
		{breach.Obligation{Kind: breach.DataOwnerNotice}, us, us, us, us},
		{breach.Obligation{Kind: breach.SECForm8K}, us, us, us, us},
	} {
		got := []string{
			c.duty.CarriedOutBy(breach.DelegateAll), c.duty.CarriedOutBy(breach.DelegateLetters), c.duty.CarriedOutBy(breach.DelegateNone), c.duty.CarriedOutBy(""),
		}
		require.Equal(t, []string{c.all, c.letters, c.none, c.answeredNothing}, got, "%s %s", c.duty.Kind, c.duty.Form)
	}
}

// TestWhichFactsAreOfOneDuty: two filings are of one duty where one of them would do.
func TestWhichFactsAreOfOneDuty(t *testing.T) {
	t.Parallel()
	f := func(kind, jurisdiction string) breach.Fact {
		return breach.Fact{Kind: kind, Jurisdiction: jurisdiction}
	}
	for _, c := range []struct {
		a, b breach.Fact
		same bool
	}{
		{f(breach.HHSFiled, ""), f(breach.HHSAddendum, ""), true},
		{f(breach.HHSFiled, ""), f(breach.HHSFiled, breach.Part2), false},
		{f(breach.HHSFiled, breach.Part2), f(breach.HHSAddendum, breach.Part2), true},
		{f(breach.MediaSent, "VA"), f(breach.MediaSent, "VA"), true},
		{f(breach.MediaSent, "VA"), f(breach.MediaSent, "MD"), false},
		{f(breach.MediaSent, "VA"), f(breach.MediaSent, ""), true},
		{f(breach.MediaSent, ""), f(breach.HHSFiled, ""), false},
		{f(breach.RegulatorNotified, "NY"), f(breach.RegulatorUpdated, "NY:state_police"), true},
		{f(breach.RegulatorNotified, "NY:attorney_general"), f(breach.RegulatorNotified, "NY:state_police"), false},
		{f(breach.RegulatorNotified, "CT:attorney_general NY:state_police"), f(breach.RegulatorNotified, "NY:state_police"), true},
		{f(breach.RegulatorNotified, breach.AllAgencies), f(breach.RegulatorNotified, "NY:state_police"), true},
		{f(breach.LettersMailed, ""), f(breach.LettersMailed, ""), false},
	} {
		require.Equal(t, c.same, c.a.SameDuty(c.b), "%v %v", c.a, c.b)
		require.Equal(t, c.same, c.b.SameDuty(c.a), "%v %v", c.b, c.a)
	}
}

// TestWhoHasToldSomebodyTellsTheRest: an answer decides of what nobody has told yet.
func TestWhoHasToldSomebodyTellsTheRest(t *testing.T) {
	t.Parallel()
	entity := breach.Entity{Role: breach.BusinessAssociate}
	all, none := breach.Practice{Delegation: breach.DelegateAll}, breach.Practice{Delegation: breach.DelegateNone}
	filed := func(by string) breach.Fact {
		return breach.Fact{Kind: breach.HHSFiled, On: civil.MustParse("2026-04-20"), Reference: "T-1", Sender: by}
	}
	addendum, part2 := breach.Fact{Kind: breach.HHSAddendum}, breach.Fact{Kind: breach.HHSFiled, Jurisdiction: breach.Part2}
	require.Equal(t, breach.ByUs, entity.SenderOf(addendum, all, nil))
	require.Equal(t, breach.ByPractice, entity.SenderOf(addendum, none, nil))
	require.Equal(t, breach.Undecided, entity.SenderOf(addendum, breach.Practice{}, nil))
	require.Equal(t, breach.ByPractice, entity.SenderOf(addendum, all, breach.Facts{filed(breach.ByPractice)}), "it files the final number too")
	require.Equal(t, breach.ByUs, entity.SenderOf(part2, all, breach.Facts{filed(breach.ByPractice)}), "that is another report")
	covered := breach.Entity{Role: breach.CoveredEntity}
	require.Equal(t, breach.ByUs, covered.SenderOf(addendum, none, nil), "there is nobody to leave it to")

	_, back := entity.TakesBack(breach.DelegateLetters, all, breach.Facts{filed(breach.ByUs)})
	require.True(t, back, "the practice would file what we filed")
	_, back = entity.TakesBack(breach.DelegateLetters, all, breach.Facts{filed("")})
	require.True(t, back, "recorded for the whole incident, it was ours")
	_, back = entity.TakesBack(breach.DelegateNone, breach.Practice{Delegation: breach.DelegateLetters}, breach.Facts{filed("")})
	require.False(t, back, "that was the practice's own")
	_, back = entity.TakesBack(breach.DelegateLetters, all, breach.Facts{filed(breach.ByPractice)})
	require.False(t, back)
	_, back = entity.TakesBack(breach.DelegateAll, none, breach.Facts{filed(breach.ByPractice)})
	require.False(t, back)
}
