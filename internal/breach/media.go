package breach

import (
	"slices"
	"strings"

	"duenotice/internal/civil"
)

// MediaTerms are what officers say of telling the media of one State (45 CFR 164.406).
type MediaTerms struct {
	State string `json:"state" yaml:"state"`
	// Contact is who answers the press, and Text what the release says to that State
	// alone: both are printed on it. Either may be "".
	Contact string `json:"contact,omitempty" yaml:"contact"`
	Text    string `json:"text,omitempty" yaml:"text"`
	// Outlets are whom it is sent to; none where nobody listed them.
	Outlets []Outlet `json:"outlets,omitempty" yaml:"outlets"`
}

// Outlet is a newspaper, station or news site.
type Outlet struct {
	Name    string `json:"name" yaml:"name"`
	Email   string `json:"email,omitempty" yaml:"email"`
	Address string `json:"address,omitempty" yaml:"address"`
	Contact string `json:"contact,omitempty" yaml:"contact"`
}

// MediaOf are the terms of a State, its State alone where there are none.
func MediaOf(all []MediaTerms, state string) MediaTerms {
	for _, m := range all {
		if m.State == state {
			return m
		}
	}
	return MediaTerms{State: state}
}

// Lists reports whether an outlet is on the State's list, whatever its capitals.
func (m MediaTerms) Lists(outlet string) bool {
	return slices.ContainsFunc(m.Outlets, func(o Outlet) bool { return sameOutlet(o.Name, outlet) })
}

// Names are the names of the outlets on the list.
func (m MediaTerms) Names() []string {
	names := make([]string, len(m.Outlets))
	for i, o := range m.Outlets {
		names[i] = o.Name
	}
	return names
}

// Told says by facts, of those from a day on, which outlets of the State were told and
// which on the list were not, and since when all were: zero while one is missing. A record
// without an outlet is of them all; where there is no list, so is one of any outlet.
func (m MediaTerms) Told(facts Facts, from civil.Date) (told []Fact, missing []string, on civil.Date) {
	var whole civil.Date
	for _, f := range facts {
		switch {
		case f.Kind != MediaSent || f.On.Before(from) || f.Jurisdiction != m.State && f.Jurisdiction != "":
		case f.Outlet == "":
			whole = civil.Later(whole, f.On)
		default:
			told = append(told, f)
		}
	}
	for _, o := range m.Outlets {
		if !slices.ContainsFunc(told, func(f Fact) bool { return sameOutlet(f.Outlet, o.Name) }) {
			missing = append(missing, o.Name)
		}
	}
	if !whole.IsZero() {
		return told, nil, whole
	}
	if len(missing) > 0 {
		return told, missing, civil.Date{}
	}
	for _, f := range told {
		on = civil.Later(on, f.On)
	}
	return told, nil, on
}

// sameOutlet compares names as people write them.
func sameOutlet(a, b string) bool {
	return strings.EqualFold(strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " "))
}

// onPaper are the terms that the releases print.
func onPaper(all []MediaTerms) []MediaTerms {
	var printed []MediaTerms
	for _, m := range all {
		if m.Outlets = nil; m.Contact != "" || m.Text != "" {
			printed = append(printed, m)
		}
	}
	return printed
}
