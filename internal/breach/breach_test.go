package breach_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

func TestNPICheckDigit(t *testing.T) {
	t.Parallel()
	require.True(t, breach.IsNPI("1234567893"), "the example of the NPI standard")
	for _, bad := range []string{"1234567890", "123456789", "12345678933", "12345678a3", "", "１２３４５６７８９３"} {
		require.False(t, breach.IsNPI(bad), bad)
	}
}

func TestKeysAreSafeAsFileNamesAndWorkflowIDs(t *testing.T) {
	t.Parallel()
	for _, ok := range []string{"P1", "a.b_c-d", "0", "console", "CON1", "COM", "a.con", "_", "A-", "lpt10"} {
		require.True(t, breach.IsKey(ok), ok)
	}
	for _, bad := range []string{"", ".", "..", "...", "a/b", "a b", "ä", "a:b", string(make([]byte, 65)),
		".hidden", "-rf", "P1.", "CON", "nul", "Aux.txt", "com1", "LPT9.a.b"} {
		require.False(t, breach.IsKey(bad), bad)
	}
	for _, bad := range []string{"EX.2026", "EX_2026", "con", "-EX", "Outbox", "annual-log"} {
		require.False(t, breach.IsIncidentID(bad), bad)
	}
	require.True(t, breach.IsIncidentID("EX-2026-03"))
}

// TestKeysOfACaseAreDifferentEverywhere, also where capitals are ignored.
func TestKeysOfACaseAreDifferentEverywhere(t *testing.T) {
	t.Parallel()
	require.NoError(t, breach.CheckKeys([]string{"P1", "P2", "p3"}))
	for _, keys := range [][]string{{"P1", "p1"}, {"P1", "P1"}, {"P1", ".P2"}, {"P1", "P2 "}, {"P1", "P2."}, {""}, {"nul.csv"}} {
		refusal, ok := breach.AsRefusal(breach.CheckKeys(keys))
		require.True(t, ok, "%q", keys)
		require.Equal(t, "bad_key", refusal.Code)
	}
}

// FuzzIsKey: a key is one name to every system: in one piece, neither hidden nor an
// option, not changed by Windows, and none of its devices.
func FuzzIsKey(f *testing.F) {
	for _, seed := range []string{"P1", "EX-2026-03", ".hidden", "-rf", "P1.", "P1 ", "CON", "con.txt", "lpt9.a.b", "a/b", "a\\b", "a:b", "COM\u00b9", "P\u200d1", "a\x00", "~", "a$b"} {
		f.Add(seed)
	}
	device := regexp.MustCompile(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$`)
	plain := regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$`)
	f.Fuzz(func(t *testing.T, key string) {
		if !breach.IsKey(key) {
			require.False(t, breach.IsIncidentID(key), "%q", key)
			return
		}
		require.Regexp(t, plain, key)
		require.NotRegexp(t, device, key)
		require.True(t, filepath.IsLocal(key) && filepath.Base(key) == key, "%q", key)
		require.Equal(t, key, strings.TrimRight(key, ". "), "Windows drops these")
		require.NoError(t, breach.CheckKeys([]string{key}))
		if strings.ToUpper(key) != key {
			require.Error(t, breach.CheckKeys([]string{key, strings.ToUpper(key)}))
		}
	})
}

