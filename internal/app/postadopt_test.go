package app_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/activities"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

// forgottenPost is an office whose database was restored from a backup of before letters
// to two practices were planned and printed, with a third that has no address.
func forgottenPost(t *testing.T) (in installed, was []casebook.PostBatchState) {
	t.Helper()
	far, near, nowhere := quiet("FAR"), quiet("NEAR"), quiet("NOWHERE")
	for _, p := range []*breach.Practice{&far, &near, &nowhere} {
		p.Email, p.SecondEmail = "", ""
	}
	nowhere.Address1 = ""
	in, _, _ = installQuiet(t, far, near, nowhere)
	in.steps.Records = in.store
	for _, key := range []string{"FAR", "NEAR", "NOWHERE"} {
		in.follow(t, key)
	}
	require.NoError(t, in.askForPost(t, casebook.PostNotice))
	_, printed, err := activities.PrintPost(t.Context(), in.steps, in.store, "one")
	require.NoError(t, err)
	require.True(t, printed)
	was, err = in.store.PostBatches(t.Context(), caseID)
	require.NoError(t, err)
	in.sql(t, "DELETE FROM post_piece")
	in.sql(t, "DELETE FROM post_batch")
	return in, was
}

// saysAdopt is an officer who looked at a batch and takes it over.
func (in installed) saysAdopt(t *testing.T, id, name string) error {
	t.Helper()
	sealed, err := os.ReadFile(in.steps.Out.Incident(caseID).Record(name))
	require.NoError(t, err)
	sum := sha256.Sum256(sealed)
	_, err = in.steps.ActOnIncident(t.Context(), casebook.Act{
		ID: id, IncidentID: caseID, Kind: casebook.ActAdopt, Who: "Robin Officer",
		Adopt: &casebook.AdoptTerms{Batches: []casebook.AdoptedBatch{{Name: name, SHA256: hex.EncodeToString(sum[:])}}},
	})
	return err
}

func (in installed) contents(t *testing.T, names ...string) (all []string) {
	t.Helper()
	for _, name := range names {
		content, err := os.ReadFile(name)
		require.NoError(t, err)
		all = append(all, string(content))
	}
	return all
}

func refusedWith(t *testing.T, err error, code string) {
	t.Helper()
	refusal, ok := activities.RefusalOf(err)
	if !ok {
		refusal, ok = breach.AsRefusal(err)
	}
	require.True(t, ok, "%v", err)
	require.Equal(t, code, refusal.Code)
}

// TestLettersToPracticesThatWereForgottenAreAdopted: while they lie there nobody gets
// another, and nothing is taken over that no person looked at. Then they count as what
// they were, and are recorded as mailed as ever.
func TestLettersToPracticesThatWereForgottenAreAdopted(t *testing.T) {
	t.Parallel()
	in, was := forgottenPost(t)
	folder := in.steps.Out.Incident(caseID)
	files := []string{folder.Letters("notices-001"), folder.Pieces("notices-001"), folder.Manifest("notices-001"), folder.Record("notices-001")}
	lay := in.contents(t, files...)
	unknown, unsaved, err := activities.PostPrintedBefore(t.Context(), in.store, folder, caseID)
	require.NoError(t, err)
	require.Equal(t, []string{"notices-001"}, unknown)
	require.Empty(t, unsaved)
	refusedWith(t, in.askForPost(t, casebook.PostNotice), "printed_before")
	refusedWith(t, activities.AdoptPost(t.Context(), in.steps, caseID), "printed_before")

	require.NoError(t, in.saysAdopt(t, "adopt", "notices-001"))
	for range 2 {
		require.NoError(t, activities.AdoptPost(t.Context(), in.steps, caseID), "twice is once")
	}
	is, err := in.store.PostBatches(t.Context(), caseID)
	require.NoError(t, err)
	require.WithinDuration(t, in.steps.Now(), is[0].PrintedAt, 0)
	require.Equal(t, "adopt", is[0].ActID)
	was[0].ActID, was[0].PrintedAt = is[0].ActID, is[0].PrintedAt
	require.Equal(t, was, is)
	require.Equal(t, 2, is[0].Unrecorded)
	waits, next, err := in.store.PracticesToPost(t.Context(),
		casebook.Act{IncidentID: caseID, Notify: &casebook.NotifyTerms{Post: casebook.PostNotice}}, in.today())
	require.NoError(t, err)
	require.Equal(t, []string{"NOWHERE"}, waits, "it has no letter, and may have an address by now")
	require.Equal(t, 2, next)
	batch, err := in.store.PostBatch(t.Context(), caseID, "notices-001")
	require.NoError(t, err)
	require.Equal(t, []casebook.PostPiece{{Number: 1, PracticeKey: "FAR"}, {Number: 2, PracticeKey: "NEAR"}, {Number: 3, PracticeKey: "NOWHERE", Held: "no_address"}}, batch.Pieces)
	require.Equal(t, lay, in.contents(t, files...), "nothing of it is written again")
}

