package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

func TestASecondStartOfTheSameCaseChangesNothing(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	in := caseOf(incident(), practices("P2", "P1"), person("P1", "a"), person("P2", "a"), person("P2", "b"))
	require.Equal(t, postgres.LoadResult{Practices: 2, People: 2, Findings: 3}, loaded(t, store, in))

	in.Findings = stream() // is not read again
	require.Equal(t, postgres.LoadResult{AlreadyLoaded: true, Practices: 2, People: 2, Findings: 3}, loaded(t, store, in))

	got, err := store.Incident(t.Context(), incidentID)
	require.NoError(t, err)
	require.Equal(t, casebook.Incident{
		Incident: incident(), RulebookVersion: "2026.11", RulebookSHA256: "book",
		Phase: casebook.IncidentLoaded, Practices: 2, People: 2, Findings: 3,
	}, got)

	in.CaseSHA256 = "edited"
	_, err = store.LoadCase(t.Context(), in, nil)
	refused(t, err, "incident_exists")
}

func TestTwoStartsAtOnceLoadTheCaseOnce(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	results := make([]postgres.LoadResult, 4)
	var all errgroup.Group
	for i := range results {
		all.Go(func() (err error) {
			results[i], err = store.LoadCase(t.Context(), caseOf(incident(), practices("P1"), person("P1", "a")), nil)
			return err
		})
	}
	require.NoError(t, all.Wait())
	fresh := 0
	for _, r := range results {
		require.Equal(t, 1, r.Findings)
		if !r.AlreadyLoaded {
			fresh++
		}
	}
	require.Equal(t, 1, fresh)
}

// TestALoadThatDiesLeavesNothing: the connection is cut, the list ends with an
// error, or the list is wrong, half way through.
func TestALoadThatDiesLeavesNothing(t *testing.T) {
	t.Parallel()
	broken := errors.New("findings.csv: cannot be read further")
	for name, c := range map[string]struct {
		spoil func(context.CancelFunc, func(breach.Person) error) error
		check func(*testing.T, error)
	}{
		"killed": {
			func(kill context.CancelFunc, _ func(breach.Person) error) error { kill(); return nil },
			func(t *testing.T, err error) { t.Helper(); require.ErrorIs(t, err, context.Canceled) },
		},
		"unreadable": {
			func(context.CancelFunc, func(breach.Person) error) error { return broken },
			func(t *testing.T, err error) {
				t.Helper()
				require.Equal(t, broken, err, "as it is: it names file and line")
			},
		},
		"unknown practice": {
			func(_ context.CancelFunc, each func(breach.Person) error) error { return each(person("P9", "z")) },
			func(t *testing.T, err error) { t.Helper(); refused(t, err, "unknown_practice") },
		},
		"a row that the program breaks on": {
			func(context.CancelFunc, func(breach.Person) error) error { panic("a row of Quilla Marsh") },
			func(t *testing.T, err error) {
				t.Helper()
				require.ErrorContains(t, err, "the program panicked: a string,")
				require.NotContains(t, err.Error(), "Quilla")
			},
		},
		"the same person twice": {
			func(_ context.CancelFunc, each func(breach.Person) error) error { return each(person("P1", "k7")) },
			func(t *testing.T, err error) { t.Helper(); refused(t, err, "duplicate_person") },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store, url := open(t)
			ctx, kill := context.WithCancel(t.Context())
			defer kill()
			in := caseOf(incident(), practices("P1"))
			in.Findings = func(ctx context.Context, each func(int, *breach.Person) error) error {
				for i := range 40_000 {
					if err := each(i+2, new(person("P1", fmt.Sprintf("k%d", i)))); err != nil {
						return err
					}
					if i == 20_000 {
						if err := c.spoil(kill, func(p breach.Person) error { return each(i+3, &p) }); err != nil {
							return err
						}
					}
				}
				return ctx.Err()
			}
			_, err := store.LoadCase(ctx, in, nil)
			c.check(t, err)
			require.Empty(t, leftovers(t, url))

			in.Findings = stream(person("P1", "a"))
			require.Equal(t, postgres.LoadResult{Practices: 1, People: 1, Findings: 1}, loaded(t, store, in), "it starts again cleanly")
		})
	}
}

