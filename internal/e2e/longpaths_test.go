package e2e_test

import (
	"context"
	"encoding/base64"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/proxy"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"duenotice/activities"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/codec"
	"duenotice/internal/keyring"
	"duenotice/internal/temporalx"
	"duenotice/internal/testkit"
	"duenotice/workflows"
)

// script answers the steps of workflows on a real Temporal with what a case of months
// would answer, so that its long paths take seconds.
type script struct {
	mu sync.Mutex
	// states are what a practice's steps answer one after the other; the last one stays.
	states []activities.PracticeState
	// later: the first closing finds a further list; open is how many practices are.
	later bool
	open  int
	// due is the end of the last day for a year's log: soon after it was first prepared.
	due time.Time
}

func (s *script) state() activities.PracticeState {
	s.mu.Lock()
	defer s.mu.Unlock()
	state := s.states[0]
	if len(s.states) > 1 {
		s.states = s.states[1:]
	}
	return state
}

func (s *script) set(change func(*script)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s)
}

// register gives a worker every step under its name.
func (s *script) register(w worker.Worker) {
	of := func(name string, step any) { w.RegisterActivityWithOptions(step, activity.RegisterOptions{Name: name}) }
	for _, name := range []string{"PlanPractice", "SendNotice", "SendMessage", "ApplyDefault"} {
		of(name, func(context.Context, activities.PracticeRef) (activities.PracticeState, error) { return s.state(), nil })
	}
	for _, name := range []string{"PreparePapers", "UpdateWorksheet"} {
		of(name, func(context.Context, activities.PapersInput) (activities.PracticeState, error) { return s.state(), nil })
	}
	of("ReachStages", func(context.Context, activities.StagesInput) (activities.PracticeState, error) { return s.state(), nil })
	of("ActOnPractice", func(context.Context, casebook.Act) (activities.ActResult, error) {
		return activities.ActResult{Fresh: true, Practices: 1, State: s.state()}, nil
	})
	of("ClosePractice", func(context.Context, activities.PracticeRef) (activities.ClosePracticeResult, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		later := s.later
		s.later = false
		return activities.ClosePracticeResult{Later: later, Open: 1}, nil
	})
	for _, name := range []string{"AdmitIncident", "MarkRunning"} {
		of(name, func(context.Context, activities.IncidentRef) error { return nil })
	}
	of("RollUpIncident", func(context.Context, activities.IncidentRef) (activities.RollUp, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		return activities.RollUp{Practices: 1, Open: s.open, Headline: "as counted"}, nil
	})
	of("ActOnIncident", func(context.Context, casebook.Act) (activities.ActResult, error) {
		return activities.ActResult{Fresh: true, Practices: 1}, nil
	})
	of("TellPractices", func(context.Context, activities.TellInput) (int, error) { return 1, nil })
	of("CloseIncident", func(context.Context, activities.IncidentRef) (activities.CloseIncidentResult, error) {
		return activities.CloseIncidentResult{}, nil
	})
	of("PageOfPractices", func(context.Context, activities.PageInput) (activities.PageResult, error) {
		return activities.PageResult{Keys: []string{"P-1"}}, nil
	})
	of("OpenPractices", func(_ context.Context, in activities.OpenInput) (opened activities.OpenResult, _ error) {
		for range in.Keys {
			state := s.state()
			opened.States = append(opened.States, &state)
		}
		return opened, nil
	})
	of("TellChanged", func(context.Context, activities.ChangedInput) error { return nil })
	of("PlanMailRun", func(context.Context, activities.MailRunInput) (activities.MailRunPlan, error) {
		return activities.MailRunPlan{Pieces: 100_000, Batches: 23}, nil
	})
	of("RenderBatches", func(context.Context, activities.RenderInput) (activities.RenderResult, error) {
		return activities.RenderResult{Pieces: 5_000, Pages: 10_000}, nil
	})
	of("PostingIncidents", func(context.Context) ([]string, error) { return []string{"EX", "EX-2"}, nil })
	of("LookAtPostings", func(_ context.Context, in activities.LooksInput) (activities.LooksResult, error) {
		if in.IncidentID == "EX" && in.After == "" {
			return activities.LooksResult{After: "P-500", More: true, Looked: 500, Missed: 3}, nil
		}
		return activities.LooksResult{After: "P-900", Looked: 400}, nil
	})
	of("PrepareAnnualLog", func(context.Context, activities.YearInput) (activities.YearResult, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.due.IsZero() {
			s.due = time.Now().Add(3 * time.Second)
		}
		return activities.YearResult{Entries: 2, Filed: 1, Due: civil.MustParse("2026-03-01"), DueEnds: s.due}, nil
	})
}

