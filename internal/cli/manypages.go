package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"duenotice/internal/access"
	"duenotice/internal/breach"
	"duenotice/internal/sheet"
)

// manyPagesHelp is part of the help of what is given out of many practices' pages.
const manyPagesHelp = `

For several practices give their keys, patterns in which * stands for any characters
(quoted, or the shell takes them for files), or with --from a CSV file with the column
practice_key; --template writes an empty one. What is given is then a table on
standard output as CSV, and what became of the rows is said beside it. A practice of
which it cannot be given is refused with line and reason, the others are done, and the
exit code is then 3; --refused writes those rows into a file. --dry-run changes nothing.`

// handout is a command that gives something out of practices' pages.
type handout struct {
	*many
	// header are the columns of the table for several, the practice's key first.
	header []string
	// what and title say what is given; "" asks for nothing before it is.
	what, title string
	// prepare looks once before the practices, for which the command is; nil for nothing.
	prepare func(ctx context.Context, s *session, incident string, keys []string) error
	// single is the command for one practice that was named by its key.
	single func(ctx context.Context, incident, key string) error
	// give returns what stands in the row of a practice. done says that it was given
	// before and is not given again; in a dry run nothing is given.
	give func(ctx context.Context, s *session, incident string, of breach.Practice) (cells []any, done bool, err error)
}

// handoutFlags adds --by, --from, --template, --refused and --dry-run.
func (p *program) handoutFlags(cmd *cobra.Command) *handout {
	h := &handout{many: p.rowFlags(cmd)}
	h.listing, h.practices = true, &practiceKeys{}
	practicesFlag(cmd, h.practices, "keys and patterns, as after INCIDENT")
	cmd.MarkFlagsMutuallyExclusive("practice", "from", "template")
	cmd.Long += manyPagesHelp
	cmd.Args = h.args(func(_ *cobra.Command, args []string) error {
		switch named := len(args) > 1 || h.practices.named(); {
		case len(args) == 0:
			return usage("INCIDENT is missing")
		case h.from != "" && len(args) > 1:
			return usage("--from takes the place of the keys")
		case h.from == "" && !named:
			return usage("KEY is missing, or --from FILE")
		}
		return nil
	})
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return h.run(cmd.Context(), args) }
	return h
}

func (h *handout) run(ctx context.Context, args []string) error {
	if h.template {
		return sheet.WriteRows(h.p.Out, []any{practiceColumn})
	}
	if err := incidentArgument(args[0]); err != nil {
		return err
	}
	if err := h.refusedElsewhere(); err != nil {
		return err
	}
	for _, word := range args[1:] {
		if err := h.practices.Set(word); err != nil {
			return err
		}
	}
	if h.from != "" {
		if err := h.readFile(); err != nil {
			return err
		}
		return h.hand(ctx, args[0], h.file.rows)
	}
	key, several, err := h.practices.one()
	switch {
	case err != nil:
		return err
	case !several && !h.dryRun:
		return h.single(ctx, args[0], key)
	}
	there, err := h.practicesThere(ctx, args[0])
	if err != nil {
		return err
	}
	keys, err := h.practices.choose(there)
	if err != nil {
		return err
	}
	if h.title != "" && !h.dryRun {
		if err := h.p.ask(ctx, h.yes, h.title, count(len(keys), "practice", "practices")+", "+keys[0]+" to "+keys[len(keys)-1]); err != nil {
			return err
		}
	}
	rows := make([]row, len(keys))
	for i, key := range keys {
		rows[i].practice = key
	}
	return h.hand(ctx, args[0], rows)
}

// hand gives it to one practice after the other. A row of the table is written as soon as
// it is given: what a command that ends early gave would else be known to nobody.
func (h *handout) hand(ctx context.Context, incident string, rows []row) error {
	s, err := h.p.openTo(ctx, purpose{permission: access.GiveCodes, by: h.who, incident: incident})
	if err != nil {
		return err
	}
	defer s.close()
	if _, err := s.store.Incident(ctx, incident); err != nil {
		return err
	}
	if _, err := s.pagesAddress(); err != nil {
		return err
	}
	keys := make([]string, len(rows))
	for i, r := range rows {
		keys[i] = r.practice
	}
	of, err := s.practicesOf(ctx, incident, keys)
	if err != nil {
		return err
	}
	if h.prepare != nil {
		if err := h.prepare(ctx, s, incident, keys); err != nil {
			return err
		}
	}
	results, shown := make([]rowResult, len(rows)), h.p.progress()
	err = h.handEach(ctx, s, incident, rows, results, of, func(done int) {
		if !h.p.IsTerminal(h.p.Out) { // there the rows themselves show how far it is
			shown.of(done, len(rows), h.doing(), h.units())
		}
	})
	shown.end()
	return h.conclude(rows, results, err)
}

func (h *handout) handEach(ctx context.Context, s *session, incident string, rows []row, results []rowResult, of map[string]breach.Practice, far func(int)) error {
	if !h.dryRun {
		if err := sheet.Write(h.p.Out, h.header, nil); err != nil {
			return systemError(err)
		}
	}
	given := map[string]bool{}
	for i, r := range rows {
		practice, there := of[r.practice]
		result := &results[i]
		result.did = "Practice " + r.practice + ": " + h.what
		switch {
		case given[r.practice]:
			result.repeated = true
			continue
		case !there:
			result.refused = breach.Refuse("unknown_practice", "status --csv lists the practices' keys.", "incident %s has no practice %s", incident, r.practice)
			continue
		}
		cells, done, err := h.give(ctx, s, incident, practice)
		if err != nil {
			if result.refused = asRefused(err); result.refused == nil {
				return err
			}
			continue
		}
		given[r.practice] = true
		result.done, result.repeated = !done, done
		if !done && !h.dryRun {
			if err := sheet.WriteRows(h.p.Out, append([]any{r.practice}, cells...)); err != nil {
				return systemError(err)
			}
		}
		far(i + 1)
	}
	return nil
}

// practicesOf are an incident's practices with the keys, as their case folder has them.
func (s *session) practicesOf(ctx context.Context, incident string, keys []string) (map[string]breach.Practice, error) {
	notices, err := s.store.NoticesOf(ctx, incident, keys)
	of := make(map[string]breach.Practice, len(notices))
	for _, n := range notices {
		of[n.Practice.Key] = n.Practice
	}
	return of, err
}

// good is until when a code is good: a time of day is enough on the telephone, and what is
// printed for many has the day.
func (s *session) good(until time.Time) string {
	return until.In(s.config.Zone).Format("2006-01-02 15:04 MST")
}
