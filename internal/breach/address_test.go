package breach_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
)

func TestWordsThatStandForNoPlace(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"", "  ", "?", "-", "***", "x", "XX", "0", "0000", "99999", "UNKNOWN", "Unk.", "** Address Not Given **", "NO FIXED ADDRESS", "No fixed abode",
		"NFA", "N/A", "n.a.", "NA", "HOMELESS", "Homeless - no address", "BAD ADDRESS", "RETURNED MAIL", "MAIL RETURNED", "Return to sender",
		"UNDELIVERABLE AS ADDRESSED", "Moved, left no address", "NONE", "NULL", "TBD", "DO NOT MAIL", "Don't send mail", "Address unknown", "not on file",
	} {
		require.True(t, breach.SaysNoPlace(s), s)
	}
	for _, s := range []string{
		"General Delivery", "1 Elm St", "1 Unknown Rd", "PO Box 0", "Bad Axe", "Given", "Unknown Creek Ranch", "Homeless Shelter, 12 Main St", "Post",
		"Dallas", "No Name Key", "9", "99 X St", "Nada", "Nome", "Home", "Mail Room", "X Street", "Straße", "São Paulo", "東京", "N Avenue", "Bend", "Left Hand", "Non",
		"None Such Lane 4", "Bad Homburg", strings.Repeat("unknown", 9),
	} {
		require.False(t, breach.SaysNoPlace(s), s)
	}
	for s, want := range map[string]bool{"RETURNED MAIL": true, "bad address": true, "N/A": false, "none": false, "": false, "Apt 4": false, "Return Rd 4": false} {
		require.Equal(t, want, breach.SaysReturned(s), s)
	}
	whole := breach.Person{Address1: "1 Elm St", City: "Dallas", State: "TX", ZIP: "75201"}
	require.True(t, whole.HasUsableAddress())
	for name, spoil := range map[string]func(*breach.Person){
		"a street":             func(p *breach.Person) { p.Address1 = "HOMELESS" },
		"a city":               func(p *breach.Person) { p.City = "?" },
		"a second line":        func(p *breach.Person) { p.Address2 = "RETURNED MAIL" },
		"a ZIP of zeros":       func(p *breach.Person) { p.ZIP = "00000" },
		"a ZIP of nines":       func(p *breach.Person) { p.ZIP = "99999-9999" },
		"a street, far abroad": func(p *breach.Person) { p.Country, p.Address1 = "FRANCE", "unknown" },
	} {
		p := whole
		spoil(&p)
		require.False(t, p.HasUsableAddress(), name)
	}
}

func TestTheUnitedStatesByAnyName(t *testing.T) {
	t.Parallel()
	for country, territory := range map[string]string{
		"": "", "us": "", "U.S.A.": "", "United States of America": "", "the United States": "", "UNITED STATES (USA)": "", "840": "", "EE. UU.": "",
		"PR": "PR", "Puerto Rico": "PR", "PRI": "PR", "Guam": "GU", "VI": "VI", "U.S. Virgin Islands": "VI", "Virgin Islands, U.S.": "VI",
		"American Samoa": "AS", "MNP": "MP", "Northern Mariana Islands": "MP",
	} {
		got, domestic := breach.DomesticCountry(country)
		require.True(t, domestic, country)
		require.Equal(t, territory, got, country)
	}
	for _, country := range []string{"CA", "Mexico", "British Virgin Islands", "VG", "United Kingdom", "UNKNOWN", "Ünited States"} {
		_, domestic := breach.DomesticCountry(country)
		require.False(t, domestic, country)
	}
}

func TestZIPsAndTheirStates(t *testing.T) {
	t.Parallel()
	for zip, states := range map[string]string{
		"05401": "VT", "98101": "WA", "00907": "PR", "06390": "CT NY", "20041": "DC VA", "96799": "HI AS", "09012": "AE", "79901-1234": "TX", "885991234": "TX",
		"05501": "MA", "33101": "FL", "88901": "NV", "73301": "TX", "20588": "DC", "39901": "GA", "00100": "", "34501": "", "99501": "AK",
	} {
		require.True(t, breach.IsZIP(zip), zip)
		require.Equal(t, states, strings.Join(breach.ZIPStates(zip), " "), zip)
	}
	for _, s := range []string{"", "1234", "123456", "12345-678", "1234-56789", "12345-", "00000", "99999", "00000-1234", "999991234", "1234５"} {
		require.False(t, breach.IsZIP(s), s)
	}
	seen := map[string]bool{}
	for n := range 1000 {
		for _, code := range breach.ZIPStates(string([]byte{byte('0' + n/100), byte('0' + n/10%10), byte('0' + n%10), '0', '1'})) {
			require.True(t, breach.IsPostalCode(code), code)
			seen[code] = true
		}
	}
	require.Len(t, seen, 56+6, "every State and every other code of domestic mail has a ZIP")
}

func TestMailboxes(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"privacy@example.org", "a@b.co", "o'brien+x@mail.example.org", "privacy@xn--mnchen-3ya.example", "1@2.example"} {
		require.True(t, breach.IsMailbox(s), s)
	}
	for _, s := range []string{
		"", "@", "privacy", "@example.org", "privacy@", "josé@example.org", "privacy@münchen.example", "privacy@example", "privacy@localhost",
		"privacy@example..org", ".a@example.org", "a.@example.org", "a..b@example.org", `"a b"@example.org`, "privacy@[127.0.0.1]", "a@127.0.0.1",
		"Ada <ada@example.org>", "a@example.org, b@example.org", "a@-example.org", "a@example-.org", "a@example.org.", "a b@example.org", "a@b@example.org",
		strings.Repeat("a", 65) + "@example.org", "a@" + strings.Repeat("a", 64) + ".org", "a@example.c",
	} {
		require.False(t, breach.IsMailbox(s), s)
	}
	for s, want := range map[string]bool{"noreply@example.org": true, "No-Reply@example.org": true, "none@none.com": true, "office@example.org": false} {
		require.Equal(t, want, breach.IsUnreadMailbox(s), s)
	}
}
