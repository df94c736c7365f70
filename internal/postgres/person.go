package postgres

import (
	"duenotice/internal/breach"
	"duenotice/internal/postgres/sqlgen"
)

// personOf reads a person from their row. Every read of patient data comes
// through here.
func personOf(f *sqlgen.Finding, practiceKey string) breach.Person {
	return breach.Person{
		Key: f.PersonKey, PracticeKey: practiceKey,
		FirstName: f.FirstName, MiddleName: f.MiddleName, LastName: f.LastName, Suffix: f.Suffix,
		BirthDate: f.BirthDate, DeceasedDate: f.DeceasedDate,
		RepresentativeName: f.RepresentativeName, RepresentativeRelation: f.RepresentativeRelation,
		Address1: f.Address1, Address2: f.Address2, City: f.City, State: f.State, ZIP: f.ZIP, Country: f.Country,
		Email: f.Email, EmailAgreedOn: f.EmailAgreedOn, Phone: f.Phone, Language: f.Language,
		ConfidentialAddress: breach.YesNo(f.ConfidentialAddress),
		DataClasses:         f.DataClasses.Classes(),
		AcquiredOrViewed:    f.AcquiredOrViewed, Source: f.Source,
	}
}
