package workflows

import (
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

// Register makes a worker run every workflow under its fixed name.
func Register(r worker.WorkflowRegistry) {
	for name, run := range map[string]any{
		IncidentType: Incident, LaunchType: Launch, PracticeType: Practice, MailRunType: MailRun, YearEndLogType: YearEndLog,
	} {
		r.RegisterWorkflowWithOptions(run, workflow.RegisterOptions{Name: name})
	}
}
