package workflows_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"duenotice/activities"
	"duenotice/internal/casebook"
	"duenotice/workflows"
)

// launched is what a launch did, in its order.
type launched struct {
	env *testsuite.TestWorkflowEnvironment
	// mu: several steps of a launch run at once.
	mu sync.Mutex
	// opened are the practices asked to be opened, began those whose workflow began, with
	// where it began, and told those of whom it was asked whether something changed.
	opened, told []string
	began        map[string]*activities.PracticeState
}

// newLaunch is a launch of so many practices. open answers for one of them.
func newLaunch(t *testing.T, practices int, open func(key string) (*activities.PracticeState, error)) *launched {
	t.Helper()
	l := &launched{env: newEnv(t), began: map[string]*activities.PracticeState{}}
	var keys []string
	for n := range practices {
		keys = append(keys, fmt.Sprintf("P%04d", n))
	}
	l.env.OnActivity(steps.PageOfPractices, mock.Anything, mock.Anything).Return(activities.PageResult{Keys: keys}, nil)
	l.env.OnActivity(steps.OpenPractices, mock.Anything, mock.Anything).Return(
		func(_ context.Context, in activities.OpenInput) (result activities.OpenResult, _ error) {
			l.mu.Lock()
			l.opened = append(l.opened, in.Keys...)
			l.mu.Unlock()
			for _, key := range in.Keys {
				state, err := open(key)
				if err != nil {
					return result, err
				}
				result.States = append(result.States, state)
			}
			return result, nil
		})
	l.env.OnWorkflow(workflows.PracticeType, mock.Anything, mock.Anything).Return(
		func(_ workflow.Context, in workflows.PracticeInput) error {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.began[in.PracticeKey] = in.Opened
			return nil
		})
	l.env.OnActivity(steps.TellChanged, mock.Anything, mock.Anything).Return(
		func(_ context.Context, in activities.ChangedInput) error {
			l.mu.Lock()
			defer l.mu.Unlock()
			require.Len(t, l.began, practices, "who has no workflow yet hears nothing")
			l.told = append(l.told, in.Keys...)
			return nil
		})
	return l
}

func openedState(key string) *activities.PracticeState {
	return &activities.PracticeState{Phase: casebook.PhaseApproval, Name: key, People: 3, PapersSHA256: "hash of " + key}
}

func TestALaunchOpensPracticesTogetherAndStartsEachWhereItStands(t *testing.T) {
	t.Parallel()
	l := newLaunch(t, 45, func(key string) (*activities.PracticeState, error) {
		if key == "P0007" {
			return nil, nil //nolint:nilnil // as OpenResult says of one that could not be opened
		}
		return openedState(key), nil
	})
	l.env.ExecuteWorkflow(workflows.Launch, workflows.LaunchInput{IncidentID: "EX"})
	require.NoError(t, l.env.GetWorkflowError())
	slices.Sort(l.opened)
	require.Len(t, slices.Compact(l.opened), 45)
	require.Len(t, l.began, 45)
	for key, state := range l.began {
		if key == "P0007" {
			require.Nil(t, state, "it looks for itself")
		} else {
			require.Equal(t, openedState(key), state)
		}
	}
	require.Len(t, l.told, 45)
}

// TestPracticesThatCannotBeOpenedTogetherStartAlone: nothing that goes wrong in opening
// keeps a practice from its workflow.
func TestPracticesThatCannotBeOpenedTogetherStartAlone(t *testing.T) {
	t.Parallel()
	l := newLaunch(t, 25, func(key string) (*activities.PracticeState, error) {
		if key < "P0020" {
			return nil, errors.New("the worker was killed")
		}
		return openedState(key), nil
	})
	l.env.ExecuteWorkflow(workflows.Launch, workflows.LaunchInput{IncidentID: "EX"})
	require.NoError(t, l.env.GetWorkflowError())
	require.Len(t, l.began, 25)
	require.Nil(t, l.began["P0019"])
	require.Equal(t, openedState("P0020"), l.began["P0020"])
}

// TestWhoHadAWorkflowBeforeIsNotOpened: what it was told of is its own to look at, and
// trouble that it had is taken back by its own step alone.
func TestWhoHadAWorkflowBeforeIsNotOpened(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]workflows.LaunchInput{
		"a further list": {IncidentID: "EX", List: 2}, "started again": {IncidentID: "EX", Again: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLaunch(t, 3, func(key string) (*activities.PracticeState, error) { return openedState(key), nil })
			l.env.ExecuteWorkflow(workflows.Launch, in)
			require.NoError(t, l.env.GetWorkflowError())
			require.Empty(t, l.opened)
			require.Len(t, l.began, 3)
			require.Nil(t, l.began["P0000"])
		})
	}
}

// TestALaunchFromBeforeTheChangeGoesOnByItsPath: one that an earlier program began.
func TestALaunchFromBeforeTheChangeGoesOnByItsPath(t *testing.T) {
	t.Parallel()
	l := newLaunch(t, 3, func(key string) (*activities.PracticeState, error) { return openedState(key), nil })
	l.env.OnGetVersion("practices-opened-together", workflow.DefaultVersion, workflow.Version(1)).Return(workflow.DefaultVersion)
	l.env.ExecuteWorkflow(workflows.Launch, workflows.LaunchInput{IncidentID: "EX"})
	require.NoError(t, l.env.GetWorkflowError())
	require.Empty(t, l.opened)
	require.Len(t, l.began, 3)
}

func TestAnOpenedPracticeGoesOnFromWhereItStands(t *testing.T) {
	t.Parallel()
	start := discovered.Start(time.UTC)
	d := newDesk(t, start)
	opened := d.state
	opened.NoticeDue = true
	d.env.OnActivity(steps.SendNotice, mock.Anything, mock.Anything).Return(
		func(context.Context, activities.PracticeRef) (activities.PracticeState, error) {
			d.did = append(d.did, "notice")
			return d.state, nil
		})
	columns := 0
	d.env.OnUpsertTypedSearchAttributes(mock.Anything).Run(func(mock.Arguments) { columns++ }).Return(nil)
	d.after(time.Hour, func() {
		require.Zero(t, columns, "they came with its start")
		d.settle()
		d.tell()
	})
	d.env.ExecuteWorkflow(workflows.Practice, workflows.PracticeInput{IncidentID: "EX", PracticeKey: "P1", Opened: &opened})
	require.True(t, d.env.IsWorkflowCompleted())
	require.NoError(t, d.env.GetWorkflowError())
	require.Equal(t, "notice", d.did[0], "what is owed was decided before it began")
	require.Equal(t, 1, columns, "it closed")
}
