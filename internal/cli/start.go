package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"

	"duenotice/internal/access"
	"duenotice/internal/app"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/casefolder"
	"duenotice/internal/postgres"
	"duenotice/internal/rules"
	"duenotice/workflows"
)

const startHelp = `Checks the case folder once more, loads the findings, and gives every practice
its workflow, which from then on watches its days. A folder with an error is
refused and nothing is loaded.

A second start of the same case changes nothing and says so, so you need not
wonder whether the first one worked: after a crash, give it again. It starts again
what was ended from outside, in Temporal's UI for example. A closed incident stays
closed, with the day it was closed on.

Where duenotice.yaml names environments, the incident is started in the one that
incident.yaml says it is of, and in no other.

It waits until every practice has its papers; with --no-wait it returns as soon
as the findings are loaded and the incident is running.`

func (p *program) startCommand() *cobra.Command {
	var who string
	var noWait bool
	cmd := &cobra.Command{
		Use: "start CASE", Short: "Load the findings and start the incident", Long: startHelp,
		Example: "  duenotice start cases/EX-2026-03\n  duenotice start cases/EX-2026-03 --by \"Ada Rivera\" --no-wait",
		Args:    exactly("CASE, the case folder,"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.start(cmd.Context(), args[0], who, noWait)
		},
	}
	cmd.Flags().StringVar(&who, "by", "", "name of the person who starts it (default: the account's)")
	cmd.Flags().BoolVar(&noWait, "no-wait", false, "do not wait until every practice has its papers")
	return cmd
}

func (p *program) start(ctx context.Context, dir, who string, noWait bool) error {
	shared, err := p.sharedConfig()
	if err != nil {
		return err
	}
	began := p.Now()
	p.note("Reading %s", dir)
	c, err := p.readCase(ctx, shared, dir)
	if err != nil {
		return err
	}
	if err := p.chooseBy(c.Incident); err != nil {
		return err
	}
	config, err := p.config()
	if err != nil {
		return err
	}
	s, err := p.openWith(ctx, config, errand{deed: access.Start, by: who, incident: c.Incident.ID})
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.dial(ctx); err != nil {
		return err
	}
	loaded, err := s.load(ctx, c, s.name(who), p.Now().Sub(began))
	if err != nil {
		return err
	}
	// Early, so that the ledger has the key before anything is proved with it.
	// Without one the incident starts all the same: its days run already.
	if _, err := s.evidenceKey(ctx, c.Incident.ID); err != nil {
		p.note("Evidence cannot be signed yet: %v", err)
	}
	again, err := s.run(ctx, c.Incident)
	if err != nil {
		return err
	}
	return s.sayStarted(ctx, c.Incident.ID, loaded, again, noWait)
}

// sayStarted says what was started, and waits for it unless it shall not.
func (s *session) sayStarted(ctx context.Context, id string, loaded postgres.LoadResult, again, noWait bool) error {
	switch {
	case loaded.AlreadyLoaded && again:
		s.p.say("Incident %s was started before from this case. Workflows of it had ended and are started again; nothing else changed.", id)
	case loaded.AlreadyLoaded:
		s.p.say("Incident %s was started before from this case; nothing changed.", id)
	default:
		s.p.say("Incident %s: %s, %s, %s.", id, count(loaded.Practices, "practice", "practices"),
			count(loaded.People, "person", "people"), count(loaded.Findings, "finding", "findings"))
	}
	if noWait {
		s.p.say("Next: %s", s.p.command("status", id))
		return nil
	}
	if err := s.waitLaunched(ctx, id); err != nil {
		return err
	}
	return s.showStatus(ctx, id, statusFlags{})
}

// load puts the case into the database, all of it or nothing.
func (s *session) load(ctx context.Context, c *casefolder.Case, who string, validation time.Duration) (postgres.LoadResult, error) {
	if err := s.store.CheckKeys(ctx); err != nil {
		return postgres.LoadResult{}, failed(err)
	}
	book := rules.Current()
	shown := s.p.progress()
	defer shown.end()
	return s.store.LoadCase(ctx, postgres.LoadInput{
		Incident: c.Incident, CaseSHA256: c.SHA256, Practices: c.Practices, ListSHA256: c.FindingsSHA256,
		RulebookVersion: book.Version(), RulebookSHA256: book.SHA256(),
		By: who, At: s.p.Now(), Seconds: validation.Seconds(), Findings: c.Findings,
	}, func(rows int) { shown.show("Loading: %s of %s findings", number(rows), number(c.FindingsRows)) })
}

// run makes sure that the incident's workflow runs, and those of its open practices:
// the same ID twice is the same workflow. again is true when some had ended, from
// outside, and were started once more. A closed incident stays closed.
func (s *session) run(ctx context.Context, incident breach.Incident) (again bool, err error) {
	there, err := s.store.Incident(ctx, incident.ID)
	if err != nil || there.Phase == casebook.IncidentClosed {
		return false, err
	}
	options := app.IncidentOptions(incident, s.config.Queue())
	options.WorkflowIDConflictPolicy = enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING
	options.WorkflowIDReusePolicy = enumspb.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE
	if there.Phase == casebook.IncidentLoaded {
		_, err = s.temporal.ExecuteWorkflow(ctx, options, workflows.IncidentType,
			workflows.IncidentInput{IncidentID: incident.ID, Entity: incident.Entity.Name})
	}
	if err != nil && !temporal.IsWorkflowExecutionAlreadyStartedError(err) {
		return false, failed(fmt.Errorf("the findings are loaded and the incident could not be started; give start again: %w", err))
	}
	ended, err := app.FindEnded(ctx, s.store, s.temporal, incident.ID, there.Phase)
	if err != nil || !ended.Any() {
		return false, failed(err)
	}
	word := workflows.StartAgain{Keys: ended.Keys()}
	const named = 500
	if len(word.Keys) > named {
		word = workflows.StartAgain{All: true}
	}
	return true, failed(app.StartAgain(ctx, s.store, s.temporal, s.config.Queue(), incident.ID, word))
}

// waitLaunched waits until every practice has its workflow and its papers.
func (s *session) waitLaunched(ctx context.Context, incident string) error {
	shown := s.p.progress()
	defer shown.end()
	waits := s.waitsFor(incident, "")
	return wait(ctx, func() (bool, error) {
		status, err := s.store.Status(ctx, incident, s.p.today(s.config))
		if err == nil {
			err = waits.look(ctx)
		}
		if err != nil {
			return false, err
		}
		starting := inPhase(status, casebook.PhaseStarting)
		shown.show("Starting: %s of %s practices have their papers", number(status.Practices-starting), number(status.Practices))
		launched := status.Phase == casebook.IncidentRunning || status.Phase == casebook.IncidentClosed
		return launched && starting == 0, nil
	})
}

// inPhase is how many practices are in a phase.
func inPhase(status casebook.Status, phase casebook.Phase) int {
	for _, c := range status.Phases {
		if c.Phase == phase {
			return c.Practices
		}
	}
	return 0
}

func firstSet(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