// scripted is a script with its worker on a Temporal namespace of its own.
type scripted struct {
	*script
	t      *testing.T
	client client.Client
	sealed *codec.Codec
}

func play(t *testing.T, s *script) scripted {
	t.Helper()
	keys, err := keyring.Parse([]byte("fixture " + base64.StdEncoding.EncodeToString([]byte("a key of 32 bytes for fixtures!!"))))
	require.NoError(t, err)
	sealed, err := codec.New(keys)
	require.NoError(t, err)
	var options client.Options
	sealed.ApplyToWorker(&options)
	c := testkit.Temporal(t, temporalx.SearchAttributes()...).Client(t, options)
	for _, queue := range []string{temporalx.Queue, temporalx.PapersQueue(temporalx.Queue), temporalx.MailQueue(temporalx.Queue)} {
		w := worker.New(c, queue, worker.Options{DisableRegistrationAliasing: true})
		workflows.Register(w)
		s.register(w)
		require.NoError(t, w.Start())
		t.Cleanup(w.Stop)
	}
	return scripted{s, t, c, sealed}
}

func (s scripted) start(id, kind string, in any) client.WorkflowRun {
	s.t.Helper()
	run, err := s.client.ExecuteWorkflow(s.t.Context(), client.StartWorkflowOptions{ID: id, TaskQueue: temporalx.Queue}, kind, in)
	require.NoError(s.t, err)
	return run
}

