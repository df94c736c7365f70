package main

import (
	"testing"

	commandpb "go.temporal.io/api/command/v1"
	schedulepb "go.temporal.io/api/schedule/v1"
	taskqueuepb "go.temporal.io/api/taskqueue/v1"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/server/common/authorization"
)

func TestNobodyReachesTheServersOwnQueues(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"temporal-sys-per-ns-tq", "/_sys/temporal-sys-per-ns-tq/2", "default-worker-tq", "duenotice", "duenotice-mail"} {
		queue := &taskqueuepb.TaskQueue{Name: name}
		inside := name[0] != 'd' || name == "default-worker-tq"
		child := &commandpb.StartChildWorkflowExecutionCommandAttributes{TaskQueue: queue}
		for _, request := range []any{
			&workflowservice.StartWorkflowExecutionRequest{TaskQueue: queue},
			&workflowservice.SignalWithStartWorkflowExecutionRequest{TaskQueue: queue},
			together(&workflowservice.StartWorkflowExecutionRequest{TaskQueue: queue}),
			&workflowservice.PollWorkflowTaskQueueRequest{TaskQueue: queue},
			&workflowservice.PollActivityTaskQueueRequest{TaskQueue: queue},
			&workflowservice.PollActivityTaskQueueRequest{TaskQueue: &taskqueuepb.TaskQueue{Name: "sticky", NormalName: name}},
			&workflowservice.CreateScheduleRequest{Schedule: &schedulepb.Schedule{Action: &schedulepb.ScheduleAction{
				Action: &schedulepb.ScheduleAction_StartWorkflow{StartWorkflow: &workflowpb.NewWorkflowExecutionInfo{TaskQueue: queue}},
			}}},
			commands(&commandpb.Command{Attributes: &commandpb.Command_StartChildWorkflowExecutionCommandAttributes{StartChildWorkflowExecutionCommandAttributes: child}}),
			commands(&commandpb.Command{}, &commandpb.Command{Attributes: &commandpb.Command_ScheduleActivityTaskCommandAttributes{
				ScheduleActivityTaskCommandAttributes: &commandpb.ScheduleActivityTaskCommandAttributes{TaskQueue: queue},
			}}),
			commands(&commandpb.Command{Attributes: &commandpb.Command_ContinueAsNewWorkflowExecutionCommandAttributes{
				ContinueAsNewWorkflowExecutionCommandAttributes: &commandpb.ContinueAsNewWorkflowExecutionCommandAttributes{TaskQueue: queue},
			}}),
		} {
			if reachesInside("default", request) != inside {
				t.Errorf("queue %s, %T: inside is %v", name, request, !inside)
			}
		}
	}
	other := &commandpb.StartChildWorkflowExecutionCommandAttributes{Namespace: "temporal-system"}
	if !reachesInside("default", commands(&commandpb.Command{Attributes: &commandpb.Command_StartChildWorkflowExecutionCommandAttributes{StartChildWorkflowExecutionCommandAttributes: other}})) {
		t.Error("a child in the server's own namespace")
	}
	if !reachesInside("default", together(&workflowservice.StartWorkflowExecutionRequest{Namespace: "temporal-system"})) {
		t.Error("a start with an update in the server's own namespace")
	}
	if !reachesInside("temporal-system", &workflowservice.ListWorkflowExecutionsRequest{}) {
		t.Error("a look into the server's own namespace")
	}
}

// What the server itself asks of itself goes on.
func TestTheServersOwnPartsReachTheirQueues(t *testing.T) {
	t.Parallel()
	request := &workflowservice.PollWorkflowTaskQueueRequest{TaskQueue: &taskqueuepb.TaskQueue{Name: "temporal-sys-per-ns-tq"}}
	for r, expected := range map[role]authorization.Decision{system: authorization.DecisionAllow, worker: authorization.DecisionDeny} {
		result, err := authorizer{}.Authorize(t.Context(), &authorization.Claims{Subject: string(r)}, &authorization.CallTarget{
			APIName: workflowService + "PollWorkflowTaskQueue", Namespace: "default", Request: request,
		})
		if err != nil || result.Decision != expected {
			t.Errorf("%s: %v, %v", r, result, err)
		}
	}
	result, err := authorizer{}.Authorize(t.Context(), nil, &authorization.CallTarget{APIName: workflowService + "GetSystemInfo"})
	if err != nil || result.Decision != authorization.DecisionDeny {
		t.Errorf("without claims: %v, %v", result, err)
	}
}

func commands(list ...*commandpb.Command) *workflowservice.RespondWorkflowTaskCompletedRequest {
	return &workflowservice.RespondWorkflowTaskCompletedRequest{Commands: list}
}

// together is a start with an update in one call.
func together(start *workflowservice.StartWorkflowExecutionRequest) *workflowservice.ExecuteMultiOperationRequest {
	return &workflowservice.ExecuteMultiOperationRequest{Operations: []*workflowservice.ExecuteMultiOperationRequest_Operation{
		{Operation: &workflowservice.ExecuteMultiOperationRequest_Operation_StartWorkflow{StartWorkflow: start}},
		{Operation: &workflowservice.ExecuteMultiOperationRequest_Operation_UpdateWorkflow{UpdateWorkflow: &workflowservice.UpdateWorkflowExecutionRequest{}}},
	}}
}
