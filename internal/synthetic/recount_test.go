package synthetic_test

import (
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/synthetic"
)

// row is a CSV row by column name.
type row map[string]string

// readCSV reads a whole file; it knows nothing of how it was written.
func readCSV(t *testing.T, path string) []row {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close() //nolint:errcheck // only read
	in := csv.NewReader(f)
	header, err := in.Read()
	require.NoError(t, err)
	var rows []row
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return rows
		}
		require.NoError(t, err)
		r := row{}
		for i, name := range header {
			r[name] = cells[i]
		}
		rows = append(rows, r)
	}
}

func (r row) date(column string) civil.Date {
	if r[column] == "" {
		return civil.Date{}
	}
	return civil.MustParse(r[column])
}

// usable, State and longDead say again, from the contract's words, what the
// domain types say, so that a mistake in one shows.
func (r row) usable() bool {
	if r["address1"] == "" || r["city"] == "" {
		return false
	}
	if r["country"] != "" && r["country"] != "US" {
		return true
	}
	return r["state"] != "" && (len(r["zip"]) == 5 || len(r["zip"]) == 10)
}

func (r row) state() string {
	if r["country"] != "" && r["country"] != "US" {
		return ""
	}
	return r["state"]
}

func (r row) longDead(day civil.Date) bool {
	died := r.date("deceased_date")
	return !died.IsZero() && died.AddYears(50).Before(day)
}

func (r row) minor(day civil.Date) bool {
	if r["representative_relation"] == "self" { // their own care: the letter goes to themselves
		return false
	}
	born := r.date("birth_date")
	return r["deceased_date"] == "" && !born.IsZero() && day.Before(born.AddYears(18))
}

func (r row) unprintable() bool {
	return strings.ContainsFunc(r["last_name"], func(c rune) bool { return unicode.Is(unicode.Mongolian, c) })
}

// counted are a folder's counts, made from its files alone.
type counted struct {
	made      synthetic.Made
	practices map[string]row
	// tallies are by practice key; shared counts the shared counting entity.
	tallies map[string]breach.Tally
	shared  breach.Tally
}

func recount(t *testing.T, dir string, p synthetic.Params) counted {
	t.Helper()
	c := counted{practices: map[string]row{}, tallies: map[string]breach.Tally{}}
	c.made = synthetic.Made{IncidentID: p.IncidentID, Delegations: map[string]int{}}
	entity, lead, people := map[string]string{}, map[string]string{}, map[string]map[string][]row{}
	for _, r := range readCSV(t, filepath.Join(dir, "practices.csv")) {
		key := r["practice_key"]
		c.practices[key] = r
		c.made.Practices++
		c.made.Delegations[r["delegation"]]++
		if entity[key] = r["counting_entity"]; entity[key] == "" {
			entity[key] = key
		}
		if lead[entity[key]] == "" {
			lead[entity[key]] = key
		}
	}
	everybody := map[string][]row{}
	perPractice := map[string][]row{}
	for _, r := range readCSV(t, filepath.Join(dir, "findings.csv")) {
		c.made.Findings++
		key, person := r["practice_key"], r["person_key"]
		require.Contains(t, c.practices, key)
		everybody[person] = append(everybody[person], r)
		perPractice[key] = append(perPractice[key], r)
		if people[entity[key]] == nil {
			people[entity[key]] = map[string][]row{}
		}
		people[entity[key]][person] = append(people[entity[key]][person], r)
		if r["confidential_address"] == "yes" {
			c.made.ConfidentialRows++
		}
	}
	for key := range c.practices {
		require.NotEmpty(t, perPractice[key], "practice %s has people", key)
		c.tallies[key] = tallyOf(perPractice[key], p.Discovered)
	}
	c.countPeople(everybody, p.Discovered)
	for name, members := range people {
		var firsts []row
		for _, rows := range members {
			firsts = append(firsts, rows[0])
		}
		tally := tallyOf(firsts, p.Discovered)
		if name == synthetic.SharedCountingEntity {
			c.shared = tally
		}
		switch {
		case tally.People >= 500:
			c.made.HHSImmediate++
		case tally.People > 0:
			c.made.HHSAnnual++
		}
		for state, n := range tally.Residents {
			if n > 500 {
				c.made.Media = append(c.made.Media, synthetic.Media{PracticeKey: lead[name], State: state, Residents: n})
			}
		}
	}
	return c
}

// countPeople counts each person once, however many rows they have.
func (c *counted) countPeople(everybody map[string][]row, day civil.Date) {
	m := &c.made
	for _, rows := range everybody {
		r := rows[0]
		m.People++
		m.InSeveralPractices += one(len(rows) > 1)
		m.Deceased += one(r["deceased_date"] != "")
		m.LongDead += one(r.longDead(day))
		m.Minors += one(r.minor(day))
		m.NoUsableAddress += one(!r.usable())
		m.NoUsableAddressKin += one(!r.usable() && r["deceased_date"] != "")
		m.Foreign += one(r["country"] != "" && r["country"] != "US")
		m.EmailAgreed += one(r["email_agreed_on"] != "")
		m.UnprintableNames += one(r.unprintable())
	}
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func tallyOf(rows []row, day civil.Date) breach.Tally {
	t := breach.Tally{Residents: map[string]int{}, Classes: map[breach.DataClass]int{}}
	for _, r := range rows {
		if r.longDead(day) {
			continue
		}
		t.People++
		if r.state() == "" {
			t.UnknownResidence++
		} else {
			t.Residents[r.state()]++
		}
		t.NoUsableAddress += one(!r.usable())
		t.NoUsableAddressKin += one(!r.usable() && r["deceased_date"] != "")
		t.Minors += one(r.minor(day))
		t.Deceased += one(r["deceased_date"] != "")
		for class := range strings.SplitSeq(r["data_classes"], ";") {
			t.Classes[breach.DataClass(class)]++
		}
	}
	return t
}

// equals compares with what Write said.
func (c counted) equals(t *testing.T, made synthetic.Made) {
	t.Helper()
	require.ElementsMatch(t, c.made.Media, made.Media)
	for name, b := range made.Boundaries {
		require.Equal(t, c.tallies[b.PracticeKey], b.Tally, name)
	}
	if len(made.Boundaries) > 0 {
		want := c.shared
		want.Classes = nil
		require.Equal(t, want, made.Shared)
	}
	counts := made
	counts.Media, counts.Boundaries, counts.Shared = c.made.Media, nil, breach.Tally{}
	require.Equal(t, c.made, counts)
}
