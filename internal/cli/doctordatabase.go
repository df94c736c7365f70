package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"duenotice/internal/access"
	"duenotice/internal/app"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres"
)

func (e *examination) database(ctx context.Context, config app.Config) {
	if config.DatabaseURL == "" {
		e.bad("database", errors.New("there is none to work with"), e.p.command("up")+", or set DUENOTICE_DATABASE_URL")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, dialLimit)
	defer cancel()
	store, err := postgres.Open(ctx, config.DatabaseURL, postgres.WithMaster(config.Master()), postgres.InEnvironment(config.Environment),
		postgres.For(e.p.account(), purpose{}.as))
	if err != nil {
		e.bad("database", err, e.seeThat(config, "DUENOTICE_DATABASE_URL", "database_url_file"))
		return
	}
	defer store.Close()
	if who := store.Who(); !who.Program {
		e.person = &who
	}
	// The newest table that everything needs: without it the schema is missing or old.
	incidents, err := store.Incidents(ctx, e.p.Now())
	if err != nil {
		e.bad("database", fmt.Errorf("its tables cannot be read: %w", err), "start a worker, which brings them up to date")
		return
	}
	e.good("database", "reachable, with "+count(len(incidents), "incident", "incidents"))
	e.roles(ctx, store)
	e.doors(ctx, store)
	e.masterKeys(ctx, store, config)
	e.stoppedNotices(ctx, store, incidents, config)
	e.worker(ctx, store, config)
	e.served(ctx, store, config)
	e.troubles(ctx, store)
}

// stoppedNotices says which incidents' notices cannot be handed over, and why.
func (e *examination) stoppedNotices(ctx context.Context, store *postgres.Store, incidents []postgres.IncidentRow, config app.Config) {
	for _, i := range incidents {
		if i.Phase == casebook.IncidentClosed {
			continue
		}
		status, err := store.Status(ctx, i.ID, e.p.Now(), e.p.today(config))
		if err != nil {
			e.bad("notices of "+i.ID, err, "")
			continue
		}
		if n := status.Notices; n.Stopped > 0 {
			e.bad("notices of "+i.ID, fmt.Errorf("%s cannot be handed over: %s", count(n.Stopped, "notice", "notices"), n.StoppedBy),
				"mend that; they are tried again by themselves")
		}
	}
}

// worker says whether one takes work, by what it wrote into the database itself.
func (e *examination) worker(ctx context.Context, store *postgres.Store, config app.Config) {
	watch, err := store.Watch(ctx, config.Queue())
	switch {
	case err != nil:
		e.bad("worker", err, "start a worker, which brings the tables up to date")
	case !watch.Working:
		e.bad("worker", errors.New(e.p.unwatched(watch, config)), "")
	default:
		e.good("worker", "gives signs of life")
	}
	e.programs(ctx, store, config)
}

// programs says which programs' workers are at work, and whether one keeps the others
// from what only they know.
func (e *examination) programs(ctx context.Context, store *postgres.Store, config app.Config) {
	const what = "programs"
	list, taken, err := store.Programs(ctx, config.Queue())
	if err != nil {
		e.bad(what, err, "start a worker, which brings the tables up to date")
		return
	}
	if len(list) == 0 {
		return // worker has said that nobody works
	}
	each, waits := make([]string, len(list)), false
	for i, program := range list {
		each[i] = program.Text()
		waits = waits || program.Changes > taken
	}
	found := strings.Join(each, "; ")
	switch {
	case waits:
		e.note(what, found+"; the newest knows changes of the workflows' course that an earlier one does not, and they wait for it",
			"end the earlier workers once there is no way back to be kept (docs/deployment.md)")
	case len(list) > 1:
		e.note(what, found, "end the earlier workers once there is no way back to be kept (docs/deployment.md)")
	default:
		e.good(what, found)
	}
}

// troubles says what the program could not do.
func (e *examination) troubles(ctx context.Context, store *postgres.Store) {
	list, err := store.Troubles(ctx, "")
	if err != nil {
		e.bad("troubles", err, "")
	}
	for _, t := range list {
		if t.Kind == app.StepPages {
			continue // served says it, as of now
		}
		e.bad("trouble", errors.New(troubleText(t)), t.Todo)
	}
}

// roles says whether the database keeps people apart, and who may do what.
func (e *examination) roles(ctx context.Context, store *postgres.Store) {
	enforced, err := store.RolesEnforced(ctx)
	if err != nil {
		e.bad("roles", err, "")
		return
	}
	if !enforced {
		e.note("roles", "this login is the tables' owner and may make no roles, so nothing in the database keeps one practice's rows from another's",
			"let the database's administrator make them, as docs/access.md shows")
		return
	}
	who := store.Who()
	if who.Open() {
		e.good("roles", "enforced in the database; nobody holds one, so everybody who reaches it may do everything ("+e.p.command("access")+")")
		return
	}
	people := map[access.Identity]bool{}
	for _, g := range who.Grants {
		people[g.Identity] = true
	}
	e.good("roles", "enforced in the database; held by "+count(len(people), "identity", "identities")+"; you are "+string(who.Identity))
}

// doors says what the database leaves open to people's logins that only its
// administrator can close.
func (e *examination) doors(ctx context.Context, store *postgres.Store) {
	open, err := store.OpenDoors(ctx)
	if err != nil {
		e.bad("people's logins", err, "")
		return
	}
	const once = "let the database's administrator close it once, as docs/access.md shows"
	for _, door := range open {
		switch door {
		case postgres.OpenFunctions:
			e.note("people's logins", "every login may hold advisory locks, write large objects and see who else is connected", once)
		case postgres.OpenCode:
			e.note("people's logins", "every login may run code of its own in the database", once)
		case postgres.OpenSessions:
			e.note("people's logins", "a session that holds what the worker waits for cannot be ended", once)
		default:
			e.note("people's logins", "the login "+door+" may take every connection there is", "let the database's administrator give it a limit: ALTER ROLE "+door+" CONNECTION LIMIT 10")
		}
	}
}

// masterKeys says which master key protects what, and which one is not there.
func (e *examination) masterKeys(ctx context.Context, store *postgres.Store, config app.Config) {
	states, err := store.MasterKeys(ctx)
	if err != nil {
		e.bad("master keys", err, "start a worker, which brings the tables up to date")
		return
	}
	newest := ""
	if keys, err := config.Keyring(); err == nil {
		newest = keys.Newest()
	}
	for _, m := range states {
		what := "master key " + m.Name
		switch {
		case m.Problem != nil:
			e.bad(what, fmt.Errorf("it wraps the data keys of %s: %w", count(m.Incidents, "incident", "incidents"), m.Problem), "")
		case !m.RetiredAt.IsZero():
			e.good(what, "nothing in the database needs it since "+m.RetiredAt.In(config.Zone).Format(time.DateOnly))
		case m.Name != newest && newest != "":
			e.good(what, "wraps the data keys of "+count(m.Incidents, "incident", "incidents")+"; to use the newer "+newest+": "+e.p.command("keys", "rotate"))
		default:
			e.good(what, "wraps the data keys of "+count(m.Incidents, "incident", "incidents"))
		}
	}
}
