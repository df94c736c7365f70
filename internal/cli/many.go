package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"duenotice/activities"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/rulebooks"
)

// atATime is how many practices' acts are asked for at the same time.
const atATime = 8

// manyHelp is part of the help of every act that can be given for many practices.
const manyHelp = `

For many practices at once give a CSV file with --from in place of --practice: a
row for each act, with the column practice_key and, as columns, the flags that
differ; --template writes an empty one. A flag that is given holds for each row
that does not say otherwise. Each row is an act of its own: one that is refused
is said with its line and reason, the others are done, and the exit code is then
3. The same file again does only what is not done. --dry-run does nothing and
says what would be done and refused.`

// order is an act as it was given on the command line or in a row.
type order struct {
	act casebook.Act
	// did is the sentence that is true when it is done: "Practice P1: delegation all".
	did string
	// complete adds what the act says of the practice as it stands, or returns
	// errDone when nothing is left to do; nil where it says nothing of that.
	complete func(ctx context.Context, s *session, act *casebook.Act) error
	// before is done before the act is asked for; nil for nothing.
	before func() error
}

// errDone says that what an order asks for was done before.
var errDone = errors.New("done before")

// many is an act that can be given for one practice or, with --from, for many.
type many struct {
	p   *program
	cmd *cobra.Command
	// columns are flags that a row may have, and arguments besides.
	columns []string
	// arguments are those of columns that no flag gives, as given.
	arguments map[string]string
	// build makes the act of what was said; it touches nothing.
	build func(incident, practice string, said func(name string) string) (order, error)

	who, from        string
	template, dryRun bool
}

// manyFlags adds --by, --from, --template and --dry-run to an act's command.
func (p *program) manyFlags(cmd *cobra.Command, columns ...string) *many {
	m := &many{p: p, cmd: cmd, columns: columns, arguments: map[string]string{}}
	f := cmd.Flags()
	f.StringVar(&m.who, "by", "", byHelp)
	f.StringVar(&m.from, "from", "", "CSV file with a row for each practice, in place of --practice")
	f.BoolVar(&m.template, "template", false, "write an empty file for --from to standard output")
	f.BoolVar(&m.dryRun, "dry-run", false, "with --from: change nothing, say what would be done")
	if cmd.Flags().Lookup("practice") != nil {
		cmd.MarkFlagsMutuallyExclusive("practice", "from", "template")
	}
	cmd.MarkFlagsMutuallyExclusive("from", "template")
	cmd.Long += manyHelp
	return m
}

// arguments wants what names, unless it only writes a template.
func (m *many) args(want cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if m.template {
			return nil
		}
		return want(cmd, args)
	}
}

// said is what a row says, else the flag, else the argument. An empty cell says nothing.
func (m *many) said(cells map[string]string) func(string) string {
	return func(name string) string {
		if cells[name] != "" {
			return cells[name]
		}
		if f := m.cmd.Flags().Lookup(name); f != nil && f.Changed {
			return f.Value.String()
		}
		return m.arguments[name]
	}
}

// run carries the act out: for the rows of --from, or for what the flags say.
// needs are the flags without which a single act says nothing.
func (m *many) run(ctx context.Context, args []string, needs ...string) error {
	if m.template {
		_, err := m.p.Out.Write([]byte(template(m.columns)))
		return err
	}
	if err := incidentArgument(args[0]); err != nil {
		return err
	}
	if m.from == "" {
		if err := m.missing(append(needs, "by")); err != nil {
			return err
		}
		if m.dryRun {
			return usage("--dry-run goes with --from")
		}
		return m.one(ctx, args[0], m.said(nil)("practice"))
	}
	if err := m.missing([]string{"by"}); err != nil {
		return err
	}
	rows, ignored, err := readRows(m.from, m.columns)
	if err != nil {
		return err
	}
	if len(ignored) > 0 {
		m.p.note("Left out, since no flag has the name: %s", strings.Join(ignored, ", "))
	}
	return m.each(ctx, args[0], rows)
}

// missing refuses a command line without some flags, as cobra does.
func (m *many) missing(names []string) error {
	var list []string
	for _, name := range names {
		if f := m.cmd.Flags().Lookup(name); f != nil && !f.Changed {
			list = append(list, `"`+name+`"`)
		}
	}
	if len(list) == 0 {
		return nil
	}
	return usage("required flag(s) %s not set", strings.Join(list, ", "))
}

