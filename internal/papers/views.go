package papers

import (
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

// offerView is the credit monitoring that is offered; Named is what through whom.
type offerView struct {
	Provider, What, Named, How string
	// By is the last day to enroll, "" where there is none.
	By string
}

func viewIncident(i breach.Incident, datedOn civil.Date) incidentView {
	return english().incident(i, datedOn)
}

// incident is viewIncident in a language; the officers' texts are as they are given.
func (l *lettering) incident(i breach.Incident, datedOn civil.Date) incidentView {
	return incidentView{
		Incident: data(i.ID), Entity: data(i.Entity.Name), IsEntity: i.Entity.Role == breach.CoveredEntity,
		DatedOn: l.date(datedOn), Occurred: l.occurred(i.Occurred), Discovered: l.date(i.Discovered),
		WhatHappened: prose(i.WhatHappened), WhatWeAreDoing: prose(i.WhatWeAreDoing), WhatYouCanDo: prose(i.WhatYouCanDo),
		Offer: l.offer(i.CreditMonitoring, breach.OfferToAll), Contacts: l.contacts(i.Entity),
	}
}

// occurred is when the breach happened, "if known" (45 CFR 164.404(c)(1)(A)): it
// stands behind "happened" and says what is not known.
func occurred(s breach.Span) string { return english().occurred(s) }

func (l *lettering) occurred(s breach.Span) string {
	key := "occurred.between"
	switch {
	case s.From.IsZero() && s.To.IsZero():
		key = "occurred.unknown"
	case s.From.IsZero():
		key = "occurred.until"
	case s.To.IsZero():
		key = "occurred.since"
	case s.To == s.From:
		key = "occurred.on"
	}
	return l.say(key, "from", l.date(s.From), "to", l.date(s.To))
}

// offerTo is what a letter of the voice offers, nil for nothing.
func (l *lettering) offerTo(i breach.Incident, v breach.Voice) *offerView {
	return l.offer(i.OfferTo(v))
}

func (l *lettering) offer(c breach.CreditMonitoring, kind breach.OfferKind) *offerView {
	if oneLine(c.Provider) == "" {
		return nil
	}
	product := "offer."
	if kind == breach.OfferToMinors {
		product = "offer.minors."
	}
	o := offerView{Provider: data(c.Provider), What: l.words[product+"monitoring"]}
	switch {
	case c.Months == 1:
		o.What = l.words[product+"month"]
	case c.Months > 1:
		o.What = l.say(product+"months", "n", l.count(c.Months))
	}
	o.Named = l.say("offer", "what", o.What, "provider", o.Provider)
	var ways []string
	if c.EnrollURL != "" {
		ways = append(ways, l.say("offer.web", "address", data(c.EnrollURL)))
	}
	if c.Phone != "" {
		ways = append(ways, l.say("offer.call", "number", data(c.Phone)))
	}
	if o.How = strings.Join(ways, l.words["offer.or"]); o.How == "" {
		o.How = l.words["offer.contact"]
	}
	o.By = l.date(c.EnrollBy)
	return &o
}

func contacts(e breach.Entity) []string { return english().contacts(e) }

// contacts are the contact procedures of 45 CFR 164.404(c)(1)(E), those that there are.
func (l *lettering) contacts(e breach.Entity) []string {
	return l.labelled([][2]string{
		{"contact.toll_free", e.TollFree}, {"contact.email", e.Email}, {"contact.website", e.Website},
		{"contact.post", strings.Join(e.Address, ", ")},
	})
}

// labelled are those of some values that there are, each behind the words of its key.
func (l *lettering) labelled(all [][2]string) []string {
	var list []string
	for _, c := range all {
		if v := data(c[1]); v != "" {
			list = append(list, l.words[c[0]]+": "+v)
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
