package papers

import (
	"fmt"
	"strings"
	"time"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// DelegationInput is what a practice agreed to, and who did it for the practice.
type DelegationInput struct {
	Incident breach.Incident
	Practice breach.Practice
	// Delegation is all, letters or none.
	Delegation string
	// Name and Title are as they were typed.
	Name, Title string
	// At is when the answer came in, Zone the practice's.
	At   time.Time
	Zone *time.Location
	// AnswerID and AnswerSHA256 name the answer and its content.
	AnswerID, AnswerSHA256 string
}

type delegationView struct {
	Incident, Key, Practice, LegalName, Entity, Occurred, Found string
	Agreed                                                      string
	Meaning                                                     []string
	Name, Title, At, AnswerID, AnswerSHA256                     string
}

// delegationMeaning says of each delegation who does what. %s is who sends the notice.
var delegationMeaning = map[string][]string{
	breach.DelegateAll: {
		"%s writes the letters to the practice’s patients, in the practice’s name, prints and mails them.",
		"%s reports to HHS, to the media and to the agencies of the States for the practice, and gives it the proof of each.",
		"%s gives substitute notice to those whom no letter reaches.",
	},
	breach.DelegateLetters: {
		"%s writes the letters to the practice’s patients, in the practice’s name, prints and mails them.",
		"The practice itself reports to HHS, to the media and to the agencies of the States, and gives substitute notice; %s does none of it.",
	},
	breach.DelegateNone: {
		"The practice itself writes to its patients and mails the letters; %s prints none.",
		"The practice itself reports to HHS, to the media and to the agencies of the States, and gives substitute notice; %s does none of it.",
	},
}

var delegationAgreed = map[string]string{
	breach.DelegateAll:     "The practice lets %s notify its patients, and report to HHS, the media and the agencies of the States.",
	breach.DelegateLetters: "The practice lets %s notify its patients, and does everything else itself.",
	breach.DelegateNone:    "The practice notifies its patients itself, and does everything else itself.",
}

// SignedDelegation is a practice's answer as the paper that it signed. The same answer
// gives the same bytes. It holds no patient data.
func SignedDelegation(in DelegationInput) ([]byte, error) {
	agreed, known := delegationAgreed[in.Delegation]
	if !known {
		return nil, fmt.Errorf("%q is not a delegation", in.Delegation)
	}
	entity := data(in.Incident.Entity.Name)
	at := in.At.In(in.Zone)
	v := delegationView{
		Incident: data(in.Incident.ID), Key: data(in.Practice.Key), Practice: data(in.Practice.Name()), LegalName: data(in.Practice.LegalName), Entity: entity,
		Occurred: occurred(in.Incident.Occurred), Found: in.Incident.Discovered.Long(),
		Name: data(in.Name), Title: data(in.Title), At: civil.OfTime(at).Long() + ", " + at.Format("3:04 PM MST"),
		AnswerID: data(in.AnswerID), AnswerSHA256: data(in.AnswerSHA256),
	}
	v.Agreed = named(agreed, entity)
	for _, sentence := range delegationMeaning[in.Delegation] {
		v.Meaning = append(v.Meaning, named(sentence, entity))
	}
	text, err := render(delegationText, v)
	if err != nil {
		return nil, err
	}
	return typeset(fmt.Sprintf("Who notifies the patients of %s · incident %s", oneLine(in.Practice.Name()), oneLine(in.Incident.ID)), text, civil.OfTime(at))
}

// named puts who sends the notice where a sentence names them.
func named(sentence, entity string) string {
	return strings.ReplaceAll(sentence, "%s", entity)
}
