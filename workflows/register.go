package workflows

import "go.temporal.io/sdk/workflow"

// Registry is a worker, or a replayer, as far as it takes workflows.
type Registry interface {
	RegisterWorkflowWithOptions(w any, options workflow.RegisterOptions)
}

// Register makes a worker run every workflow under its fixed name.
func Register(r Registry) {
	for name, run := range map[string]any{
		IncidentType: Incident, LaunchType: Launch, PracticeType: Practice, MailRunType: MailRun, YearEndLogType: YearEndLog,
		PostingLooksType: PostingLooks,
	} {
		r.RegisterWorkflowWithOptions(run, workflow.RegisterOptions{Name: name})
	}
}
