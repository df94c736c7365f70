package breach_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
)

func person() breach.Person {
	return breach.Person{
		Key: "k1", FirstName: "Seán", LastName: "O'Brien", Address1: "12 Main St. Apt 4", City: "St. Louis", State: "MO", ZIP: "63101",
	}
}

func TestOneLetterServesRowsThatReadAlike(t *testing.T) {
	t.Parallel()
	want, ok := person().MailKey()
	require.True(t, ok)
	for name, change := range map[string]func(*breach.Person){
		"another person key": func(p *breach.Person) { p.Key = "k2" },
		"another practice":   func(p *breach.Person) { p.PracticeKey = "P2" },
		"capitals":           func(p *breach.Person) { p.FirstName, p.LastName, p.City = "SEÁN", "O'BRIEN", "ST. LOUIS" },
		"decomposed accent":  func(p *breach.Person) { p.FirstName = "Sea\u0301n" },
		"another apostrophe": func(p *breach.Person) { p.LastName = "O’Brien" },
		"no apostrophe":      func(p *breach.Person) { p.LastName = "OBrien" },
		"no full stops":      func(p *breach.Person) { p.City, p.Address1 = "St Louis", "12 Main St Apt 4" },
		"spaces":             func(p *breach.Person) { p.Address1 = "  12  Main St.,  Apt  4 " },
		"number sign":        func(p *breach.Person) { p.Address1 = "12 Main St. Apt #4" },
		"on two lines":       func(p *breach.Person) { p.Address1, p.Address2 = "12 Main St.", "Apt 4" },
		"ZIP+4":              func(p *breach.Person) { p.ZIP = "63101-1234" },
		"ZIP of nine digits": func(p *breach.Person) { p.ZIP = "631011234" },
		"country said":       func(p *breach.Person) { p.Country = "USA" },
		"a birth date":       func(p *breach.Person) { p.BirthDate.Year = 2020 },
		"other data classes": func(p *breach.Person) { p.DataClasses = []breach.DataClass{"ssn"} },
	} {
		p := person()
		change(&p)
		got, ok := p.MailKey()
		require.True(t, ok, name)
		require.Equal(t, want, got, name)
	}
}

func TestAnotherAddresseeOrAddressGetsItsOwnLetter(t *testing.T) {
	t.Parallel()
	want, _ := person().MailKey()
	for name, change := range map[string]func(*breach.Person){
		"first name":           func(p *breach.Person) { p.FirstName = "Sean" },
		"suffix":               func(p *breach.Person) { p.Suffix = "Jr." },
		"representative":       func(p *breach.Person) { p.RepresentativeName = "Ada Example" },
		"street":               func(p *breach.Person) { p.Address1 = "13 Main St. Apt 4" },
		"flat":                 func(p *breach.Person) { p.Address1 = "12 Main St. Apt 5" },
		"city":                 func(p *breach.Person) { p.City = "Clayton" },
		"State":                func(p *breach.Person) { p.State = "IL" },
		"ZIP":                  func(p *breach.Person) { p.ZIP = "63102" },
		"country":              func(p *breach.Person) { p.Country = "IE" },
		"name moved to a line": func(p *breach.Person) { p.LastName, p.Address1 = "", "O'Brien 12 Main St. Apt 4" },
	} {
		p := person()
		change(&p)
		got, ok := p.MailKey()
		require.True(t, ok, name)
		require.NotEqual(t, want, got, name)
	}
}

func TestConfidentialAndUnusableAddressesNeverShareALetter(t *testing.T) {
	t.Parallel()
	p := person()
	p.ConfidentialAddress = breach.Yes
	_, ok := p.MailKey()
	require.False(t, ok)
	p = person()
	p.RepresentativeRelation = breach.ActsForSelf
	_, ok = p.MailKey()
	require.False(t, ok, "a minor's own care is not told in the letter to a parent")
	p = person()
	p.ZIP = "6310"
	_, ok = p.MailKey()
	require.False(t, ok)
}

func FuzzMailKey(f *testing.F) {
	f.Add("Łukasz", "12 Hoża\u0308", "63101")
	f.Add("\xff'.", "  ", "631011234")
	f.Fuzz(func(t *testing.T, name, street, zip string) {
		p := person()
		p.LastName, p.Address1, p.ZIP = name, street, zip
		key, ok := p.MailKey()
		again, okAgain := p.MailKey()
		require.Equal(t, key, again)
		require.Equal(t, ok, okAgain)
		require.Equal(t, ok, p.HasUsableAddress())
		if ok {
			require.NotContains(t, key, "  ")
		}
	})
}

func TestCountingMembers(t *testing.T) {
	t.Parallel()
	require.Equal(t, map[string][]string{"ACE": {"P1", "P10", "P2"}}, breach.CountingMembers([]breach.Practice{
		{Key: "P2", CountingEntity: "ACE"}, {Key: "P10", CountingEntity: "ACE"}, {Key: "P1", CountingEntity: "ACE"},
		{Key: "P3", CountingEntity: "ALONE"}, {Key: "P4"},
	}))
	require.Equal(t, map[string][]string{"P1": {"P1", "P2"}}, breach.CountingMembers([]breach.Practice{
		{Key: "P1"}, {Key: "P2", CountingEntity: "P1"},
	}), "an entity may be named by a practice's own key")
}

// TestOneAddressWrittenOtherwiseIsOneAddress: a letter that came back from it
// would come back again.
func TestOneAddressWrittenOtherwiseIsOneAddress(t *testing.T) {
	t.Parallel()
	old := breach.Person{FirstName: "Ada", Address1: "1 Example St.", Address2: "Apt 3", City: "Richmond", State: "VA", ZIP: "23220"}
	for _, same := range []breach.Person{
		{LastName: "Another", Address1: "1 EXAMPLE ST", Address2: "apt. 3", City: "richmond", State: "VA", ZIP: "23220-1234", Country: "US"},
		{Address1: "1 Example St. Apt 3", City: "Richmond", State: "VA", ZIP: "232201234", RepresentativeName: "Grace", ConfidentialAddress: breach.Yes},
	} {
		require.True(t, old.SameAddress(&same), "%+v", same)
	}
	for _, other := range []breach.Person{
		{Address1: "1 Example St.", City: "Richmond", State: "VA", ZIP: "23220"},
		{Address1: "1 Example St.", Address2: "Apt 3", City: "Richmond", State: "VA", ZIP: "23221"},
		{Address1: "1 Example St.", Address2: "Apt 3", City: "Richmond", State: "VA", ZIP: "2"},
		{Address1: "1 Example St.", Address2: "Apt 3", City: "Richmond", State: "VA", ZIP: "23220", Country: "CA"},
		{},
	} {
		require.False(t, old.SameAddress(&other), "%+v", other)
	}
}

// Text in ASCII takes a way of its own, and must come to the same: mail keys are kept as
// hashes, and another key of the same person would be another letter.
func TestAMailKeyIsTheSameOnBothWays(t *testing.T) {
	t.Parallel()
	of := func(name string) string {
		p := breach.Person{Key: "a", FirstName: name, LastName: "Example", Address1: "1 Example Street", City: "Richmond", State: "VA", ZIP: "23220"}
		key, joinable := p.AppendMailKey(nil)
		require.True(t, joinable)
		return string(key)
	}
	for c := range byte(utf8.RuneSelf) {
		between := "Jo" + string(rune(c)) + "H n"
		require.Equal(t, of(between+"é"), strings.Replace(of(between), "h n", "h né", 1), "character %d", c)
		require.Equal(t, of("é "+between), strings.Replace(of(between), "jo", "é jo", 1), "character %d", c)
	}
}
