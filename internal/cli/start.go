package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"

	"duenotice/internal/access"
	"duenotice/internal/accesslog"
	"duenotice/internal/app"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/casefolder"
	"duenotice/internal/civil"
	"duenotice/internal/postgres"
	"duenotice/internal/rules"
	"duenotice/workflows"
)

const startHelp = `Checks the case folder once more, loads the findings, and gives every practice
its workflow, which from then on watches its days. A folder with an error is
refused and nothing is loaded.

A second start of the same case changes nothing and says so, so you need not
wonder whether the first one worked: after a crash, give it again. What was ended
from outside the worker starts again by itself; an incident of which Temporal
knows nothing waits for this command. A closed incident stays closed, with the day
it was closed on.

Where duenotice.yaml names environments, the incident is started in the one that
incident.yaml says it is of, and in no other.

It says how many notices go to practices by e-mail. They go out as soon as their
papers are made; with --no-notices they are kept back until you give notify, so
that you can look at the papers first.

It waits until every practice has its papers; with --no-wait it returns as soon
as the findings are loaded and the incident is running.`

func (p *program) startCommand() *cobra.Command {
	var who string
	var noWait, noNotices, yes bool
	cmd := &cobra.Command{
		Use: "start CASE", Short: "Load the findings and start the incident", Long: startHelp,
		Example: "  duenotice start cases/EX-2026-03\n  duenotice start cases/EX-2026-03 --by \"Ada Rivera\" --no-notices",
		Args:    exactly("CASE, the case folder,"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.start(cmd.Context(), args[0], startFlags{who, noWait, noNotices, yes})
		},
	}
	cmd.Flags().StringVar(&who, "by", "", "name of the person who starts it (default: the account's)")
	p.ignoreColumnFlag(cmd)
	cmd.Flags().BoolVar(&noWait, "no-wait", false, "do not wait until every practice has its papers")
	cmd.Flags().BoolVar(&noNotices, "no-notices", false, "keep the notices to practices back until notify is given")
	yesFlag(cmd, &yes)
	return cmd
}

// startFlags are the flags of start.
type startFlags struct {
	who                    string
	noWait, noNotices, yes bool
}

