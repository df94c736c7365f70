package codec

import (
	"context"
	"errors"
	"strings"

	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"duenotice/internal/logging"
)

// unquoting keeps out of Temporal and the log what a panic says: the SDK would
// write its text into the failure and the log, and both are kept and read by
// people who may see no patient. It lies outside every other interceptor of the
// worker, because a client's come before a worker's.
type unquoting struct {
	interceptor.ClientInterceptorBase
	interceptor.WorkerInterceptorBase
}

// errTypePanic is the type of the failure of an activity that panicked. It is
// tried again as after any other error.
const errTypePanic = "panic"

func (*unquoting) InterceptActivity(_ context.Context, next interceptor.ActivityInboundInterceptor) interceptor.ActivityInboundInterceptor {
	i := &unquotingActivity{}
	i.Next = next
	return i
}

func (*unquoting) InterceptWorkflow(_ workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	i := &unquotingWorkflow{}
	i.Next = next
	return i
}

type unquotingActivity struct {
	interceptor.ActivityInboundInterceptorBase
}

// ExecuteActivity returns a panic as an error: the SDK would add a stack trace
// with the arguments of each call.
func (i *unquotingActivity) ExecuteActivity(ctx context.Context, in *interceptor.ExecuteActivityInput) (result any, err error) {
	defer func() {
		if value := recover(); value != nil {
			result, err = nil, temporal.NewApplicationError(string(logging.Panicked(value)), errTypePanic)
		}
	}()
	return i.Next.ExecuteActivity(ctx, in)
}

// unquotingWorkflow lets a panic go on, because the SDK takes it for a workflow
// task that is to be tried again, and knows some of its own by their value.
type unquotingWorkflow struct {
	interceptor.WorkflowInboundInterceptorBase
}

func (i *unquotingWorkflow) Init(outbound interceptor.WorkflowOutboundInterceptor) error {
	o := &unquotingCoroutines{}
	o.Next = outbound
	return i.Next.Init(o)
}

func (i *unquotingWorkflow) ExecuteWorkflow(ctx workflow.Context, in *interceptor.ExecuteWorkflowInput) (any, error) {
	defer goOn()
	return i.Next.ExecuteWorkflow(ctx, in)
}

func (i *unquotingWorkflow) HandleSignal(ctx workflow.Context, in *interceptor.HandleSignalInput) error {
	defer goOn()
	return i.Next.HandleSignal(ctx, in)
}

func (i *unquotingWorkflow) ExecuteUpdate(ctx workflow.Context, in *interceptor.UpdateInput) (any, error) {
	defer goOn()
	return i.Next.ExecuteUpdate(ctx, in)
}

func (i *unquotingWorkflow) ValidateUpdate(ctx workflow.Context, in *interceptor.UpdateInput) error {
	defer goOn()
	return unquoted(i.Next.ValidateUpdate(ctx, in))
}

func (i *unquotingWorkflow) HandleQuery(ctx workflow.Context, in *interceptor.HandleQueryInput) (any, error) {
	defer goOn()
	answer, err := i.Next.HandleQuery(ctx, in)
	return answer, unquoted(err)
}

// unquoted takes the text out of a panic that the SDK recovered from itself, as it
// does in an update's validator and, in words of its own, in a query.
func unquoted(err error) error {
	if panicked, ok := errors.AsType[*temporal.PanicError](err); ok {
		return temporal.NewApplicationError(string(logging.PanickedAt(panicked.StackTrace())), errTypePanic)
	}
	if err != nil && strings.HasPrefix(err.Error(), "query handler panic: ") {
		return errors.New(string(logging.PanickedAt(err.Error())))
	}
	return err
}

// unquotingCoroutines does the same where a workflow starts a coroutine.
type unquotingCoroutines struct {
	interceptor.WorkflowOutboundInterceptorBase
}

func (o *unquotingCoroutines) Go(ctx workflow.Context, name string, f func(workflow.Context)) workflow.Context {
	return o.Next.Go(ctx, name, func(ctx workflow.Context) {
		defer goOn()
		f(ctx)
	})
}

// goOn is deferred: it panics on with what may be shown.
func goOn() {
	value := recover()
	switch {
	case value == nil:
	case logging.Harmless(value):
		panic(value)
	default:
		panic(logging.Panicked(value))
	}
}
