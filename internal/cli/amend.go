package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"
	"go.temporal.io/api/serviceerror"

	"duenotice/internal/accesslog"
	"duenotice/internal/acts"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/casefolder"
	"duenotice/internal/howfar"
	"duenotice/internal/plan"
	"duenotice/internal/postgres"
	"duenotice/internal/temporalx"
	"duenotice/workflows"
)

const amendHelp = `Corrects a running incident, or a closed one, which is then open again.

--findings FILE is a later list of people, with the columns of findings.csv.
People who are not there yet are added, and a row for somebody who is there
replaces it. Nobody is removed by being left out: a row with yes in the column
removed takes the person out of that practice, and its source says why.

--from-sources CASE reads the sources of a case folder anew, as they were imported
last and with what their files hold by now, and loads the list that they give.
People of whom acquired_or_viewed was unknown and is no leave with that reason;
who had been told by then is counted. Who is no and was on no list comes on none,
and whoever is in no source stays. The evidence names the sources. With --dry-run
the case folder stays as it is too.

--practices FILE has corrected rows of practices.csv: any of the incident's
practices, and any of the columns beside practice_key and legal_name. A column
that the file does not have stays as it is; an empty cell empties.

--incident FILE is the corrected incident.yaml, whole. Its id stays. What was
recorded since the start stays too: holds, releases, the days of determination.

A file with an error is refused whole; the same file twice changes nothing. With
--dry-run it says what would change, before and after, what that does to the
duties, which papers are made anew and which approvals are void, and changes
nothing. Papers that changed wait for approval again.`

type amendFlags struct {
	findings, sources, practices, incident, who string
	dryRun                                      bool
}

func (p *program) amendCommand() *cobra.Command {
	var f amendFlags
	cmd := &cobra.Command{
		Use: "amend INCIDENT --findings FILE | --from-sources CASE | --practices FILE | --incident FILE", Short: "Add a later list of people, or correct the case", Long: amendHelp,
		Example: `  duenotice amend EX-2026-03 --findings later-list.csv --dry-run --by "Ada Rivera"
  duenotice amend EX-2026-03 --findings later-list.csv --by "Ada Rivera"
  duenotice amend EX-2026-03 --from-sources cases/EX-2026-03 --dry-run --by "Ada Rivera"
  duenotice amend EX-2026-03 --practices corrected.csv --by "Ada Rivera"
  duenotice amend EX-2026-03 --incident cases/EX-2026-03/incident.yaml --by "Ada Rivera"`,
		Args: exactly("INCIDENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := incidentArgument(args[0]); err != nil {
				return err
			}
			s, err := p.openTo(cmd.Context(), purpose{permission: casebook.ActAmend, by: f.who, incident: args[0]})
			if err != nil {
				return err
			}
			defer s.close()
			return s.amend(cmd.Context(), args[0], f)
		},
	}
	cmd.Flags().StringVar(&f.findings, "findings", "", "CSV file with the columns of findings.csv")
	cmd.Flags().StringVar(&f.sources, "from-sources", "", "case folder whose list was imported: read its sources anew")
	cmd.Flags().StringVar(&f.practices, "practices", "", "CSV file with columns of practices.csv")
	cmd.Flags().StringVar(&f.incident, "incident", "", "the corrected incident.yaml")
	p.ignoreColumnFlag(cmd)
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "say what it would change, and change nothing")
	byFlag(cmd, &f.who)
	cmd.MarkFlagsMutuallyExclusive("findings", "from-sources", "practices", "incident")
	cmd.MarkFlagsOneRequired("findings", "from-sources", "practices", "incident")
	return cmd
}

func (s *session) amend(ctx context.Context, id string, f amendFlags) error {
	if err := noName(f.who); err != nil {
		return err
	}
	incident, err := s.store.Incident(ctx, id)
	if err != nil {
		return err
	}
	switch {
	case f.practices != "":
		return s.correctPractices(ctx, incident, f)
	case f.incident != "":
		return s.correctIncident(ctx, incident, f)
	}
	if f.sources != "" {
		return s.amendFromSources(ctx, incident, f)
	}
	return s.addFindings(ctx, id, laterList{path: f.findings}, f)
}

