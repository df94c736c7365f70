package papers

import (
	"cmp"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/envelope"
)

// ownWords are what letters say otherwise that a practice writes itself.
type ownWords struct {
	vendor   string
	practice breach.Practice
}

// speak turns a letter's words into the practice's own.
func (o *ownWords) speak(in *lettering, view letterView) letterView {
	view.Vendor, view.We = o.vendor, o.vendor
	view.Contacts = in.ownContacts(o.practice)
	return view
}

// NewOwnLetters opens a batch of the letters that a practice sends its patients itself:
// under its name, with its return address and its own contacts, in the words of the
// letters that whoever runs the incident would send (45 CFR 164.404(c)). They are set
// by the same rules, but are no letters of a print run. It is refused where the
// practice's own address does not fit its place, or an element of the letter is missing.
func NewOwnLetters(incident breach.Incident, practice breach.Practice, datedOn civil.Date, residents map[string]int) (*LetterBatch, error) {
	if err := CheckTemplates(); err != nil {
		return nil, err
	}
	vendor := data(incident.Entity.Name)
	incident.Entity = breach.Entity{
		Name: practice.Name(), Role: breach.CoveredEntity, Address: ownAddress(practice),
		TollFree: cmp.Or(practice.TollFree, practice.Phone), Email: practice.Email, Website: practice.Website,
	}
	// What its vendor's mail house uses is not what the practice has.
	incident.Letters.Envelope = envelope.Form{}
	if err := requireElements(incident, datedOn); err != nil {
		return nil, err
	}
	if err := CheckIncident(incident); err != nil {
		return nil, err
	}
	batch := newBatch(incident, datedOn, residents)
	batch.own = &ownWords{vendor: vendor, practice: practice}
	return batch, nil
}

// ownAddress is a practice's postal address in lines.
func ownAddress(p breach.Practice) []string {
	var lines []string
	for _, line := range []string{p.Address1, p.Address2, cityLine(p)} {
		if line = oneLine(line); strings.Trim(line, ", ") != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

func cityLine(p breach.Practice) string {
	return strings.TrimSpace(p.City + ", " + p.State + " " + hyphenated(p.ZIP))
}

// ownContacts are the contact procedures of 45 CFR 164.404(c)(1)(E) at the practice.
func (l *lettering) ownContacts(p breach.Practice) []string {
	return l.labelled([][2]string{
		{"contact.toll_free", p.TollFree}, {"contact.phone", p.Phone}, {"contact.email", p.Email}, {"contact.website", p.Website},
		{"contact.post", strings.Join(ownAddress(p), ", ")},
	})
}
