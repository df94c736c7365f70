package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"go.temporal.io/sdk/client"

	"duenotice/internal/access"
	"duenotice/internal/app"
	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/outfolder"
	"duenotice/internal/postgres"
	"duenotice/internal/stack"
)

// config reads the configuration. What is wrong with it is the surroundings'
// fault and fails the command; no input was refused.
func (p *program) config() (app.Config, error) {
	config, err := app.LoadConfig(p.surroundings(), p.dir)
	config.Command = p.command
	if err != nil || config.Environment != "" {
		return config, configProblem(err)
	}
	if kept := keptOut(p.dir); kept != "" && p.ofStack(config) {
		// The stack's worker was told how its bucket is reached, and so is every command.
		config.S3 = config.S3.Or(keptBucket(p.dir))
		if config, err = config.PutOut(kept); err != nil {
			return config, configProblem(err)
		}
	}
	// The stack's own worker is told its database by the environment.
	if running, ok := stack.Read(p.dir); ok && config.TemporalUI == "" && running.DatabaseURL == config.DatabaseURL {
		config.TemporalUI = running.TemporalUI
	}
	return config, nil
}

// today is the day where the officers are.
func (p *program) today(config app.Config) civil.Date { return civil.OfTime(p.Now().In(config.Zone)) }

// session is a command's connections.
type session struct {
	p        *program
	config   app.Config
	store    *postgres.Store
	temporal client.Client
	// who is in whose session the command was given.
	who postgres.Login
}

// open connects to the database to look at where things stand. The caller closes
// the session.
func (p *program) open(ctx context.Context) (*session, error) {
	return p.openTo(ctx, purpose{permission: access.Read})
}

// openTo connects to the database for the purpose, if whoever gave the command may.
func (p *program) openTo(ctx context.Context, e purpose) (*session, error) {
	config, err := p.config()
	if err != nil {
		return nil, err
	}
	return p.openWith(ctx, config, e)
}

func (p *program) openWith(ctx context.Context, config app.Config, e purpose) (*session, error) {
	if config.DatabaseURL == "" {
		return nil, systemError(fmt.Errorf("nothing runs here: there is no stack in %s, and DUENOTICE_DATABASE_URL is not set. Start one on this machine with: %s",
			p.dir, p.command("up")))
	}
	if err := breach.CheckPersonName("--by", e.by); err != nil {
		return nil, err
	}
	if e.permission == access.Start {
		if err := config.Migrate(ctx); err != nil {
			return nil, systemError(err)
		}
	}
	var refused error
	inRole := false
	store, err := postgres.Open(ctx, config.DatabaseURL, postgres.WithMaster(config.Master()), postgres.InEnvironment(config.Environment),
		postgres.For(p.account(), func(who postgres.Login) (held access.Scope, err error) {
			held, refused = e.as(who)
			inRole = held.Role != ""
			return held, refused
		}))
	if refused != nil {
		return nil, refused
	}
	if err != nil {
		return nil, systemError(fmt.Errorf("%w. %s says what is wrong", err, p.command("doctor")))
	}
	s := &session{p: p, config: config, store: store, who: store.Who()}
	if !s.who.Program || inRole {
		p.person = &s.who
	}
	return s, nil
}

// there refuses an incident or practice that is not there; "" is none in particular.
func (s *session) there(ctx context.Context, incident, practice string) error {
	if incident == "" {
		return nil
	}
	if practice == "" {
		_, err := s.store.Incident(ctx, incident)
		return err
	}
	_, err := s.store.Practice(ctx, incident, practice)
	return err
}

func (s *session) close() {
	if s.temporal != nil {
		s.temporal.Close()
	}
	s.store.Close()
}

// dial connects to Temporal as well, and makes sure that somebody works there:
// without a worker an act would wait without a word.
func (s *session) dial(ctx context.Context) error {
	if s.temporal != nil {
		return nil
	}
	if err := s.watched(ctx); err != nil {
		return err
	}
	temporal, err := dialTemporal(ctx, s.config)
	if err != nil {
		return systemError(fmt.Errorf("%w. %s says what is wrong", err, s.p.command("doctor")))
	}
	s.temporal = temporal
	// The worker works; that it does where this command would send is another matter.
	polled, err := app.Polled(ctx, temporal, s.config.Queue(), s.p.Now())
	if err != nil {
		return systemError(fmt.Errorf("the worker cannot be looked for: %w", err))
	}
	if !polled {
		return systemError(fmt.Errorf("nothing would happen: the worker takes no work from the queue %s of the Temporal that is configured here. See that TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE are the worker's own; %s says more",
			s.config.Queue(), s.p.command("doctor")))
	}
	return nil
}

// starter is the command that starts a worker.
func starter(config app.Config) string {
	if config.Environment != "" {
		return "worker"
	}
	return "up"
}

// dialLimit is how long Temporal may take to answer the first call.
const dialLimit = 10 * time.Second

func dialTemporal(ctx context.Context, config app.Config) (client.Client, error) {
	ctx, cancel := context.WithTimeout(ctx, dialLimit)
	defer cancel()
	c, err := app.DialTemporal(ctx, config, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, fmt.Errorf("Temporal cannot be reached: %w", err)
	}
	return c, nil
}

// incidentFolder is where the worker puts the incident's papers: as the stack's
// worker was told, else as this command is configured.
func (p *program) incidentFolder(config app.Config, incident string) outfolder.Incident {
	return config.Outputs().Incident(incident)
}

// shortPath writes a path as seen from the working folder when it lies below it. What is
// in a bucket has one address from everywhere.
func shortPath(path string) string {
	if outfolder.InBucket(path) {
		return path
	}
	here, err := filepath.Abs(".")
	if err != nil {
		return path
	}
	if relative, err := filepath.Rel(here, path); err == nil && filepath.IsLocal(relative) {
		return relative
	}
	return path
}

var errNoTerminal = errors.New("--watch draws on a terminal; without one, use --json again and again")
