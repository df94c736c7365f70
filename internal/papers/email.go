package papers

import (
	"fmt"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// emailView holds plain text: an e-mail has no layout marks to escape.
type emailView struct {
	Practice, Incident, To, Entity, People string
	Happened, Occurred, Discovered         string
	// Delegated is the practice's answer in words; Silence is what becomes of it
	// without one, and AnswerBy the day until which it can give one.
	Delegated, Silence, AnswerBy string
	// Page is the address of its page, "" where there is none.
	Page                string
	CodeByEmail, Opened bool
	Code, Until         string
	Told                string
	TollFree            string
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
	view := viewEmail(in)
	view.Attached = enumerate(attached)
	return writeEmail(emailText, view)
}

// ReminderEmail is the e-mail that reminds a practice of its notice, with the address
// of its page. It holds no patient data.
func ReminderEmail(in NoticeInput) (subject, text string) {
	return writeEmail(remindText, viewEmail(in))
}

// CodeEmail is the e-mail with the code for a practice's page, good through until. It
// has neither the page's address nor any patient data.
func CodeEmail(in NoticeInput, code string, until civil.Date) (subject, text string) {
	in.Page = ""
	view := viewEmail(in)
	view.Code, view.Until = code, until.Long()
	return writeEmail(codeText, view)
}

func viewEmail(in NoticeInput) emailView {
	p, i := in.Practice, in.Incident
	view := emailView{
		Practice: oneLine(p.Name()), Incident: oneLine(i.ID), To: "To the privacy officer of " + oneLine(p.LegalName),
		Entity: oneLine(i.Entity.Name), People: thousands(in.Tally.People),
		Happened: unmark(prose(i.WhatHappened)), Occurred: occurred(i.Occurred), Discovered: i.Discovered.Long(),
		Delegated: delegationWords[in.Delegation], DatedOn: in.DatedOn.Long(),
		Page: in.Page, CodeByEmail: in.CodeByEmail, Opened: in.Opened, Told: in.Told.Long(), TollFree: oneLine(i.Entity.TollFree),
	}
	if officer := oneLine(p.PrivacyOfficer); officer != "" {
		view.To = officer + ", " + oneLine(p.LegalName)
	}
	by := p.DefaultAfter(in.toldOn())
	view.Silence = silence(p, "by "+by.Long())
	if in.Delegation == "" {
		if by.IsZero() && !i.Letters.MailBy.Before(in.DatedOn) {
			by = i.Letters.MailBy
		}
		if !by.IsZero() {
			view.AnswerBy = by.Long()
		}
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
	return view
}

// silence says what becomes of a practice that does not answer by some time.
func silence(p breach.Practice, by string) string {
	words, there := delegationWords[p.DefaultDelegation]
	if !there || p.DefaultDays < 1 {
		return "Without an answer from you, we send nothing to your patients."
	}
	return "Without an answer from you " + by + ", your contract with us makes it " + words + "."
}

// writeEmail fills in the template of an e-mail, whose first line is its subject.
func writeEmail(name string, view emailView) (subject, text string) {
	rendered, err := render(name, view)
	if err != nil {
		// The signature leaves no room for an error, and a practice must not go
		// without word over one: these are the same facts in fewer words.
		return fmt.Sprintf("Action needed: data breach notice (%s)", view.Incident),
			fmt.Sprintf("%s has a data breach notice for %s. Please contact us:\n%s\n", view.Entity, view.Practice, strings.Join(view.Contacts, "\n"))
	}
	first, rest, _ := strings.Cut(strings.TrimSpace(rendered), "\n")
	return first, strings.TrimSpace(rest) + "\n"
}
