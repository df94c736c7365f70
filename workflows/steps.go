package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"duenotice/activities"
	"duenotice/internal/temporalx"
)

// steps refers to the activities by name and type; it is never called.
var steps *activities.Activities

// retry goes on for as long as it takes: a legal duty does not end because a
// database was down. Refusals are not retried; they carry their own mark.
var retry = &temporal.RetryPolicy{
	InitialInterval: time.Second, BackoffCoefficient: 2, MaximumInterval: time.Minute,
}

// briefly is for steps on which others wait: a person for the answer, the rest of
// the workflow for its turn. After about half a minute they fail, and the workflow
// lets them rest while all else goes on. While no worker runs no try is counted.
var briefly = &temporal.RetryPolicy{
	InitialInterval: time.Second, BackoffCoefficient: 2, MaximumInterval: time.Minute, MaximumAttempts: 6,
}

// queue is the workflow's own task queue. All that it starts stays on it, or on
// those named after it: each environment has its own, and nothing crosses.
func queue(ctx workflow.Context) string { return workflow.GetInfo(ctx).TaskQueueName }

// short is for steps against the database on which others wait.
func short(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue: queue(ctx), StartToCloseTimeout: 30 * time.Second, RetryPolicy: briefly, Summary: clip(summary),
	})
}

// asked is short for what a person asked for, and waits for.
func asked(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithPriority(short(ctx, summary), temporalx.Asked())
}

// patient is for steps against the database on which nobody waits.
func patient(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue: queue(ctx), StartToCloseTimeout: 30 * time.Second, RetryPolicy: retry, Summary: clip(summary),
	})
}

// count is for counting an incident's practices, which takes long for many and
// after which everything else has its turn.
func count(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue: queue(ctx), StartToCloseTimeout: time.Hour, HeartbeatTimeout: 20 * time.Second,
		RetryPolicy: briefly, Summary: clip(summary),
	})
}

// sweep is for steps that go over all practices and say how far they are.
func sweep(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue: queue(ctx), StartToCloseTimeout: 12 * time.Hour, HeartbeatTimeout: 20 * time.Second,
		RetryPolicy: retry, Summary: clip(summary),
	})
}

// typeset is for steps that make PDFs. Without the heartbeat a dead worker
// would be noticed only when the whole time is up.
func typeset(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue: temporalx.PapersQueue(queue(ctx)), StartToCloseTimeout: 2 * time.Hour, HeartbeatTimeout: 20 * time.Second,
		RetryPolicy: retry, Summary: clip(summary),
	})
}

// opened is for steps that open practices. Like typeset, but not tried for ever: what
// they leave undone the practices do for themselves.
func opened(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithRetryPolicy(typeset(ctx, summary), *briefly)
}

// post is for steps that send e-mail.
func post(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue: temporalx.MailQueue(queue(ctx)), StartToCloseTimeout: time.Minute, RetryPolicy: retry, Summary: clip(summary),
	})
}

// looked is for steps that fetch pages of the internet: hundreds in one, a third of a
// minute for each that does not answer. The schedule comes again in an hour, so they are
// not tried for ever.
func looked(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue: queue(ctx), StartToCloseTimeout: 30 * time.Minute, HeartbeatTimeout: 20 * time.Second,
		RetryPolicy: briefly, Summary: clip(summary),
	})
}

// clip is a summary as every step and timer gets it: text, whoever wrote a part of it, and
// within the 200 bytes Temporal documents.
func clip(s string) string {
	const most = 200
	s = temporalx.Line(s)
	if len(s) <= most {
		return s
	}
	cut := most
	for cut > 0 && s[cut]&0xC0 == 0x80 { // not in the middle of a character
		cut--
	}
	return s[:cut]
}
