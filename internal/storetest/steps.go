package storetest

import (
	"fmt"

	"github.com/stretchr/testify/require"

	"duenotice/activities"
	"duenotice/internal/account"
	"duenotice/internal/casebook"
)

func (h *history) papers() string {
	ref := h.ref()
	_, err := h.steps.PreparePapers(h.t.Context(), activities.PapersInput{PracticeRef: ref, At: h.now})
	return ref.PracticeKey + " " + outcome(err)
}

// worksheet brings the worksheet of a practice up to date that has papers, as its
// workflow does.
func (h *history) worksheet() string {
	ref := h.ref()
	state, err := h.steps.PlanPractice(h.t.Context(), ref)
	require.NoError(h.t, err)
	if !state.WorksheetStale {
		return ref.PracticeKey + " has none to make"
	}
	state, err = h.steps.UpdateWorksheet(h.t.Context(), activities.PapersInput{PracticeRef: ref, At: h.now})
	require.NoError(h.t, err)
	require.False(h.t, state.WorksheetStale)
	return fmt.Sprintf("%s made, papers stale %t", ref.PracticeKey, state.PapersStale)
}

// mailRun plans what may be printed, and prints it unless a hold came in between.
func (h *history) mailRun() string {
	h.standings()
	ctx := h.t.Context()
	run := casebook.MailRun{IncidentID: IncidentID, Number: h.run, MailOn: h.today()}
	mayPrint := h.printable()
	planned, err := h.store.PlanMailRun(ctx, run, 5)
	require.NoError(h.t, err)
	require.Equal(h.t, mayPrint, planned.Pieces, "every letter that may be printed, and no other")
	if planned.Pieces == 0 {
		return "nothing"
	}
	for batch := range planned.Batches {
		name := casebook.BatchName(h.run, batch+1)
		require.NoError(h.t, h.store.IntendBatch(ctx, IncidentID, h.run, name))
		for range 2 {
			require.NoError(h.t, h.store.SaveBatch(ctx, IncidentID, h.run, casebook.Batch{Name: name, Number: batch + 1, Pieces: 5, PrintedAt: h.now}))
		}
	}
	h.run++
	return fmt.Sprintf("%d pieces", planned.Pieces)
}

// printable counts the letters of the practices that may print.
func (h *history) printable() int {
	n := 0
	for _, key := range []string{"P1", "P2", "P3", "P4"} {
		state, p := h.stand(key)
		if state.Printable && p.Phase != casebook.PhaseClosed {
			n += p.Account.In(account.Waiting)
		}
	}
	return n
}

// standings has every practice look where it stands, as its workflow does.
func (h *history) standings() {
	for _, key := range []string{"P1", "P2", "P3", "P4"} {
		h.stand(key)
	}
}

func (h *history) stand(key string) (activities.PracticeState, casebook.Practice) {
	ref := activities.PracticeRef{IncidentID: IncidentID, PracticeKey: key}
	state, err := h.steps.PlanPractice(h.t.Context(), ref)
	require.NoError(h.t, err)
	p, err := h.store.Practice(h.t.Context(), IncidentID, key)
	require.NoError(h.t, err)
	return state, p
}
