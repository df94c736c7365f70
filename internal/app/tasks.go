package app

import (
	"context"
	"log/slog"
)

// taskLog hears from the SDK's log of workflows whose own code fails, by a panic or
// because it does not do what its history says: the SDK tells nobody else, and tries
// the task again for ever.
type taskLog struct {
	slog.Handler
	failed chan<- failedTask
	// id is the workflow's, where the logger was given it beforehand.
	id string
}

// failedTask is a workflow whose task failed.
type failedTask struct {
	workflowID string
	err        error
}

// taskFailed is what the SDK says then.
const taskFailed = "Workflow panic"

func (h taskLog) Handle(ctx context.Context, r slog.Record) error {
	if r.Message == taskFailed {
		task := failedTask{workflowID: h.id}
		r.Attrs(func(a slog.Attr) bool {
			switch value := a.Value.Resolve(); a.Key {
			case "WorkflowID":
				task.workflowID = value.String()
			case "Error":
				task.err, _ = value.Any().(error)
			}
			return true
		})
		select {
		case h.failed <- task:
		default: // it fails again
		}
	}
	return h.Handler.Handle(ctx, r)
}

func (h taskLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	for _, a := range attrs {
		if a.Key == "WorkflowID" {
			h.id = a.Value.String()
		}
	}
	h.Handler = h.Handler.WithAttrs(attrs)
	return h
}

func (h taskLog) WithGroup(name string) slog.Handler {
	h.Handler = h.Handler.WithGroup(name)
	return h
}
