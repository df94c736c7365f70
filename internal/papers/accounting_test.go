package papers_test

import (
	"bytes"
	"encoding/csv"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/papers"
)

func TestTheAccountingSaysWhatTheRuleAsksOfADisclosure(t *testing.T) {
	t.Parallel()
	incident := breach.Incident{
		ID: "EX-2026-03", Discovered: civil.MustParse("2026-03-16"), BreachType: "Hacking/IT Incident",
		Occurred: breach.Span{From: civil.MustParse("2026-03-14"), To: civil.MustParse("2026-03-16")},
	}
	entries := func(people ...breach.Person) []map[string]string {
		var out bytes.Buffer
		a := papers.WriteAccounting(&out, incident, "P1")
		for _, p := range people {
			require.NoError(t, a.Add(p))
		}
		n, err := a.Flush()
		require.NoError(t, err)
		rows, err := csv.NewReader(&out).ReadAll()
		require.NoError(t, err)
		require.Len(t, rows, n+1)
		var list []map[string]string
		for _, row := range rows[1:] {
			cells := map[string]string{}
			for i, column := range rows[0] {
				cells[column] = row[i]
			}
			list = append(list, cells)
		}
		return list
	}
	person := breach.Person{
		Key: "K-0001", PracticeKey: "P1", FirstName: "=1+1", LastName: "Example", BirthDate: civil.MustParse("1980-05-04"),
		DataClasses: []breach.DataClass{"name", "ssn", "diagnosis"}, Source: "the entity's own evidence",
	}
	require.Equal(t, []map[string]string{{
		"person_key": "K-0001", "first_name": "'=1+1", "middle_name": "", "last_name": "Example", "suffix": "", "birth_date": "1980-05-04",
		"disclosed_from": "2026-03-14", "disclosed_to": "2026-03-16", "recipient": "not known", "recipient_address": "",
		"description": "name, Social Security number, and diagnosis",
		"purpose":     "no permitted purpose: impermissible use or disclosure (Hacking/IT Incident), discovered 2026-03-16, incident EX-2026-03",
	}}, entries(person))

	incident.RiskAssessment.Factors.UnauthorizedPerson = "A former employee of the vendor"
	require.Equal(t, "A former employee of the vendor", entries(person)[0]["recipient"])

	dead := person
	dead.DeceasedDate = civil.MustParse("1976-03-15")
	require.Empty(t, entries(dead), "dead for more than 50 years")
	dead.DeceasedDate = civil.MustParse("1976-03-16")
	require.Len(t, entries(dead), 1, "dead for 50 years to the day")

	a := papers.WriteAccounting(&bytes.Buffer{}, incident, "P2")
	require.ErrorContains(t, a.Add(person), "was given a person of practice P1")
	_, err := a.Flush()
	require.Error(t, err)
}
