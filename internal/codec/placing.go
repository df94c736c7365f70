package codec

import (
	"context"
	"errors"
	"strings"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/workflow"
)

// placing tells the converter what the SDK does not tell it: what a payload is for.
// For a client it is this file, for a worker placing_workflow.go and
// placing_activity.go.
type placing struct {
	interceptor.ClientInterceptorBase
	interceptor.WorkerInterceptorBase
	data sealing
}

func (p *placing) InterceptClient(next interceptor.ClientOutboundInterceptor) interceptor.ClientOutboundInterceptor {
	i := &placingClient{data: p.data}
	i.Next = next
	return i
}

func (p *placing) InterceptActivity(_ context.Context, next interceptor.ActivityInboundInterceptor) interceptor.ActivityInboundInterceptor {
	i := &placingActivity{data: p.data}
	i.Next = next
	return i
}

func (p *placing) InterceptWorkflow(_ workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	i := &placingWorkflow{data: p.data}
	i.Next = next
	return i
}

// each makes every value one that says what it is for.
func each(purpose Purpose, name, of string, values []any) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = placed{purpose, name, of, v}
	}
	return out
}

// placingClient says what a program sends, and checks what it is answered.
type placingClient struct {
	interceptor.ClientOutboundInterceptorBase
	data sealing
}

func (i *placingClient) ExecuteWorkflow(ctx context.Context, in *interceptor.ClientExecuteWorkflowInput) (client.WorkflowRun, error) {
	sent := *in
	sent.Args = each(WorkflowInput, in.WorkflowType, "", in.Args)
	return i.Next.ExecuteWorkflow(ctx, &sent)
}

func (i *placingClient) SignalWorkflow(ctx context.Context, in *interceptor.ClientSignalWorkflowInput) error {
	sent := *in
	sent.Arg = placed{Signal, in.SignalName, "", in.Arg}
	return i.Next.SignalWorkflow(ctx, &sent)
}

func (i *placingClient) SignalWithStartWorkflow(ctx context.Context, in *interceptor.ClientSignalWithStartWorkflowInput) (client.WorkflowRun, error) {
	sent := *in
	sent.SignalArg = placed{Signal, in.SignalName, "", in.SignalArg}
	sent.Args = each(WorkflowInput, in.WorkflowType, "", in.Args)
	return i.Next.SignalWithStartWorkflow(ctx, &sent)
}

func (i *placingClient) CreateSchedule(ctx context.Context, in *interceptor.ScheduleClientCreateInput) (client.ScheduleHandle, error) {
	action, ok := in.Options.Action.(*client.ScheduleWorkflowAction)
	if !ok {
		return i.Next.CreateSchedule(ctx, in)
	}
	name, ok := action.Workflow.(string)
	if !ok {
		return nil, errors.New("a schedule has to name the type of its workflow, so that its input can be made for that type")
	}
	start, options := *action, *in.Options
	start.Args = each(WorkflowInput, name, scheduled, action.Args)
	options.Action = &start
	return i.Next.CreateSchedule(ctx, &interceptor.ScheduleClientCreateInput{Options: &options})
}

// UpdateWithStartWorkflow is refused: the SDK shows an interceptor no input of the start.
func (*placingClient) UpdateWithStartWorkflow(context.Context, *interceptor.ClientUpdateWithStartWorkflowInput) (client.WorkflowUpdateHandle, error) {
	return nil, errors.New("an update cannot start a workflow here: what the workflow starts with would have no place")
}

func (i *placingClient) UpdateWorkflow(ctx context.Context, in *interceptor.ClientUpdateWorkflowInput) (client.WorkflowUpdateHandle, error) {
	sent := *in
	sent.Args = each(UpdateInput, in.UpdateName, in.UpdateID, in.Args)
	handle, err := i.Next.UpdateWorkflow(ctx, &sent)
	if err != nil {
		return nil, err
	}
	return &answer{handle, i.data.at(UpdateResult, in.UpdateName, in.UpdateID)}, nil
}

// answer is an update's, which has to be of that very update.
type answer struct {
	client.WorkflowUpdateHandle
	place Place
}

func (a *answer) Get(ctx context.Context, value any) error {
	return a.WorkflowUpdateHandle.Get(ctx, &opening{a.place, value})
}

func (i *placingClient) QueryWorkflow(ctx context.Context, in *interceptor.ClientQueryWorkflowInput) (converter.EncodedValue, error) {
	if strings.HasPrefix(in.QueryType, "__") {
		return i.Next.QueryWorkflow(ctx, in) // the SDK's own, for people to look at
	}
	sent := *in
	sent.Args = each(QueryInput, in.QueryType, "", in.Args)
	value, err := i.Next.QueryWorkflow(ctx, &sent)
	if err != nil || value == nil {
		return value, err
	}
	return queried{value, i.data.at(QueryResult, in.QueryType, "")}, nil
}

// queried is a query's answer.
type queried struct {
	converter.EncodedValue
	place Place
}

func (q queried) Get(value any) error { return q.EncodedValue.Get(&opening{q.place, value}) }