// laterList is a list of people to be loaded.
type laterList struct {
	path string
	// investigated: it is what the sources of a case give by now.
	investigated bool
}

// addFindings takes in a later list of people.
func (s *session) addFindings(ctx context.Context, incident string, later laterList, f amendFlags) error {
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
	progress := s.p.progress()
	defer progress.end()
	list, report, err := casefolder.ReadList(howfar.With(ctx, progress.teller("Reading "+later.path)), later.path, practices, options, s.p.today(s.config), shown.add)
	if err != nil {
		return err
	}
	if report.Refused() {
		s.p.printReport(s.p.Err, report, shown)
		s.p.note("%s: the list has %s. Correct it and give the command again.",
			s.p.paint(s.p.Err, red, "refused"), count(report.Errors, "error", "errors"))
		return &codeError{code: exitRefused}
	}
	sources, err := accesslog.SourcesOf(filepath.Dir(later.path), list.SHA256)
	if err != nil {
		return err
	}
	if len(sources) > 0 && !later.investigated {
		s.p.note("This list was imported. With --from-sources %s whoever turned out not to be affected leaves, too.", filepath.Dir(later.path))
	}
	in := postgres.ListInput{
		SHA256: list.SHA256, By: f.who, At: s.p.Now(), Seconds: s.p.Now().Sub(began).Seconds(), Findings: progress.rows(list.Findings, list.Rows, "Loading:"), Removals: list.Removals, DryRun: f.dryRun,
		Investigated: later.investigated, Sources: sources,
	}
	var duties []plan.Change
	if f.dryRun {
		in.Look = s.lookAt(incident, &duties)
	} else if err := s.dial(ctx); err != nil { // before the list is loaded: nobody would hear of it
		return err
	}
	result, err := s.store.LoadList(ctx, incident, in)
	progress.end()
	if err != nil {
		return err
	}
	s.sayAmended(incident, result, f.dryRun)
	if f.dryRun {
		if !result.AlreadyLoaded {
			s.p.printChanges(duties)
		}
		return nil
	}
	return s.tellAmended(ctx, incident, result.Number, casebook.Act{
		ID: "amend-" + list.SHA256, IncidentID: incident, Kind: casebook.ActAmend, Who: f.who, At: s.p.Now(),
	})
}

// practices returns the incident's practices, for checking a list against them.
func (s *session) practices(ctx context.Context, incident string) ([]breach.Practice, error) {
	keys, err := s.practiceKeys(ctx, incident)
	list := make([]breach.Practice, len(keys))
	for i, key := range keys {
		list[i] = breach.Practice{Key: key}
	}
	return list, err
}

func (s *session) practiceKeys(ctx context.Context, incident string) ([]string, error) {
	const page = 1000
	var all []string
	after := ""
	for {
		keys, err := s.store.PracticeKeys(ctx, incident, after, page, false)
		if err != nil || len(keys) == 0 {
			return all, err
		}
		all = append(all, keys...)
		after = keys[len(keys)-1]
	}
}

// tellAmended lets the incident's workflow look at the list that the act brought, or gives a
// closed incident a workflow again. A second time does no harm, and helps when
// the first command died before it.
func (s *session) tellAmended(ctx context.Context, incident string, number int, act casebook.Act) error {
	tell := func() error {
		return s.desk().Update(ctx, act, temporalx.IncidentID(incident), workflows.UpdateAmended, workflows.AmendedInput{List: number, Act: act}, nil)
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
		return acts.Gone(err, false, act)
	}
	if err := s.startAgain(ctx, incident); err != nil {
		return systemError(fmt.Errorf("the list is loaded and the incident could not be opened again; give %s again: %w", act.Kind, err))
	}
	return tell()
}
