package temporalx_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/temporalx"
)

func TestAWorkflowIDSaysWhatItIsAbout(t *testing.T) {
	t.Parallel()
	for id, want := range map[string][2]string{
		temporalx.IncidentID("EX"):         {"EX", ""},
		temporalx.PracticeID("EX", "P-1"):  {"EX", "P-1"},
		temporalx.MailRunID("EX", 3):       {"EX", ""},
		temporalx.LaunchID("EX"):           {"EX", ""},
		temporalx.ListLaunchID("EX", 2):    {"EX", ""},
		temporalx.AgainLaunchID("EX"):      {"EX", ""},
		temporalx.YearEndScheduleID + "-x": {"", ""},
	} {
		incident, practice := temporalx.Subject(id)
		require.Equal(t, want, [2]string{incident, practice}, id)
	}
}
