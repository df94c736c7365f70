package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime"
	"sync"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/worker"

	"duenotice/activities"
	"duenotice/internal/logging"
	"duenotice/internal/pagelook"
	"duenotice/internal/papers"
	"duenotice/internal/postgres"
	"duenotice/internal/rulebooks"
	"duenotice/internal/seeing"
	"duenotice/internal/temporalx"
	"duenotice/workflows"
)

// mailPerSecond is how many e-mails the worker hands over at most, on all
// workers together: the server enforces it for the queue.
const mailPerSecond = 50

// connections are those of a worker to its database, unless the URL names another number
// (pool_max_conns): one for the turn of answers, and for steps, answers and packets at
// the same time so many that none waits for one that only waits for a lock or the disk.
const connections = 16

// cachedWorkflows is how many workflows a worker's process holds as they were last left,
// in all environments together. A practice takes 70 KB so: of the SDK's 10,000 a worker
// beside an incident of 45,000 practices would grow past a gigabyte. One that is not held
// is built again from its history when something happens to it, some thirty events.
const cachedWorkflows = 4000

// Worker runs the workflows and activities until its context ends.
type Worker struct {
	Config Config
	// Log receives structured lines where the configuration names no file; nil means standard error.
	Log io.Writer
	// Now tells the time; nil means the machine's clock.
	Now func() time.Time
	// Build is what the program was built from, as --version says it.
	Build string
	// Seeing is where it shows how it does; nil makes one of its own by the configuration.
	Seeing *seeing.Seeing
	// Account is the account of this machine that the worker runs under; "" asks the machine.
	Account string
}

// Run brings the database up to date, makes sure that the year-end schedule
// exists, and works on every task queue. It returns nil when ctx ends.
func (w *Worker) Run(ctx context.Context) (err error) {
	logger, closeLog, err := logging.New(w.Config.Log, cmp.Or[io.Writer](w.Log, os.Stderr))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeLog()) }()
	logger = w.Config.named(logger)
	seen := w.Seeing
	if seen == nil {
		var stop func() error
		if seen, stop, err = openSeeing(ctx, w.Config.Seeing, "worker", logger); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, stop()) }()
	}
	// From the beginning: who asks while the tables are brought up to date is told so.
	ready := seen.Health.Part(w.Config.Environment)
	defer func() { ready.NotReady(whyEnded(err)) }()
	if err := w.Config.RequireDatabase(); err != nil {
		return err
	}
	if _, err := w.Config.Mailer(time.Now); err != nil {
		return err
	}
	if err := papers.CheckTemplates(); err != nil {
		return fmt.Errorf("a letter template is not fit to be sent: %w", err)
	}
	if err := w.Config.Migrate(ctx); err != nil {
		return err
	}
	store, err := postgres.Open(ctx, w.Config.DatabaseURL, postgres.WithMaster(w.Config.Master()), postgres.InEnvironment(w.Config.Environment),
		postgres.RunBy(cmp.Or(w.Account, Account())), postgres.WithConnections(connections))
	if err != nil {
		return err
	}
	defer store.Close()
	failed := make(chan error, 1)
	fail := func(err error) {
		select {
		case failed <- err:
		default: // one is enough to end
		}
	}
	keeper := newKeeper(w.Config, store, logger)
	keeper.build, keeper.quit = w.Build, fail
	keeper.seeing, keeper.now = seen, w.clock()
	// Why it does not serve is seen by who asks the database, and has no log at hand.
	defer func() { keeper.end(ctx, err) }()
	if err := sameClock(ctx, store, w.clock()); err != nil {
		return err
	}
	// A lost key is said now, and not when the first list is written or read.
	if err := store.CheckKeys(ctx); err != nil {
		return err
	}
	// A bucket that cannot be used is seen before work is taken for it.
	if !w.Config.inFolder() {
		if err := w.Config.Outputs().Ready(ctx); err != nil {
			return err
		}
	}
	if err := claimStorage(ctx, store, w.Config); err != nil {
		return err
	}
	temporal, err := dialForWorker(ctx, w.Config, slog.New(taskLog{Handler: logger.Handler(), failed: keeper.failed}), keeper.refusals.note, keeper.looking)
	if err != nil {
		return err
	}
	defer temporal.Close()
	if keeper.temporal, err = dialForKeeper(ctx, w.Config, logger); err != nil {
		return err
	}
	defer keeper.temporal.Close()
	keeper.answers = newAttendant(w.Config, store, keeper.temporal, logger, w.clock())
	if err := EnsureYearEndSchedule(ctx, temporal, w.Config.Queue(), w.Config.Zone); err != nil {
		return err
	}
	if w.Config.Postings.Look {
		if err := EnsurePostingSchedule(ctx, temporal, w.Config.Queue()); err != nil {
			return err
		}
	}
	if _, err := w.Config.Outputs().CleanTemps(ctx); err != nil {
		return err
	}
	steps, err := w.steps(store, temporal)
	if err != nil {
		return err
	}
	keeper.steps = steps
	if w.Config.UIListen != "" {
		var stop func() error
		if stop, err = (&Viewer{Config: w.Config, Log: w.Log, Now: w.Now, Seeing: seen}).beside(ctx, store); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, stop()) }() // before the store closes
	}
	if err := keeper.enrol(ctx); err != nil {
		return err
	}
	all := queues(temporal, w.Config.Queue(), steps, &noticing{store: store, log: logger}, keeper.releases.prefer, fail)
	ready.Ask(keeper.ready)
	return run(ctx, all, failed, keeper.run)
}

