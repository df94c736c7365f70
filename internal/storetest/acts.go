package storetest

import (
	"fmt"
	"strings"

	"github.com/stretchr/testify/require"

	"duenotice/activities"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

// act does something to a practice twice: the second time changes nothing.
func (h *history) act(act casebook.Act) string {
	h.acts++
	act.ID, act.IncidentID = fmt.Sprintf("act-%d", h.acts), IncidentID
	require.NoError(h.t, h.ask(h.t.Context(), act))
	do := h.steps.ActOnPractice
	if act.PracticeKey == "" {
		do = h.steps.ActOnIncident
	}
	first, err := do(h.t.Context(), act)
	if err != nil {
		return outcome(err)
	}
	before := h.everybody()
	again, err := do(h.t.Context(), act)
	require.NoError(h.t, err)
	require.False(h.t, again.Fresh, "the same act twice is the same act once")
	require.Equal(h.t, before, h.everybody())
	return fmt.Sprintf("fresh %t", first.Fresh)
}

// bothApprove takes a practice as far as it goes without anything in its way.
func (h *history) bothApprove() string {
	ref := h.ref()
	_, err := h.steps.PreparePapers(h.t.Context(), activities.PapersInput{PracticeRef: ref, At: h.now})
	require.NoError(h.t, err)
	return h.approveAs(ref, "Robin Officer") + ", " + h.approveAs(ref, "Sam Second")
}

func (h *history) approve() string { return h.approveAs(h.ref(), h.one("Robin Officer", "Sam Second")) }

func (h *history) approveAs(ref activities.PracticeRef, who string) string {
	practice, err := h.store.Practice(h.t.Context(), IncidentID, ref.PracticeKey)
	require.NoError(h.t, err)
	return ref.PracticeKey + " " + who + " " + h.act(casebook.Act{
		Kind: casebook.ActApprove, PracticeKey: ref.PracticeKey, Who: who, Approve: &casebook.ApproveTerms{SHA256: practice.PapersSHA256},
	})
}

func (h *history) delegate() string {
	ref, to := h.ref(), h.one(breach.DelegateAll, breach.DelegateLetters, breach.DelegateNone)
	return ref.PracticeKey + " " + to + " " + h.act(casebook.Act{
		Kind: casebook.ActDelegate, PracticeKey: ref.PracticeKey, Who: "Robin Officer", Delegate: &casebook.DelegateTerms{Delegation: to},
	})
}

// contact corrects whom a practice is written to, which stands on its papers.
func (h *history) contact() string {
	ref := h.ref()
	terms := casebook.ContactTerms{PrivacyOfficer: h.one("Quinn Example", "Rory Example"), Email: strings.ToLower(ref.PracticeKey) + "@example.org", Phone: h.one("", "512-555-0100")}
	return ref.PracticeKey + " " + terms.PrivacyOfficer + terms.Phone + " " + h.act(casebook.Act{
		Kind: casebook.ActContact, PracticeKey: ref.PracticeKey, Who: "Robin Officer", Contact: &terms,
	})
}

// dispute has a practice say of all its people that they are not its patients, or
// somebody say that they stay. A simulation has no rows of people, and so cannot tell
// whose letter waits when it is only of some.
func (h *history) dispute() string {
	ref := h.ref()
	return h.disputes(ref.PracticeKey, h.disputed(ref.PracticeKey) > 0)
}

func (h *history) disputed(key string) int {
	practice, err := h.store.Practice(h.t.Context(), IncidentID, key)
	require.NoError(h.t, err)
	return practice.Disputed
}

func (h *history) disputes(key string, keep bool) string {
	terms := casebook.DisputeTerms{Keep: keep}
	if keep {
		terms.Reason = "they were there in May"
	}
	_, _, people := Case()
	for _, p := range people {
		if p.PracticeKey == key {
			terms.PersonKeys = append(terms.PersonKeys, p.Key)
		}
	}
	did := h.act(casebook.Act{Kind: casebook.ActDispute, PracticeKey: key, Who: "Robin Officer", Dispute: &terms})
	return fmt.Sprintf("%s keep=%t %s", key, keep, did)
}

func (h *history) assess() string {
	ref, conclusion, who := h.ref(), h.one(breach.Presumed, breach.LowProbability), h.one("Robin Officer", "Sam Second")
	return ref.PracticeKey + " " + conclusion + " " + who + " " + h.act(casebook.Act{
		Kind: casebook.ActAssess, PracticeKey: ref.PracticeKey, Who: who, Assess: &casebook.AssessTerms{Conclusion: conclusion, Factors: breach.Factors{
			NatureOfPHI: "names", UnauthorizedPerson: "unknown", AcquiredOrViewed: "no sign", Mitigation: "closed",
		}},
	})
}

func (h *history) hold() string {
	hold := breach.Hold{
		Kind: breach.OralHold, StatedOn: h.today(), Official: "Special Agent Example", Agency: "FBI", Statement: "It would impede an investigation.",
		Covers: [][]string{nil, {breach.CoversIndividual}, {breach.CoversPractice}}[h.random.IntN(3)],
	}
	return fmt.Sprint(hold.Covers) + " " + h.act(casebook.Act{Kind: casebook.ActHold, Who: "Robin Officer", Hold: &hold})
}

func (h *history) release() string {
	return h.act(casebook.Act{Kind: casebook.ActRelease, Who: "Robin Officer", Release: &casebook.ReleaseTerms{On: h.today().String()}})
}

func outcome(err error) string {
	if err == nil {
		return "done"
	}
	if refusal, ok := activities.RefusalOf(err); ok {
		return "refused " + refusal.Code
	}
	return err.Error()
}