func (s scripted) update(id, name string, in any) {
	s.t.Helper()
	handle, err := s.client.UpdateWorkflow(s.t.Context(), client.UpdateWorkflowOptions{
		WorkflowID: id, UpdateName: name, Args: []any{in}, WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	require.NoError(s.t, err)
	require.NoError(s.t, handle.Get(s.t.Context(), nil))
}

// fill makes a history so long that a workflow is to go on in a new run.
func (s scripted) fill(id, signal string, word func(filler string) any) {
	s.t.Helper()
	for range 24 {
		require.NoError(s.t, s.client.SignalWorkflow(s.t.Context(), id, "", signal, word(strings.Repeat("x", 200_000))))
	}
}

// keep records a run's history where that is asked for.
func (s scripted) keep(name, id, run string) {
	s.t.Helper()
	history, _ := inClear(s.t, s.client, s.sealed, id, run)
	withoutFiller(s.t, history)
	if *record {
		writeHistory(s.t, name, history)
	}
}

// withoutFiller takes out what only made the history long: a replay does not look at it.
func withoutFiller(t *testing.T, history *historypb.History) {
	t.Helper()
	require.NoError(t, proxy.VisitPayloads(t.Context(), history, proxy.VisitPayloadsOptions{
		SkipSearchAttributes: true,
		Visitor: func(_ *proxy.VisitPayloadsContext, all []*commonpb.Payload) ([]*commonpb.Payload, error) {
			for _, p := range all {
				p.Data = []byte(strings.ReplaceAll(string(p.GetData()), strings.Repeat("x", 200_000), "x"))
			}
			return all, nil
		},
	}))
}

// continued is the run that went on from a workflow's first one.
func (s scripted) continued(id, first string) string {
	s.t.Helper()
	next := ""
	testkit.Await(s.t, func() bool {
		found, err := s.client.DescribeWorkflowExecution(s.t.Context(), id, "")
		require.NoError(s.t, err)
		next = found.GetWorkflowExecutionInfo().GetExecution().GetRunId()
		return next != first
	})
	return next
}

var (
	waiting = activities.PracticeState{Phase: casebook.PhaseOpen, Name: "Example Practice", Notifiable: true, People: 7, PapersSHA256: "papers"}
	over    = activities.PracticeState{Phase: casebook.PhaseOpen, Name: "Example Practice", Notifiable: true, People: 7, PapersSHA256: "papers", Finished: true, Acknowledged: true}
	gone    = activities.PracticeState{Phase: casebook.PhaseClosed, Name: "Example Practice"}
)

func with(state activities.PracticeState, change func(*activities.PracticeState)) activities.PracticeState {
	change(&state)
	return state
}

// The long paths of a case, on a real Temporal with every step answered at once. With
// -record their histories become those that every later release has to replay.
func TestLongPaths(t *testing.T) {
	t.Parallel()
	t.Run("a practice's months", func(t *testing.T) {
		t.Parallel()
		id := temporalx.PracticeID("EX", "P-1")
		s := play(t, &script{later: true})
		soon := time.Now().Add(4 * time.Second)
		s.set(func(s *script) {
			s.states = []activities.PracticeState{
				with(waiting, func(p *activities.PracticeState) { p.PapersStale = true }),
				with(waiting, func(p *activities.PracticeState) { p.NoticeDue = true }),
				with(waiting, func(p *activities.PracticeState) { p.MessageDue = "code" }),
				with(waiting, func(p *activities.PracticeState) { p.DefaultDue = true }),
				with(waiting, func(p *activities.PracticeState) { p.WorksheetStale = true }),
				// A law-enforcement hold that ends, and a day that passes.
				with(waiting, func(p *activities.PracticeState) {
					p.WakeAt, p.WakeReason = soon, "A law-enforcement hold ends, 45 CFR 164.412"
					p.Deadlines = []activities.Deadline{{ObligationID: "o", Title: "Individual notice due", Open: true, Stages: []activities.Stage{{Name: "due", At: soon.Add(time.Second)}, {Name: casebook.StageOverdue, At: soon.Add(2 * time.Second)}}}}
				}),
				waiting,
			}
		})
		run := s.start(id, workflows.PracticeType, workflows.PracticeInput{IncidentID: "EX", PracticeKey: "P-1"})
		testkit.Await(t, func() bool { s.mu.Lock(); defer s.mu.Unlock(); return len(s.states) == 1 && time.Now().After(soon) })
		s.set(func(s *script) { s.states = []activities.PracticeState{waiting, over} })
		s.update(id, workflows.UpdateAct, casebook.Act{IncidentID: "EX", PracticeKey: "P-1", Kind: casebook.ActHold, Who: "Ada Officer"})
		// Then everything is done; while it closes a further list arrives, and it looks again.
		require.NoError(t, s.client.SignalWorkflow(t.Context(), id, "", activities.SignalFactsChanged, activities.FactsChanged{}))
		require.NoError(t, run.Get(t.Context(), nil))
		s.keep("practice-months", id, run.GetRunID())
	})
	t.Run("a practice that goes on as a new run", func(t *testing.T) {
		t.Parallel()
		id := temporalx.PracticeID("EX", "P-2")
		s := play(t, &script{states: []activities.PracticeState{waiting}})
		run := s.start(id, workflows.PracticeType, workflows.PracticeInput{IncidentID: "EX", PracticeKey: "P-2"})
		s.fill(id, activities.SignalFactsChanged, func(filler string) any { return map[string]string{"Filler": filler} })
		next := s.continued(id, run.GetRunID())
		s.set(func(s *script) { s.states = []activities.PracticeState{gone} })
		require.NoError(t, s.client.SignalWorkflow(t.Context(), id, "", activities.SignalFactsChanged, activities.FactsChanged{}))
		require.NoError(t, s.client.GetWorkflow(t.Context(), id, next).Get(t.Context(), nil))
		s.keep("practice-continued-1", id, run.GetRunID())
		s.keep("practice-continued-2", id, next)
	})
	t.Run("an incident with a further list, another rulebook and a large mail run", func(t *testing.T) {
		t.Parallel()
		id := temporalx.IncidentID("EX")
		s := play(t, &script{states: []activities.PracticeState{gone}, open: 1})
		run := s.start(id, workflows.IncidentType, workflows.IncidentInput{IncidentID: "EX", Entity: "Example Health Cloud, Inc."})
		s.update(id, workflows.UpdateAct, casebook.Act{IncidentID: "EX", Kind: casebook.ActReplan, Who: "Ada Officer"})
		s.update(id, workflows.UpdateAmended, workflows.AmendedInput{List: 2, Act: casebook.Act{Who: "Ada Officer"}})
		require.NoError(t, s.client.SignalWorkflow(t.Context(), id, "", workflows.SignalStartAgain, workflows.StartAgain{Keys: []string{"P-1"}}))
		require.NoError(t, s.client.SignalWorkflow(t.Context(), id, "", workflows.SignalLettersApproved, nil))
		mailRun := s.client.GetWorkflow(t.Context(), temporalx.MailRunID("EX", 1), "")
		testkit.Await(t, func() bool { return mailRun.Get(t.Context(), nil) == nil })
		s.set(func(s *script) { s.open = 0 })
		require.NoError(t, s.client.SignalWorkflow(t.Context(), id, "", workflows.SignalPracticeClosed, nil))
		require.NoError(t, run.Get(t.Context(), nil))
		s.keep("incident-months", id, run.GetRunID())
		s.keep("mailrun-large", temporalx.MailRunID("EX", 1), "")
		s.keep("launch-of-a-list", temporalx.ListLaunchID("EX", 2), "")
	})
	t.Run("an incident that goes on as a new run", func(t *testing.T) {
		t.Parallel()
		id := temporalx.IncidentID("EX-2")
		s := play(t, &script{states: []activities.PracticeState{gone}, open: 1})
		run := s.start(id, workflows.IncidentType, workflows.IncidentInput{IncidentID: "EX-2", Launched: true})
		s.fill(id, workflows.SignalCountAgain, func(filler string) any { return filler })
		next := s.continued(id, run.GetRunID())
		s.set(func(s *script) { s.open = 0 })
		require.NoError(t, s.client.SignalWorkflow(t.Context(), id, "", workflows.SignalPracticeClosed, nil))
		require.NoError(t, s.client.GetWorkflow(t.Context(), id, next).Get(t.Context(), nil))
		s.keep("incident-continued-1", id, run.GetRunID())
		s.keep("incident-continued-2", id, next)
	})
	t.Run("a year's end", func(t *testing.T) {
		t.Parallel()
		s := play(t, &script{})
		run := s.start(temporalx.YearEndScheduleID, workflows.YearEndLogType, workflows.YearEndLogInput{})
		require.NoError(t, run.Get(t.Context(), nil))
		s.keep("yearend", temporalx.YearEndScheduleID, run.GetRunID())
	})
	t.Run("an hour's looks at postings", func(t *testing.T) {
		t.Parallel()
		s := play(t, &script{})
		run := s.start(temporalx.PostingScheduleID, workflows.PostingLooksType, workflows.PostingLooksInput{})
		var done workflows.PostingLooksResult
		require.NoError(t, run.Get(t.Context(), &done))
		require.Equal(t, workflows.PostingLooksResult{Looked: 1300, Missed: 3}, done)
		s.keep("posting-looks", temporalx.PostingScheduleID, run.GetRunID())
	})
}
