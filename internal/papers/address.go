package papers

import (
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"duenotice/internal/breach"
)

// joining says when a line of an address may stand behind the one above it, where
// the window has no room for all: a flat belongs behind its street (Publication 28,
// section 213), and "Guardian of" reads on.
type joining int

const (
	never joining = iota
	flat
	whom
)

// addressLine is one line of an address; name says that it tells who it is for.
type addressLine struct {
	text  string
	name  bool
	joins joining
}

// addressLines are the recipient's lines in postal order. For anybody but an
// adult they name whom the letter is for (45 CFR 164.404(d)(1), 164.502(g)).
func addressLines(p *breach.Person, reader breach.Reader) []addressLine {
	name, representative := oneLine(p.FullName()), oneLine(p.RepresentativeName)
	lines := make([]addressLine, 0, maxAddressLines)
	if reader != breach.Adult && representative != "" {
		lines = append(lines, addressLine{text: representative, name: true})
	}
	if as := capacityFor(p, reader); as != "" {
		lines = append(lines, addressLine{text: as, name: true}, addressLine{name, true, whom})
	} else {
		lines = append(lines, addressLine{text: name, name: true})
	}
	streets := 0
	for _, street := range []string{p.Address1, p.Address2} {
		if street = oneLine(street); street != "" {
			lines = append(lines, addressLine{text: street})
			if streets++; streets > 1 {
				lines[len(lines)-1].joins = flat
			}
		}
	}
	if p.InUnitedStates() {
		return append(lines, addressLine{text: oneLine(p.City) + ", " + oneLine(p.State) + " " + hyphenated(oneLine(p.ZIP))})
	}
	city := oneLine(p.City)
	for _, more := range []string{p.State, p.ZIP} {
		if more = oneLine(more); more != "" {
			city += " " + more
		}
	}
	return append(lines, addressLine{text: city}, addressLine{text: country(oneLine(p.Country))})
}

// addressBlock is the address as it is addressed, a line each.
func addressBlock(p *breach.Person, reader breach.Reader) []string {
	return texts(addressLines(p, reader))
}

func texts(lines []addressLine) []string {
	all := make([]string, len(lines))
	for i, l := range lines {
		all[i] = l.text
	}
	return all
}

// capacityFor is the line above a name that is not the reader's, "" for an adult.
func capacityFor(p *breach.Person, reader breach.Reader) string {
	switch reader {
	case breach.ForMinor:
		return "To the Parent or Guardian of"
	case breach.NextOfKin:
		return "Next of Kin or Personal Representative of"
	case breach.ForAnother:
		return capacity(p) + " of"
	}
	return ""
}

// capacity is in what capacity a representative is written to.
func capacity(p *breach.Person) string {
	if p.RepresentativeRelation == "guardian" {
		return "Guardian"
	}
	return "Personal Representative"
}

// salutation names the person whom the letter is about, and whoever it speaks to.
func (l *lettering) salutation(p *breach.Person, reader breach.Reader) string {
	name, representative := oneLine(p.FullName()), oneLine(p.RepresentativeName)
	key := "greet"
	switch reader {
	case breach.Adult:
		return l.say(key, "name", name)
	case breach.ForMinor:
		key += ".minor"
	case breach.NextOfKin:
		key += ".deceased"
	case breach.ForAnother:
		key += ".representative"
		if p.RepresentativeRelation == "guardian" {
			key = "greet.guardian"
		}
	}
	if representative != "" {
		key += ".named"
	}
	return l.say(key, "name", name, "representative", representative)
}

// hyphenated writes a nine-digit ZIP code as ZIP+4.
func hyphenated(zip string) string {
	if len(zip) == 9 {
		return zip[:5] + "-" + zip[5:]
	}
	return zip
}

// country is the last line of mail abroad: the country's English name in
// capitals (USPS Publication 28, section 2 and International Mail Manual 122.1).
func country(s string) string {
	if len(s) == 2 || len(s) == 3 {
		if region, err := language.ParseRegion(s); err == nil {
			if name := display.English.Regions().Name(region); name != "" {
				return strings.ToUpper(name)
			}
		}
	}
	return strings.ToUpper(s)
}
