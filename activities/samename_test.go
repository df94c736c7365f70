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
	for spelling, refused := range map[string]bool{
		"jos\u00e9 ross": false, "Jose\u0301 Ross": false, "JOS\u00c9  ROSS ": false, "Ross, Jos\u00e9": false,
		"Jos\u00e9 Ro\u017f\u017f": true, "Jos\u00e9\u200b Ross": true, "\uff2aos\u00e9\u3000Ross": true,
	} {
		two := assessed("Jos\u00e9 Ross", spelling)
		require.True(t, lowProbabilityPending(breach.Incident{}, two), "%+q", spelling)
		require.Len(t, assessmentOf(two.Assessments).ConfirmedBy, 1, "%+q", spelling)
		again := casebook.Act{Kind: casebook.ActAssess, Who: spelling, Assess: &casebook.AssessTerms{Conclusion: breach.LowProbability, Factors: factors}}
		same := func(err error) {
			t.Helper()
			if !refused {
				require.ErrorIs(t, err, errAlready, "%+q", spelling)
				return
			}
			// Whatever it was counted as in the past, it is not taken any more.
			refusal, ok := breach.AsRefusal(err)
			require.True(t, ok, "%+q: %v", spelling, err)
			require.Equal(t, "unclear_name", refusal.Code)
		}
		same(allowed(breach.Incident{}, assessed("Jos\u00e9 Ross"), again, today))

		papers := casebook.Practice{
			Practice: breach.Practice{Key: "P1", Delegation: breach.DelegateAll}, PapersSHA256: "h1",
			Approvals: []casebook.Approval{{Who: "Jos\u00e9 Ross", At: time.Unix(0, 0)}},
		}
		approve := casebook.Act{Kind: casebook.ActApprove, Who: spelling, Approve: &casebook.ApproveTerms{SHA256: "h1"}}
		same(allowed(breach.Incident{}, papers, approve, today))
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
