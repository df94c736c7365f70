// Package postage reckons what the mailing of letters takes: sheets, weight, and postage by
// class of mail, from rates that are data with their source and day. It is pure.
package postage

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"
	"sync"

	"github.com/goccy/go-yaml"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

//go:embed rates.yaml
var ratesFile []byte

// Rates are what is asked for letters from a day on.
type Rates struct {
	From       day             `yaml:"from"`
	Source     string          `yaml:"source"`
	AsOf       day             `yaml:"as_of"`
	Confidence string          `yaml:"confidence"`
	Classes    map[string]Rate `yaml:"classes"`
}

// day is a civil date in YAML.
type day struct{ civil.Date }

func (d *day) UnmarshalYAML(raw []byte) (err error) {
	d.Date, err = civil.Parse(string(bytes.TrimSpace(raw)))
	return err
}

// Rate is one class's, in cents; a zero is not known here.
type Rate struct {
	FirstOunce   int `yaml:"first_ounce"`
	FurtherOunce int `yaml:"further_ounce"`
}

var read = sync.OnceValue(func() []Rates {
	all, err := parse(ratesFile)
	if err != nil {
		panic(err) // The file is part of the program, and the tests read it.
	}
	return all
})

// parse reads rates, the earliest first, and refuses what says no day or source.
func parse(file []byte) ([]Rates, error) {
	var all []Rates
	if err := yaml.NewDecoder(bytes.NewReader(file), yaml.Strict()).Decode(&all); err != nil {
		return nil, fmt.Errorf("the rates of postage: %w", err)
	}
	for i, r := range all {
		if r.From.IsZero() || r.AsOf.IsZero() || r.Source == "" || r.Confidence != breach.Verified && r.Confidence != breach.Unverified {
			return nil, fmt.Errorf("the rates of postage: number %d says no day, source or confidence", i+1)
		}
		if i > 0 && !r.From.After(all[i-1].From.Date) {
			return nil, fmt.Errorf("the rates of postage: number %d is not after the one before it", i+1)
		}
		for class := range r.Classes {
			if class != breach.International && !slices.Contains(breach.MailClasses, class) {
				return nil, fmt.Errorf("the rates of postage: %q is no class of mail", class)
			}
		}
	}
	return all, nil
}

// On are the rates of a day: the latest that had begun, the first for a day before all.
func On(on civil.Date) Rates {
	all := read()
	at := all[0]
	for _, r := range all {
		if !on.Before(r.From.Date) {
			at = r
		}
	}
	return at
}

// Weights, in hundredths of an ounce: a sheet of 20 lb US Letter is a sixth of an ounce
// (500 sheets of 17 by 22 inches weigh 20 lb, and a letter is a quarter of one), a #10
// window envelope less than a quarter.
const (
	sheetWeight    = 16
	envelopeWeight = 24
)

// Ounces is the weight of a letter of some sheets in its envelope, in whole ounces, as it
// is paid for.
func Ounces(sheets int) int { return (sheets*sheetWeight + envelopeWeight + 99) / 100 }

// Cents is the postage of a letter; known is false where the rates do not say it.
func (r Rates) Cents(class string, sheets int) (cents int, known bool) {
	rate, further := r.Classes[class], Ounces(sheets)-1
	if rate.FirstOunce == 0 || further > 0 && rate.FurtherOunce == 0 {
		return 0, false
	}
	return rate.FirstOunce + further*rate.FurtherOunce, true
}

// ReturnDays is how long letters take to come back that cannot be delivered, as far as
// nearly all of them go, and AnswerDays how long the answer takes: another letter, or
// substitute notice (45 CFR 164.404(d)(2)). Both are the product's own, not the law's.
const (
	ReturnDays = 21
	AnswerDays = 10
)

// Dates are the days that keep the last one.
type Dates struct {
	// MailBy leaves time for letters to come back until ReturnsBy; Due is the last day of
	// the notice to people.
	MailBy, ReturnsBy, Due civil.Date
}

// Before reckons back from the last day of the notice.
func Before(due civil.Date) Dates {
	returns := due.AddDays(-AnswerDays)
	return Dates{MailBy: returns.AddDays(-ReturnDays), ReturnsBy: returns, Due: due}
}
