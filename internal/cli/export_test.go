package cli

import "duenotice/internal/casebook"

// Identify gives an act its ID among those before it.
func Identify(act casebook.Act, before []casebook.Act) (id string, repeated bool, err error) {
	repeated, err = identify(&act, before)
	return act.ID, repeated, err
}

// Commands lists every command's words, help and example.
func Commands() map[string][2]string {
	all := map[string][2]string{}
	for _, c := range (&program{}).root().Commands() {
		all[c.Name()] = [2]string{c.Long, c.Example}
	}
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
	ShellWord = shellWord
	Number    = number
	DaysOf    = daysOf
)

// AccountName is the account that the tests run under.
func AccountName() string { return accountName() }