// leftovers names the tables that have rows. Which master keys there are, whose turn it
// is and which program works here is no part of any incident.
func leftovers(t *testing.T, url string) []string {
	t.Helper()
	pool := testkit.Pool(t, url)
	rows, err := pool.Query(t.Context(), "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('goose_db_version', 'goose_lock', 'master_key', 'access_rules', 'answer_turn', 'page_server', 'release')")
	require.NoError(t, err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Greater(t, len(tables), 10)
	var left []string
	for _, table := range tables {
		var some bool
		require.NoError(t, pool.QueryRow(t.Context(), "SELECT EXISTS (SELECT 1 FROM "+pgx.Identifier{table}.Sanitize()+")").Scan(&some))
		if some {
			left = append(left, table)
		}
	}
	return left
}

// everyCell has something in every field.
func everyCell() breach.Person {
	return breach.Person{
		Key: "k1", PracticeKey: "P1", FirstName: "Łukasz", MiddleName: "Q", LastName: "Nguyễn", Suffix: "Jr",
		BirthDate: civil.MustParse("1912-02-29"), DeceasedDate: civil.MustParse("1999-12-31"), DeathDayUnknown: true,
		RepresentativeName: "Ada Example", RepresentativeRelation: "next_of_kin",
		Address1: "1 Example Street", Address2: "Apt \\N", City: "Richmond", State: "VA", ZIP: "23220-1234", Country: "US",
		Email: "p@example.org", EmailAgreedOn: civil.MustParse("2020-01-02"), Phone: "804-555-0100", Language: "vi",
		ConfidentialAddress: breach.Yes, DataClasses: []breach.DataClass{"name", "ssn", "other"},
		AcquiredOrViewed: "unknown", Source: "export\t1\n", EnrollmentCode: "ABCD-1234",
	}
}

func TestEveryCellComesBackAsItWas(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	full, bare := everyCell(), breach.Person{Key: "k0", PracticeKey: "P1", LastName: "Example"}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[breach.Person]()) {
		require.False(t, reflect.ValueOf(full).FieldByIndex(field.Index).IsZero(), "%s is not tried", field.Name)
	}
	loaded(t, store, caseOf(incident(), practices("P1"), full, bare))
	require.Equal(t, []breach.Person{bare, full}, people(t, store, "P1"))
}

func people(t *testing.T, store *postgres.Store, key string) []breach.Person {
	t.Helper()
	var list []breach.Person
	require.NoError(t, store.People(t.Context(), incidentID, key, func(p *breach.Person) error {
		list = append(list, *p)
		return nil
	}))
	return list
}

// TestAPracticeSeesItsOwnPeopleOnly, also where person keys and row numbers run
// across practices, and over more than one page of rows.
func TestAPracticeSeesItsOwnPeopleOnly(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	var rows []breach.Person
	for i := range 11_000 {
		rows = append(rows, person(fmt.Sprintf("P%d", i%2+1), fmt.Sprintf("k%05d", 10_999-i)))
	}
	loaded(t, store, caseOf(incident(), practices("P1", "P2", "P3"), rows...))
	for _, key := range []string{"P1", "P2"} {
		list := people(t, store, key)
		require.Len(t, list, 5500)
		for _, p := range list {
			require.Equal(t, key, p.PracticeKey)
		}
		require.True(t, slices.IsSortedFunc(list, func(a, b breach.Person) int { return strings.Compare(a.Key, b.Key) }))
	}
	require.Empty(t, people(t, store, "P3"))
	stop := errors.New("enough")
	require.Equal(t, stop, store.People(t.Context(), incidentID, "P1", func(*breach.Person) error { return stop }))
	refused(t, store.People(t.Context(), incidentID, "P9", func(*breach.Person) error { return nil }), "unknown_practice")
	refused(t, store.People(t.Context(), "NONE", "P1", func(*breach.Person) error { return nil }), "unknown_practice")
}

