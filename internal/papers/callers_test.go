package papers_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/papers"
)

// TestACallersListNamesNobody: a letter's reference, kinds of data in the reader's language,
// which script, and the language; of a letter that was withdrawn nothing.
func TestACallersListNamesNobody(t *testing.T) {
	t.Parallel()
	dated := civil.MustParse("2026-04-20")
	adult := breach.Person{
		Key: "H-001", FirstName: "Quilla", LastName: "Exemplar", Address1: "12 Oak Avenue", Email: "quilla@example.org", EnrollmentCode: "CODE-1",
		BirthDate: civil.MustParse("1980-01-01"), DataClasses: []breach.DataClass{"diagnosis", "name"},
	}
	spanish, child, dead, acted := adult, adult, adult, adult
	spanish.Language = "es-PR"
	child.BirthDate, child.DataClasses = civil.MustParse("2015-01-01"), []breach.DataClass{"ssn"}
	dead.DeathDayUnknown, dead.Language = true, "zh-Hans"
	acted.RepresentativeName, acted.RepresentativeRelation = "Ada Muster", "guardian"
	var b bytes.Buffer
	list := papers.WriteCallers(&b)
	for i, people := range [][]breach.Person{{adult, child}, {spanish}, {child}, {dead}, {acted}, nil} {
		require.NoError(t, list.Add("R001-00000"+string(rune('1'+i)), people, dated))
	}
	n, err := list.Flush()
	require.NoError(t, err)
	require.Equal(t, 6, n)
	require.Equal(t, `letter,data,script,language
R001-000001,name; Social Security number; diagnosis,adult,en
R001-000002,Nombre; Diagnóstico,adult,es-PR
R001-000003,Social Security number,minor,en
R001-000004,name; diagnosis,deceased,zh-Hans
R001-000005,name; diagnosis,represented,en
R001-000006,,withdrawn,en
`, b.String())
	for _, name := range []string{"Quilla", "Exemplar", "Oak", "quilla@", "CODE", "H-001", "Muster"} {
		require.NotContains(t, b.String(), name)
	}
}

// TestTheCallersScriptAnswersForEachReader in both languages, with the number and the hours,
// and says of a hold of law enforcement neither yes nor no.
func TestTheCallersScriptAnswersForEachReader(t *testing.T) {
	t.Parallel()
	incident := exampleIncident()
	incident.Holds = []breach.Hold{{Kind: "written", Agency: "Agency of Examples", Official: "Pat Agent", Until: civil.MustParse("2026-06-01")}}
	script := func(incident breach.Incident) string {
		content, err := papers.CallersScript(papers.CallersScriptInput{Incident: incident, Hours: "Monday to Friday, 9 to 6 Eastern", DatedOn: civil.MustParse("2026-04-20")})
		require.NoError(t, err)
		return strings.Join(strings.Fields(textOf(t, content)), " ")
	}
	held := script(incident)
	incident.Holds = nil
	require.Equal(t, script(incident), held, "nobody learns from it that there is a hold")
	for _, reader := range []string{"adult", "minor", "deceased", "represented", papers.Withdrawn} {
		require.Contains(t, held, "Script "+reader)
		require.Contains(t, held, "Guion "+reader)
	}
	for _, want := range []string{incident.Entity.TollFree, "Monday to Friday, 9 to 6 Eastern", incident.CreditMonitoring.Provider, "20 de abril de 2026", "April 20, 2026", "Say neither yes nor no", "No diga ni sí ni no"} {
		require.Contains(t, held, want)
	}
	require.NotContains(t, held, "Agency of Examples")
}
