package cli

import "duenotice/internal/casebook"

// Identify gives an act its ID among those before it.
func Identify(act casebook.Act, before []casebook.Act) (id string, repeated bool, err error) {
	repeated, err = identify(&act, before)
	return act.ID, repeated, err
}

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

// Commands lists every command's words, help and example.
func Commands() map[string][2]string {
	all := map[string][2]string{}
	for _, c := range (&program{}).root().Commands() {
		all[c.Name()] = [2]string{c.Long, c.Example}
	}
	return all
}

// The pieces of text that tests look at directly.
var (
	ShellWord = shellWord
	Number    = number
	DaysOf    = daysOf
	Nearest   = nearest
)

// AccountName is the account that the tests run under.
func AccountName() string { return accountName() }
