package activities

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/casefolder"
	"duenotice/internal/cases"
	"duenotice/internal/civil"
	"duenotice/internal/outfolder"
)

// Each step that prints looks for itself, and says why and what to do.
func TestNothingIsPrintedWhilePrintingHasPaused(t *testing.T) {
	t.Parallel()
	c, _, err := casefolder.Read(t.Context(), cases.Folder(t, "st-alphonsus"), civil.MustParse("2026-11-28"), nil)
	require.NoError(t, err)
	store := &printer{c: c, halt: breach.HaltCounts{Printed: 100, Returned: 10}}
	a := &Activities{
		Store: store, Out: outfolder.New(t.TempDir()), Zone: time.UTC,
		Now: func() time.Time { return time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC) },
	}
	_, err = a.RenderBatches(t.Context(), RenderInput{IncidentID: c.Incident.ID, Run: 1, First: 1, Last: 1})
	refusal, is := RefusalOf(err)
	require.True(t, is, "%v", err)
	require.Equal(t, "printing_halted", refusal.Code)
	require.Contains(t, refusal.Message, "10 letters came back (the line is 10)")
	require.Contains(t, refusal.Advice, "duenotice resume "+c.Incident.ID)
	require.Empty(t, store.saved.Name)
	store.halt.Returned = 9
	_, err = a.renderBatch(t.Context(), c.Incident.ID, 1, 1)
	require.NoError(t, err)
	require.NotEmpty(t, store.saved.Name)
}

func TestWhoMayLetPrintingGoOn(t *testing.T) {
	t.Parallel()
	seen := breach.HaltCounts{Printed: 100, Returned: 10}
	a := &Activities{Store: &printer{halt: seen}}
	less := &Activities{Store: &printer{halt: breach.HaltCounts{Printed: 100, Returned: 9}}}
	more := seen
	more.Returned = 500
	for name, c := range map[string]struct {
		a     *Activities
		terms casebook.ResumeTerms
		code  string
	}{
		"with a reason":              {a, casebook.ResumeTerms{Seen: seen, Reason: "One list was old."}, ""},
		"without a reason":           {a, casebook.ResumeTerms{Seen: seen, Reason: " "}, "no_reason"},
		"what nobody can have seen":  {a, casebook.ResumeTerms{Seen: more, Reason: "One list was old."}, "changed_since_looked"},
		"where it goes on by itself": {less, casebook.ResumeTerms{Seen: seen, Reason: "One list was old."}, "not_halted"},
	} {
		err := c.a.allowedResume(t.Context(), breach.Incident{ID: "EX-1"}, c.terms)
		refusal, is := breach.AsRefusal(err)
		require.Equal(t, c.code != "", is, "%s: %v", name, err)
		if is {
			require.Equal(t, c.code, refusal.Code, name)
		}
	}
}