func TestReaderOfALetter(t *testing.T) {
	t.Parallel()
	day := civil.MustParse("2026-05-01")
	for _, c := range []struct {
		name   string
		person breach.Person
		want   breach.Reader
	}{
		{"no birth date", breach.Person{}, breach.Adult},
		{"eighteenth birthday is tomorrow", breach.Person{BirthDate: civil.MustParse("2008-05-02")}, breach.ForMinor},
		{"eighteenth birthday is today", breach.Person{BirthDate: civil.MustParse("2008-05-01")}, breach.Adult},
		{"dead, on a day nobody knows", breach.Person{DeathDayUnknown: true, RepresentativeName: "Ada Example", RepresentativeRelation: "next_of_kin"}, breach.NextOfKin},
		{"a minor who died", breach.Person{BirthDate: civil.MustParse("2015-05-01"), DeceasedDate: civil.MustParse("2025-01-01")}, breach.NextOfKin},
		{"a minor whose care is their own", breach.Person{BirthDate: civil.MustParse("2012-05-01"), RepresentativeRelation: "self"}, breach.Adult},
		{"a minor who died after care of their own", breach.Person{BirthDate: civil.MustParse("2012-05-01"), RepresentativeRelation: "self", DeceasedDate: civil.MustParse("2025-01-01")}, breach.NextOfKin},
		{"an adult with a guardian", breach.Person{RepresentativeName: "Ada Example", RepresentativeRelation: "guardian"}, breach.ForAnother},
		{"an adult whose parent is on file", breach.Person{BirthDate: civil.MustParse("2000-01-01"), RepresentativeName: "Ada Example", RepresentativeRelation: "parent"}, breach.Adult},
	} {
		require.Equal(t, c.want, c.person.ReaderOn(day), c.name)
	}
}

func TestRecordsOfTheLongDeadAreNotProtected(t *testing.T) {
	t.Parallel()
	died := breach.Person{DeceasedDate: civil.MustParse("1976-03-16")}
	require.True(t, died.ProtectedOn(civil.MustParse("2026-03-15")))
	require.True(t, died.ProtectedOn(civil.MustParse("2026-03-16")), "fifty years to the day is not more than fifty")
	require.False(t, died.ProtectedOn(civil.MustParse("2026-03-17")))
	unknown := breach.Person{DeathDayUnknown: true}
	require.True(t, unknown.Dead() && unknown.ProtectedOn(civil.MustParse("2026-03-17")), "nobody knows that it is so long ago")
	require.Equal(t, "unknown", unknown.DiedOn())
	require.Equal(t, "1976-03-16", died.DiedOn())
	require.Empty(t, (&breach.Person{}).DiedOn())
}

func TestUsableAddress(t *testing.T) {
	t.Parallel()
	whole := breach.Person{Address1: "1 Main St", City: "Springfield", State: "IL", ZIP: "62701"}
	require.True(t, whole.HasUsableAddress())
	require.Equal(t, "IL", whole.Residence())
	for name, spoil := range map[string]func(*breach.Person){
		"no street": func(p *breach.Person) { p.Address1 = "" },
		"no city":   func(p *breach.Person) { p.City = "" },
		"no State":  func(p *breach.Person) { p.State = "" },
		"lost zero": func(p *breach.Person) { p.ZIP = "6270" },
		"no ZIP":    func(p *breach.Person) { p.ZIP = "" },
	} {
		p := whole
		spoil(&p)
		require.False(t, p.HasUsableAddress(), name)
	}
	for _, code := range []string{"AA", "AE", "AP", "FM", "MH", "PW"} {
		p := whole
		p.City, p.State, p.ZIP = "APO", code, "09012"
		require.True(t, p.HasUsableAddress(), code)
		require.Empty(t, p.Residence(), "mail to %s makes nobody a resident of a State", code)
	}
	for _, code := range []string{"AB", "ZZ", "ae"} {
		p := whole
		p.State = code
		require.False(t, p.HasUsableAddress(), code)
	}
	abroad := breach.Person{Address1: "1 High Street", City: "Leeds", ZIP: "LS1 1AA", Country: "GB"}
	require.True(t, abroad.HasUsableAddress())
	require.Empty(t, abroad.Residence())
}

func TestDataClassSetKeepsTheOrderOfLetters(t *testing.T) {
	t.Parallel()
	set := breach.SetOf("diagnosis", "name", "nonsense", "ssn")
	require.Equal(t, []breach.DataClass{"name", "ssn", "diagnosis"}, set.Classes())
	for _, c := range breach.DataClasses() {
		require.NotEmpty(t, c.Plain(), c)
	}
}
