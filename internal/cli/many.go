package cli

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

// manyHelp is part of the help of every act that can be given for many practices.
const manyHelp = `

For many practices at once give a CSV file with --from in place of --practice: a
row for each act, with the column practice_key and, as columns, the flags that
differ; --template writes an empty one. A flag that is given holds for each row
that does not say otherwise. Each row is an act of its own: one that is refused
is said with its line and reason, the others are done, and the exit code is then
3. --refused writes those rows into a file, to be corrected there and given in its
place. The same file again does only what is not done, also after Ctrl-C. --dry-run
does nothing and says what would be done and refused.`

// severalHelp is part of the help of those that --practice gives for several too.
const severalHelp = `

--practice takes several keys, separated by commas or given again, and patterns in
which * stands for any characters: --practice "north-*,P7". Quote a pattern, or the
shell takes it for files. What is to be done is shown, and asked for on a terminal
unless --yes is given; then it goes as with --from. A pattern that matches no
practice is refused, and nothing is done.`

// order is an act as it was given on the command line or in a row.
type order struct {
	act casebook.Act
	// did is the sentence that is true when it is done: "Practice P1: delegation all".
	did string
	// complete adds what the act says of the practice as it stands, or returns
	// errDone when nothing is left to do; nil where it says nothing of that.
	complete func(ctx context.Context, s *session, act *casebook.Act) error
	// before is done before the act is asked for; nil for nothing.
	before func(context.Context) error
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

	// practices are what --practice named; nil of an act that takes one by another way.
	practices *practiceKeys

	// file is what was read of from.
	file rowsFile
	// about says more of what several acts bring about than each act does, and after
	// follows when they are done; nil for nothing.
	about func(ctx context.Context, s *session, incident string, practices []string) ([]string, error)
	after func(ctx context.Context, incident string) error

	// listing: standard output is a list, so that what became of the rows is said beside it.
	listing bool

	who, from, refusedFile string
	template, dryRun, yes  bool
}

// manyFlags adds --by, --from, --template and --dry-run to an act's command.
func (p *program) manyFlags(cmd *cobra.Command, columns ...string) *many {
	cmd.Long += manyHelp
	return p.rowFlags(cmd, columns...)
}

// rowFlags adds the flags by which a command is given for the rows of a file.
func (p *program) rowFlags(cmd *cobra.Command, columns ...string) *many {
	m := &many{p: p, cmd: cmd, columns: columns, arguments: map[string]string{}}
	f := cmd.Flags()
	f.StringVar(&m.who, "by", "", byHelp)
	f.StringVar(&m.from, "from", "", "CSV file with a row for each practice, in place of --practice")
	f.StringVar(&m.refusedFile, "refused", "", "with --from: write the refused rows to this file, each with the reason")
	f.BoolVar(&m.template, "template", false, "write an empty file for --from to standard output")
	f.BoolVar(&m.dryRun, "dry-run", false, "change nothing, say what would be done (for many practices)")
	if cmd.Flags().Lookup("practice") != nil {
		cmd.MarkFlagsMutuallyExclusive("practice", "from", "template")
	}
	cmd.MarkFlagsMutuallyExclusive("from", "template")
	return m
}

// manyPractices is manyFlags for an act whose --practice takes several.
func (p *program) manyPractices(cmd *cobra.Command, practices *practiceKeys, columns ...string) *many {
	m := p.manyFlags(cmd, columns...)
	m.practices = practices
	if cmd.Flags().Lookup("yes") == nil { // an act that cannot be taken back asks for one practice too
		yesToSeveral(cmd, &m.yes)
	}
	cmd.Long += severalHelp
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
	if err := m.refusedElsewhere(); err != nil {
		return err
	}
	if m.from == "" {
		if err := m.missing(append(needs, "by")); err != nil {
			return err
		}
		key, several, err := m.practices.one()
		if err != nil {
			return err
		}
		if several {
			return m.several(ctx, args[0])
		}
		if m.dryRun {
			return usage("--dry-run goes with --from, or with several practices")
		}
		return m.one(ctx, args[0], key)
	}
	if err := m.missing([]string{"by"}); err != nil {
		return err
	}
	if err := m.readFile(); err != nil {
		return err
	}
	return m.eachAndAfter(ctx, args[0], m.file.rows)
}

// refusedElsewhere refuses a --refused that has nothing to write, or would write over
// the file that was given.
func (m *many) refusedElsewhere() error {
	switch {
	case m.refusedFile != "" && m.from == "":
		return usage("--refused goes with --from")
	case m.refusedFile != "" && filepath.Clean(m.refusedFile) == filepath.Clean(m.from):
		return usage("--refused is to be another file than --from, which has the other rows too")
	}
	return nil
}

// readFile reads the rows of --from.
func (m *many) readFile() (err error) {
	if m.file, err = readRows(m.from, m.columns); err != nil {
		return err
	}
	if len(m.file.ignored) > 0 {
		m.p.note("Left out, since no flag has the name: %s", strings.Join(m.file.ignored, ", "))
	}
	return nil
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
		if err := o.before(ctx); err != nil {
			return err
		}
	}
	if o.act.Record != nil && len(o.act.Record.Batches) > 0 {
		o.did += ": " + strings.Join(o.act.Record.Batches, ", ")
	}
	return s.perform(ctx, o.act, o.told())
}

// told is did, where it depends on how the practice stands what is done.
func (o *order) told() string {
	if o.act.Notify != nil && o.act.Notify.Step != "" {
		return "Practice " + o.act.PracticeKey + ": e-mail goes to its address again"
	}
	return o.did
}

// noPractice refuses an act on a practice that names none.
func noPractice(practice string) error {
	if practice == "" {
		return breach.Refuse("no_practice", "Give it with --practice, or give many with --from.", "this act is one practice's")
	}
	return nil
}
