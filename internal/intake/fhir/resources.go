package fhir

import (
	"encoding/json"
	"slices"
	"strings"
)

// What is read of the resources. Of identifiers, reasons, types and photos it is only
// known that they are there.
type (
	codeable struct {
		Text   string
		Coding []struct{ System, Code, Display string }
	}
	identifier struct {
		System, Value, Use string
		Type               codeable
	}
	reference struct{ Reference, Display string }
	period    struct{ Start, End string }
	humanName struct {
		Use, Text, Family     string
		Given, Prefix, Suffix []string
		Period                period
	}
	address struct {
		Use, Type, Text, City, State, PostalCode, Country string
		Line                                              []string
		Period                                            period
	}
	telecom struct {
		System, Value, Use string
		Rank               int
	}
	patient struct {
		ID                   string
		Identifier           []identifier
		Name                 []humanName
		Telecom              []telecom
		BirthDate            string
		DeceasedBoolean      bool
		DeceasedDateTime     string
		Address              []address
		Photo                []json.RawMessage
		Contact              []contact
		Communication        []communication
		ManagingOrganization reference
	}
	contact struct {
		Relationship []codeable
		Name         humanName
	}
	communication struct {
		Language  codeable
		Preferred bool
	}
	encounter struct {
		Subject, ServiceProvider reference
		Type, ReasonCode         []codeable
		ReasonReference          []reference
		Participant              []json.RawMessage
	}
	organization struct {
		ID, Name   string
		Identifier []identifier
		Telecom    []telecom
		Address    []address
	}
)

var patientColumns = []string{
	"id", "family", "given", "middle", "suffix", "text", "birthDate", "deceased", "line1", "line2", "city", "state", "postalCode", "country",
	"phone", "email", "language", "confidential", "contact", "contact.relationship", "managingOrganization", "managingOrganization.display",
	"identifier.SS", "identifier.MR", "identifier.DL", "identifier.PPN", "identifier.MB", "photo",
}

var encounterColumns = []string{"subject", "serviceProvider", "serviceProvider.display", "reason", "type", "participant"}

var organizationColumns = []string{"id", "npi", "name", "line1", "line2", "city", "state", "postalCode", "phone", "email"}

func (p *patient) cells() map[string]string {
	cells := map[string]string{"id": p.ID, "birthDate": p.BirthDate, "deceased": firstOf(day(p.DeceasedDateTime), yesIf(p.DeceasedBoolean, "unknown"))}
	name := nameOf(p.Name)
	cells["family"], cells["suffix"] = name.Family, strings.Join(name.Suffix, " ")
	if len(name.Given) > 0 {
		cells["given"], cells["middle"] = name.Given[0], strings.Join(name.Given[1:], " ")
	}
	if name.Family == "" {
		cells["text"] = name.Text
	}
	putAddress(cells, p.Address)
	cells["phone"], cells["email"] = telecomOf(p.Telecom, "phone"), telecomOf(p.Telecom, "email")
	cells["language"] = language(p.Communication)
	cells["managingOrganization"], cells["managingOrganization.display"] = IDOf(p.ManagingOrganization.Reference), p.ManagingOrganization.Display
	for _, i := range p.Identifier {
		if kind := i.kind(); kind != "" && i.Value != "" {
			cells["identifier."+kind] = "yes"
		}
	}
	cells["photo"] = yesIf(len(p.Photo) > 0, "yes")
	if len(p.Contact) > 0 {
		if relation := p.Contact[0].relation(); relation != "" {
			cells["contact"], cells["contact.relationship"] = p.Contact[0].Name.whole(), relation
		}
	}
	return cells
}

// relation is whether a contact may act for the patient. An emergency contact may not.
func (c *contact) relation() string {
	for _, r := range c.Relationship {
		for _, coding := range r.Coding {
			switch coding.Code {
			case "PRN", "MTH", "FTH", "NMTH", "NFTH":
				return "parent"
			case "GUARD":
				return "guardian"
			}
		}
	}
	return ""
}

func (e *encounter) cells() map[string]string {
	return map[string]string{
		"subject": IDOf(e.Subject.Reference), "serviceProvider": IDOf(e.ServiceProvider.Reference), "serviceProvider.display": e.ServiceProvider.Display,
		"reason": yesIf(len(e.ReasonCode)+len(e.ReasonReference) > 0, "yes"), "type": yesIf(len(e.Type) > 0, "yes"), "participant": yesIf(len(e.Participant) > 0, "yes"),
	}
}

