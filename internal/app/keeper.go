package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"duenotice/activities"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres"
	"duenotice/internal/seeing"
	"duenotice/workflows"
)

// keeper is what a worker does beside its queues: it gives signs of life, sees that
// what is open has a workflow, and keeps each summary.json true.
type keeper struct {
	config Config
	store  *postgres.Store
	// temporal is a client of its own: where the worker's panics at what it cannot
	// decrypt, because a task is then tried again, this one says so.
	temporal client.Client
	log      *slog.Logger
	// id is this worker's in the database.
	id string
	// build is what this program was built from.
	build string
	// releases is what the workers told each other of the programs they are.
	releases releases
	// quit ends this worker, which may not go on.
	quit func(error)
	// failed are workflows whose own code failed.
	failed chan failedTask
	// refusals are what came through Temporal and was not believed.
	refusals *refusals
	// answers carries out what practices answer on their pages.
	answers *attendant
	// counted is what each incident's workflow was last told to count.
	counted map[string]casebook.Summary
	// checked is when the records of each incident's people are to be looked at next.
	checked map[string]time.Time
	// printed is, for each open incident, when it was looked which letters lie printed.
	printed map[string]printedLook
	// seeing is where the worker shows how it does, polls whether it asks for work.
	seeing *seeing.Seeing
	polls  seeing.Polls
	// now is the clock by which the worker acts.
	now func() time.Time
	// steps are the worker's own, for what it does beside its queues.
	steps *activities.Activities
	// open are the incidents that were open when last looked at.
	open map[string]string
}

func newKeeper(config Config, store *postgres.Store, log *slog.Logger) *keeper {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return &keeper{
		config: config, store: store, log: log, id: fmt.Sprintf("%s %d %s", host, os.Getpid(), uuid.NewString()),
		failed: make(chan failedTask, 100), refusals: newRefusals(store, log, time.Now), counted: map[string]casebook.Summary{}, checked: map[string]time.Time{}, printed: map[string]printedLook{},
	}
}

const (
	// signEvery is how often a sign of life is given.
	signEvery = 15 * time.Second
	// tendEvery is how often everything else is looked at: what it finds is to be
	// seen within a minute.
	tendEvery = 15 * time.Second
	// askLimit is how long a server may take for an answer.
	askLimit = 5 * time.Second
)

// run works until ctx ends.
func (k *keeper) run(ctx context.Context) {
	var both sync.WaitGroup
	both.Go(func() { k.signs(ctx) })
	both.Go(func() { k.tending(ctx) })
	both.Go(func() { k.show(ctx) })
	both.Go(func() { every(ctx, tendEvery, k.people) })
	both.Go(func() { every(ctx, alarmEvery, k.records) })
	both.Go(func() { k.packets(ctx) })
	both.Go(func() { every(ctx, postEvery, k.post) })
	both.Go(func() { k.hear(ctx) })
	both.Go(func() { k.refusals.hear(ctx) })
	both.Go(func() { k.answers.run(ctx) })
	both.Go(func() { k.pages(ctx) })
	both.Wait()
}

