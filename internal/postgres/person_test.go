package postgres_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/postgres"
)

// TestAPersonIsSealedWhole: what is written comes back, whether the day of death
// is known or not, and with the code for the credit monitoring.
func TestAPersonIsSealedWhole(t *testing.T) {
	t.Parallel()
	dead, unknown := planted("P1", "a"), planted("P1", "a")
	unknown.DeceasedDate, unknown.DeathDayUnknown = breach.Person{}.DeceasedDate, true
	for _, p := range []breach.Person{dead, unknown} {
		plain, _ := postgres.Plain(p)
		back, err := postgres.ReadPlain(plain)
		require.NoError(t, err)
		back.Key, back.PracticeKey = p.Key, p.PracticeKey
		require.Equal(t, p, back)
	}
}

// TestWhatALetterPrintsIsInItsHash: a corrected code or a death that became known
// is another letter, a corrected note is none.
func TestWhatALetterPrintsIsInItsHash(t *testing.T) {
	t.Parallel()
	_, before := postgres.Plain(planted("P1", "a"))
	for name, c := range map[string]struct {
		change  func(*breach.Person)
		another bool
	}{
		"the code":         {func(p *breach.Person) { p.EnrollmentCode = "QXKW-7731-ZZTW" }, true},
		"the day of death": {func(p *breach.Person) { p.DeathDayUnknown = true }, true},
		"the source":       {func(p *breach.Person) { p.Source = "carton 94" }, false},
	} {
		p := planted("P1", "a")
		c.change(&p)
		_, after := postgres.Plain(p)
		require.Equal(t, c.another, string(before) != string(after), name)
	}
}

// TestAFurtherListCannotGiveOnePersonsCodeToAnother, whatever the capitals; what
// two people exchange within the list is theirs.
func TestAFurtherListCannotGiveOnePersonsCodeToAnother(t *testing.T) {
	t.Parallel()
	coded := func(practice, key, code string) breach.Person {
		return with(person(practice, key), func(p *breach.Person) { p.EnrollmentCode = code })
	}
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), coded("P1", "a", "CODE-A"), coded("P1", "b", "CODE-B"), person("P1", "c")))

	_, err := store.LoadList(t.Context(), incidentID, amendment("list-2", coded("P2", "d", "code-a")))
	refusal, refused := breach.AsRefusal(err)
	require.True(t, refused, "%v", err)
	require.Equal(t, "shared_code", refusal.Code)
	require.NotContains(t, refusal.Message, "CODE", "the code is nobody else's business")
	require.Empty(t, people(t, store, "P2"), "nothing of the list is there")

	amended(t, store, amendment("list-3", coded("P1", "a", "CODE-B"), coded("P1", "b", "CODE-A"), coded("P2", "a", "CODE-B"), coded("P2", "d", "CODE-D")))
	require.Equal(t, "CODE-D", people(t, store, "P2")[1].EnrollmentCode)
}

// TestIncidentsDoNotDifferInCapitalsOnly: their folders would be one on many computers.
func TestIncidentsDoNotDifferInCapitalsOnly(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "a")))
	other := caseOf(incident(), practices("P1"), person("P1", "a"))
	other.Incident.ID = strings.ToLower(incidentID)
	require.NotEqual(t, incidentID, other.Incident.ID)
	_, err := store.LoadCase(t.Context(), other, nil)
	refusal, refused := breach.AsRefusal(err)
	require.True(t, refused, "%v", err)
	require.Equal(t, "incident_named_alike", refusal.Code)
}
