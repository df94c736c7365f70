package synthetic_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/synthetic"
)

// boundaryRoom is how many people the practices at a boundary have more than one each.
const boundaryRoom = 3_607 - 12

func TestBoundaryPractices(t *testing.T) {
	t.Parallel()
	for _, scale := range []struct{ practices, people int }{{12, 3_607}, {40, 8_800}, {200, 12_000}} {
		p := synthetic.Default(discovered)
		p.Practices, p.People = scale.practices, scale.people
		dir, made := write(t, p)
		c := recount(t, dir, p)
		at := func(name synthetic.Boundary) (row, breach.Tally) {
			key := made.Boundaries[name].PracticeKey
			require.Contains(t, c.practices, key, name)
			return c.practices[key], c.tallies[key]
		}
		for name, people := range map[synthetic.Boundary]int{
			synthetic.People499: 499, synthetic.People500: 500, synthetic.People501: 501,
		} {
			_, tally := at(name)
			require.Equal(t, people, tally.People, name)
			for state, n := range tally.Residents {
				require.LessOrEqual(t, n, 500, "%s has no media notice in %s", name, state)
			}
		}
		for name, residents := range map[synthetic.Boundary]int{synthetic.Residents501: 501, synthetic.Residents500: 500} {
			practice, tally := at(name)
			require.Equal(t, residents, tally.Residents[practice["state"]], name)
			require.Greater(t, tally.People, 501, name)
		}
		for name, missing := range map[synthetic.Boundary]int{synthetic.NoAddress9: 9, synthetic.NoAddress10: 10} {
			_, tally := at(name)
			require.Equal(t, missing, tally.NoUsableAddress, name)
			require.Zero(t, tally.NoUsableAddressKin, name)
		}
		_, kin := at(synthetic.KinWithoutAddress)
		require.Equal(t, 10, kin.NoUsableAddress)
		require.Equal(t, 1, kin.NoUsableAddressKin)
		require.Equal(t, 1, c.made.LongDead)

		first, firstTally := at(synthetic.SharedFirst)
		second, secondTally := at(synthetic.SharedSecond)
		require.Equal(t, first["counting_entity"], second["counting_entity"])
		require.Less(t, firstTally.People, 500)
		require.Less(t, secondTally.People, 500)
		require.Equal(t, 540, c.shared.People)
		require.Equal(t, firstTally.People+secondTally.People-20, c.shared.People, "twenty are in both")
		require.Greater(t, c.shared.Residents["MN"], 500)

		facility, _ := at(synthetic.LicensedFacility)
		require.Equal(t, "CA yes", facility["state"]+" "+facility["ca_licensed_facility"])
		program, _ := at(synthetic.Part2Program)
		require.Equal(t, "yes no", program["part2_program"]+" "+program["agent"])
		for name := range made.Boundaries {
			practice, _ := at(name)
			require.Equal(t, "all", practice["delegation"], name)
		}
	}
}

// uspsPrefixes are the three-digit ZIP prefixes of each State (USPS Domestic
// Mail Manual, Labeling List L002), typed apart from the generator's table.
var uspsPrefixes = map[string][][2]string{
	"AL": {{"350", "369"}}, "AK": {{"995", "999"}}, "AZ": {{"850", "865"}}, "AR": {{"716", "729"}}, "CA": {{"900", "961"}},
	"CO": {{"800", "816"}}, "CT": {{"060", "069"}}, "DE": {{"197", "199"}}, "DC": {{"200", "205"}}, "FL": {{"320", "349"}},
	"GA": {{"300", "319"}, {"398", "399"}}, "HI": {{"967", "968"}}, "ID": {{"832", "838"}}, "IL": {{"600", "629"}},
	"IN": {{"460", "479"}}, "IA": {{"500", "528"}}, "KS": {{"660", "679"}}, "KY": {{"400", "427"}}, "LA": {{"700", "714"}},
	"ME": {{"039", "049"}}, "MD": {{"206", "219"}}, "MA": {{"010", "027"}}, "MI": {{"480", "499"}}, "MN": {{"550", "567"}},
	"MS": {{"386", "397"}}, "MO": {{"630", "658"}}, "MT": {{"590", "599"}}, "NE": {{"680", "693"}}, "NV": {{"889", "898"}},
	"NH": {{"030", "038"}}, "NJ": {{"070", "089"}}, "NM": {{"870", "884"}}, "NY": {{"100", "149"}}, "NC": {{"270", "289"}},
	"ND": {{"580", "588"}}, "OH": {{"430", "459"}}, "OK": {{"730", "749"}}, "OR": {{"970", "979"}}, "PA": {{"150", "196"}},
	"RI": {{"028", "029"}}, "SC": {{"290", "299"}}, "SD": {{"570", "577"}}, "TN": {{"370", "385"}}, "TX": {{"750", "799"}},
	"UT": {{"840", "847"}}, "VT": {{"050", "059"}}, "VA": {{"220", "246"}}, "WA": {{"980", "994"}}, "WV": {{"247", "268"}},
	"WI": {{"530", "549"}}, "WY": {{"820", "831"}}, "PR": {{"006", "007"}, {"009", "009"}}, "VI": {{"008", "008"}}, "GU": {{"969", "969"}},
}

