package postgres_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/activities"
	"duenotice/internal/casebook"
	"duenotice/internal/cases"
	"duenotice/internal/civil"
	"duenotice/internal/outfolder"
	"duenotice/internal/papers"
	"duenotice/internal/rulebooks"
)

// TestPapersOfAPracticeThatEverybodyLeft: in the case everybody-leaves a later
// list takes out the only person, and every paper of the practice is made anew.
func TestPapersOfAPracticeThatEverybodyLeft(t *testing.T) {
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
	prepare := func() activities.PracticeState {
		state, err := steps.PlanPractice(ctx, ref)
		require.NoError(t, err)
		require.True(t, state.PapersStale)
		state, err = steps.PreparePapers(ctx, activities.PapersInput{PracticeRef: ref, At: at})
		require.NoError(t, err)
		require.False(t, state.PapersStale)
		return state
	}
	require.False(t, prepare().Finished)
	require.Contains(t, read(folder.People("P1")), "Test1")
	require.Contains(t, read(folder.Deadlines("P1")), "BEGIN:VEVENT")
	require.FileExists(t, folder.LetterProof("P1"))
	require.Contains(t, answersOf(t, read(folder.WorksheetJSON("P1"))), "Diagnosis/Conditions")
	before := read(folder.Notice("P1"))
	_, err := store.ActOnPractice(ctx, approval(c.Incident.ID, practiceOf(t, store, c.Incident.ID, "P1").PapersSHA256), allowed)
	require.NoError(t, err)

	require.Equal(t, 1, loadLater(t, store, c, on).Removed)
	state := prepare()
	require.True(t, state.Finished, "nothing is owed any more")
	require.False(t, state.Notifiable)
	require.Empty(t, state.Approvers, "what was approved is not what there is")

	list := read(folder.People("P1"))
	require.Equal(t, 1, strings.Count(list, "\n"), "the header alone")
	require.NotContains(t, list, "Test1")
	calendar := read(folder.Deadlines("P1"))
	require.Equal(t, strings.Count(calendar, "STATUS:CANCELLED"), strings.Count(calendar, "BEGIN:VEVENT"), "no day is left")
	require.NoFileExists(t, folder.LetterProof("P1"))
	worksheet := read(folder.WorksheetJSON("P1"))
	require.Contains(t, worksheet, "No report to HHS is owed")
	require.NotContains(t, answersOf(t, worksheet), "Diagnosis/Conditions", "it names no kind of information of anybody")

	incident, err := store.Incident(ctx, c.Incident.ID)
	require.NoError(t, err)
	empty := practiceOf(t, store, c.Incident.ID, "P1")
	want, err := papers.Notice(papers.NoticeInput{
		Incident: incident.Incident, Practice: empty.Practice, Tally: empty.Tally, Discovered: c.Incident.Discovered, DatedOn: on, Delegation: empty.Practice.Delegation,
	})
	require.NoError(t, err)
	require.Equal(t, string(want), read(folder.Notice("P1")), "a notice that says so")
	require.NotEqual(t, string(want), before)

	again, err := steps.PreparePapers(ctx, activities.PapersInput{PracticeRef: ref, At: at})
	require.NoError(t, err)
	require.Equal(t, state, again)
}

// TestAPracticeThatNeverHadAnybodyHasNoPapers.
func TestAPracticeThatNeverHadAnybodyHasNoPapers(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	in := caseOf(incident(), practices("P1"))
	in.RulebookSHA256 = rulebooks.Kept().Newest().SHA256()
	loaded(t, store, in)
	steps := &activities.Activities{Store: store, Books: rulebooks.Kept(), Now: func() time.Time { return noon }, Zone: time.UTC}
	state, err := steps.PlanPractice(t.Context(), activities.PracticeRef{IncidentID: incidentID, PracticeKey: "P1"})
	require.NoError(t, err)
	require.False(t, state.PapersStale)
	require.True(t, state.Finished)
}

// answersOf are all answers of an HHS worksheet.
func answersOf(t *testing.T, worksheet string) (answers []string) {
	t.Helper()
	var file struct {
		Worksheets []struct {
			Tabs []struct{ Fields []struct{ Answer []string } }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(worksheet), &file))
	for _, w := range file.Worksheets {
		for _, tab := range w.Tabs {
			for _, field := range tab.Fields {
				answers = append(answers, field.Answer...)
			}
		}
	}
	return answers
}

func approval(incidentID, papers string) casebook.Act {
	return casebook.Act{
		ID: "approve " + papers, IncidentID: incidentID, PracticeKey: "P1", Kind: casebook.ActApprove, Who: "Sam Second", At: noon,
		Approve: &casebook.ApproveTerms{SHA256: papers},
	}
}
