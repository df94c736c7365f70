package codec

import (
	"context"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/interceptor"
)

// placingActivity says what an activity's result and heartbeats are for.
type placingActivity struct {
	interceptor.ActivityInboundInterceptorBase
	data sealing
}

func (i *placingActivity) Init(outbound interceptor.ActivityOutboundInterceptor) error {
	o := &placingBeats{}
	o.Next = outbound
	return i.Next.Init(o)
}

// ExecuteActivity seals also the result of an activity that has none: it is the
// receipt without which the workflow does not believe that the activity was done.
func (i *placingActivity) ExecuteActivity(ctx context.Context, in *interceptor.ExecuteActivityInput) (any, error) {
	result, err := i.Next.ExecuteActivity(ctx, in)
	if err != nil {
		return nil, err
	}
	return placed{ActivityResult, activity.GetInfo(ctx).ActivityType.Name, activityOf(ctx), result}, nil
}

// placingBeats does the same for heartbeats.
type placingBeats struct {
	interceptor.ActivityOutboundInterceptorBase
}

func (o *placingBeats) RecordHeartbeat(ctx context.Context, details ...any) {
	info := activity.GetInfo(ctx)
	o.Next.RecordHeartbeat(ctx, each(Heartbeat, info.ActivityType.Name, info.ActivityID, details)...)
}

func (o *placingBeats) GetHeartbeatDetails(ctx context.Context, values ...any) error {
	info := activity.GetInfo(ctx)
	openings := make([]any, len(values))
	for n, v := range values {
		openings[n] = &opening{Place{Purpose: Heartbeat, Name: info.ActivityType.Name, Of: info.ActivityID}, v}
	}
	return o.Next.GetHeartbeatDetails(ctx, openings...)
}
