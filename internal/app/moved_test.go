package app_test

import (
	"context"
	"maps"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/api/enums/v1"
	taskqueuepb "go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"duenotice/activities"
	"duenotice/internal/app"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/codec"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres"
	"duenotice/internal/temporalx"
	"duenotice/internal/testkit"
	"duenotice/workflows"
)

// outbox stands in for the steps of practices whose notices are to be sent.
type outbox struct {
	mu   sync.Mutex
	sent map[string]bool
}

func (o *outbox) plan(_ context.Context, ref activities.PracticeRef) (activities.PracticeState, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return activities.PracticeState{
		Phase: casebook.PhaseOpen, Name: ref.PracticeKey, Notifiable: true, People: 1, PapersSHA256: "h", NoticeDue: !o.sent[ref.PracticeKey],
	}, nil
}

func (o *outbox) send(ctx context.Context, ref activities.PracticeRef) (activities.PracticeState, error) {
	o.mu.Lock()
	o.sent[ref.PracticeKey] = true
	o.mu.Unlock()
	return o.plan(ctx, ref)
}

func (o *outbox) all() map[string]bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return maps.Clone(o.sent)
}

// TestAStrangersAnswerIsRefusedAndAskedForAgain: somebody who polls the mail queue
// answers for one practice with another's "sent". The practice does not believe it, an
// alarm is raised and written down, and the notice is sent after all.
func TestAStrangersAnswerIsRefusedAndAskedForAgain(t *testing.T) {
	t.Parallel()
	config, _ := desk(t)
	store, err := postgres.Open(t.Context(), config.DatabaseURL, postgres.WithMaster(config.Master()))
	require.NoError(t, err)
	t.Cleanup(store.Close)
	day := civil.MustParse("2026-03-16")
	people := []breach.Person{{Key: "1", PracticeKey: "P1"}, {Key: "2", PracticeKey: "P2"}}
	_, err = store.LoadCase(t.Context(), postgres.LoadInput{
		Incident:   breach.Incident{ID: "EX", Discovered: day, Occurred: breach.Span{From: day, To: day}, Entity: breach.Entity{Name: "Example, Inc.", Role: breach.BusinessAssociate}},
		CaseSHA256: "case", ListSHA256: "list", RulebookVersion: "2026.11", RulebookSHA256: "book", By: "Robin Officer", At: time.Now(),
		Practices: []breach.Practice{{Key: "P1", LegalName: "One", State: "VA"}, {Key: "P2", LegalName: "Two", State: "VA"}},
		Findings: func(_ context.Context, each func(int, *breach.Person) error) error {
			for n := range people {
				people[n].FirstName, people[n].LastName = "Ada", "Example"
				people[n].DataClasses = []breach.DataClass{"name", "diagnosis"}
				if err := each(n+2, &people[n]); err != nil {
					return err
				}
			}
			return nil
		},
	}, nil)
	require.NoError(t, err)

	keys, err := config.Keyring()
	require.NoError(t, err)
	sealed, err := codec.New(keys)
	require.NoError(t, err)
	note, hear := app.HearRefusals(store, time.Now)
	go hear(t.Context())
	server := testkit.TemporalServer{Address: config.TemporalAddress, Namespace: config.TemporalNamespace, Certificates: config.Certificates}
	var inside, ours client.Options
	sealed.Telling(note).ApplyToWorker(&inside)
	sealed.Apply(&ours)
	temporal, outside := server.Client(t, ours), server.Client(t, client.Options{})
	steps := &outbox{sent: map[string]bool{}}
	main := worker.New(server.Client(t, inside), temporalx.Queue, worker.Options{})
	workflows.Register(main)
	main.RegisterActivityWithOptions(steps.plan, activity.RegisterOptions{Name: "PlanPractice"})
	require.NoError(t, main.Start())
	t.Cleanup(main.Stop)
	mails := func() (stop func()) {
		w := worker.New(server.Client(t, inside), temporalx.MailQueue(temporalx.Queue), worker.Options{DisableWorkflowWorker: true})
		w.RegisterActivityWithOptions(steps.send, activity.RegisterOptions{Name: "SendNotice"})
		require.NoError(t, w.Start())
		return w.Stop
	}
	starts := func(key string) {
		_, err := temporal.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: temporalx.PracticeID("EX", key), TaskQueue: temporalx.Queue},
			workflows.PracticeType, workflows.PracticeInput{IncidentID: "EX", PracticeKey: key})
		require.NoError(t, err)
	}
	stop := mails()
	starts("P2")
	testkit.Await(t, func() bool { return steps.all()["P2"] })
	var stolen *commonpb.Payloads
	testkit.Await(t, func() bool {
		for events := outside.GetWorkflowHistory(t.Context(), temporalx.PracticeID("EX", "P2"), "", false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT); events.HasNext(); {
			event, err := events.Next()
			require.NoError(t, err)
			if r := event.GetActivityTaskCompletedEventAttributes().GetResult(); r != nil && codec.PlaceOf(r.GetPayloads()[0]).Name == "SendNotice" {
				stolen = r
			}
		}
		return stolen != nil
	})
	stop()

	starts("P1")
	service := outside.WorkflowService()
	var task *workflowservice.PollActivityTaskQueueResponse
	for len(task.GetTaskToken()) == 0 {
		ctx, cancel := context.WithTimeout(t.Context(), testkit.Patience)
		task, err = service.PollActivityTaskQueue(ctx, &workflowservice.PollActivityTaskQueueRequest{
			Namespace: server.Namespace, TaskQueue: &taskqueuepb.TaskQueue{Name: temporalx.MailQueue(temporalx.Queue)},
		})
		cancel()
		require.NoError(t, err)
	}
	require.Equal(t, temporalx.PracticeID("EX", "P1"), task.GetWorkflowExecution().GetWorkflowId())
	_, err = service.RespondActivityTaskCompleted(t.Context(), &workflowservice.RespondActivityTaskCompletedRequest{
		Namespace: server.Namespace, TaskToken: task.GetTaskToken(), Result: stolen,
	})
	require.NoError(t, err)
	var seen []casebook.Trouble
	testkit.Await(t, func() bool {
		seen, err = store.Troubles(t.Context(), "EX")
		require.NoError(t, err)
		return len(seen) > 0
	})
	require.Len(t, seen, 1)
	require.Equal(t, casebook.TroubleRefused, seen[0].Kind)
	require.Equal(t, "P1", seen[0].Practice)
	require.Contains(t, seen[0].What, "the activity result SendNotice of workflow practice:EX:P1")
	require.Contains(t, seen[0].What, "practice:EX:P2")
	found := 0
	require.NoError(t, store.Ledger(t.Context(), "EX", "P1", func(e ledger.Entry) error {
		b, err := e.Decode()
		if b.Kind == ledger.KindRefused {
			found++
			require.Equal(t, "P1", e.Practice)
		}
		return err
	}))
	require.Equal(t, 1, found)
	require.False(t, steps.all()["P1"])

	// It rests and would try again within a minute; word that something changed is sooner.
	stop = mails()
	defer stop()
	require.NoError(t, temporal.SignalWorkflow(t.Context(), temporalx.PracticeID("EX", "P1"), "", activities.SignalFactsChanged, activities.FactsChanged{}))
	testkit.Await(t, func() bool { return steps.all()["P1"] })
}
