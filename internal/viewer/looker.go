package viewer

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"duenotice/internal/access"
	"duenotice/internal/temporalx"
)

// looker is who sent a request, and what they may see at that moment.
type looker struct {
	name      string
	incidents []string
}

func (l looker) everything() bool { return slices.Contains(l.incidents, access.EveryIncident) }

// mayWatch reports whether a workflow is of an incident of theirs. A workflow over
// all incidents is of none.
func (l looker) mayWatch(workflowID string) bool {
	incident, _ := temporalx.Subject(workflowID)
	return l.everything() || (incident != "" && slices.Contains(l.incidents, incident))
}

// ofOneWorkflow is a list's query for a workflow by its ID, and for nothing beside.
var ofOneWorkflow = regexp.MustCompile(`^WorkflowId ?= ?"([A-Za-z0-9:._-]+)"$`)

const apiPath = "/api/v1/"

// mayAsk reports whether somebody may be answered what Temporal's UI asks Temporal
// for them: who has a role for one incident sees that incident's workflows, and no
// list of others. That Temporal says in clear who they are is no reason to show it.
func (l looker) mayAsk(r *http.Request) bool {
	path, asks := strings.CutPrefix(r.URL.EscapedPath(), apiPath)
	if l.everything() || !asks {
		return true // the rest is the UI's own program, the same for everybody
	}
	// An escaped slash is one path here and another where it is answered.
	if lower := strings.ToLower(path); strings.Contains(lower, "%2f") || strings.Contains(lower, "%5c") || strings.Contains(lower, "%25") || strings.Contains(path, "..") {
		return false
	}
	for name := range r.URL.Query() {
		if strings.Contains(strings.ToLower(strings.ReplaceAll(name, "_", "")), "workflowid") {
			return false // it could speak of another workflow than the path
		}
	}
	parts := strings.Split(path, "/")
	if len(parts) == 3 && parts[0] == "namespaces" && parts[2] == "workflows" {
		// How the UI's page finds the newest run of the workflow it is of.
		only := ofOneWorkflow.FindStringSubmatch(r.URL.Query().Get("query"))
		return only != nil && len(r.URL.Query()["query"]) == 1 && l.mayWatch(only[1])
	}
	if len(parts) >= 4 && parts[0] == "namespaces" && parts[2] == "workflows" {
		workflow, err := url.PathUnescape(parts[3])
		return err == nil && l.mayWatch(workflow)
	}
	switch parts[0] {
	case "settings", "cluster-info", "cluster", "me", "system-info":
		return true
	case "namespaces":
		// All of them, one of them, what can be searched for there, and who works.
		return len(parts) <= 2 || parts[2] == "search-attributes" || parts[2] == "task-queues"
	}
	return false
}
