package app_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/app"
	"duenotice/internal/casebook"
	"duenotice/internal/codec"
	"duenotice/internal/ledger"
)

// alarms is a store of refusals in memory.
type alarms struct {
	refs    []string
	alarms  []casebook.Trouble
	entries []ledger.Refused
	fails   error
}

func (a *alarms) NoteRefused(_ context.Context, ref string, alarm casebook.Trouble, refused ledger.Refused) error {
	if a.fails != nil {
		return a.fails
	}
	a.refs, a.alarms, a.entries = append(a.refs, ref), append(a.alarms, alarm), append(a.entries, refused)
	return nil
}

func place(workflow string, purpose codec.Purpose, name, of string) codec.Place {
	return codec.Place{Namespace: "default", Workflow: workflow, Purpose: purpose, Name: name, Of: of}
}

// TestARefusalIsAnAlarmThatNamesNoOtherPractice in what a practice's pack holds.
func TestARefusalIsAnAlarmThatNamesNoOtherPractice(t *testing.T) {
	t.Parallel()
	kept := &alarms{}
	now := time.Date(2026, 4, 12, 12, 0, 0, 0, time.UTC)
	note := app.Refusals(kept, func() time.Time { return now })
	note(&codec.Refusal{
		Used: place("practice:EX:P1", codec.ActivityInput, "ClosePractice", "7"), Made: place("practice:EX:P2", codec.ActivityInput, "ClosePractice", "9"),
		Reason: codec.ErrMoved,
	})
	require.Equal(t, "EX", kept.alarms[0].Incident)
	require.Equal(t, "P1", kept.alarms[0].Practice)
	require.Equal(t, "activity input ClosePractice", kept.alarms[0].Part)
	require.Contains(t, kept.alarms[0].What, "practice:EX:P2", "the officer is told from where")
	require.NotContains(t, fmt.Sprint(kept.entries[0]), "P2")
	require.Contains(t, kept.entries[0].Used, "practice:EX:P1")
	require.Contains(t, kept.entries[0].Made, "another case")

	note(&codec.Refusal{
		Used: place("practice:EX:P1", codec.ActivityInput, "SendNotice", "7"), Made: place("practice:EX:P1", codec.ActivityInput, "ClosePractice", "9"),
		Reason: codec.ErrMoved,
	})
	require.Contains(t, kept.entries[1].Made, "practice:EX:P1")
	note(&codec.Refusal{Used: place("anything", codec.WorkflowInput, "Practice", ""), Reason: fmt.Errorf("%w: %q", codec.ErrUnknownKey, "made up")})
	require.Empty(t, kept.alarms[2].Incident)
	require.NotContains(t, kept.entries[2].Reason, "made up")
}

// TestTheSameAttemptIsOneAlarmADay, whatever somebody without a key can make up, and
// made-up ones do not fill the ledger.
func TestTheSameAttemptIsOneAlarmADay(t *testing.T) {
	t.Parallel()
	kept := &alarms{}
	now := time.Date(2026, 4, 12, 12, 0, 0, 0, time.UTC)
	note := app.Refusals(kept, func() time.Time { return now })
	for n := range 50 {
		note(&codec.Refusal{Used: place("practice:EX:P1", codec.ActivityInput, "ClosePractice", fmt.Sprint(n)), Reason: codec.ErrNotEncrypted})
		note(&codec.Refusal{Used: place("practice:EX:P1", codec.Signal, fmt.Sprint("made up ", n), ""), Reason: codec.ErrForged})
	}
	require.Len(t, kept.refs, 2)
	now = now.Add(24 * time.Hour)
	note(&codec.Refusal{Used: place("practice:EX:P1", codec.ActivityInput, "ClosePractice", "1"), Reason: codec.ErrNotEncrypted})
	require.Len(t, kept.refs, 3)
	require.NotEqual(t, kept.refs[0], kept.refs[2])

	// By its own time a workflow refuses the same again, also days later.
	at := now.Add(-72 * time.Hour)
	again := &codec.Refusal{Used: place("practice:EX:P1", codec.ActivityResult, "SendNotice", "1"), Reason: codec.ErrMoved, At: at}
	note(again)
	now = now.Add(48 * time.Hour)
	note(again)
	require.Len(t, kept.refs, 5)
	require.Equal(t, kept.refs[3], kept.refs[4], "the store knows it by its ref")

	now = now.Add(time.Hour)
	for n := range 3 * app.NotedAnHour {
		note(&codec.Refusal{Used: place(fmt.Sprintf("practice:EX:P%d", n), codec.WorkflowInput, "Practice", ""), Reason: codec.ErrForged})
	}
	require.Len(t, kept.refs, 5+app.NotedAnHour)
}

// TestARefusalThatCouldNotBeWrittenIsWrittenNextTime it is seen.
func TestARefusalThatCouldNotBeWrittenIsWrittenNextTime(t *testing.T) {
	t.Parallel()
	kept := &alarms{fails: errors.New("the database is away")}
	note := app.Refusals(kept, time.Now)
	refusal := &codec.Refusal{Used: place("practice:EX:P1", codec.ActivityInput, "ClosePractice", "7"), Reason: codec.ErrMoved}
	note(refusal)
	require.Empty(t, kept.refs)
	kept.fails = nil
	note(refusal)
	note(refusal)
	require.Len(t, kept.refs, 1)
}