// clock is the worker's.
func (w *Worker) clock() func() time.Time {
	if w.Now == nil {
		return time.Now
	}
	return w.Now
}

func (w *Worker) steps(store *postgres.Store, temporal client.Client) (*activities.Activities, error) {
	now := w.clock()
	sender, err := w.Config.Mailer(now)
	if err != nil {
		return nil, err
	}
	pages, err := w.Config.pagesURL()
	if err != nil {
		return nil, err
	}
	steps := &activities.Activities{
		Store: store, Books: rulebooks.Kept(), Out: w.Config.Outputs(), Mail: sender, From: w.Config.MailFrom, Pages: pages,
		Workflows: temporal, Now: now, Zone: w.Config.Zone, TemporalUI: w.Config.TemporalUI,
		Packets: store, Records: store,
	}
	if w.Config.Postings.Look {
		steps.Looker, steps.Postings = pagelook.New(w.Config.Postings.Options), store
	}
	return steps, nil
}

// queues makes one worker per task queue: each kind of work has its own limit.
// prefer decides by which path a run goes that comes to a change of the workflows' course.
// failed is called when one of them takes no more work, ever.
func queues(temporal client.Client, queue string, steps *activities.Activities, notice interceptor.WorkerInterceptor,
	prefer worker.PreferredVersionProvider, failed func(error),
) []worker.Worker {
	worker.SetStickyWorkflowCacheSize(cachedWorkflows)
	notices := []interceptor.WorkerInterceptor{notice}
	processors := runtime.GOMAXPROCS(0)
	main := worker.New(temporal, queue, worker.Options{
		DisableRegistrationAliasing: true, Interceptors: notices, WorkerStopTimeout: 10 * time.Second, OnFatalError: failed,
		MaxConcurrentActivityExecutionSize: 16 * processors, PreferredVersionProvider: prefer,
	})
	workflows.Register(main)
	papersQueue := worker.New(temporal, temporalx.PapersQueue(queue), worker.Options{
		DisableWorkflowWorker: true, Interceptors: notices, WorkerStopTimeout: 10 * time.Second, OnFatalError: failed,
		MaxConcurrentActivityExecutionSize: processors,
	})
	mailQueue := worker.New(temporal, temporalx.MailQueue(queue), worker.Options{
		DisableWorkflowWorker: true, Interceptors: notices, WorkerStopTimeout: 10 * time.Second, OnFatalError: failed,
		TaskQueueActivitiesPerSecond: mailPerSecond,
	})
	all := []worker.Worker{main, papersQueue, mailQueue}
	for _, w := range all {
		w.RegisterActivity(steps)
	}
	return all
}

// run works until ctx ends or a queue fails for good, and meanwhile does beside it
// what beside does.
func run(ctx context.Context, workers []worker.Worker, failed <-chan error, beside func(context.Context)) error {
	for _, w := range workers {
		if err := w.Start(); err != nil {
			return err
		}
		defer w.Stop()
	}
	ctx, cancel := context.WithCancel(ctx)
	var keeping sync.WaitGroup
	keeping.Go(func() { beside(ctx) })
	defer keeping.Wait()
	defer cancel()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		return nil
	}
}