// one carries out a single act.
func (m *many) one(ctx context.Context, incident, practice string) error {
	if err := practiceArgument(practice); err != nil {
		return err
	}
	o, err := m.order(incident, row{practice: practice})
	if err != nil {
		return err
	}
	s, err := m.p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	return s.carryOut(ctx, o)
}

func (m *many) order(incident string, r row) (order, error) {
	o, err := m.build(incident, r.practice, m.said(r.cells))
	o.act.IncidentID, o.act.PracticeKey, o.act.Who = incident, r.practice, strings.TrimSpace(m.who)
	return o, err
}

// carryOut asks for one act and says what became of it.
func (s *session) carryOut(ctx context.Context, o order) error {
	if o.complete != nil {
		err := o.complete(ctx, s, &o.act)
		if errors.Is(err, errDone) {
			s.p.say("%s: already done; nothing changed.", o.did)
			return nil
		}
		if err != nil {
			return err
		}
	}
	if o.before != nil {
		if err := o.before(); err != nil {
			return err
		}
	}
	return s.perform(ctx, o.act, o.did)
}

// rowResult is what became of a row.
type rowResult struct {
	did      string
	repeated bool
	refused  error
}

// each carries out an act for every row, practices side by side and the rows of
// one practice in their order, and says what became of them.
func (m *many) each(ctx context.Context, incident string, rows []row) error {
	s, err := m.p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	if _, err := s.store.Incident(ctx, incident); err != nil {
		return err
	}
	if !m.dryRun {
		if err := s.dial(ctx); err != nil {
			return err
		}
	}
	var keys []string
	of := map[string][]int{}
	for i, r := range rows {
		if of[r.practice] == nil {
			keys = append(keys, r.practice)
		}
		of[r.practice] = append(of[r.practice], i)
	}
	results := make([]rowResult, len(rows))
	var mu sync.Mutex
	shown, done := m.p.progress(), 0
	group, all := errgroup.WithContext(ctx)
	group.SetLimit(atATime)
	for _, key := range keys {
		group.Go(func() error {
			err := m.ofPractice(all, s, incident, key, of[key], rows, results)
			mu.Lock()
			defer mu.Unlock()
			done += len(of[key])
			shown.show("%s of %s rows", number(done), number(len(rows)))
			return err
		})
	}
	err = group.Wait()
	shown.end()
	refused := m.report(rows, results)
	if err != nil {
		return err
	}
	if refused > 0 {
		return &codeError{code: exitRefused}
	}
	return nil
}

// ofPractice carries out the rows of one practice. Its error ends everything; a
// row that is refused is a result.
func (m *many) ofPractice(ctx context.Context, s *session, incident, key string, places []int, rows []row, results []rowResult) error {
	orders := make([]*order, len(places))
	for n, i := range places {
		o, err := m.rowOrder(incident, rows[i])
		if results[i].did = o.did; err != nil {
			results[i].refused = err
			continue
		}
		if o.complete != nil {
			err = o.complete(ctx, s, &o.act)
		}
		switch {
		case errors.Is(err, errDone):
			results[i].repeated = true
		case err != nil:
			if results[i].refused = asRefused(err); results[i].refused == nil {
				return err
			}
		default:
			orders[n] = &o
		}
	}
	if err := forget(ctx, s, incident, key, orders, places, results); err != nil {
		return err
	}
	for n, i := range places {
		o := orders[n]
		if o == nil {
			continue
		}
		var err error
		if results[i].repeated, err = m.ask(ctx, s, o); err != nil {
			if results[i].refused = asRefused(err); results[i].refused == nil {
				return err
			}
		}
	}
	return nil
}

// rowOrder is what a row asks for; its error is the row's, whatever it is.
func (m *many) rowOrder(incident string, r row) (order, error) {
	if r.practice == "" {
		return order{}, usage("the row has no practice in the column %s", practiceColumn)
	}
	if err := practiceArgument(r.practice); err != nil {
		return order{}, err
	}
	return m.order(incident, r)
}

// ask asks for an act, or in a dry run whether it would be done.
func (m *many) ask(ctx context.Context, s *session, o *order) (repeated bool, err error) {
	if m.dryRun {
		return s.try(ctx, o.act)
	}
	if o.before != nil {
		if err := o.before(); err != nil {
			return false, err
		}
	}
	_, repeated, err = s.act(ctx, o.act)
	return repeated, err
}

