package temporalx_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"

	"duenotice/internal/temporalx"
)

// TestActions are those that Temporal Cloud's documentation lists for events.
func TestActions(t *testing.T) {
	t.Parallel()
	var a temporalx.Actions
	add := func(events ...*historypb.HistoryEvent) int {
		for _, e := range events {
			a.Add(e)
		}
		return a.Count()
	}
	of := func(kind enumspb.EventType) *historypb.HistoryEvent { return &historypb.HistoryEvent{EventType: kind} }
	started := func(attempt int32) *historypb.HistoryEvent {
		e := of(enumspb.EVENT_TYPE_ACTIVITY_TASK_STARTED)
		e.Attributes = &historypb.HistoryEvent_ActivityTaskStartedEventAttributes{ActivityTaskStartedEventAttributes: &historypb.ActivityTaskStartedEventAttributes{Attempt: attempt}}
		return e
	}
	marker := func(task int64) *historypb.HistoryEvent {
		e := of(enumspb.EVENT_TYPE_MARKER_RECORDED)
		e.Attributes = &historypb.HistoryEvent_MarkerRecordedEventAttributes{MarkerRecordedEventAttributes: &historypb.MarkerRecordedEventAttributes{WorkflowTaskCompletedEventId: task}}
		return e
	}
	require.Equal(t, 1, add(of(enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED), of(enumspb.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED), of(enumspb.EVENT_TYPE_WORKFLOW_TASK_COMPLETED)))
	require.Equal(t, 2, add(of(enumspb.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED), started(1), of(enumspb.EVENT_TYPE_ACTIVITY_TASK_COMPLETED)))
	require.Equal(t, 5, add(of(enumspb.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED), started(3)), "two further tries")
	require.Equal(t, 6, add(of(enumspb.EVENT_TYPE_TIMER_STARTED), of(enumspb.EVENT_TYPE_TIMER_FIRED), of(enumspb.EVENT_TYPE_TIMER_CANCELED)))
	require.Equal(t, 8, add(marker(4), marker(4), marker(9)), "those of one task are one")
	require.Equal(t, 9, add(of(enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED), of(enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED)))
	require.Equal(t, 10, add(of(enumspb.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED), of(enumspb.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED)))
	require.Equal(t, 11, add(of(enumspb.EVENT_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED), of(enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED)),
		"a signal counts where it arrives")
	require.Equal(t, 12, add(of(enumspb.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES), of(enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED)))
}