// TestLettersToPracticesThatLieThereWholeAreNotPrintedAgain: a worker that died between
// the files and the database may be followed by somebody who mailed them.
func TestLettersToPracticesThatLieThereWholeAreNotPrintedAgain(t *testing.T) {
	t.Parallel()
	far := quiet("FAR")
	far.Email, far.SecondEmail = "", ""
	in, _, _ := installQuiet(t, far)
	in.steps.Records = in.store
	in.follow(t, "FAR")
	require.NoError(t, in.askForPost(t, casebook.PostNotice))
	_, _, err := activities.PrintPost(t.Context(), in.steps, dies{in.store}, "first")
	require.ErrorIs(t, err, errDied)
	folder := in.steps.Out.Incident(caseID)
	files := []string{folder.Letters("notices-001"), folder.Manifest("notices-001"), folder.Record("notices-001")}
	lay := in.contents(t, files...)
	in.sql(t, "UPDATE post_batch SET claim_until = now()")
	// By what is known now it would not be printed any more.
	in.sql(t, "UPDATE practice SET phase = 'closed', closed_on = now() WHERE practice_key = 'FAR'")
	batch, printed, err := activities.PrintPost(t.Context(), in.steps, in.store, "second")
	require.NoError(t, err)
	require.True(t, printed)
	require.Empty(t, batch.Pieces[0].Held, "it lies printed")
	require.Equal(t, lay, in.contents(t, files...))
	state, err := in.store.PostBatches(t.Context(), caseID)
	require.NoError(t, err)
	require.Positive(t, state[0].Pages)
	require.False(t, state[0].PrintedAt.IsZero())
}

// TestNoLettersToPracticesAreAdoptedThatDoNotFit.
func TestNoLettersToPracticesAreAdoptedThatDoNotFit(t *testing.T) {
	t.Parallel()
	const name = "notices-001"
	for what, c := range map[string]struct {
		spoil func(t *testing.T, in installed)
		code  string
	}{
		"a practice that is not there": {func(t *testing.T, in installed) {
			t.Helper()
			in.sql(t, "UPDATE practice SET practice_key = 'OTHER' WHERE practice_key = 'NEAR'")
		}, "lists_missing"},
		"another batch was planned under its number": {func(t *testing.T, in installed) {
			t.Helper()
			in.sql(t, "INSERT INTO post_batch (incident_id, number, kind, act_id) VALUES ($1, 1, 'notice', 'other')", caseID)
			in.sql(t, "INSERT INTO post_piece SELECT b.id, 1, p.id FROM post_batch b, practice p WHERE p.practice_key = 'NEAR'")
		}, "batch_differs"},
		"another batch was printed under its number": {func(t *testing.T, in installed) {
			t.Helper()
			in.sql(t, "INSERT INTO post_batch (incident_id, number, kind, act_id, printed_at) VALUES ($1, 1, 'notice', 'other', now())", caseID)
		}, "batch_differs"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			in, _ := forgottenPost(t)
			require.NoError(t, in.saysAdopt(t, "adopt", name))
			c.spoil(t, in)
			sealed, err := os.ReadFile(in.steps.Out.Incident(caseID).Record(name))
			require.NoError(t, err)
			adopted, err := in.store.AdoptPost(t.Context(), caseID, name, sealed)
			refusedWith(t, err, c.code)
			require.False(t, adopted)
			there, err := in.store.PostBatches(t.Context(), caseID)
			require.NoError(t, err)
			for _, b := range there {
				require.NotEqual(t, "adopt", b.ActID, "nothing of it is done")
			}
		})
	}
}

// TestARecordOfLettersToPracticesIsOfItsBatch: changed, under another name, or seen by
// nobody it adopts nothing.
func TestARecordOfLettersToPracticesIsOfItsBatch(t *testing.T) {
	t.Parallel()
	in, _ := forgottenPost(t)
	folder := in.steps.Out.Incident(caseID)
	sealed, err := os.ReadFile(folder.Record("notices-001"))
	require.NoError(t, err)
	_, err = in.steps.Out.WriteFile(t.Context(), folder.Record("notices-002"), sealed)
	require.NoError(t, err)
	refusedWith(t, in.saysAdopt(t, "other", "notices-002"), "foreign_record")
	require.NoError(t, in.saysAdopt(t, "adopt", "notices-001"))
	changed := append([]byte(nil), sealed...)
	changed[len(changed)/2] ^= 1
	adopted, err := in.store.AdoptPost(t.Context(), caseID, "notices-001", changed)
	require.NoError(t, err)
	require.False(t, adopted, "nobody said so of this one")
	_, err = in.steps.Out.WriteFile(t.Context(), folder.Record("notices-001"), changed)
	require.NoError(t, err)
	refusedWith(t, in.saysAdopt(t, "again", "notices-001"), "foreign_record")
	require.NoError(t, os.RemoveAll(filepath.Dir(folder.Manifest("notices-001"))))
	require.NoError(t, activities.AdoptPost(context.WithoutCancel(t.Context()), in.steps, caseID), "what was moved away lies there no more")
}
