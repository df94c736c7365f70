package temporalx

import (
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
)

// Actions counts, out of a history, what Temporal Cloud bills by: starts, activities and
// each further try of one, timers, signals, updates, changes of search attributes, and
// the markers of a workflow task together
// (https://docs.temporal.io/cloud/actions). Heartbeats, queries, refused updates and
// schedules leave nothing in a history and are not counted. The zero value has counted
// nothing.
type Actions struct {
	count int
	// marked is the workflow task whose markers were counted last.
	marked int64
}

// Add takes in the next event of the history.
func (a *Actions) Add(event *historypb.HistoryEvent) {
	switch event.GetEventType() {
	case enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED, enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
		enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED, enumspb.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
		enumspb.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED, enumspb.EVENT_TYPE_TIMER_STARTED,
		// The child's own start is the other action of a child.
		enumspb.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED:
		a.count++
	case enumspb.EVENT_TYPE_ACTIVITY_TASK_STARTED:
		a.count += int(max(0, event.GetActivityTaskStartedEventAttributes().GetAttempt()-1))
	case enumspb.EVENT_TYPE_MARKER_RECORDED:
		if task := event.GetMarkerRecordedEventAttributes().GetWorkflowTaskCompletedEventId(); task != a.marked {
			a.marked = task
			a.count++
		}
	}
}

// Count is how many there were.
func (a *Actions) Count() int { return a.count }
