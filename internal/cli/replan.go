package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"duenotice/activities"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/plan"
	"duenotice/internal/rulebooks"
	"duenotice/internal/rules"
)

const replanHelp = `Puts a running incident under this program's newest rulebook. An incident stays
under the rulebook it was planned under, also when the program has a newer one,
until a person gives this command.

It first shows the difference: for each practice, which obligations are added,
dropped, due on another day or otherwise changed. With --dry-run that is all.
Otherwise it records the act, with the hash of that difference, and only then
do the practices look again; the days already set are watched meanwhile.

--difference takes the hash that --dry-run printed: when the difference is
another one by now, nothing is changed.`

type replanFlags struct {
	who, difference string
	dryRun, asJSON  bool
	asCSV, yes      bool
}

func (p *program) replanCommand() *cobra.Command {
	var f replanFlags
	cmd := &cobra.Command{
		Use: "replan INCIDENT", Short: "Put a running incident under the newest rulebook", Long: replanHelp,
		Example: "  duenotice replan EX-2026-03 --dry-run\n  duenotice replan EX-2026-03 --by \"Ada Rivera\"",
		Args:    exactly("INCIDENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := incidentArgument(args[0]); err != nil {
				return err
			}
			if !f.dryRun && strings.TrimSpace(f.who) == "" {
				return usage("--by is missing: a re-plan needs the name of the person who decided")
			}
			if f.asCSV && !f.dryRun {
				return usage("--csv goes with --dry-run")
			}
			s, err := p.open(cmd.Context())
			if err != nil {
				return err
			}
			defer s.close()
			return s.replan(cmd.Context(), args[0], f)
		},
	}
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "show the difference, and change nothing")
	cmd.Flags().StringVar(&f.difference, "difference", "", "hash of the difference that was looked at")
	cmd.Flags().BoolVar(&f.asJSON, "json", false, "one JSON document with every change")
	cmd.Flags().StringVar(&f.who, "by", "", byHelp)
	csvFlag(cmd, &f.asCSV, "with --dry-run: every change as CSV")
	yesFlag(cmd, &f.yes)
	return cmd
}

// replanDocument is replan --json.
type replanDocument struct {
	Incident string        `json:"incident"`
	From     plan.Rulebook `json:"from"`
	To       plan.Rulebook `json:"to"`
	// SHA256 is over Changes.
	SHA256  string        `json:"sha256"`
	Changes []plan.Change `json:"changes"`
	// Done: the incident is under the rulebook To.
	Done bool `json:"done"`
}

func (s *session) replan(ctx context.Context, id string, f replanFlags) error {
	incident, err := s.store.Incident(ctx, id)
	if err != nil {
		return err
	}
	book := rulebooks.Kept().Newest()
	d := replanDocument{
		Incident: id, From: plan.Rulebook{Version: incident.RulebookVersion, SHA256: incident.RulebookSHA256},
		To: plan.Rulebook{Version: book.Version(), SHA256: book.SHA256()}, Changes: []plan.Change{},
	}
	if incident.RulebookSHA256 == book.SHA256() {
		d.Done = true
		if f.asJSON {
			return s.p.printJSON(d)
		}
		if f.asCSV {
			return s.p.changeTable(nil).csv()
		}
		s.p.say("Incident %s is under rulebook %s already; nothing changed.", id, incident.RulebookVersion)
		return nil
	}
	if d.Changes, err = s.difference(ctx, incident, book); err != nil {
		return err
	}
	if d.SHA256, err = changesSHA256(d.Changes); err != nil {
		return err
	}
	if f.difference != "" && f.difference != d.SHA256 {
		return breach.Refuse("changed_since_looked", "Look again with replan --dry-run.", "the difference is another one by now (%.12s...)", d.SHA256)
	}
	if f.asCSV {
		return s.p.changeTable(d.Changes).csv()
	}
	if !f.asJSON {
		s.p.say("Incident %s: rulebook %s (SHA-256 %.12s...) to %s (SHA-256 %.12s...)", id, d.From.Version, d.From.SHA256, d.To.Version, d.To.SHA256)
		s.p.printChanges(d.Changes)
		s.p.say("Difference: %s", d.SHA256)
	}
	if !f.dryRun {
		if err := s.recordReplan(ctx, &d, f); err != nil {
			return err
		}
	}
	if f.asJSON {
		return s.p.printJSON(d)
	}
	if f.dryRun {
		s.p.say("Nothing was changed. To do it: %s", s.p.command("replan", id, "--difference", d.SHA256, "--by", "YOUR NAME"))
	}
	return nil
}

