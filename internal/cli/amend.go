package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"go.temporal.io/api/serviceerror"

	"duenotice/internal/app"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/casefolder"
	"duenotice/internal/postgres"
	"duenotice/internal/temporalx"
	"duenotice/workflows"
)

const amendHelp = `Adds a later list of people to a running incident. The file has the columns of
findings.csv. People who are not there yet are added, and a row for somebody who
is there replaces it. Nobody is removed by being left out: a row with yes in the
column removed takes the person out of that practice, and its source says why. A
list with a bad row is refused whole. A practice that was closed is open again.

With --dry-run it says what the list would change, and changes nothing. When a
practice passes a line because of it, such as the five-hundredth person, what is
owed changes, and papers that changed wait for approval again.`

func (p *program) amendCommand() *cobra.Command {
	var findings, who string
	var dryRun bool
	cmd := &cobra.Command{
		Use: "amend INCIDENT --findings FILE", Short: "Add a later list of people", Long: amendHelp,
		Example: `  duenotice amend EX-2026-03 --findings later-list.csv --dry-run --by "Ada Rivera"
  duenotice amend EX-2026-03 --findings later-list.csv --by "Ada Rivera"`,
		Args: exactly("INCIDENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := incidentArgument(args[0]); err != nil {
				return err
			}
			s, err := p.openTo(cmd.Context(), errand{deed: casebook.ActAmend, by: who, incident: args[0]})
			if err != nil {
				return err
			}
			defer s.close()
			return s.amend(cmd.Context(), args[0], findings, who, dryRun)
		},
	}
	cmd.Flags().StringVar(&findings, "findings", "", "CSV file with the columns of findings.csv")
	p.ignoreColumnFlag(cmd)
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "say what it would change, and change nothing")
	byFlag(cmd, &who)
	required(cmd, "findings")
	return cmd
}

func (s *session) amend(ctx context.Context, incident, path, who string, dryRun bool) error {
	if strings.TrimSpace(who) == "" {
		return breach.Refuse("no_name", "Give the name of the person who decided with --by.", "an act needs the person who did it")
	}
	began := s.p.Now()
	practices, err := s.practices(ctx, incident)
	if err != nil {
		return err
	}
	options, err := s.listOptions(ctx, incident)
	if err != nil {
		return err
	}
	shown := newProblems()
	list, report, err := casefolder.ReadList(ctx, path, practices, options, s.p.today(s.config), shown.add)
	if err != nil {
		return err
	}
	if report.Refused() {
		s.p.printReport(s.p.Err, report, shown)
		s.p.note("%s: the list has %s. Correct it and give the command again.",
			s.p.paint(s.p.Err, red, "refused"), count(report.Errors, "error", "errors"))
		return &codeError{code: exitRefused}
	}
	if !dryRun {
		// Before the list is loaded: nobody would hear of it.
		if err := s.dial(ctx); err != nil {
			return err
		}
	}
	result, err := s.store.LoadList(ctx, incident, postgres.ListInput{
		SHA256: list.SHA256, By: who, At: s.p.Now(), Seconds: s.p.Now().Sub(began).Seconds(), Findings: list.Findings, Removals: list.Removals, DryRun: dryRun,
	})
	if err != nil {
		return err
	}
	s.sayAmended(incident, result, dryRun)
	if dryRun {
		return nil
	}
	return s.tellAmended(ctx, incident, result.Number, casebook.Act{
		ID: "amend-" + list.SHA256, IncidentID: incident, Kind: casebook.ActAmend, Who: who, At: s.p.Now(),
	})
}

// practices returns the incident's practices, for checking a list against them.
func (s *session) practices(ctx context.Context, incident string) ([]breach.Practice, error) {
	if _, err := s.store.Incident(ctx, incident); err != nil {
		return nil, err
	}
	const page = 1000
	var list []breach.Practice
	after := ""
	for {
		keys, err := s.store.PracticeKeys(ctx, incident, after, page, false)
		if err != nil || len(keys) == 0 {
			return list, err
		}
		for _, key := range keys {
			list = append(list, breach.Practice{Key: key})
		}
		after = keys[len(keys)-1]
	}
}

func (s *session) sayAmended(incident string, r postgres.ListResult, dryRun bool) {
	switch {
	case r.AlreadyLoaded:
		s.p.say("Incident %s: this list was loaded before, as list %d; nothing changed.", incident, r.Number)
		return
	case dryRun:
		s.p.say("Incident %s: the list would become list %d. Nothing was changed.", incident, r.Number)
	default:
		s.p.say("Incident %s: list %d is loaded.", incident, r.Number)
	}
	t := s.p.lines(2)
	t.row("  added", r.Added)
	t.row("  changed", r.Changed)
	t.row("  as before", r.Unchanged)
	t.row("  taken out", r.Removed)
	t.row("  practices touched", len(r.Practices))
	t.print()
	s.sayPractices(r.Practices)
	if n := len(r.Letters); n > 0 {
		s.p.say("Printed already and for nobody any more: %s. If not mailed yet, take out: %s", count(n, "letter", "letters"),
			strings.Join(r.Letters[:min(n, keysShown)], ", ")+andMore(n-keysShown))
	}
	if len(r.Practices) > 0 {
		s.p.say("The papers of these practices are made anew and wait for approval again.")
	}
}

// keysShown is how many keys are printed one by one.
const keysShown = 20

func (s *session) sayPractices(keys []string) {
	for i, key := range keys {
		if i == keysShown {
			s.p.say("    and %s more", number(len(keys)-keysShown))
			break
		}
		s.p.say("    %s", key)
	}
}

func andMore(n int) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf(" and %s more", number(n))
}

// tellAmended lets the incident's workflow look at the list that the act brought, or gives a
// closed incident a workflow again. A second time does no harm, and helps when
// the first command died before it.
func (s *session) tellAmended(ctx context.Context, incident string, number int, act casebook.Act) error {
	tell := func() error {
		return s.update(ctx, temporalx.IncidentID(incident), workflows.UpdateAmended, workflows.AmendedInput{List: number, Act: act}, nil, nil)
	}
	err := tell()
	if missing := (*serviceerror.NotFound)(nil); !errors.As(err, &missing) {
		return err
	}
	there, readErr := s.store.Incident(ctx, incident)
	switch {
	case readErr != nil:
		return readErr
	case there.Phase == casebook.IncidentClosed:
		return nil // closed with this list
	case there.Phase != casebook.IncidentRunning:
		return gone(err, false, act)
	}
	if err := app.StartAgain(ctx, s.store, s.temporal, s.config.Queue(), incident, workflows.StartAgain{}); err != nil {
		return failed(fmt.Errorf("the list is loaded and the incident could not be opened again; give %s again: %w", act.Kind, err))
	}
	return tell()
}
