package postgres_test

import (
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
