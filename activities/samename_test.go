package activities

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
)

// TestOnePersonInTwoSpellingsIsNotTwoPeople wherever two are needed: a low
// probability of compromise, and an approval.
func TestOnePersonInTwoSpellingsIsNotTwoPeople(t *testing.T) {
	t.Parallel()
	today := civil.MustParse("2026-04-20")
	factors := breach.Factors{NatureOfPHI: "a", UnauthorizedPerson: "b", AcquiredOrViewed: "c", Mitigation: "d"}
	assessed := func(who ...string) casebook.Practice {
		var p casebook.Practice
		for _, w := range who {
			p.Assessments = append(p.Assessments, casebook.Assessment{Who: w, Conclusion: breach.LowProbability, Factors: factors})
		}
		return p
	}
	for _, spelling := range []string{
		"jos\u00e9 ross", "Jose\u0301 Ross", "Jos\u00e9 Ro\u017f\u017f", "JOS\u00c9  ROSS ", "Jos\u00e9\u200b Ross", "\uff2aos\u00e9\u3000Ross",
	} {
		two := assessed("Jos\u00e9 Ross", spelling)
		require.True(t, lowProbabilityPending(breach.Incident{}, two), "%+q", spelling)
		require.Len(t, assessmentOf(two.Assessments).ConfirmedBy, 1, "%+q", spelling)
		again := casebook.Act{Kind: casebook.ActAssess, Who: spelling, Assess: &casebook.AssessTerms{Conclusion: breach.LowProbability, Factors: factors}}
		require.ErrorIs(t, allowed(breach.Incident{}, assessed("Jos\u00e9 Ross"), again, today), errAlready, "%+q", spelling)

		papers := casebook.Practice{
			Practice: breach.Practice{Key: "P1", Delegation: breach.DelegateAll}, PapersSHA256: "h1",
			Approvals: []casebook.Approval{{Who: "Jos\u00e9 Ross", At: time.Unix(0, 0)}},
		}
		approve := casebook.Act{Kind: casebook.ActApprove, Who: spelling, Approve: &casebook.ApproveTerms{SHA256: "h1"}}
		require.ErrorIs(t, allowed(breach.Incident{}, papers, approve, today), errAlready, "%+q", spelling)
	}
	two := assessed("Jos\u00e9 Ross", "Ada Rivera")
	require.False(t, lowProbabilityPending(breach.Incident{}, two), "the second person can still answer")
	require.False(t, lowProbabilityPending(breach.Incident{}, assessed("Jos\u00e9 Ross", "jos\u00e9 ross", "Ada Rivera")))
	for _, nobody := range []string{"", " ", "\u200b", "Duenotice", "due\u200bnotice"} {
		err := allowed(breach.Incident{}, two, casebook.Act{Kind: casebook.ActDelegate, Who: nobody, Delegate: &casebook.DelegateTerms{Delegation: breach.DelegateAll}}, today)
		refusal, ok := breach.AsRefusal(err)
		require.True(t, ok, "%+q", nobody)
		require.Equal(t, "no_name", refusal.Code, "%+q", nobody)
	}
}
