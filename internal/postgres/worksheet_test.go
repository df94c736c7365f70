package postgres_test

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/activities"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/cases"
	"duenotice/internal/civil"
	"duenotice/internal/outfolder"
	"duenotice/internal/rulebooks"
)

// TestTheWorksheetFollowsWhatIsRecorded: a record that settles a duty is on the
// worksheet and in the calendar, and the notice that was made before stays the notice.
func TestTheWorksheetFollowsWhatIsRecorded(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	ctx := t.Context()
	on := civil.MustParse("2026-11-20")
	c := startCase(t, store, cases.Folder(t, "everybody-leaves"), on)
	at := on.Start(time.UTC).Add(15 * time.Hour)
	out := outfolder.New(t.TempDir())
	steps := &activities.Activities{Store: store, Books: rulebooks.Kept(), Out: out, Now: func() time.Time { return at }, Zone: time.UTC}
	ref := activities.PracticeRef{IncidentID: c.Incident.ID, PracticeKey: "P1"}
	folder := out.Incident(c.Incident.ID)
	read := func(path string) string {
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		return string(content)
	}
	state, err := steps.PreparePapers(ctx, activities.PapersInput{PracticeRef: ref, At: at})
	require.NoError(t, err)
	require.False(t, state.WorksheetStale)
	require.NotContains(t, read(folder.WorksheetJSON("P1")), "HHS-77")
	notice, packet := read(folder.Notice("P1")), practiceOf(t, store, c.Incident.ID, "P1").PacketSHA256

	_, err = store.ActOnPractice(ctx, casebook.Act{
		ID: "filed", IncidentID: c.Incident.ID, PracticeKey: "P1", Kind: casebook.ActRecord, Who: "Sam Second", At: at,
		Record: &casebook.RecordTerms{Fact: breach.Fact{Kind: breach.HHSFiled, On: on, Reference: "HHS-77"}},
	}, allowed)
	require.NoError(t, err)
	state, err = steps.PlanPractice(ctx, ref)
	require.NoError(t, err)
	require.False(t, state.PapersStale, "what is owed is what it was")
	require.True(t, state.WorksheetStale)

	at = at.Add(24 * time.Hour)
	state, err = steps.UpdateWorksheet(ctx, activities.PapersInput{PracticeRef: ref, At: at})
	require.NoError(t, err)
	require.False(t, state.WorksheetStale)
	require.Contains(t, read(folder.WorksheetJSON("P1")), "HHS-77")
	require.Contains(t, read(folder.Deadlines("P1")), "STATUS:CANCELLED", "the day of a duty that was done is taken out of calendars")
	require.Equal(t, notice, read(folder.Notice("P1")))
	after := practiceOf(t, store, c.Incident.ID, "P1")
	require.Equal(t, packet, after.PacketSHA256, "a notice that was sent stays the notice of these papers")

	again, err := steps.UpdateWorksheet(ctx, activities.PapersInput{PracticeRef: ref, At: at})
	require.NoError(t, err)
	require.Equal(t, state, again)
}