func zipIsIn(zip, state string) bool {
	return slices.ContainsFunc(uspsPrefixes[state], func(r [2]string) bool { return zip[:3] >= r[0] && zip[:3] <= r[1] })
}

var (
	ssnShape   = regexp.MustCompile(`(^|[^0-9A-Za-z])(\d{3}[-. ]\d{2}[-. ]\d{4}|\d{9})($|[^0-9A-Za-z])`)
	phoneShape = regexp.MustCompile(`^(1-)?\d{3}-555-01\d\d$`)
	mailShape  = regexp.MustCompile(`^[a-z-]+@([a-z0-9-]+\.)?example\.(org|com)$`)
)

// Nothing in the folder may be, or look like, something of a real person.
func TestEverythingIsInventedAndWellFormed(t *testing.T) {
	t.Parallel()
	p := synthetic.Default(discovered)
	p.Practices, p.People = 130, 12_000 // every State and every kind of row
	dir, _ := write(t, p)
	states := map[string]bool{}
	practices := readCSV(t, filepath.Join(dir, "practices.csv"))
	for _, r := range practices {
		key := r["practice_key"]
		wellFormed(t, key, r)
		states[r["state"]] = true
		require.True(t, breach.IsKey(key), key)
		require.True(t, zipIsIn(r["zip"], r["state"]), "%s: %s is in %s", key, r["zip"], r["state"])
		if r["npi"] != "" {
			require.True(t, breach.IsNPI(r["npi"]), key)
			require.True(t, strings.HasPrefix(r["npi"], "2000"), key)
		}
	}
	require.Len(t, states, len(uspsPrefixes), "a practice in every State of the table")

	for i, r := range readCSV(t, filepath.Join(dir, "findings.csv")) {
		where := r["practice_key"] + " " + r["person_key"]
		wellFormed(t, where, r)
		require.True(t, breach.IsKey(r["person_key"]), where)
		require.NotRegexp(t, `\d`, r["person_key"], where)
		require.NotEmpty(t, r["first_name"], "row %d", i)
		require.NotEmpty(t, r["last_name"], "row %d", i)
		if r.usable() && r.state() != "" {
			require.True(t, zipIsIn(r["zip"], r["state"]), where)
		}
		for class := range strings.SplitSeq(r["data_classes"], ";") {
			require.True(t, breach.DataClass(class).Known(), class)
		}
		born, died := r.date("birth_date"), r.date("deceased_date")
		require.False(t, born.After(p.Discovered) || died.After(p.Discovered) || r.date("email_agreed_on").After(p.Discovered), where)
		require.False(t, !died.IsZero() && !born.IsZero() && died.Before(born), where)
		if r["representative_relation"] != "" {
			require.Contains(t, breach.Relations, r["representative_relation"], where)
		}
		alone := r["representative_relation"] == "" || r["representative_relation"] == breach.ActsForSelf
		require.Equal(t, r["representative_name"] == "", alone, where)
	}
}

func TestEveryPracticeHasItsOwnNameAndNumber(t *testing.T) {
	t.Parallel()
	p := synthetic.Default(discovered)
	p.Practices, p.People = synthetic.MaxPractices, synthetic.MaxPractices+boundaryRoom
	require.True(t, p.Boundaries())
	dir, _ := write(t, p)
	owner := map[string]string{}
	for _, r := range readCSV(t, filepath.Join(dir, "practices.csv")) {
		for _, column := range []string{"practice_key", "legal_name", "npi"} {
			if r[column] == "" {
				continue
			}
			require.Empty(t, owner[column+r[column]], "%s of %s", column, r["practice_key"])
			owner[column+r[column]] = r["practice_key"]
		}
	}
}

// wellFormed holds for every cell of both lists.
func wellFormed(t *testing.T, where string, r row) {
	t.Helper()
	for column, cell := range r {
		require.True(t, utf8.ValidString(cell), "%s %s", where, column)
		require.Equal(t, strings.TrimSpace(cell), cell, "%s %s", where, column)
		if cell == "" {
			continue
		}
		require.NotContains(t, "=+-@\t", cell[:1], "%s %s", where, column)
		require.False(t, ssnShape.MatchString(cell), "%s %s", where, column)
		switch column {
		case "phone", "toll_free":
			require.Regexp(t, phoneShape, cell, where)
		case "email":
			require.Regexp(t, mailShape, cell, where)
		case "website":
			require.True(t, strings.HasSuffix(cell, ".example.org"), where)
		}
	}
}