// every does something at once and then again and again.
func every(ctx context.Context, pause time.Duration, do func(context.Context)) {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		do(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// signs gives signs of life until ctx ends: in the beginning soon again, since
// people wait for a worker that has just been started.
func (k *keeper) signs(ctx context.Context) {
	const beginning = time.Minute
	began := time.Now()
	beat, stop := k.seeing.Health.Pulse(k.named("signs of life"), signStuck)
	defer stop()
	for {
		pause := signEvery
		if able := k.sign(ctx); !able && time.Since(began) < beginning {
			pause = time.Second
		}
		beat()
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

// sign says that this worker lives, and whether it can work.
func (k *keeper) sign(ctx context.Context) (able bool) {
	limited, cancel := context.WithTimeout(ctx, 2*askLimit)
	defer cancel()
	problem := ""
	if err := k.able(limited); err != nil {
		problem, _ = Explain(err)
	}
	if ctx.Err() != nil {
		return false
	}
	if err := k.tell(limited, problem); err != nil && ctx.Err() == nil {
		k.log.Error("no sign of life could be given", slog.Any("error", err))
		if _, refused := breach.AsRefusal(err); refused {
			// A newer program has taken its place: what it would do now others could not
			// read, or it could not read theirs.
			k.quit(err)
		}
		return false
	}
	return problem == ""
}

// tell gives a sign of life and hears what is taken up.
func (k *keeper) tell(ctx context.Context, problem string) error {
	taken, err := k.store.Sign(ctx, postgres.Sign{
		Worker: k.id, Queue: k.config.Queue(), Problem: problem, Build: k.build, Changes: workflows.Changes(),
	})
	if err == nil {
		k.releases.taken.Store(int64(taken))
	}
	return err
}

// enrol makes this worker known before it takes any work: from then on nobody begins
// what it could not carry on. It is refused where that was begun already.
func (k *keeper) enrol(ctx context.Context) error {
	problem, _ := Explain(errNotPolled)
	return k.tell(ctx, problem)
}

// able says what keeps this worker from working.
func (k *keeper) able(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	if _, err := k.config.Keyring(); err != nil {
		return err
	}
	if err := sameStorage(ctx, k.store, k.config.Outputs()); err != nil {
		return err
	}
	if err := sameClock(ctx, k.store, k.now); err != nil {
		return err
	}
	working, err := Polled(ctx, k.temporal, k.config.Queue(), time.Now())
	if err != nil {
		return fmt.Errorf("Temporal does not answer: %w", err)
	}
	if !working {
		return errNotPolled
	}
	return nil
}

// errNotPolled is said in the moment after the start, and by a worker whose queues
// stand still.
var errNotPolled = errors.New("Temporal does not know of a worker on its queue yet")

// pollerFresh is how long after its last call a worker counts as working. A worker
// calls at least once a minute; the server remembers it for five.
const pollerFresh = 90 * time.Second

// Polled reports whether a worker takes workflows from the task queue, as Temporal
// sees it.
func Polled(ctx context.Context, c client.Client, queue string, now time.Time) (bool, error) {
	found, err := c.DescribeTaskQueue(ctx, queue, enums.TASK_QUEUE_TYPE_WORKFLOW)
	if err != nil {
		return false, err
	}
	for _, poller := range found.GetPollers() {
		if now.Sub(poller.GetLastAccessTime().AsTime()) < pollerFresh {
			return true, nil
		}
	}
	return false, nil
}

// end says that this worker has ended, and by what, if not in good order.
func (k *keeper) end(ctx context.Context, cause error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), askLimit)
	defer cancel()
	problem := ""
	if cause != nil {
		problem, _ = Explain(cause)
	}
	if err := k.store.EndSign(ctx, k.id, k.config.Queue(), problem); err != nil {
		k.log.Warn("that the worker ended could not be written", slog.Any("error", err))
	}
}

// tend looks after every open incident.
func (k *keeper) tend(ctx context.Context) {
	open, err := k.store.OpenIncidents(ctx)
	if err != nil {
		k.complain(ctx, "the open incidents cannot be listed", err)
		return
	}
	for incident, phase := range open {
		runs, err := k.workflows(ctx, incident, phase)
		if err != nil {
			k.complain(ctx, "the workflows of an incident cannot be looked at", err)
		}
		k.summary(ctx, incident, runs)
		k.restored(ctx, incident)
	}
	for incident := range k.open {
		if _, still := open[incident]; !still {
			// Its last summary may have been written over by one counted a moment before.
			k.summary(ctx, incident, false)
		}
	}
	k.open = open
	if err := k.store.ForgetAlarms(ctx); err != nil {
		k.complain(ctx, "alarms that are long over cannot be taken back", err)
	}
	if err := k.tasks(ctx); err != nil {
		k.complain(ctx, "failed workflow tasks cannot be looked at", err)
	}
}

func (k *keeper) complain(ctx context.Context, what string, err error) {
	if ctx.Err() == nil {
		k.log.Warn(what, slog.Any("error", err))
	}
}

// noticing writes down what the keeper itself could not do.
func (k *keeper) noticing() noticing { return noticing{store: k.store, log: k.log} }

// summary keeps summary.json true, whoever changed something, and lets the
// incident's workflow count again what it shows in Temporal's UI.
func (k *keeper) summary(ctx context.Context, incident string, runs bool) {
	now, err := activities.WriteSummary(ctx, k.store, k.config.Outputs(), k.config.TemporalUI, incident, time.Now())
	n := k.noticing()
	// The step of the incident's workflow that writes it too.
	t := casebook.Trouble{Incident: incident, Kind: "RollUpIncident"}
	if err != nil {
		if ctx.Err() == nil {
			n.note(ctx, t, err)
		}
		return
	}
	n.clear(ctx, t, nil)
	if !runs || now == k.counted[incident] {
		return
	}
	if k.temporal.SignalWorkflow(ctx, incidentWorkflow(incident), "", workflows.SignalCountAgain, nil) == nil {
		k.counted[incident] = now
	}
}

// people sees that no session of a person's own login stands in others' way.
func (k *keeper) people(ctx context.Context) {
	limited, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	ended, err := k.store.KeepPeopleApart(limited)
	if err != nil {
		k.complain(ctx, "the sessions of people's logins cannot be looked at", err)
		return
	}
	for _, session := range ended {
		k.log.Warn("a session of a person's own login stood in others' way",
			slog.String("login", session.Login), slog.String("why", session.Why), slog.Bool("ended", session.Ended))
	}
}

const (
	// recordsEvery is how often everybody's record is opened and held against what the
	// database says of them. A million people take a quarter of a minute.
	recordsEvery = time.Hour
	// alarmEvery is how often while something there is wrong, so that the alarm ends
	// soon after it was mended.
	alarmEvery = 5 * time.Minute
)

// records sees that nobody changed what is kept of people past the program.
func (k *keeper) records(ctx context.Context) {
	open, err := k.store.OpenIncidents(ctx)
	if err != nil {
		k.complain(ctx, "the open incidents cannot be listed", err)
		return
	}
	alarms, err := k.store.TroublesOfKind(ctx, casebook.TroubleAltered)
	if err != nil {
		k.complain(ctx, "the alarms cannot be listed", err)
		return
	}
	now := time.Now()
	for incident := range open {
		alarm := slices.ContainsFunc(alarms, func(t casebook.Trouble) bool { return t.Incident == incident })
		if now.Before(k.checked[incident]) && !alarm {
			continue
		}
		altered, err := k.store.CheckPeople(ctx, incident)
		if err != nil {
			k.complain(ctx, "the records of an incident's people cannot be looked at", err)
			continue
		}
		k.checked[incident] = now.Add(recordsEvery)
		k.recount(ctx, incident)
		if altered > 0 {
			k.log.Error("records of people were changed past the program", slog.String("incident", incident), slog.Int("count", altered))
		}
	}
}

// recount sees that what is counted of an incident's practices is what there is. Where it
// was not, what status said until now may have been wrong.
func (k *keeper) recount(ctx context.Context, incident string) {
	wrong, err := k.store.Recount(ctx, incident)
	if err != nil {
		k.complain(ctx, "the counts of an incident's practices cannot be compared", err)
		return
	}
	if len(wrong) > 0 {
		k.log.Error("practices were counted wrongly and are counted anew", slog.String("incident", incident), slog.Int("count", len(wrong)))
	}
}

// hear writes down workflows whose own code fails.
func (k *keeper) hear(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case task := <-k.failed:
			if task.workflowID == "" || task.err == nil {
				continue
			}
			t := taskTrouble(task.workflowID, task.err)
			if err := k.store.NoteTrouble(ctx, t); err != nil {
				k.complain(ctx, "a failed workflow task could not be written down", err)
			}
		}
	}
}
