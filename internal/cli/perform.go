package cli

import (
	"context"

	"go.temporal.io/sdk/client"

	"duenotice/internal/access"
	"duenotice/internal/acts"
	"duenotice/internal/app"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres"
	"duenotice/workflows"
)

// desk is where whoever gave the command asks for acts.
func (s *session) desk() *acts.Desk {
	return &acts.Desk{
		Store: s.store, Who: s.who, Account: s.p.account(), Queue: s.config.Queue(), Now: s.p.Now,
		Temporal: func(ctx context.Context) (client.Client, error) {
			err := s.dial(ctx)
			return s.temporal, err
		},
		OpenAs: func(ctx context.Context, role access.Scope) (*postgres.Store, error) {
			store, err := postgres.Open(ctx, s.config.DatabaseURL, postgres.InEnvironment(s.config.Environment), postgres.As(role))
			return store, systemError(err)
		},
		StartAgain: s.startAgain,
		Wait: func(incident, practice string) func(context.Context) error {
			return s.waitsFor(incident, practice).look
		},
	}
}

// startAgain gives an incident a workflow where it has none, and lets it look after
// practices that were opened again.
func (s *session) startAgain(ctx context.Context, incident string) error {
	return systemError(app.StartAgain(ctx, s.store, s.temporal, s.config.Queue(), incident, workflows.StartAgain{}))
}

// perform carries out an act and says what became of it. did is the sentence
// that is true afterwards: "Practice P1: delegation all".
func (p *program) perform(ctx context.Context, act casebook.Act, did string) error {
	if err := incidentArgument(act.IncidentID); err != nil {
		return err
	}
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	return s.perform(ctx, act, did)
}

func (s *session) perform(ctx context.Context, act casebook.Act, did string) error {
	result, err := s.desk().Ask(ctx, act)
	if err != nil {
		return err
	}
	if result.Repeated {
		s.p.say("%s: already done; nothing changed.", did)
		return nil
	}
	s.p.say("%s, by %s.", did, act.Who)
	if result.State.Phase != "" {
		s.p.say("Practice %s is now in: %s.", act.PracticeKey, result.State.Phase)
	}
	if result.State.NeedsPerson != "" {
		s.p.say("It waits for: %s.", result.State.NeedsPerson)
	}
	return nil
}
