// Package activities has every step that touches the world: the database, the
// output folder, e-mail, other workflows. Each step may run twice and may die
// at any line; what it did is found again by keys made from the incident, the
// practice and the step.
//
// Inputs and results go into Temporal's history, which many can read and which
// is kept. They carry keys, counts, days and hashes, never anything about a
// person; the same holds for errors.
package activities

import (
	"context"
	"errors"
	"net/url"
	"time"

	"go.temporal.io/sdk/temporal"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/mail"
	"duenotice/internal/outfolder"
	"duenotice/internal/rulebooks"
)

// Activities are the steps with what they need. A workflow refers to them
// through a nil *Activities, which gives names that the compiler checks.
type Activities struct {
	Store Store
	// Books are the rulebooks it can decide by; each case goes by its own.
	Books rulebooks.Library
	Out   outfolder.Folder
	Mail  mail.Sender
	// From is the sender of e-mail to practices.
	From mail.Address
	// Pages is the address of the practices' pages, nil where there are none.
	Pages *url.URL
	// Workflows tells running workflows that something changed.
	Workflows Signaller
	Now       Clock
	// Zone is where the officers are: it decides which day "today" is.
	Zone *time.Location
	// TemporalUI is the address officers open, written into summary.json.
	TemporalUI string
	// Packets keeps what practices find on their pages; nil where there are no pages.
	Packets PacketStore
	// Records are what batches of letters are known by in another database; nil where
	// none lie anywhere.
	Records RecordStore
	// Pages of the internet that notices are posted on, and where looks at them are kept;
	// nil where the installation looks at none.
	Looker   Looker
	Postings PostingStore
	// Rehearsal: decide and record, but typeset, write and send nothing. For
	// `simulate`, which runs the same workflows over a store in memory.
	Rehearsal bool
}

// Signaller is the part of Temporal's client the activities need.
type Signaller interface {
	SignalWorkflow(ctx context.Context, workflowID, runID, signalName string, arg any) error
}

// today is the civil day where the officers are.
func (a *Activities) today() civil.Date { return civil.OfTime(a.Now().In(a.Zone)) }

// Types of application error a caller branches on.
const (
	// ErrTypeRefused is an act that is not allowed; its details are a Refused.
	ErrTypeRefused = "refused"
)

// Refused is a refusal as it travels through Temporal to the person who tried.
type Refused struct {
	Code    string
	Message string
	Advice  string
}

// forTemporal turns a refusal into an error that Temporal neither retries nor
// counts as trouble; any other error is retried.
func forTemporal(err error) error {
	refusal, ok := breach.AsRefusal(err)
	if !ok {
		return err
	}
	return temporal.NewApplicationErrorWithOptions(refusal.Message, ErrTypeRefused, temporal.ApplicationErrorOptions{
		NonRetryable: true,
		Category:     temporal.ApplicationErrorCategoryBenign,
		Details:      []any{Refused(*refusal)},
	})
}

// RefusalOf finds the refusal in an error that came back through Temporal.
func RefusalOf(err error) (*breach.Refusal, bool) {
	if refusal, ok := breach.AsRefusal(err); ok {
		return refusal, true
	}
	var app *temporal.ApplicationError
	if !errors.As(err, &app) || app.Type() != ErrTypeRefused {
		return nil, false
	}
	var refused Refused
	if app.HasDetails() && app.Details(&refused) == nil {
		r := breach.Refusal(refused)
		return &r, true
	}
	return &breach.Refusal{Code: "refused", Message: app.Message()}, true
}
