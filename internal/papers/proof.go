package papers

import (
	"bytes"
	"fmt"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// Proof is what a practice's letter will look like, once for each kind of
// reader, to invented people and marked as not for mailing: what those who
// approve letters look at. It holds no patient data.
func Proof(incident breach.Incident, practice breach.Practice, classes []breach.DataClass, datedOn civil.Date) ([]byte, error) {
	batch, err := NewLetterBatch(incident, datedOn)
	if err != nil {
		return nil, err
	}
	batch.proof = true
	for i, p := range []breach.Person{
		{FirstName: "Adult", LastName: "Sample"},
		{FirstName: "Child", LastName: "Sample", BirthDate: datedOn.AddYears(-7)},
		{FirstName: "Deceased", LastName: "Sample", DeceasedDate: datedOn.AddYears(-1)},
		{FirstName: "Represented", LastName: "Sample", RepresentativeName: "Guardian Sample", RepresentativeRelation: "guardian"},
	} {
		p.Address1, p.City, p.State, p.ZIP = "100 Example Street", "Anytown", "NY", "12345"
		letter := Letter{
			PieceID: fmt.Sprintf("PROOF-%d", i+1), Person: p,
			Practices: []breach.Practice{practice}, Classes: classes,
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
