package app

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"duenotice/internal/authority"
	"duenotice/internal/civil"
	"duenotice/internal/postgres"
	"duenotice/internal/seeing"
	"duenotice/internal/temporalx"
)

const (
	// showEvery is how often what operators are warned by is read.
	showEvery = time.Minute
	// showAgain is after how long that is tried again when it could not be read.
	showAgain = 10 * time.Second
	// showLimit is how long that may take: a database that is busy with a mailing has
	// other things to do than to be looked at.
	showLimit = 20 * time.Second
	// tendStuck is how long a round over all open incidents may take.
	tendStuck = 30 * time.Minute
)

// named is what something of this worker is called among those of other environments.
func (k *keeper) named(what string) string {
	if k.config.Environment == "" {
		return what
	}
	return k.config.Environment + ": " + what
}

// looking lets it be seen how the worker's client does.
func (k *keeper) looking(o *client.Options) error {
	k.polls.OfClient(o)
	return k.seeing.OfClient(o)
}

// errNoPolls is of a worker whose process lives and takes no work.
var errNoPolls = errors.New("this worker asks Temporal for no work")

// ready says what keeps this worker from working, in words that may be shown.
func (k *keeper) ready(ctx context.Context) error {
	return told(func(ctx context.Context) error {
		if err := k.store.CheckTables(ctx); err != nil {
			return err
		}
		if err := k.able(ctx); err != nil {
			return err
		}
		if !k.polls.Polling() {
			return errNoPolls
		}
		return nil
	})(ctx)
}

// tending looks after every open incident until ctx ends.
func (k *keeper) tending(ctx context.Context) {
	beat, stop := k.seeing.Health.Pulse(k.named("looking after incidents"), tendStuck)
	defer stop()
	every(ctx, tendEvery, func(ctx context.Context) {
		k.tend(ctx)
		beat()
	})
}

// show shows what operators are warned by, until ctx ends.
func (k *keeper) show(ctx context.Context) {
	if !k.seeing.Wanted() {
		return
	}
	for {
		pause := showEvery
		if !k.showOnce(ctx) {
			pause = showAgain
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

// showOnce reads what operators are warned by and reports whether it could.
func (k *keeper) showOnce(ctx context.Context) bool {
	limited, cancel := context.WithTimeout(ctx, showLimit)
	defer cancel()
	reading, err := k.read(limited)
	if err != nil {
		k.seeing.ReadingFailed(ctx, k.config.Environment)
		k.complain(ctx, "what operators are warned by could not be read", err)
		return false
	}
	k.seeing.Show(k.config.Environment, reading)
	return true
}

func (k *keeper) read(ctx context.Context) (seeing.Reading, error) {
	return readNumbers(ctx, k.config, k.store, k.temporal, k.log, k.now())
}

// Reading reads what operators are warned by as it is at an instant, from the database and
// Temporal of a configuration, as a worker does each minute.
func Reading(ctx context.Context, config Config, store *postgres.Store, temporal client.Client, at time.Time) (seeing.Reading, error) {
	return readNumbers(ctx, config, store, temporal, slog.New(slog.DiscardHandler), at)
}

func readNumbers(ctx context.Context, config Config, store *postgres.Store, temporal client.Client, logger *slog.Logger, at time.Time) (r seeing.Reading, err error) {
	r.At = at
	watched, err := store.Watched(ctx, config.Queue(), r.At, civil.OfTime(r.At.In(config.Zone)))
	if err != nil {
		return r, err
	}
	r.Watched = &watched
	if config.Certificates != "" {
		until, err := config.Certificates.Until()
		if err != nil {
			return r, err
		}
		r.Until = map[string]time.Time{"temporal": until}
	}
	if r.Queues, err = readQueues(ctx, config, temporal); err != nil {
		// The numbers of the database are worth as much while Temporal is away.
		logger.Warn("the queues of Temporal cannot be looked at", slog.Any("error", err))
	}
	return r, nil
}

// readQueues asks Temporal what waits in each queue of the worker, for however many workers.
func readQueues(ctx context.Context, config Config, temporal client.Client) (map[string]seeing.Queue, error) {
	options, err := config.temporalOptions(authority.Worker)
	if err != nil {
		return nil, err
	}
	queue := config.Queue()
	found := map[string]seeing.Queue{}
	for _, q := range []struct {
		name string
		kind enums.TaskQueueType
	}{
		{queue, enums.TASK_QUEUE_TYPE_WORKFLOW}, {queue, enums.TASK_QUEUE_TYPE_ACTIVITY},
		{temporalx.PapersQueue(queue), enums.TASK_QUEUE_TYPE_ACTIVITY}, {temporalx.MailQueue(queue), enums.TASK_QUEUE_TYPE_ACTIVITY},
	} {
		answer, err := temporal.WorkflowService().DescribeTaskQueue(ctx, &workflowservice.DescribeTaskQueueRequest{
			Namespace: options.Namespace, TaskQueue: &taskqueue.TaskQueue{Name: q.name}, TaskQueueType: q.kind, ReportStats: true,
		})
		if err != nil {
			return nil, err
		}
		sum := found[q.name]
		sum.Waiting += answer.GetStats().GetApproximateBacklogCount()
		sum.Oldest = max(sum.Oldest, answer.GetStats().GetApproximateBacklogAge().AsDuration())
		found[q.name] = sum
	}
	return found, nil
}
