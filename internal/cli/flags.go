package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// once is a flag that takes one value. Without it a second --by or --on would
// take the place of the first without a word, and an act would be kept under
// another name or day than the person saw.
type once struct {
	pflag.Value
	given bool
}

var errGivenTwice = errors.New("given twice")

// Set implements pflag.Value.
func (o *once) Set(value string) error {
	if o.given {
		return errGivenTwice
	}
	o.given = true
	return o.Value.Set(value)
}

// takeOnce makes every flag of a command and of those below it refuse a second
// value, but for those that gather several.
func takeOnce(cmd *cobra.Command) {
	wrap := func(f *pflag.Flag) {
		_, several := f.Value.(pflag.SliceValue)
		_, already := f.Value.(*once)
		if !several && !already {
			f.Value = &once{Value: f.Value}
		}
	}
	cmd.PersistentFlags().VisitAll(wrap)
	cmd.LocalNonPersistentFlags().VisitAll(wrap)
	for _, sub := range cmd.Commands() {
		takeOnce(sub)
	}
}

// flagError says in a person's words what is wrong with a flag.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &invalid) && errors.Is(err, errGivenTwice):
		return fmt.Errorf("--%s is given twice, and one value is taken: leave one of them away", invalid.GetFlag().Name)
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "":
		var names []string
		note := func(f *pflag.Flag) {
			if !f.Hidden {
				names = append(names, f.Name)
			}
		}
		cmd.Flags().VisitAll(note)
		cmd.InheritedFlags().VisitAll(note)
		return fmt.Errorf("%s has no flag --%s%s", cmd.CommandPath(), unknown.GetSpecifiedName(), didYouMean("--", unknown.GetSpecifiedName(), names))
	}
	return err
}
