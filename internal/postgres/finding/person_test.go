package finding

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// whole has a text of its own in every field.
func whole() breach.Person {
	return breach.Person{
		Key: "a", PracticeKey: "P1",
		FirstName: "Zephyrine", MiddleName: "Quillon", LastName: "Vexworthy", Suffix: "XVII",
		BirthDate: civil.MustParse("1931-07-09"), DeceasedDate: civil.MustParse("2024-11-03"), EmailAgreedOn: civil.MustParse("2019-05-23"),
		RepresentativeName: "Barnabeth Oxcroft", RepresentativeRelation: "personal_representative",
		Address1: "90417 Mirthwood Lane", Address2: "Flat Kestrel", City: "Dunmoravia", State: "VA", ZIP: "23220-4817", Country: "US",
		Email: "zvexworthy@planted.example", Phone: "804-555-0177", Language: "eo", ConfidentialAddress: "no",
		DataClasses: []breach.DataClass{"name", "diagnosis"}, AcquiredOrViewed: "unknown", Source: "carton-93-of-tape",
		EnrollmentCode: "QXKW-7731-a",
	}
}

// plainOf is a person as it is encrypted, and the part that decides their letter.
func plainOf(p breach.Person) (plain, letter []byte) {
	plain, begins, ends := appendPlain(nil, &p, &inClear{classes: breach.SetOf(p.DataClasses...)})
	return plain[begins:], plain[begins:ends]
}

// TestAPersonIsSealedWhole: what is written comes back, whether the day of death
// is known or not, and with the code for the credit monitoring.
func TestAPersonIsSealedWhole(t *testing.T) {
	t.Parallel()
	dead, unknown := whole(), whole()
	unknown.DeceasedDate, unknown.DeathDayUnknown = breach.Person{}.DeceasedDate, true
	for _, p := range []breach.Person{dead, unknown} {
		plain, _ := plainOf(p)
		back, _, err := readPlain(plain)
		require.NoError(t, err)
		back.Key, back.PracticeKey = p.Key, p.PracticeKey
		require.Equal(t, p, back)
	}
}

// TestWhatALetterPrintsIsInItsHash: a corrected code or a death that became known
// is another letter, a corrected note is none.
func TestWhatALetterPrintsIsInItsHash(t *testing.T) {
	t.Parallel()
	_, before := plainOf(whole())
	for name, c := range map[string]struct {
		change  func(*breach.Person)
		another bool
	}{
		"the code":         {func(p *breach.Person) { p.EnrollmentCode = "QXKW-7731-ZZTW" }, true},
		"the day of death": {func(p *breach.Person) { p.DeathDayUnknown = true }, true},
		"the source":       {func(p *breach.Person) { p.Source = "carton 94" }, false},
	} {
		p := whole()
		c.change(&p)
		_, after := plainOf(p)
		require.Equal(t, c.another, string(before) != string(after), name)
	}
}