// TestTheListHashCoversEveryCell: approvals are bound to it.
func TestTheListHashCoversEveryCell(t *testing.T) {
	t.Parallel()
	store, _ := open(t, sameKey())
	hashOf := func(id string, rows ...breach.Person) string {
		i := incident()
		i.ID = id
		in := caseOf(i, practices("P1"), rows...)
		loaded(t, store, in)
		p, err := store.Practice(t.Context(), id, "P1")
		require.NoError(t, err)
		return p.ListSHA256
	}
	base := everyCell()
	other := person("P1", "k2")
	seen := map[string]string{hashOf("BASE", base, other): "as it is"}
	require.Contains(t, seen, hashOf("REORDERED", other, base), "the order of rows means nothing")

	for i, field := range reflect.VisibleFields(reflect.TypeFor[breach.Person]()) {
		if field.Name == "PracticeKey" {
			continue
		}
		changed := base
		switch cell := reflect.ValueOf(&changed).Elem().FieldByIndex(field.Index); v := cell.Addr().Interface().(type) {
		case *civil.Date:
			*v = v.AddDays(1)
		case *bool:
			*v = !*v
		case *[]breach.DataClass:
			*v = []breach.DataClass{"name", "ssn"}
		default:
			cell.SetString(cell.String() + "x")
		}
		h := hashOf(fmt.Sprintf("CELL-%d", i), changed, other)
		require.NotContains(t, seen, h, "%s", field.Name)
		seen[h] = field.Name
	}
	// What one cell loses, the next one gains.
	moved := base
	moved.FirstName, moved.MiddleName = "Łukas", "zQ"
	require.NotContains(t, seen, hashOf("MOVED", moved, other))
	require.NotContains(t, seen, hashOf("FEWER", base))
}

// randomPeople makes rows of every kind the law tells apart.
func randomPeople(random *rand.Rand, keys []string, n int) []breach.Person {
	states := []string{"VA", "MD", "DC", "PR", "", "XX"}
	days := []civil.Date{{}, discovered.AddYears(-18), discovered.AddYears(-18).AddDays(1), civil.MustParse("2008-02-29"), civil.MustParse("2015-01-01"), civil.MustParse("1950-01-01")}
	deaths := []civil.Date{{}, {}, {}, civil.MustParse("2020-01-01"), discovered.AddYears(-50), discovered.AddYears(-50).AddDays(-1)}
	classes := breach.DataClasses()
	var rows []breach.Person
	seen := map[string]bool{}
	for range n {
		p := person(keys[random.IntN(len(keys))], fmt.Sprintf("k%d", random.IntN(n/2)))
		if seen[p.PracticeKey+" "+p.Key] {
			continue
		}
		seen[p.PracticeKey+" "+p.Key] = true
		p.LastName = "Example " + p.Key
		p.State, p.BirthDate, p.DeceasedDate = states[random.IntN(len(states))], days[random.IntN(len(days))], deaths[random.IntN(len(deaths))]
		p.DeathDayUnknown = p.DeceasedDate.IsZero() && random.IntN(7) == 0
		switch random.IntN(9) {
		case 0:
			p.Address1 = ""
		case 1:
			p.Address1 = "HOMELESS"
		}
		if random.IntN(3) == 0 {
			p.Email = "somebody@example.org"
			p.EmailAgreedOn = []civil.Date{{}, discovered.AddDays(-90)}[random.IntN(2)]
		}
		if random.IntN(9) == 0 {
			p.Country, p.State, p.ZIP = "GB", "", "LS1 1AA"
		}
		p.DataClasses = breach.DataClassSet(random.Uint32() & (1<<len(classes) - 1)).Classes()
		rows = append(rows, p)
	}
	return rows
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
