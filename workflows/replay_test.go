package workflows_test

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/proxy"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"duenotice/activities"
	"duenotice/internal/codec"
	"duenotice/internal/keyring"
	"duenotice/workflows"
)

// TestRecordedHistoriesReplay runs today's workflows over histories recorded
// from the invented case (go test ./internal/e2e -run 'ACaseFromTheFolder|LongPaths' -record). A
// change that takes another path than a running case took fails here before it
// fails there. Record them anew only when a break is meant and versioned.
func TestRecordedHistoriesReplay(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/histories/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files, "no history to replay")
	sealed := fixtureCodec(t)
	var options client.Options
	sealed.ApplyToWorker(&options)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			t.Parallel()
			replayer, err := worker.NewWorkflowReplayerWithOptions(worker.WorkflowReplayerOptions{
				DataConverter: options.DataConverter, FailureConverter: options.FailureConverter, Interceptors: ofWorkers(options.Interceptors),
			})
			require.NoError(t, err)
			workflows.Register(replayer)
			history := encrypted(t, sealed, file)
			// Without its own ID a replayer would take every payload for another workflow's.
			own := workflow.Execution{ID: history.GetEvents()[0].GetWorkflowExecutionStartedEventAttributes().GetWorkflowId()}
			require.NotEmpty(t, own.ID)
			require.NoError(t, replayer.ReplayWorkflowHistoryWithOptions(nil, history, worker.ReplayWorkflowHistoryOptions{OriginalExecution: own}))
		})
	}
}

// longPaths are what a case meets only in months, each with what its history shows.
var longPaths = []struct {
	name  string
	shown func(kind string, events []*historypb.HistoryEvent) bool
}{
	{"a practice goes on as a new run", func(kind string, events []*historypb.HistoryEvent) bool {
		return kind == workflows.PracticeType && events[len(events)-1].GetWorkflowExecutionContinuedAsNewEventAttributes() != nil
	}},
	{"a practice in its second run", func(kind string, events []*historypb.HistoryEvent) bool {
		return kind == workflows.PracticeType && events[0].GetWorkflowExecutionStartedEventAttributes().GetContinuedExecutionRunId() != ""
	}},
	{"an incident goes on as a new run", func(kind string, events []*historypb.HistoryEvent) bool {
		return kind == workflows.IncidentType && events[len(events)-1].GetWorkflowExecutionContinuedAsNewEventAttributes() != nil
	}},
	{"an incident in its second run", func(kind string, events []*historypb.HistoryEvent) bool {
		return kind == workflows.IncidentType && events[0].GetWorkflowExecutionStartedEventAttributes().GetContinuedExecutionRunId() != ""
	}},
	{"a further list that arrives while a practice closes", func(kind string, events []*historypb.HistoryEvent) bool {
		return kind == workflows.PracticeType && stepsIn(events)["ClosePractice"] == 2
	}},
	{"a hold that ends", func(kind string, events []*historypb.HistoryEvent) bool {
		return kind == workflows.PracticeType && timersIn(events, "law-enforcement hold ends") > 0
	}},
	{"a day that passes", func(kind string, events []*historypb.HistoryEvent) bool {
		return kind == workflows.PracticeType && stepsIn(events)["ReachStages"] > 0
	}},
	{"a further list of an incident", func(kind string, events []*historypb.HistoryEvent) bool {
		return kind == workflows.IncidentType && updatesIn(events)[workflows.UpdateAmended] > 0 && childrenIn(events)[workflows.LaunchType] > 1
	}},
	{"a re-plan", func(kind string, events []*historypb.HistoryEvent) bool {
		return kind == workflows.IncidentType && updatesIn(events)[workflows.UpdateAct] > 0 && stepsIn(events)["TellPractices"] > 1
	}},
	{"a mail run of several steps", func(kind string, events []*historypb.HistoryEvent) bool {
		return kind == workflows.MailRunType && stepsIn(events)["RenderBatches"] > 2
	}},
	{"a launch that opens practices together", func(kind string, events []*historypb.HistoryEvent) bool {
		return kind == workflows.LaunchType && stepsIn(events)["OpenPractices"] > 0
	}},
	{"a launch from before practices were opened together", func(kind string, events []*historypb.HistoryEvent) bool {
		return kind == workflows.LaunchType && stepsIn(events)["OpenPractices"] == 0 && childrenIn(events)[workflows.PracticeType] > 0
	}},
	{"a practice that its launch opened", func(kind string, events []*historypb.HistoryEvent) bool {
		first := slices.IndexFunc(events, func(e *historypb.HistoryEvent) bool { return e.GetActivityTaskScheduledEventAttributes() != nil })
		return kind == workflows.PracticeType && events[first].GetActivityTaskScheduledEventAttributes().GetActivityType().GetName() != "PlanPractice"
	}},
	{"a year's end that is waited for", func(kind string, events []*historypb.HistoryEvent) bool {
		return kind == workflows.YearEndLogType && timersIn(events, "HHS annual log") > 0 && stepsIn(events)["PrepareAnnualLog"] == 2
	}},
}

func stepsIn(events []*historypb.HistoryEvent) map[string]int {
	found := map[string]int{}
	for _, e := range events {
		found[e.GetActivityTaskScheduledEventAttributes().GetActivityType().GetName()]++
	}
	return found
}

func childrenIn(events []*historypb.HistoryEvent) map[string]int {
	found := map[string]int{}
	for _, e := range events {
		found[e.GetStartChildWorkflowExecutionInitiatedEventAttributes().GetWorkflowType().GetName()]++
	}
	return found
}

