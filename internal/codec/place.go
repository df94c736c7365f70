package codec

import (
	"fmt"
	"strings"
	"time"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
)

// Purpose is what a payload is for. It is written into the payload, so the words
// are part of the format.
type Purpose string

// All purposes there are.
const (
	WorkflowInput  Purpose = "workflow input" // of a start, also by another run or by a schedule
	WorkflowResult Purpose = "workflow result"
	ActivityInput  Purpose = "activity input"
	ActivityResult Purpose = "activity result"
	Heartbeat      Purpose = "heartbeat" // how far an activity is
	Signal         Purpose = "signal"
	UpdateInput    Purpose = "update input"
	UpdateResult   Purpose = "update result"
	QueryInput     Purpose = "query input"
	QueryResult    Purpose = "query result"
	SideEffect     Purpose = "side effect"
	Failure        Purpose = "failure"
	// Own is what a workflow keeps for itself or shows in the UI and nobody acts on:
	// summaries, details, memo, version markers. It is also what a payload is whose
	// purpose nobody said, so that it is believed nowhere.
	Own Purpose = "label or marker"
)

// Place is where a payload belongs.
type Place struct {
	// Namespace is Temporal's.
	Namespace string
	// Workflow is the ID of the workflow that has or gets the payload. A child's
	// input belongs to the child, a signal to whom it is sent to.
	Workflow string
	Purpose  Purpose
	// Name is the type of the activity or workflow, or the name of the signal,
	// update or query.
	Name string
	// Of tells several of the same name apart: an activity's ID, an update's ID,
	// and scheduled for the input that a schedule gives.
	Of string
}

// scheduled is the Place.Of of what a schedule starts workflows with.
const scheduled = "schedule"

// Metadata of an encrypted payload that says its place, readable by everybody:
// Temporal shows all of it beside the payload anyway.
const (
	NamespaceField = "belongs-namespace"
	WorkflowField  = "belongs-workflow"
	PurposeField   = "belongs-as"
	NameField      = "belongs-name"
	OfField        = "belongs-of"
)

// PlaceOf reads the place out of a payload's metadata. It is authentic if the
// payload was opened.
func PlaceOf(p *commonpb.Payload) Place {
	m := p.GetMetadata()
	return Place{
		Namespace: string(m[NamespaceField]), Workflow: string(m[WorkflowField]), Purpose: Purpose(m[PurposeField]),
		Name: string(m[NameField]), Of: string(m[OfField]),
	}
}

// WorkflowOf is of which workflow an encrypted payload is. It is authentic if the
// payload was opened, and false where nothing that is authenticated says so.
func WorkflowOf(p *commonpb.Payload) (workflowID string, known bool) {
	workflowID = PlaceOf(p).Workflow
	return workflowID, workflowID != "" && string(p.GetMetadata()[converter.MetadataEncoding]) == Encoding
}

// mark writes the place into metadata.
func (p Place) mark(metadata map[string][]byte) {
	for field, value := range map[string]string{
		NamespaceField: p.Namespace, WorkflowField: p.Workflow, PurposeField: string(p.Purpose), NameField: p.Name, OfField: p.Of,
	} {
		if value != "" {
			metadata[field] = []byte(value)
		}
	}
}

// String says the place in words, such as "the activity result SendNotice of
// workflow practice:EX-1:P1, namespace default".
func (p Place) String() string {
	text := "the " + string(p.Purpose)
	if p.Purpose == "" {
		text = "nothing that is known"
	}
	if p.Name != "" {
		text += " " + p.Name
	}
	return fmt.Sprintf("%s of workflow %s, namespace %s", text, p.Workflow, p.Namespace)
}

// wanted is what a payload has to be where it is used.
type wanted struct {
	Place
	// also are further purposes that will do there, whatever the name. Nobody acts
	// on those places: they are read by a person, or by who knows no better.
	also []Purpose
}

// matches reports whether a payload of the place may be used.
func (w wanted) matches(made Place) bool {
	if made.Purpose == WorkflowInput && made.Of == scheduled && w.Purpose == WorkflowInput {
		// A schedule appends the time to the ID of what it starts.
		at, ok := strings.CutPrefix(w.Workflow, made.Workflow+"-")
		_, err := time.Parse(time.RFC3339, at)
		return ok && err == nil && made.Namespace == w.Namespace && made.Name == w.Name
	}
	if made == w.Place {
		return true
	}
	for _, purpose := range w.also {
		if made.Purpose == purpose && made.Namespace == w.Namespace && made.Workflow == w.Workflow {
			return true
		}
	}
	return false
}
