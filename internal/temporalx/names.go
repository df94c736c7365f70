// Package temporalx has the names this program uses in Temporal (queues,
// workflow IDs, search attributes) and how it connects. All of these names are
// readable by anybody who can open the Temporal UI, so none may say anything
// about a patient.
package temporalx

import (
	"fmt"
	"strings"
)

// Queue is the task queue that runs every workflow and the short steps against
// the database. Where there are several environments each has one of its own, and
// two more are named after it: work with different limits has a queue of its own.
const Queue = "duenotice"

// PapersQueue typesets PDFs: as many at once as there are processors.
func PapersQueue(queue string) string { return queue + "-papers" }

// MailQueue sends e-mail, slowly enough for the provider.
func MailQueue(queue string) string { return queue + "-mail" }

// Workflow IDs follow from the incident's and the practice's key, so that a
// second start of the same thing is recognised by Temporal itself. A colon
// separates the parts because no key can hold one.

// IncidentID is the workflow ID of an incident.
func IncidentID(incident string) string { return "incident:" + incident }

// ListLaunchID is the workflow that starts the closed practices of a further list again.
func ListLaunchID(incident string, list int) string {
	return fmt.Sprintf("%s:list-%d", LaunchID(incident), list)
}

// AgainLaunchID is the workflow that starts practices again whose workflows have ended.
func AgainLaunchID(incident string) string { return LaunchID(incident) + ":again" }

// LaunchID is the workflow ID of the launch of an incident's practices.
func LaunchID(incident string) string { return "launch:" + incident }

// PracticeID is the workflow ID of one practice.
func PracticeID(incident, practice string) string { return "practice:" + incident + ":" + practice }

// MailRunID is the workflow ID of one mail run.
func MailRunID(incident string, run int) string { return fmt.Sprintf("mailrun:%s:%d", incident, run) }

// YearEndScheduleID is the Schedule that prepares the log of breaches under 500.
const YearEndScheduleID = "year-end-log"

// PostingScheduleID is the Schedule that looks at the notices posted on pages.
const PostingScheduleID = "posting-looks"

// Subject is what a workflow is about by its ID: an incident, and a practice of it
// where it is one's; neither for a workflow over all incidents.
func Subject(workflowID string) (incident, practice string) {
	kind, rest, _ := strings.Cut(workflowID, ":")
	first, second, _ := strings.Cut(rest, ":")
	switch kind {
	case "practice":
		return first, second
	case "incident", "launch", "mailrun":
		return first, ""
	}
	return "", ""
}
