package codec

import (
	"fmt"

	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/workflow"
)

// placingWorkflow checks what a workflow is told, and says what it answers.
type placingWorkflow struct {
	interceptor.WorkflowInboundInterceptorBase
	data sealing
}

func (i *placingWorkflow) Init(outbound interceptor.WorkflowOutboundInterceptor) error {
	o := &placingCalls{data: i.data}
	o.Next = outbound
	return i.Next.Init(o)
}

// inside is the converter inside a workflow.
func (s sealing) inside(ctx workflow.Context) sealing {
	info := workflow.GetInfo(ctx)
	s.base, s.flow = Place{Namespace: info.Namespace, Workflow: info.WorkflowExecution.ID}, ctx
	return s
}

func (i *placingWorkflow) ExecuteWorkflow(ctx workflow.Context, in *interceptor.ExecuteWorkflowInput) (any, error) {
	result, err := i.Next.ExecuteWorkflow(ctx, in)
	if err != nil {
		return nil, err
	}
	return placed{WorkflowResult, workflow.GetInfo(ctx).WorkflowType.Name, "", result}, nil
}

// HandleSignal checks a signal before the workflow sees it: one without a value would
// be taken without ever being opened. One that is refused never came.
func (i *placingWorkflow) HandleSignal(ctx workflow.Context, in *interceptor.HandleSignalInput) error {
	ctx = signalled(ctx, in.SignalName)
	if err := i.data.inside(ctx).FromPayloads(in.Arg, &opening{}); err != nil {
		workflow.GetLogger(ctx).Error("a signal is refused", "error", err)
		return nil
	}
	return i.Next.HandleSignal(ctx, in)
}

func (i *placingWorkflow) HandleQuery(ctx workflow.Context, in *interceptor.HandleQueryInput) (any, error) {
	answer, err := i.Next.HandleQuery(ctx, in)
	if err != nil {
		return nil, err
	}
	return placed{QueryResult, in.QueryType, "", answer}, nil
}

func (i *placingWorkflow) ExecuteUpdate(ctx workflow.Context, in *interceptor.UpdateInput) (any, error) {
	answer, err := i.Next.ExecuteUpdate(ctx, in)
	if err != nil {
		return nil, err
	}
	return placed{UpdateResult, in.Name, workflow.GetCurrentUpdateInfo(ctx).ID, answer}, nil
}

// placingCalls says what is for what of all that a workflow asks for.
type placingCalls struct {
	interceptor.WorkflowOutboundInterceptorBase
	data sealing
	// activities counts those of this run.
	activities int
}

func with(ctx workflow.Context, encode, decode Place) workflow.Context {
	return workflow.WithValue(ctx, slotKey{}, slot{encode, decode})
}

func signalled(ctx workflow.Context, name string) workflow.Context {
	return with(ctx, Place{}, Place{Purpose: Signal, Name: name})
}

func (o *placingCalls) GetSignalChannel(ctx workflow.Context, name string) workflow.ReceiveChannel {
	return o.Next.GetSignalChannel(signalled(ctx, name), name)
}

func (o *placingCalls) GetSignalChannelWithOptions(ctx workflow.Context, name string, options workflow.SignalChannelOptions) workflow.ReceiveChannel {
	return o.Next.GetSignalChannelWithOptions(signalled(ctx, name), name, options)
}

func sending(ctx workflow.Context, signal string) workflow.Context {
	return with(ctx, Place{Purpose: Signal, Name: signal}, Place{})
}

func (o *placingCalls) SignalExternalWorkflow(ctx workflow.Context, workflowID, runID, signal string, arg any) workflow.Future {
	return o.Next.SignalExternalWorkflow(sending(ctx, signal), workflowID, runID, signal, arg)
}

func (o *placingCalls) SignalChildWorkflow(ctx workflow.Context, workflowID, signal string, arg any) workflow.Future {
	return o.Next.SignalChildWorkflow(sending(ctx, signal), workflowID, signal, arg)
}

// ExecuteActivity gives each activity an identity that no other of the workflow's has,
// in any of its runs: an earlier answer to the same question is none to this one. A
// run that was reset keeps what the original run was answered.
func (o *placingCalls) ExecuteActivity(ctx workflow.Context, name string, args ...any) workflow.Future {
	options := workflow.GetActivityOptions(ctx)
	if options.ActivityID == "" {
		o.activities++
		options.ActivityID = fmt.Sprintf("%d-%s", o.activities, workflow.GetInfo(ctx).OriginalRunID)
		ctx = workflow.WithActivityOptions(ctx, options)
	}
	ctx = with(ctx, Place{Purpose: ActivityInput, Name: name, Of: options.ActivityID}, Place{Purpose: ActivityResult, Name: name, Of: options.ActivityID})
	return receipt{o.Next.ExecuteActivity(ctx, name, args...)}
}

func (o *placingCalls) ExecuteLocalActivity(ctx workflow.Context, name string, args ...any) workflow.Future {
	ctx = with(ctx, Place{}, Place{Purpose: ActivityResult, Name: name})
	return receipt{o.Next.ExecuteLocalActivity(ctx, name, args...)}
}

func (o *placingCalls) ExecuteChildWorkflow(ctx workflow.Context, name string, args ...any) workflow.ChildWorkflowFuture {
	ctx = with(ctx, Place{Purpose: WorkflowInput, Name: name}, Place{Purpose: WorkflowResult, Name: name})
	return childReceipt{o.Next.ExecuteChildWorkflow(ctx, name, args...)}
}

// receipt is a future whose payload is opened also by who does not want its value: a
// step would else be done because anybody says so.
type receipt struct{ workflow.Future }

func (f receipt) Get(ctx workflow.Context, value any) error {
	return f.Future.Get(ctx, &opening{value: value})
}

type childReceipt struct{ workflow.ChildWorkflowFuture }

func (f childReceipt) Get(ctx workflow.Context, value any) error {
	return f.ChildWorkflowFuture.Get(ctx, &opening{value: value})
}

func (o *placingCalls) NewContinueAsNewError(ctx workflow.Context, run any, args ...any) error {
	name, ok := run.(string)
	if !ok {
		// It would start and be refused, when nobody is there any more to be told.
		panic("a workflow has to continue by the name of its type, so that its input can be made for that type")
	}
	return o.Next.NewContinueAsNewError(with(ctx, Place{Purpose: WorkflowInput, Name: name}, Place{}), name, args...)
}

func kept(ctx workflow.Context) workflow.Context {
	return with(ctx, Place{Purpose: SideEffect}, Place{Purpose: SideEffect})
}

func (o *placingCalls) SideEffect(ctx workflow.Context, f func(workflow.Context) any) converter.EncodedValue {
	return o.Next.SideEffect(kept(ctx), f)
}

func (o *placingCalls) SideEffectWithOptions(ctx workflow.Context, options workflow.SideEffectOptions, f func(workflow.Context) any) converter.EncodedValue {
	return o.Next.SideEffectWithOptions(kept(ctx), options, f)
}

func asked(ctx workflow.Context, query string) workflow.Context {
	return with(ctx, Place{}, Place{Purpose: QueryInput, Name: query})
}

func (o *placingCalls) SetQueryHandler(ctx workflow.Context, query string, handler any) error {
	return o.Next.SetQueryHandler(asked(ctx, query), query, handler)
}

func (o *placingCalls) SetQueryHandlerWithOptions(ctx workflow.Context, query string, handler any, options workflow.QueryHandlerOptions) error {
	return o.Next.SetQueryHandlerWithOptions(asked(ctx, query), query, handler, options)
}