func (p *program) start(ctx context.Context, dir string, f startFlags) error {
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
	s, err := p.openWith(ctx, config, purpose{permission: access.Start, by: f.who, incident: c.Incident.ID})
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.dial(ctx); err != nil {
		return err
	}
	if err := s.sureToStart(ctx, c, f); err != nil {
		return err
	}
	loaded, err := s.load(ctx, c, s.name(f.who), p.Now().Sub(began), f.noNotices)
	if err != nil {
		return err
	}
	if !loaded.AlreadyLoaded {
		if err := s.sayLoaded(ctx, c.Incident, c.Practices, loaded); err != nil {
			return err
		}
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
	switch {
	case loaded.AlreadyLoaded && again:
		p.say("Incident %s was started before from this case. Workflows of it had ended and are started again; nothing else changed.", c.Incident.ID)
	case loaded.AlreadyLoaded:
		p.say("Incident %s was started before from this case; nothing changed.", c.Incident.ID)
	}
	for _, a := range loaded.Amendments {
		p.say("  amended since: %s, list %d, by %s on %s", a.Kind, a.Number, a.By, civil.OfTime(a.At.In(s.config.Zone)))
	}
	return s.sayStarted(ctx, c.Incident.ID, f.noWait)
}

// sureToStart asks before the first start of a case; a later one changes nothing.
func (s *session) sureToStart(ctx context.Context, c *casefolder.Case, f startFlags) error {
	_, err := s.store.Incident(ctx, c.Incident.ID)
	if refusal, unknown := breach.AsRefusal(err); !unknown || refusal.Code != "unknown_incident" {
		return err
	}
	byEMail, _ := notices(c.Incident, c.Practices)
	told := count(byEMail, "notice to a practice is", "notices to practices are")
	switch {
	case f.noNotices:
		told += " kept back until notify is given."
	case s.config.SendGridKey == "":
		told += " written into " + shortPath(s.config.Outputs().Outbox()) + " for you to send."
	default:
		told += " e-mailed from " + s.config.MailFrom.Email + " as their papers are made."
	}
	return s.p.sure(ctx, f.yes, fmt.Sprintf("incident %s begins for %s: its days are watched, and every step is kept.", c.Incident.ID,
		count(len(c.Practices), "practice", "practices")), told)
}

// notices counts the practices that get their notice by e-mail, and those without an address for it.
func notices(incident breach.Incident, practices []breach.Practice) (byEMail, without int) {
	for _, p := range practices {
		switch {
		case incident.Entity.Role == breach.CoveredEntity, !p.NotifiedOn.IsZero():
		case p.Email == "":
			without++
		default:
			byEMail++
		}
	}
	return byEMail, without
}

// sayLoaded says what was loaded, and before any of it happens how many notices
// will go out, and which way.
func (s *session) sayLoaded(ctx context.Context, incident breach.Incident, practices []breach.Practice, loaded postgres.LoadResult) error {
	id := incident.ID
	s.p.say("Incident %s: %s, %s, %s.", id, count(loaded.Practices, "practice", "practices"),
		count(loaded.People, "person", "people"), count(loaded.Findings, "finding", "findings"))
	byEMail, without := notices(incident, practices)
	as, err := s.store.Incident(ctx, id)
	if err != nil {
		return err
	}
	told := count(byEMail, "notice", "notices")
	switch {
	case byEMail == 0:
	case as.NoticesKeptBack:
		s.p.say("%s to practices by e-mail: kept back. To let them go: %s", told, s.p.command("notify", id, "--by", "YOUR NAME"))
	case s.config.SendGridKey == "":
		s.p.say("%s to practices by e-mail, where one is owed: written into %s as their papers are made, for you to send and record.",
			told, shortPath(s.config.Outputs().Outbox()))
	default:
		s.p.say("%s to practices by e-mail, where one is owed: sent through SendGrid as their papers are made.", told)
	}
	if without > 0 {
		s.p.say("%s no e-mail address: send the notice by post.", count(without, "practice has", "practices have"))
	}
	return nil
}

// sayStarted says where it stands, and waits for it unless it shall not.
func (s *session) sayStarted(ctx context.Context, id string, noWait bool) error {
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
func (s *session) load(ctx context.Context, c *casefolder.Case, who string, validation time.Duration, noNotices bool) (postgres.LoadResult, error) {
	if err := s.store.CheckKeys(ctx); err != nil {
		return postgres.LoadResult{}, systemError(err)
	}
	sources, err := accesslog.SourcesOf(c.Dir, c.FindingsSHA256)
	if err != nil {
		return postgres.LoadResult{}, err
	}
	book := rules.Current()
	shown := s.p.progress()
	defer shown.end()
	return s.store.LoadCase(ctx, postgres.LoadInput{
		Incident: c.Incident, CaseSHA256: c.SHA256,
		CaseFiles: casebook.CaseFiles{Incident: c.IncidentSHA256, Practices: c.PracticesSHA256, Findings: c.FindingsSHA256},
		Practices: c.Practices, ListSHA256: c.FindingsSHA256, Sources: sources,
		RulebookVersion: book.Version(), RulebookSHA256: book.SHA256(),
		NoNotices: noNotices, By: who, At: s.p.Now(), Seconds: validation.Seconds(), Findings: c.Findings,
	}, func(rows int) { shown.of(rows, c.FindingsRows, "Loading:", "findings") })
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
		return false, systemError(fmt.Errorf("the findings are loaded and the incident could not be started; give start again: %w", err))
	}
	ended, err := app.FindEnded(ctx, s.store, s.temporal, incident.ID, there.Phase)
	if err != nil || !ended.Any() {
		return false, systemError(err)
	}
	word := workflows.StartAgain{Keys: ended.Keys()}
	const named = 500
	if len(word.Keys) > named {
		word = workflows.StartAgain{All: true}
	}
	return true, systemError(app.StartAgain(ctx, s.store, s.temporal, s.config.Queue(), incident.ID, word))
}

// waitLaunched waits until every practice has its workflow and its papers.
func (s *session) waitLaunched(ctx context.Context, incident string) error {
	shown := s.p.progress()
	defer shown.end()
	waits := s.waitsFor(incident, "")
	return wait(ctx, func() (bool, error) {
		status, err := s.store.Status(ctx, incident, s.p.Now(), s.p.today(s.config))
		if err == nil {
			err = waits.look(ctx)
		}
		if err != nil {
			return false, err
		}
		starting := status.In(casebook.PhaseStarting)
		shown.of(status.Practices-starting, status.Practices, "Starting:", "practices have their papers")
		launched := status.Phase == casebook.IncidentRunning || status.Phase == casebook.IncidentClosed
		return launched && starting == 0, nil
	})
}

func firstSet(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
