package activities

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/casefolder"
	"duenotice/internal/cases"
	"duenotice/internal/civil"
	"duenotice/internal/outfolder"
)

// TestWhatWasTakenBackIsNotPrinted, and what a worker had written of it when it was taken
// back does not stay for a mail house to find.
func TestWhatWasTakenBackIsNotPrinted(t *testing.T) {
	t.Parallel()
	c, _, err := casefolder.Read(t.Context(), cases.Folder(t, "st-alphonsus"), civil.MustParse("2026-11-28"), nil)
	require.NoError(t, err)
	store := &printer{c: c}
	a := &Activities{
		Store: store, Out: outfolder.New(t.TempDir()), Zone: time.UTC,
		Now: func() time.Time { return time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC) },
	}
	in := RenderInput{IncidentID: c.Incident.ID, Run: 1, First: 1, Last: 1}
	folder := a.Out.Incident(c.Incident.ID)
	_, err = a.RenderBatches(t.Context(), in)
	require.NoError(t, err)
	require.NotEmpty(t, store.saved.Name)
	require.FileExists(t, folder.Letters(store.saved.Name))

	store.saved, store.withdrawn = casebook.Batch{}, []int{1}
	for range 2 {
		result, err := a.RenderBatches(t.Context(), in)
		require.NoError(t, err)
		require.Zero(t, result.Pieces)
		require.Empty(t, store.saved.Name)
		left, err := os.ReadDir(folder.Batch(casebook.BatchName(1, 1)))
		require.NoError(t, err)
		require.Empty(t, left)
	}
}

// TestNobodyRecordsTheMailingOfWhatWasTakenBack.
func TestNobodyRecordsTheMailingOfWhatWasTakenBack(t *testing.T) {
	t.Parallel()
	printed := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	there := []casebook.MailedBatch{{Name: "run-001-batch-0001", PrintedAt: printed, Withdrawn: true}, {Name: "run-002-batch-0001", PrintedAt: printed}}
	fact := breach.Fact{Kind: breach.LettersMailed, On: civil.MustParse("2026-11-28")}
	names, _, err := Mailing(casebook.RecordTerms{Fact: fact}, "", there, time.UTC)
	require.NoError(t, err)
	require.Equal(t, []string{"run-002-batch-0001"}, names)
	_, _, err = Mailing(casebook.RecordTerms{Fact: fact, Batches: []string{"run-001-batch-0001"}}, "", there, time.UTC)
	refusal, is := breach.AsRefusal(err)
	require.True(t, is, "%v", err)
	require.Equal(t, "recalled", refusal.Code)
}

// TestACorrectedLetterKeepsItsPracticeOpen until it is mailed: the first one told everybody,
// so that no duty does.
func TestACorrectedLetterKeepsItsPracticeOpen(t *testing.T) {
	t.Parallel()
	a := &Activities{Zone: time.UTC, Now: func() time.Time { return time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC) }}
	finished := func(state account.State) bool {
		p := casebook.Practice{
			Practice: breach.Practice{Key: "P1", LegalName: "Practice", Delegation: breach.DelegateAll}, PapersSHA256: "papers",
			Account: account.Account{{State: state, Why: account.ToldBefore, People: 1, MailedOn: civil.MustParse("2026-11-20")}},
		}
		incident := casebook.Incident{Incident: breach.Incident{Entity: breach.Entity{Role: breach.BusinessAssociate}}}
		return a.standing(incident, p, casebook.Plan{Notifiable: true}, time.UTC).Finished
	}
	for _, state := range []account.State{account.Waiting, account.Printing, account.Printed} {
		require.False(t, finished(state), state)
	}
	require.True(t, finished(account.Mailed))
}

// TestACorrectionIsApproved: what corrected letters say of the first ones is part of what
// an approval is bound to.
func TestACorrectionIsApproved(t *testing.T) {
	t.Parallel()
	p := casebook.Practice{Practice: breach.Practice{Key: "P1", LegalName: "Practice"}}
	before := papersHash(breach.Incident{}, p)
	p.Corrections = []breach.Correction{{Recall: 1, Why: breach.WrongText}}
	recalled := papersHash(breach.Incident{}, p)
	require.NotEqual(t, before, recalled)
	p.Corrections[0].Sentence = "The offer was wrong."
	require.NotEqual(t, recalled, papersHash(breach.Incident{}, p))
}
