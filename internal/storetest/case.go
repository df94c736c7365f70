package storetest

import (
	"fmt"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// IncidentID is the incident's of every history.
const IncidentID = "EX-2026-03"

// Begins is the day of discovery.
var Begins = civil.MustParse("2026-03-16")

// Case is what a store is opened with: four practices, of which one has not said
// who writes to its patients and one writes itself.
func Case() (breach.Incident, []breach.Practice, []breach.Person) {
	incident := breach.Incident{
		ID: IncidentID, Discovered: Begins, Occurred: breach.Span{From: Begins, To: Begins}, DataSecurity: breach.Unsecured,
		Entity: breach.Entity{Name: "Example Health Cloud, Inc.", Role: breach.BusinessAssociate, Email: "privacy@example.org"},
	}
	var practices []breach.Practice
	var people []breach.Person
	for i, delegation := range []string{breach.DelegateAll, breach.DelegateLetters, "", breach.DelegateNone} {
		key := fmt.Sprintf("P%d", i+1)
		practices = append(practices, breach.Practice{
			Key: key, LegalName: "Practice " + key + ", Inc.", Email: strings.ToLower(key) + "@example.org", State: "TX",
			Agent: breach.Yes, BAANoticeDays: 30, Delegation: delegation, Timezone: "America/Chicago",
		})
		if delegation == "" { // what its contract says where it does not answer
			practices[i].DefaultDelegation, practices[i].DefaultDays = breach.DelegateLetters, 4
		}
		for n := range 4 + 3*i {
			person := breach.Person{
				Key: fmt.Sprintf("%s-%02d", key, n), PracticeKey: key, FirstName: "Ada", LastName: fmt.Sprintf("Example%d", n),
				Address1: fmt.Sprintf("%d Example Street", n+1), City: "Austin", State: []string{"TX", "OK"}[n%2], ZIP: []string{"78701", "73101"}[n%2],
				DataClasses: []breach.DataClass{"name", "diagnosis"},
			}
			switch n {
			case 1:
				person.Address1 = "" // nowhere to write to
			case 3:
				person.Address1, person.DeceasedDate = "", civil.MustParse("2024-01-01")
			case 5:
				person.DeceasedDate = civil.MustParse("1960-01-01") // no longer protected
			}
			people = append(people, person)
		}
	}
	return incident, practices, people
}
