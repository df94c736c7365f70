package workflows_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/worker"

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
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			t.Parallel()
			replayer := worker.NewWorkflowReplayer()
			workflows.Register(replayer)
			require.NoError(t, replayer.ReplayWorkflowHistoryFromJSONFile(nil, file))
		})
	}
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
