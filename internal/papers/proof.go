package papers

import (
	"bytes"
	"fmt"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
)

// Proof is what a practice's letter will look like, once for each kind of
// reader, in English and in each other language of the incident, and once for each
// State of its people whose law asks for more, to
// invented people and marked as not for mailing: what those who approve letters
// look at. Where letters correct earlier ones, the proof has one for each of the corrections,
// as of a letter mailed on the proof's day. residents is the number of the practice's people by State: a letter
// that tells a number tells the incident's. It holds no patient data.
func Proof(incident breach.Incident, practice breach.Practice, classes []breach.DataClass, residents map[string]int, datedOn civil.Date, corrections ...breach.Correction) ([]byte, error) {
	batch, err := NewLetterBatch(incident, datedOn, residents)
	if err != nil {
		return nil, err
	}
	batch.proof, batch.pdf = true, newReadDocument("Proof of the letters of incident "+oneLine(incident.ID), datedOn)
	const kindsOfReader = 4 // an own language says the same to each of them
	people := []breach.Person{
		{FirstName: "Adult", LastName: "Sample", EnrollmentCode: sampleCode(incident)},
		{FirstName: "Child", LastName: "Sample", BirthDate: datedOn.AddYears(-7)},
		{FirstName: "Deceased", LastName: "Sample", DeceasedDate: datedOn.AddYears(-1)},
		{FirstName: "Represented", LastName: "Sample", RepresentativeName: "Guardian Sample", RepresentativeRelation: "guardian"},
	}
	for _, state := range statesWithText() {
		if residents[state] > 0 {
			people = append(people, breach.Person{FirstName: "Resident", LastName: "Sample", State: state})
		}
	}
	for _, tag := range incident.Languages().Tags()[1:] {
		for _, p := range people[:kindsOfReader] {
			p.Language = tag
			people = append(people, p)
		}
	}
	for i := range corrections {
		people = append(people, breach.Person{FirstName: "Corrected", LastName: fmt.Sprintf("Sample %d", i+1), EnrollmentCode: sampleCode(incident)})
	}
	for i, p := range people {
		p.Address1, p.City, p.ZIP = "100 Example Street", "Anytown", "12345"
		if p.State == "" {
			p.State = plainState
		}
		letter := casebook.Letter{
			PieceID: fmt.Sprintf("PROOF-%d", i+1), Person: p,
			Practices: []breach.Practice{practice}, Classes: classes,
		}
		if n := i - (len(people) - len(corrections)); n >= 0 {
			c := corrections[n]
			c.MailedOn = datedOn
			letter.Corrects = &c
		}
		if _, err := batch.Add(letter); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	if _, err := batch.WriteTo(&out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// sampleCode stands where people's own codes for the credit monitoring go, if
// their list has any.
func sampleCode(incident breach.Incident) string {
	if english().offer(incident.CreditMonitoring) == nil {
		return ""
	}
	return "(each person's own code, where the list has one)"
}

// plainState is a State whose letters say nothing of their own.
const plainState = "KS"
