package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"duenotice/internal/app"
	"duenotice/internal/casebook"
	"duenotice/internal/openitems"
)

// PlaceOut says where the stack in dir puts its papers when DUENOTICE_OUT, the one
// variable that is set, is what getenv says.
func PlaceOut(dir string, out func(string) string) (string, error) {
	p := &program{dir: dir}
	p.Getenv = func(name string) string {
		if name == "DUENOTICE_OUT" {
			return out(name)
		}
		return ""
	}
	return p.placeOut()
}

// Understood says what is wrong with a command line: it names a command that there
// is, with flags that it has; and, where it is whole, with all that it wants.
func Understood(args []string, whole bool) error {
	root := (&program{}).root()
	cmd, rest, err := root.Find(args)
	if err != nil {
		return err
	}
	// A command with commands of its own may take an argument too, as board does.
	if cmd == root || (cmd.HasSubCommands() && len(rest) > 0 && !strings.HasPrefix(rest[0], "-") && cmd.ValidateArgs(rest[:1]) != nil) {
		return fmt.Errorf("no command: %v", args)
	}
	if err := cmd.ParseFlags(rest); err != nil || !whole {
		return err
	}
	return errors.Join(cmd.ValidateArgs(cmd.Flags().Args()), cmd.ValidateRequiredFlags(), cmd.ValidateFlagGroups())
}

// Commands lists every command's words, help and example.
func Commands() map[string][2]string {
	all := map[string][2]string{}
	var note func(of *cobra.Command)
	note = func(of *cobra.Command) {
		for _, c := range of.Commands() {
			all[strings.TrimPrefix(c.CommandPath(), "duenotice ")] = [2]string{c.Long, c.Example}
			note(c)
		}
	}
	note((&program{}).root())
	return all
}

// ReadRows reads a file given with --from.
func ReadRows(path string, columns ...string) (lines []int, practices []string, cells []map[string]string, ignored []string, err error) {
	file, err := readRows(path, columns)
	for _, r := range file.rows {
		lines, practices, cells = append(lines, r.line), append(practices, r.practice), append(cells, r.cells)
	}
	return lines, practices, cells, file.ignored, err
}

// AlreadyDone is how many of the acts, all of one series, an earlier run did.
func AlreadyDone(acts, before []casebook.Act) (int, error) {
	var orders []*order
	var series []int
	for i, act := range acts {
		orders, series = append(orders, &order{act: act}), append(series, i)
	}
	return alreadyDone(orders, series, before)
}

// The pieces of text that tests look at directly.
var (
	Number  = number
	DaysOf  = daysOf
	Nearest = nearest
)

// AccountName is the account that the tests run under.
func AccountName() string { return app.Account() }

// Chosen are the practices that --practice, given so often, names of those that are there.
func Chosen(there []string, given ...string) ([]string, error) {
	var keys practiceKeys
	for _, value := range given {
		if err := keys.Set(value); err != nil {
			return nil, err
		}
	}
	if key, several, err := keys.one(); err != nil || !several {
		return []string{key}, err
	}
	return keys.choose(there)
}

// OpenCSV is a row of report open --csv.
func OpenCSV(out io.Writer, practice, name, what, do string) error {
	p := &program{}
	p.Out = out
	return p.openTable([]openitems.Item{{Practice: practice, Name: name, Kind: openitems.Duty, What: what, Whom: openitems.ForOfficer, Do: do}}, true).csv()
}

// AnswersCSV is a row of practice answers --csv --words.
func AnswersCSV(out io.Writer, detail, signer, says, reason string) error {
	p := &program{}
	p.Out = out
	return p.printAnswers("EX-2026-03", []answerRow{{Practice: "-P1", Kind: "not_ours", State: "refused", Detail: detail, Signer: signer, Says: says, Reason: reason}}, true, true)
}

// Progress is the progress of something, for a test with a clock of its own.
type Progress struct{ g *progress }

// NewProgress begins one.
func NewProgress(world IO) *Progress { return &Progress{(&program{IO: world}).progress()} }

// Of tells how much of a total is done.
func (p *Progress) Of(done, total int, before, after string) { p.g.of(done, total, before, after) }

// Share tells it as a part of a hundred.
func (p *Progress) Share(done, total int, doing string) { p.g.share(done, total, doing) }

// End ends it.
func (p *Progress) End() { p.g.end() }

// Became is what became of a row.
type Became struct {
	Done, Repeated  bool
	Refused, Failed error
}

// Concluded is what is said of the rows of a file, which code the command ends with,
// and the error that ended it; refused is the file of --refused, "" for none.
func Concluded(from, refused string, became []Became, ended error) (out string, code int, err error) {
	var said, noted strings.Builder
	p := &program{}
	p.Out, p.Err, p.IsTerminal = &said, &noted, func(io.Writer) bool { return false }
	m := &many{p: p, from: from, refusedFile: refused}
	m.file.rows = make([]row, len(became))
	if refused != "" {
		if m.file, err = readRows(from, []string{"delegation"}); err != nil {
			return "", 0, err
		}
	}
	results := make([]rowResult, len(became))
	for i, b := range became {
		results[i] = rowResult{did: "Practice: something", done: b.Done, repeated: b.Repeated, refused: b.Refused, failed: b.Failed}
	}
	err = m.conclude(m.file.rows, results, ended)
	var coded *codeError
	if errors.As(err, &coded) && coded.err == nil {
		return said.String(), coded.code, nil
	}
	return said.String(), 0, err
}

// Drawn is what a terminal shows of a text after some keys, and whether one of them
// ended it.
func Drawn(lines []string, typed string, now time.Time, width, height int) (drawn string, quit bool) {
	s := &screen{title: "Incident X", lines: lines, read: now}
	keys := make(chan key)
	go readKeys(strings.NewReader(typed), keys)
	for k := range keys {
		ended, _ := s.press(k, height)
		quit = quit || ended
		s.draw(now, width, height, "\x1b[7m", "\x1b[0m") // as somebody sees it between two keys
	}
	return s.draw(now, width, height, "\x1b[7m", "\x1b[0m"), quit
}

// Watch watches what read returns.
func Watch(ctx context.Context, world IO, read func(context.Context) (text string, over bool, err error)) error {
	return (&watching{p: &program{IO: world}, title: "Incident X", zone: time.UTC, read: read}).run(ctx)
}
