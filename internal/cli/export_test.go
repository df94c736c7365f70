package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

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
	rows, ignored, err := readRows(path, columns)
	for _, r := range rows {
		lines, practices, cells = append(lines, r.line), append(practices, r.practice), append(cells, r.cells)
	}
	return lines, practices, cells, ignored, err
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
