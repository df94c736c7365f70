package main

import (
	"slices"
	"strings"

	commandpb "go.temporal.io/api/command/v1"
	taskqueuepb "go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/server/common/primitives"
)

// reachesInside tells whether a call is about what belongs to the server itself:
// its own namespace, or a task queue of its own workers. Those have the server's
// rights, so that a workflow started there (the one that ends others by the batch)
// would do what its starter may not.
func reachesInside(namespace string, request any) bool {
	return namespace == primitives.SystemLocalNamespace || slices.ContainsFunc(queuesOf(request), isInside)
}

// isInside also finds a queue by the name of one of its partitions.
func isInside(queue *taskqueuepb.TaskQueue) bool {
	for _, name := range []string{queue.GetName(), queue.GetNormalName()} {
		if strings.Contains(name, "temporal-sys-") || strings.Contains(name, primitives.DefaultWorkerTaskQueue) {
			return true
		}
	}
	return false
}

// queuesOf are the task queues that a request names, its own and those that it has
// the server use later.
func queuesOf(request any) []*taskqueuepb.TaskQueue {
	switch r := request.(type) {
	case *workflowservice.ExecuteMultiOperationRequest:
		queues := make([]*taskqueuepb.TaskQueue, 0, len(r.GetOperations()))
		for _, o := range r.GetOperations() {
			if o.GetStartWorkflow().GetNamespace() == primitives.SystemLocalNamespace || o.GetUpdateWorkflow().GetNamespace() == primitives.SystemLocalNamespace {
				return []*taskqueuepb.TaskQueue{{Name: primitives.DefaultWorkerTaskQueue}}
			}
			queues = append(queues, o.GetStartWorkflow().GetTaskQueue())
		}
		return queues
	case *workflowservice.CreateScheduleRequest:
		return []*taskqueuepb.TaskQueue{r.GetSchedule().GetAction().GetStartWorkflow().GetTaskQueue()}
	case *workflowservice.RespondWorkflowTaskCompletedRequest:
		queues := make([]*taskqueuepb.TaskQueue, 0, len(r.GetCommands()))
		for _, c := range r.GetCommands() {
			queues = append(queues, queueOf(c))
		}
		return queues
	case interface{ GetTaskQueue() *taskqueuepb.TaskQueue }:
		return []*taskqueuepb.TaskQueue{r.GetTaskQueue()}
	case interface{ GetTaskQueue() string }:
		return []*taskqueuepb.TaskQueue{{Name: r.GetTaskQueue()}}
	}
	return nil
}

// queueOf is the task queue that a workflow's command names; the namespace of
// another one stands for a queue there.
func queueOf(c *commandpb.Command) *taskqueuepb.TaskQueue {
	switch a := c.GetAttributes().(type) {
	case *commandpb.Command_ScheduleActivityTaskCommandAttributes:
		return a.ScheduleActivityTaskCommandAttributes.GetTaskQueue()
	case *commandpb.Command_ContinueAsNewWorkflowExecutionCommandAttributes:
		return a.ContinueAsNewWorkflowExecutionCommandAttributes.GetTaskQueue()
	case *commandpb.Command_StartChildWorkflowExecutionCommandAttributes:
		child := a.StartChildWorkflowExecutionCommandAttributes
		if child.GetNamespace() == primitives.SystemLocalNamespace {
			return &taskqueuepb.TaskQueue{Name: primitives.DefaultWorkerTaskQueue}
		}
		return child.GetTaskQueue()
	}
	return nil
}