func (s *session) recordReplan(ctx context.Context, d *replanDocument, f replanFlags) error {
	if err := s.p.sure(ctx, f.yes, fmt.Sprintf("incident %s goes by rulebook %s from now on, with %s in what is owed; papers that change wait for approval again.",
		d.Incident, d.To.Version, count(len(d.Changes), "change", "changes"))); err != nil {
		return err
	}
	terms := &casebook.ReplanTerms{
		FromVersion: d.From.Version, FromSHA256: d.From.SHA256, ToVersion: d.To.Version, ToSHA256: d.To.SHA256, DifferenceSHA256: d.SHA256,
	}
	for _, c := range d.Changes {
		switch c.What {
		case plan.Added:
			terms.Added++
		case plan.Dropped:
			terms.Dropped++
		case plan.Moved:
			terms.Moved++
		default:
			terms.Changed++
		}
	}
	_, err := s.desk().Ask(ctx, casebook.Act{IncidentID: d.Incident, Kind: casebook.ActReplan, Who: f.who, Replan: terms})
	if err != nil {
		return err
	}
	d.Done = true
	if !f.asJSON {
		s.p.say("Incident %s is under rulebook %s, by %s; its practices look again.", d.Incident, d.To.Version, f.who)
	}
	return nil
}

func changesSHA256(changes []plan.Change) (string, error) {
	b, err := json.Marshal(changes)
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), err
}

// Practices are compared in batches, a few at a time: their obligations are in
// memory only until what changed is known.
const (
	comparedBatch  = 500
	comparedAtOnce = 8
)

// difference compares what each open practice goes by with what the rulebook
// makes of it now. Practices without a plan yet are left out: nothing of theirs changes.
func (s *session) difference(ctx context.Context, incident casebook.Incident, book *rulebooks.Rulebook) ([]plan.Change, error) {
	steps := &activities.Activities{Store: s.store}
	changes := []plan.Change{}
	var batch []casebook.Decision
	progress, compared := s.p.progress(), 0
	defer progress.end()
	compare := func() error {
		found := make([][]plan.Change, len(batch))
		work, ctx := errgroup.WithContext(ctx)
		work.SetLimit(comparedAtOnce)
		for i, standing := range batch {
			work.Go(func() error {
				list, err := compareWith(ctx, steps, incident, book, standing)
				found[i] = list
				return err
			})
		}
		err := work.Wait()
		for _, list := range found {
			changes = append(changes, list...)
		}
		compared += len(batch)
		progress.of(compared, incident.Practices, "Comparing:", "practices")
		batch = batch[:0]
		return err
	}
	err := s.store.StandingDecisions(ctx, incident.Incident.ID, func(d casebook.Decision) error {
		if batch = append(batch, d); len(batch) < comparedBatch {
			return nil
		}
		return compare()
	})
	if err == nil && len(batch) > 0 {
		err = compare()
	}
	return changes, err
}

func owing(key string, d rules.Decision) *plan.Document {
	return &plan.Document{Practices: []plan.Practice{{PracticeKey: key, Obligations: d.Obligations}}}
}

// compareWith compares the decision that a practice goes by with what the
// rulebook makes of the practice as steps' store has it.
func compareWith(ctx context.Context, steps *activities.Activities, incident casebook.Incident, book *rulebooks.Rulebook, standing casebook.Decision) ([]plan.Change, error) {
	var before rules.Decision
	if err := json.Unmarshal(standing.Result, &before); err != nil {
		return nil, fmt.Errorf("the decision of practice %s cannot be read: %w", standing.PracticeKey, err)
	}
	after, err := activities.DecideUnder(ctx, steps, book, incident, standing.PracticeKey)
	if err != nil {
		return nil, err
	}
	return plan.Diff(owing(standing.PracticeKey, before), owing(standing.PracticeKey, after.Decision)), nil
}
