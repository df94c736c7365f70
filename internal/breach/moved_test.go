package breach_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
)

// TestANewAddressIsTakenForWhoMoved: it is of the same name, or it is of nobody's.
func TestANewAddressIsTakenForWhoMoved(t *testing.T) {
	t.Parallel()
	person := func(change func(*breach.Person)) breach.Person {
		p := breach.Person{
			Key: "p-1", FirstName: "Inés María", LastName: "Núñez-O’Dell", Address1: "1 Old St.", City: "Austin", State: "TX", ZIP: "78701",
		}
		change(&p)
		return p
	}
	order := func(change func(*breach.Moved)) breach.Moved {
		m := breach.Moved{LastName: "NUNEZ ODELL", FirstName: "INES M", Address1: "9 NEW AVE APT 2", City: "RENO", State: "NV", ZIP: "89501-1234"}
		change(&m)
		return m
	}
	nothing := func(*breach.Person) {}
	as := func(*breach.Moved) {}
	for name, c := range map[string]struct {
		person func(*breach.Person)
		order  func(*breach.Moved)
		why    breach.Unmoved
	}{
		"the person":                {nothing, as, ""},
		"another first name":        {nothing, func(m *breach.Moved) { m.FirstName = "JO" }, breach.UnmovedOtherName},
		"no first name":             {nothing, func(m *breach.Moved) { m.FirstName = "" }, breach.UnmovedOtherName},
		"the family":                {nothing, func(m *breach.Moved) { m.FirstName, m.Family = "JO", true }, ""},
		"another family":            {nothing, func(m *breach.Moved) { m.LastName, m.Family = "NUNEZ", true }, breach.UnmovedOtherName},
		"no name, a family":         {func(p *breach.Person) { p.LastName = "" }, func(m *breach.Moved) { m.LastName, m.Family = "", true }, breach.UnmovedOtherName},
		"a business":                {nothing, func(m *breach.Moved) { m.Business = true }, breach.UnmovedBusiness},
		"the address was asked for": {func(p *breach.Person) { p.ConfidentialAddress = breach.Yes }, as, breach.UnmovedConfidential},
		"the old address, otherwise": {func(p *breach.Person) {
			p.Address1, p.City, p.State, p.ZIP = "9 New Ave, Apt. 2", "Reno", "NV", "89501"
		}, as, breach.UnmovedSame},
		"no street":                    {nothing, func(m *breach.Moved) { m.Address1 = "" }, breach.UnmovedUnusable},
		"no State":                     {nothing, func(m *breach.Moved) { m.State = "ZZ" }, breach.UnmovedUnusable},
		"no ZIP":                       {nothing, func(m *breach.Moved) { m.ZIP = "8950" }, breach.UnmovedUnusable},
		"something that is no letter":  {nothing, func(m *breach.Moved) { m.City = "RE\x00NO" }, breach.UnmovedUnusable},
		"who acts for the person":      {func(p *breach.Person) { p.RepresentativeName = "Kim van Osei" }, func(m *breach.Moved) { m.LastName, m.FirstName = "OSEI", "KIM" }, ""},
		"the person, not who acts":     {func(p *breach.Person) { p.RepresentativeName = "Kim Osei" }, as, breach.UnmovedOtherName},
		"from abroad":                  {func(p *breach.Person) { p.Country = "DE" }, as, ""},
		"from where nobody lives here": {func(p *breach.Person) { p.Address1, p.City, p.State, p.ZIP = "", "", "", "" }, as, ""},
	} {
		p, m := person(c.person), order(c.order)
		moved, why := m.Of(&p)
		require.Equal(t, c.why, why, name)
		if why != "" {
			require.Equal(t, p, moved, name)
			require.NotEmpty(t, why.Words(), name)
			continue
		}
		require.Equal(t, []string{m.Address1, m.City, m.State, m.ZIP, ""}, []string{moved.Address1, moved.City, moved.State, moved.ZIP, moved.Country}, name)
		require.Equal(t, p.FirstName, moved.FirstName, name)
	}
}
