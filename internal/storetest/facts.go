package storetest

import (
	"strings"

	"github.com/stretchr/testify/require"

	"duenotice/activities"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

func (h *history) fact() casebook.RecordTerms {
	kind := h.one(breach.LettersMailed, breach.LettersMailed, breach.LettersMailed, breach.PostingStarted, breach.TollFreeStarted, breach.PracticeNotified, breach.Acknowledged)
	return casebook.RecordTerms{Fact: breach.Fact{Kind: kind, On: h.today()}}
}

func (h *history) record() string {
	ref, terms := h.ref(), h.fact()
	return ref.PracticeKey + " " + terms.Fact.Kind + " " + h.act(casebook.Act{
		Kind: casebook.ActRecord, PracticeKey: ref.PracticeKey, Who: "Robin Officer", Record: &terms,
	})
}

func (h *history) recordForAll() string {
	terms := h.fact()
	return terms.Fact.Kind + " " + h.act(casebook.Act{Kind: casebook.ActRecord, Who: "Robin Officer", Record: &terms})
}

// everything has people do all that can be owed in this case, as far as it may be
// done now: without it few histories come to an end.
func (h *history) everything() string {
	for _, key := range []string{"P1", "P2", "P3", "P4"} {
		ref := activities.PracticeRef{IncidentID: IncidentID, PracticeKey: key}
		if h.disputed(key) > 0 {
			h.disputes(key, true)
		}
		_, err := h.steps.PreparePapers(h.t.Context(), activities.PapersInput{PracticeRef: ref, At: h.now})
		require.NoError(h.t, err)
		h.approveAs(ref, "Robin Officer")
		h.approveAs(ref, "Sam Second")
	}
	done := []string{h.mailRun()}
	for _, kind := range []string{
		breach.LettersMailed, breach.PostingStarted, breach.TollFreeStarted, breach.PracticeNotified, breach.HHSFiled, breach.Acknowledged,
	} {
		done = append(done, kind+" "+h.act(casebook.Act{Kind: casebook.ActRecord, Who: "Robin Officer", Record: &casebook.RecordTerms{
			Fact: breach.Fact{Kind: kind, On: h.today(), Reference: "HHS-1"},
		}}))
	}
	return strings.Join(done, ", ")
}
