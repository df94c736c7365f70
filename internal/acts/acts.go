// Package acts asks for what a person decides or reports: it finds out whether the
// same act was there before, has the database write down in whose session it is
// asked for, and has the workflow that it concerns carry it out. The command line
// asks through it, and so does whatever else lets people act.
package acts

import (
	"context"
	"strings"
	"time"

	"go.temporal.io/sdk/client"

	"duenotice/activities"
	"duenotice/internal/access"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres"
)

// Desk is where one person asks for acts.
type Desk struct {
	// Store is the database as the person may look at it.
	Store *postgres.Store
	// Who is in whose session it is asked, and Account the account on this machine.
	Who     postgres.Login
	Account string
	// Queue is the task queue of the workflows.
	Queue string
	// Now is the clock.
	Now func() time.Time
	// Temporal is the connection to it. It is asked for once an act is known to be a
	// new one, and fails when nobody works there: the act would wait without a word.
	Temporal func(ctx context.Context) (client.Client, error)
	// OpenAs opens the database in the role that allows the act, which need not be the
	// one that looks.
	OpenAs func(ctx context.Context, role access.Scope) (*postgres.Store, error)
	// StartAgain gives an incident a workflow where it has none, and lets it look
	// after practices that were opened again.
	StartAgain func(ctx context.Context, incident string) error
	// Wait begins to look at what the person waits for, which is the incident's or one
	// practice's. What it returns is called every Patience: it says what does not go on,
	// and its error ends the waiting.
	Wait func(incident, practice string) (look func(ctx context.Context) error)
}

// Result is what became of an act.
type Result struct {
	activities.ActResult
	// Repeated is true when the same act was there already, and nothing changed.
	Repeated bool
}

// Ask carries out a person's act through the workflow it concerns and returns what
// became of it. A refusal says why it is not allowed; nothing changed then.
func (d *Desk) Ask(ctx context.Context, act casebook.Act) (result Result, err error) {
	act.Who = strings.TrimSpace(act.Who)
	if err := act.Readable(); err != nil {
		return result, err
	}
	if _, err := d.Closed(ctx, act); err != nil {
		return result, err // there is no such incident or practice
	}
	before, err := d.Store.Acts(ctx, act.IncidentID, act.PracticeKey)
	if err != nil {
		return result, err
	}
	if result.Repeated, err = Identify(&act, before); err != nil || result.Repeated {
		return result, err
	}
	if _, err := d.Temporal(ctx); err != nil {
		return result, err
	}
	if err := d.request(ctx, act); err != nil {
		return result, err
	}
	if err := d.give(ctx, act, &result.ActResult); err != nil {
		return result, err
	}
	result.Repeated = !result.Fresh
	return result, nil
}

// request writes the act down in the session of whoever asks for it, and refuses
// early what the workflow would.
func (d *Desk) request(ctx context.Context, act casebook.Act) error {
	if d.Who.Open() {
		return d.Store.RequestAct(ctx, act, d.Account)
	}
	role, err := access.May(d.Who.Grants, d.Who.Identity, act.Who, access.Permission(act.Kind), act.IncidentID, act.PracticeKey)
	if err != nil {
		return err
	}
	store, err := d.OpenAs(ctx, access.Reach(d.Who.Grants, d.Who.Identity, role))
	if err != nil {
		return err
	}
	defer store.Close()
	return store.RequestAct(ctx, act, d.Account)
}

// Closed reports whether what the act is about is closed by now. It refuses an
// incident or a practice that is not there.
func (d *Desk) Closed(ctx context.Context, act casebook.Act) (bool, error) {
	incident, err := d.Store.Incident(ctx, act.IncidentID)
	if err != nil || act.PracticeKey == "" {
		return incident.Phase == casebook.IncidentClosed, err
	}
	practice, err := d.Store.Practice(ctx, act.IncidentID, act.PracticeKey)
	return practice.Phase == casebook.PhaseClosed, err
}