// What the demo has to show, each at least once.
func TestTheDemoHasEveryKindOfRow(t *testing.T) {
	t.Parallel()
	p := synthetic.Default(discovered)
	dir, made := write(t, p)
	recount(t, dir, p).equals(t, made)
	has := func(rows []row, what string, is func(row) bool) {
		t.Helper()
		require.True(t, slices.ContainsFunc(rows, is), what)
	}
	practices := readCSV(t, filepath.Join(dir, "practices.csv"))
	states := map[string]bool{}
	for _, r := range practices {
		states[r["state"]] = true
	}
	require.Greater(t, len(states), 20)
	require.True(t, states["PR"] && states["DC"])
	for column, values := range map[string][]string{
		"agent": {"yes", "no", ""}, "baa_notice_days": {"", "10", "60"}, "part2_program": {"yes", "no"}, "email": {""}, "npi": {""},
		"ca_licensed_facility": {"yes"}, "insurer": {"yes"}, "notified_on": {"", "2026-11-18"}, "timezone": {"", "America/Phoenix"}, "website": {""},
		"toll_free": {""}, "dba": {""},
	} {
		for _, value := range values {
			has(practices, column+" "+value, func(r row) bool { return r[column] == value })
		}
	}

	findings := readCSV(t, filepath.Join(dir, "findings.csv"))
	byPerson := map[string][]row{}
	for _, r := range findings {
		byPerson[r["person_key"]] = append(byPerson[r["person_key"]], r)
	}
	for _, relation := range breach.Relations {
		has(findings, relation, func(r row) bool { return r["representative_relation"] == relation })
	}
	for _, language := range []string{"", "es", "vi", "pl", "el", "uk", "ru", "ht"} {
		has(findings, "language "+language, func(r row) bool { return r["language"] == language })
	}
	for what, is := range map[string]func(row) bool{
		"a minor without a parent named": func(r row) bool { return r.minor(discovered) && r["representative_name"] == "" },
		"a dead person without next of kin": func(r row) bool {
			return r["deceased_date"] != "" && !r.longDead(discovered) && r["representative_name"] == ""
		},
		"an adult with a guardian":     func(r row) bool { return r["representative_relation"] == "guardian" && !r.minor(discovered) },
		"e-mail without agreement":     func(r row) bool { return r["email"] != "" && r["email_agreed_on"] == "" },
		"agreed electronic notice":     func(r row) bool { return r["email"] != "" && r["email_agreed_on"] != "" },
		"a ZIP+4":                      func(r row) bool { return len(r["zip"]) == 10 },
		"a ZIP without its zero":       func(r row) bool { return len(r["zip"]) == 4 && r["country"] == "" },
		"no address at all":            func(r row) bool { return r["address1"]+r["city"]+r["state"]+r["zip"] == "" },
		"a State but no street":        func(r row) bool { return r["address1"] == "" && r["state"] != "" },
		"no birth date":                func(r row) bool { return r["birth_date"] == "" },
		"a Polish and Vietnamese name": func(r row) bool { return r["first_name"] == "Łukasz" && r["last_name"] == "Nguyễn" },
		"a dotted capital I":           func(r row) bool { return strings.HasPrefix(r["first_name"], "İ") },
		"a Greek name":                 func(r row) bool { return strings.HasPrefix(r["last_name"], "Παπ") },
		"a Cyrillic name":              func(r row) bool { return strings.HasPrefix(r["last_name"], "Рожд") },
		"an apostrophe":                func(r row) bool { return strings.Contains(r["last_name"], "'") },
		"a typographic apostrophe":     func(r row) bool { return strings.Contains(r["last_name"], "’") },
		"a very long name":             func(r row) bool { return utf8.RuneCountInString(r["last_name"]) > 45 },
		"a name of one letter":         func(r row) bool { return r["last_name"] == "O" },
		"acquired or viewed":           func(r row) bool { return r["acquired_or_viewed"] == "yes" },
		"known not to be viewed":       func(r row) bool { return r["acquired_or_viewed"] == "no" },
	} {
		has(findings, what, is)
	}
	severalPractices(t, byPerson)
}

// severalPractices looks at the people with more than one row.
func severalPractices(t *testing.T, byPerson map[string][]row) {
	t.Helper()
	var several, three, moved, confidential int
	for key, rows := range byPerson {
		if len(rows) == 1 {
			continue
		}
		several++
		three += one(len(rows) > 2)
		practices := map[string]bool{}
		for _, r := range rows {
			require.False(t, practices[r["practice_key"]], "%s is once in a practice", key)
			practices[r["practice_key"]] = true
			for _, column := range []string{"first_name", "middle_name", "last_name", "birth_date", "deceased_date", "state", "email"} {
				require.Equal(t, rows[0][column], r[column], "%s %s", key, column)
			}
			if r["address1"] != rows[0]["address1"] {
				moved += one(r["confidential_address"] != "yes")
				confidential += one(r["confidential_address"] == "yes")
			}
		}
	}
	require.Greater(t, several, 100)
	require.Positive(t, three, "somebody in three practices")
	require.Positive(t, moved, "somebody with another address elsewhere")
	require.Positive(t, confidential, "somebody with a confidential address at one practice only")
	require.Less(t, moved+confidential, several/2, "most have the same address everywhere")
}