func (o *organization) cells() map[string]string {
	cells := map[string]string{"id": o.ID, "name": o.Name, "phone": telecomOf(o.Telecom, "phone"), "email": telecomOf(o.Telecom, "email")}
	putAddress(cells, o.Address)
	for _, i := range o.Identifier {
		if i.System == "http://hl7.org/fhir/sid/us-npi" || slices.ContainsFunc(i.Type.Coding, func(c struct{ System, Code, Display string }) bool { return c.Code == "NPI" }) {
			cells["npi"] = i.Value
		}
	}
	return cells
}

// kind is what an identifier is, by its type (HL7 table 0203) or its system.
func (i *identifier) kind() string {
	switch i.System {
	case "http://hl7.org/fhir/sid/us-ssn":
		return "SS"
	case "http://hl7.org/fhir/sid/us-mbi":
		return "MB"
	}
	for _, c := range i.Type.Coding {
		switch c.Code {
		case "SS", "MR", "DL", "PPN", "MB":
			return c.Code
		case "MC", "MA", "SN":
			return "MB"
		case "SB": // how Synthea writes a Social Security number's type in early versions
			return "SS"
		}
	}
	return ""
}

// nameOf is the name to write to: an official one, one without a use, a usual one; never
// an old one or a maiden name while there is another.
func nameOf(names []humanName) humanName {
	return best(names, func(n humanName) int {
		switch {
		case n.Use == "old" || n.Use == "maiden" || n.Period.End != "":
			return 4
		case n.Use == "official":
			return 0
		case n.Use == "":
			return 1
		case n.Use == "usual":
			return 2
		}
		return 3
	})
}

func (n humanName) whole() string {
	if n.Text != "" {
		return n.Text
	}
	return strings.TrimSpace(strings.Join(append(slices.Clone(n.Given), n.Family), " "))
}

// putAddress writes the address to write to: for mail before the home, never an old one
// while there is another.
func putAddress(cells map[string]string, addresses []address) {
	a := best(addresses, func(a address) int {
		switch {
		case a.Use == "old" || a.Period.End != "":
			return 4
		case a.Type == "postal":
			return 0
		case a.Use == "home" || a.Use == "":
			return 1
		case a.Use == "temp":
			return 2
		}
		return 3
	})
	lines := a.Line
	if len(lines) > 0 {
		cells["line1"], cells["line2"] = lines[0], strings.Join(lines[1:], ", ")
	}
	cells["city"], cells["state"], cells["postalCode"], cells["country"] = a.City, a.State, a.PostalCode, a.Country
}

func telecomOf(list []telecom, system string) string {
	var of []telecom
	for _, t := range list {
		if t.System == system && t.Use != "old" && t.Value != "" {
			of = append(of, t)
		}
	}
	return best(of, func(t telecom) int {
		switch {
		case t.Rank > 0:
			return t.Rank
		case t.Use == "home":
			return 100
		case t.Use == "mobile":
			return 101
		}
		return 102
	}).Value
}

// language is the preferred language, or the only one.
func language(list []communication) string {
	chosen := best(list, func(c communication) int {
		if c.Preferred {
			return 0
		}
		return 1
	})
	for _, c := range chosen.Language.Coding {
		if c.Code != "" {
			return c.Code
		}
	}
	return ""
}

// best is the first of those with the lowest rank; a zero value where there are none.
func best[T any](list []T, rank func(T) int) T {
	var chosen T
	least := int(^uint(0) >> 1)
	for _, one := range list {
		if r := rank(one); r < least {
			chosen, least = one, r
		}
	}
	return chosen
}

// IDOf is the id in a reference: Patient/1, urn:uuid:1, https://host/fhir/Patient/1.
// Searches by identifier (Organization?identifier=system|1), as Synthea writes them, are
// the identifier's value.
func IDOf(ref string) string {
	if _, value, found := strings.Cut(ref, "|"); found {
		return value
	}
	ref = strings.TrimPrefix(ref, "urn:uuid:")
	ref, _, _ = strings.Cut(ref, "/_history/")
	return ref[strings.LastIndexByte(ref, '/')+1:]
}

func yesIf(is bool, yes string) string {
	if is {
		return yes
	}
	return ""
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// day is the date of a date and time.
func day(s string) string {
	if len(s) > 10 {
		return s[:10]
	}
	return s
}
