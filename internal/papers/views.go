package papers

import (
	"fmt"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// incidentView is what every template says about an incident. Its strings are
// escaped: they can be printed, not obeyed.
type incidentView struct {
	Incident   string
	Entity     string
	IsEntity   bool
	DatedOn    string
	Occurred   string
	Discovered string

	WhatHappened, WhatWeAreDoing, WhatYouCanDo string

	Offer    *offerView
	Contacts []string
}

// offerView is the credit monitoring that is offered.
type offerView struct {
	Provider, What, How string
	// By is the last day to enroll, "" where there is none.
	By string
}

func viewIncident(i breach.Incident, datedOn civil.Date) incidentView {
	return incidentView{
		Incident: data(i.ID), Entity: data(i.Entity.Name), IsEntity: i.Entity.Role == breach.CoveredEntity,
		DatedOn: datedOn.Long(), Occurred: occurred(i.Occurred), Discovered: i.Discovered.Long(),
		WhatHappened: prose(i.WhatHappened), WhatWeAreDoing: prose(i.WhatWeAreDoing), WhatYouCanDo: prose(i.WhatYouCanDo),
		Offer: viewOffer(i.CreditMonitoring, "credit monitoring"), Contacts: contacts(i.Entity),
	}
}

// occurred is when the breach happened, "if known" (45 CFR 164.404(c)(1)(A)): it
// stands behind "happened" and says what is not known.
func occurred(s breach.Span) string {
	switch {
	case s.From.IsZero() && s.To.IsZero():
		return "on a date that is not known"
	case s.From.IsZero():
		return fmt.Sprintf("no later than %s (its first day is not known)", s.To.Long())
	case s.To.IsZero():
		return fmt.Sprintf("from %s on (its last day is not known)", s.From.Long())
	case s.To == s.From:
		return "on " + s.From.Long()
	}
	return fmt.Sprintf("between %s and %s", s.From.Long(), s.To.Long())
}

// viewOfferTo is what a letter of the voice offers, nil for nothing.
func viewOfferTo(i breach.Incident, v breach.Voice) *offerView {
	offer, kind := i.OfferTo(v)
	if kind == breach.OfferToMinors {
		return viewOffer(offer, "identity monitoring for minors")
	}
	return viewOffer(offer, "credit monitoring")
}

func viewOffer(c breach.CreditMonitoring, product string) *offerView {
	if oneLine(c.Provider) == "" {
		return nil
	}
	o := offerView{Provider: data(c.Provider), What: product}
	switch {
	case c.Months == 1:
		o.What = "one month of " + product
	case c.Months > 1:
		o.What = fmt.Sprintf("%d months of %s", c.Months, product)
	}
	var ways []string
	if c.EnrollURL != "" {
		ways = append(ways, "go to "+data(c.EnrollURL))
	}
	if c.Phone != "" {
		ways = append(ways, "call "+data(c.Phone))
	}
	if o.How = strings.Join(ways, " or "); o.How == "" {
		o.How = "contact us as shown at the end of this letter"
	}
	if !c.EnrollBy.IsZero() {
		o.By = c.EnrollBy.Long()
	}
	return &o
}

// contacts are the contact procedures of 45 CFR 164.404(c)(1)(E), those that there are.
func contacts(e breach.Entity) []string {
	var list []string
	for _, c := range []struct{ label, value string }{
		{"Toll-free telephone", e.TollFree}, {"E-mail", e.Email}, {"Web site", e.Website},
		{"Postal address", strings.Join(e.Address, ", ")},
	} {
		if v := data(c.value); v != "" {
			list = append(list, c.label+": "+v)
		}
	}
	return list
}

// reach is how to reach the entity, in half a sentence.
func reach(e breach.Entity) string { return strings.Join(waysTo(e), " or ") }

// waysTo are the ways to reach the entity; by post where there is no quicker one.
func waysTo(e breach.Entity) []string {
	var ways []string
	for _, v := range []string{e.Email, e.TollFree} {
		if v = data(v); v != "" {
			ways = append(ways, v)
		}
	}
	if len(ways) == 0 {
		return []string{data(strings.Join(e.Address, ", "))}
	}
	return ways
}

// plainClasses are the kinds of information in a letter's words.
func plainClasses(classes []breach.DataClass) string {
	var words []string
	for _, c := range breach.SetOf(classes...).Classes() {
		words = append(words, c.Plain())
	}
	return enumerate(words)
}

// requireElements refuses an incident that cannot fill in what 45 CFR
// 164.404(c)(1) requires of every notice to individuals and the media. When the
// breach happened is told "if known".
func requireElements(i breach.Incident, datedOn civil.Date) error {
	var missing []string
	for _, element := range []struct {
		key   string
		there bool
	}{
		{"entity.name", oneLine(i.Entity.Name) != ""},
		{"discovered", !i.Discovered.IsZero()},
		{"what_happened", prose(i.WhatHappened) != ""},
		{"what_we_are_doing", prose(i.WhatWeAreDoing) != ""},
		{"what_you_can_do", prose(i.WhatYouCanDo) != ""},
		{"entity.toll_free, email, website or address", len(contacts(i.Entity)) > 0},
		{"the date of the letter", !datedOn.IsZero()},
	} {
		if !element.there {
			missing = append(missing, element.key)
		}
	}
	if len(missing) > 0 {
		return breach.Refuse("element_missing", "Write it into incident.yaml.",
			"a notice cannot be made without %s (45 CFR 164.404(c)(1))", enumerate(missing))
	}
	return nil
}
