package papers

import (
	"fmt"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
)

// testPlain is how many letters of a test batch are of the plainest kind.
const testPlain = 12

// TestBatch is a batch for a mail house's set-up: letters of this incident to invented
// people, of every kind that makes a difference to its machines, each page marked as not
// for mailing. It has the codes of real letters, and nobody's data. practices may be none.
func TestBatch(incident breach.Incident, practices []breach.Practice, datedOn civil.Date) (*LetterBatch, []Piece, error) {
	residents := map[string]int{}
	for _, state := range CountedStates() {
		residents[state] = 1
	}
	batch, err := NewLetterBatch(incident, datedOn, residents)
	if err != nil {
		return nil, nil, err
	}
	batch.proof = true
	practice := breach.Practice{Key: "TEST", LegalName: "Test Practice"}
	if len(practices) > 0 {
		practice = practices[0]
	}
	var pieces []Piece
	for i, p := range testPeople(incident, datedOn) {
		letter := casebook.Letter{
			PieceID: fmt.Sprintf("TEST-%06d", i+1), Serial: testSerial(incident.PrintRun, i), Person: p, Practices: []breach.Practice{practice},
			Classes: []breach.DataClass{"name", "date_of_birth", "diagnosis"},
		}
		piece, err := batch.Add(letter)
		if err != nil {
			return nil, nil, err
		}
		pieces = append(pieces, piece)
	}
	return batch, pieces, nil
}

// testSerial counts down from the mailer's last serial number, so that no real letter has
// the one of a test that was mailed by mistake.
func testSerial(run breach.PrintRun, i int) int {
	last := 1
	for range 15 - len(run.MailerID) {
		last *= 10
	}
	return last - 1 - i - run.FirstSerial
}

// testPeople are invented: readers of each kind, States with a text of their own, the
// longest addresses, mail abroad, ZIPs of five and nine digits.
func testPeople(incident breach.Incident, datedOn civil.Date) []breach.Person {
	var people []breach.Person
	add := func(change func(*breach.Person)) {
		p := breach.Person{
			Key: "TEST", FirstName: "Test", LastName: "Recipient", Address1: fmt.Sprintf("%d Example Street", 100+len(people)), City: "Anytown", State: plainState, ZIP: "66002",
		}
		change(&p)
		people = append(people, p)
	}
	for i := range testPlain {
		add(func(p *breach.Person) {
			if i%2 == 1 {
				p.ZIP = fmt.Sprintf("66002%04d", 1000+i)
			}
		})
	}
	add(func(p *breach.Person) { p.EnrollmentCode = sampleCode(incident) })
	add(func(p *breach.Person) { p.BirthDate, p.RepresentativeName = datedOn.AddYears(-7), "Parent Recipient" })
	add(func(p *breach.Person) {
		p.DeceasedDate, p.RepresentativeName = datedOn.AddYears(-1), "Executor Recipient"
	})
	add(func(p *breach.Person) {
		p.RepresentativeName, p.RepresentativeRelation = "Guardian Recipient", "guardian"
	})
	add(func(p *breach.Person) {
		p.LastName, p.Address1, p.Address2 = "Recipient-Longname-Example", "123456 North Martin Luther King Junior Memorial Boulevard", "Building 12, Apartment 3456"
	})
	add(func(p *breach.Person) { p.City, p.State, p.ZIP, p.Country = "Ottawa", "ON", "K1A 0B1", "CA" })
	for _, state := range statesWithText() {
		add(func(p *breach.Person) { p.State = state })
	}
	return people
}