// try reports whether an act would be done, and changes nothing.
func (s *session) try(ctx context.Context, act casebook.Act) (repeated bool, err error) {
	sender, err := s.config.Mailer(s.p.Now)
	if err != nil {
		return false, err
	}
	before, err := s.store.Acts(ctx, act.IncidentID, act.PracticeKey)
	if err != nil {
		return false, err
	}
	if repeated, err = identify(&act, before); err != nil || repeated {
		return repeated, err
	}
	steps := &activities.Activities{Store: s.store, Books: rulebooks.Kept(), Mail: sender, Now: s.p.Now, Zone: s.config.Zone}
	return steps.Try(ctx, act)
}

// forget leaves out the first rows of a practice that an earlier run of the same
// file did: several acts of one series, such as reasons for two delays, would
// otherwise each take the place of the one before it, again and again.
func forget(ctx context.Context, s *session, incident, key string, orders []*order, places []int, results []rowResult) error {
	if len(orders) < 2 {
		return nil
	}
	before, err := s.store.Acts(ctx, incident, key)
	if err != nil {
		return err
	}
	seen := make([]bool, len(orders))
	for n, o := range orders {
		if o == nil || seen[n] {
			continue
		}
		var series []int
		for k := n; k < len(orders); k++ {
			if orders[k] != nil && sameSeries(o.act, orders[k].act) {
				seen[k] = true
				series = append(series, k)
			}
		}
		did, err := alreadyDone(orders, series, before)
		if err != nil {
			return err
		}
		if len(series) < 2 {
			continue
		}
		for _, k := range series[:did] {
			results[places[k]].repeated, orders[k] = true, nil
		}
	}
	return nil
}

// alreadyDone is how many of a series' acts, from the first on, are its latest.
func alreadyDone(orders []*order, series []int, before []casebook.Act) (int, error) {
	var asked, done []string
	for _, k := range series {
		content, err := orders[k].act.Content()
		if err != nil {
			return 0, err
		}
		asked = append(asked, string(content))
	}
	for _, act := range before {
		if !sameSeries(orders[series[0]].act, act) {
			continue
		}
		content, err := act.Content()
		if err != nil {
			return 0, err
		}
		done = append(done, string(content))
	}
	for n := min(len(asked), len(done)); n > 0; n-- {
		same := true
		for i := range n {
			same = same && asked[i] == done[len(done)-n+i]
		}
		if same {
			return n, nil
		}
	}
	return 0, nil
}

// asRefused is the error as a row's refusal, nil when it is none and concerns
// everything.
func asRefused(err error) error {
	if refusal, ok := activities.RefusalOf(err); ok {
		var coded *codeError
		if errors.As(err, &coded) && coded.code == exitFailed {
			return nil
		}
		return refusal
	}
	var coded *codeError
	if errors.As(err, &coded) && (coded.code == exitUsage || coded.code == exitRefused) {
		return coded
	}
	return nil
}

// report says what became of the rows, and how many were refused.
func (m *many) report(rows []row, results []rowResult) (refused int) {
	fresh, repeated := 0, 0
	for i, r := range results {
		switch {
		case r.refused != nil:
			refused++
			m.p.note("%s %s: %s", m.p.paint(m.p.Err, red, "refused:"), placeOf(m.from, rows[i]), r.refused)
		case r.repeated:
			repeated++
		case r.did != "":
			fresh++
			if m.dryRun {
				m.p.say("%s.", r.did)
			}
		}
	}
	word := "done"
	if m.dryRun {
		word = "would be done"
	}
	m.p.say("%s: %s %s, %s done before, %s refused.", count(len(rows), "row", "rows"), number(fresh), word, number(repeated), number(refused))
	if m.dryRun {
		m.p.say("Nothing was changed.")
	}
	return refused
}

// placeOf says which row it is.
func placeOf(file string, r row) string {
	if r.line == 0 {
		return "practice " + r.practice
	}
	place := fmt.Sprintf("%s, line %d", file, r.line)
	if r.practice != "" {
		place += ", practice " + r.practice
	}
	return place
}

// noPractice refuses an act on a practice that names none.
func noPractice(practice string) error {
	if practice == "" {
		return breach.Refuse("no_practice", "Give it with --practice, or give many with --from.", "this act is one practice's")
	}
	return nil
}
