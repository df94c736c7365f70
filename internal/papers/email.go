package papers

import (
	"fmt"
	"strings"

	"duenotice/internal/breach"
)

// emailView holds plain text: an e-mail has no layout marks to escape.
type emailView struct {
	Practice, Incident, To, Entity, People string
	Happened, Occurred, Discovered         string
	Delegated                              string
	// Attached are the names of the files that come with it.
	Attached string
	Dates    []dateView
	Contacts []string
	DatedOn  string
}

// maxEmailDates keeps an e-mail short; the notice has all of them.
const maxEmailDates = 3

// Email is the e-mail that tells a practice about the incident and what to do
// next, with the names of the files that are attached to it. It holds no patient
// data, and counts only.
func Email(in NoticeInput, attached ...string) (subject, text string) {
	p, i := in.Practice, in.Incident
	view := emailView{
		Practice: oneLine(p.Name()), Incident: oneLine(i.ID), To: "To the privacy officer of " + oneLine(p.LegalName),
		Entity: oneLine(i.Entity.Name), People: thousands(in.Tally.People),
		Happened: unmark(prose(i.WhatHappened)), Occurred: occurred(i.Occurred), Discovered: i.Discovered.Long(),
		Delegated: delegationWords[in.Delegation], DatedOn: in.DatedOn.Long(),
		Attached: enumerate(attached),
	}
	if officer := oneLine(p.PrivacyOfficer); officer != "" {
		view.To = officer + ", " + oneLine(p.LegalName)
	}
	var owed []breach.Obligation
	for _, o := range in.Obligations {
		// The notice that the e-mail is about is not a duty of its reader's.
		if !o.ToPractice() && !o.Due.IsZero() {
			owed = append(owed, o)
		}
	}
	all := dates(owed, in.Delegation)
	for _, d := range all[:min(len(all), maxEmailDates)] {
		view.Dates = append(view.Dates, dateView{Due: unmark(d.Due), What: unmark(d.What), Citation: unmark(d.Citation)})
	}
	for _, c := range contacts(i.Entity) {
		view.Contacts = append(view.Contacts, unmark(c))
	}
	rendered, err := render(emailText, view)
	if err != nil {
		// The signature leaves no room for an error, and a practice must not go
		// without word over one: these are the same facts in fewer words.
		return fmt.Sprintf("Action needed: data breach notice (%s)", view.Incident),
			fmt.Sprintf("%s has a data breach notice for %s. Please contact us:\n%s\n", view.Entity, view.Practice, strings.Join(view.Contacts, "\n"))
	}
	first, rest, _ := strings.Cut(strings.TrimSpace(rendered), "\n")
	return first, strings.TrimSpace(rest) + "\n"
}
