package workflows_test

import (
	"encoding/base64"
	"os"
	"path/filepath"
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

	"duenotice/internal/codec"
	"duenotice/internal/keyring"
	"duenotice/workflows"
)

// TestRecordedHistoriesReplay runs today's workflows over histories recorded
// from the invented case (go test ./internal/e2e -run ACaseFromTheFolder -record). A
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
	content, err := os.Open(file)
	require.NoError(t, err)
	defer func() { require.NoError(t, content.Close()) }()
	history, err := client.HistoryFromJSON(content, client.HistoryJSONOptions{})
	require.NoError(t, err)
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