func updatesIn(events []*historypb.HistoryEvent) map[string]int {
	found := map[string]int{}
	for _, e := range events {
		found[e.GetWorkflowExecutionUpdateAcceptedEventAttributes().GetAcceptedRequest().GetInput().GetName()]++
	}
	return found
}

// timersIn counts those that fired and whose summary holds the words.
func timersIn(events []*historypb.HistoryEvent, words string) (fired int) {
	set := map[string]bool{}
	for _, e := range events {
		if a := e.GetTimerStartedEventAttributes(); a != nil {
			set[a.GetTimerId()] = strings.Contains(string(e.GetUserMetadata().GetSummary().GetData()), words)
		}
		if a := e.GetTimerFiredEventAttributes(); a != nil && set[a.GetTimerId()] {
			fired++
		}
	}
	return fired
}

// everyName takes the workflows' names.
type everyName []string

func (e *everyName) RegisterWorkflowWithOptions(_ any, o workflow.RegisterOptions) {
	*e = append(*e, o.Name)
}

// TestEveryLongPathIsRecorded fails for a workflow, a step, a message or a long path
// that no recorded history has: a change of it would break running cases unseen.
func TestEveryLongPathIsRecorded(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/histories/*.json")
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, file := range files {
		history := recorded(t, file)
		events := history.GetEvents()
		kind := events[0].GetWorkflowExecutionStartedEventAttributes().GetWorkflowType().GetName()
		seen["workflow "+kind] = true
		for name := range stepsIn(events) {
			seen["step "+name] = true
		}
		for name := range updatesIn(events) {
			seen["message "+name] = true
		}
		for _, e := range events {
			seen["message "+e.GetWorkflowExecutionSignaledEventAttributes().GetSignalName()] = true
		}
		for _, path := range longPaths {
			seen[path.name] = seen[path.name] || path.shown(kind, events)
		}
	}
	var names everyName
	workflows.Register(&names)
	require.NotEmpty(t, names)
	for _, name := range names {
		require.True(t, seen["workflow "+name], "no history of %s", name)
	}
	for _, name := range called(t) {
		require.True(t, seen["step "+name], "no history with the step %s", name)
	}
	for _, name := range []string{
		workflows.UpdateAct, workflows.UpdateAmended, workflows.SignalLettersApproved, workflows.SignalPracticeClosed,
		workflows.SignalCountAgain, workflows.SignalStartAgain, activities.SignalFactsChanged,
	} {
		require.True(t, seen["message "+name], "no history with the message %s", name)
	}
	for _, path := range longPaths {
		require.True(t, seen[path.name], "no history of %s: go test ./internal/e2e -run LongPaths -record", path.name)
	}
}

// called are the steps that the workflows' own source asks for.
func called(t *testing.T) (names []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, found := range regexp.MustCompile(`\bsteps\.([A-Z]\w+)`).FindAllSubmatch(source, -1) {
			names = append(names, string(found[1]))
		}
	}
	require.Greater(t, len(names), 15)
	return names
}

// recorded is a history as it was written down, in clear.
func recorded(t *testing.T, file string) *historypb.History {
	t.Helper()
	content, err := os.Open(file)
	require.NoError(t, err)
	defer func() { require.NoError(t, content.Close()) }()
	history, err := client.HistoryFromJSON(content, client.HistoryJSONOptions{})
	require.NoError(t, err)
	return history
}

// fixtureCodec encrypts with a key that protects nothing.
func fixtureCodec(t *testing.T) *codec.Codec {
	t.Helper()
	keys, err := keyring.Parse([]byte("fixture " + base64.StdEncoding.EncodeToString([]byte("a key of 32 bytes for fixtures!!"))))
	require.NoError(t, err)
	sealed, err := codec.New(keys)
	require.NoError(t, err)
	return sealed
}

// encrypted is a recorded history, which is kept in clear with the place of each
// payload, as a server would hold it.
func encrypted(t *testing.T, sealed *codec.Codec, file string) *historypb.History {
	t.Helper()
	history := recorded(t, file)
	require.NoError(t, proxy.VisitPayloads(t.Context(), history, proxy.VisitPayloadsOptions{
		SkipSearchAttributes: true,
		Visitor: func(_ *proxy.VisitPayloadsContext, p []*commonpb.Payload) ([]*commonpb.Payload, error) {
			for _, recorded := range p {
				// A replayer calls every namespace this.
				recorded.Metadata[codec.NamespaceField] = []byte("ReplayNamespace")
			}
			return sealed.Encode(p)
		},
	}))
	return history
}

// ofWorkers are those of a client's interceptors that a worker takes over from it.
func ofWorkers(all []interceptor.ClientInterceptor) []interceptor.WorkerInterceptor {
	var of []interceptor.WorkerInterceptor
	for _, i := range all {
		if w, ok := i.(interceptor.WorkerInterceptor); ok {
			of = append(of, w)
		}
	}
	return of
}

// TestHistoriesHoldNoPatient looks for the invented patients' world in what
// Temporal keeps: a name, an address or a birth date there would be a leak.
func TestHistoriesHoldNoPatient(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/histories/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, field := range []string{"first_name", "FirstName", "last_name", "LastName", "birth_date", "BirthDate", "person_key", "PersonKey"} {
			require.NotContains(t, string(content), field, file)
		}
	}
}
