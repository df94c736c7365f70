package postgres_test

import (
	"context"
	"fmt"
	"regexp"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/datakey"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

// planted has a text of its own in every field that could identify somebody.
func planted(practice, key string) breach.Person {
	return breach.Person{
		Key: key, PracticeKey: practice,
		FirstName: "Zephyrine", MiddleName: "Quillon", LastName: "Vexworthy", Suffix: "XVII",
		BirthDate: civil.MustParse("1931-07-09"), DeceasedDate: civil.MustParse("2024-11-03"), EmailAgreedOn: civil.MustParse("2019-05-23"),
		RepresentativeName: "Barnabeth Oxcroft", RepresentativeRelation: "personal_representative",
		Address1: "90417 Mirthwood Lane", Address2: "Flat Kestrel", City: "Dunmoravia", State: "VA", ZIP: "23220-4817", Country: "US",
		Email: "zvexworthy@planted.example", Phone: "804-555-0177", Language: "eo", ConfidentialAddress: "no",
		DataClasses: []breach.DataClass{"name", "diagnosis"}, AcquiredOrViewed: "unknown", Source: "carton-93-of-tape",
		EnrollmentCode: "QXKW-7731-" + key,
	}
}

// traces are what planted's fields would leave behind in a dump, which writes
// bytes in hexadecimal.
func traces() []string {
	words := []string{
		"Zephyrine", "Quillon", "Vexworthy", "XVII", "Barnabeth", "Oxcroft", "personal_representative", "90417 Mirth", "Mirthwood",
		"Kestrel", "Dunmoravia", "23220-4817", "zvexworthy", "planted.example", "804-555-0177", "carton-93", "QXKW-7731", "qxkw-7731",
		"1931-07-09", "2024-11-03", "2019-05-23",
	}
	for _, word := range words[:len(words)-3] {
		words = append(words, fmt.Sprintf("%x", word))
	}
	return append(words, "232204817") // as the order of the mail once was
}

// numbers are the parts of planted's address that are digits. They are sought as
// the whole value of a column: within a hash or a ciphertext they stand by chance.
var numbers = regexp.MustCompile(`(?:^|[(,"])(?:90417|23220|4817)(?:[),"]|$)`)

// TestTheDatabaseNeverSaysWhoSomebodyIs reads every row of every table as text,
// after everything that is done with people: loading, a further list, planning
// and printing their letters.
func TestTheDatabaseNeverSaysWhoSomebodyIs(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), planted("P1", "a"), planted("P2", "a"), person("P1", "b")))
	amended(t, store, amendment("list-2", with(planted("P1", "a"), func(p *breach.Person) { p.Suffix = "" }), planted("P1", "c")))
	approved(t, store, "P1", "P2")
	require.Equal(t, 4, mailRun(t, store, 1, 10).Pieces)
	require.Len(t, letters(t, store, 1, 1), 4)
	finish(t, store, 1, 1)

	pool := testkit.Pool(t, url)
	rows, err := pool.Query(t.Context(), "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
	require.NoError(t, err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Contains(t, tables, "finding")
	found := 0
	for _, table := range tables {
		rows, err := pool.Query(t.Context(), "SELECT t::text FROM "+pgx.Identifier{table}.Sanitize()+" t")
		require.NoError(t, err)
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err)
		for _, line := range lines {
			for _, trace := range traces() {
				require.NotContains(t, line, trace, "table %s", table)
			}
			require.NotRegexp(t, numbers, line, "table %s", table)
			found++
		}
	}
	require.Greater(t, found, 20)
	// The scan would have seen them: they are there for whoever has the key.
	require.Contains(t, people(t, store, "P1"), planted("P1", "c"))
}

// TestAMovedRowIsNoticed: somebody with the right to write to the database
// cannot give one person's name and address to another, nor to another practice
// or incident, nor change what of a row is in clear and decides a letter.
func TestAMovedRowIsNoticed(t *testing.T) {
	t.Parallel()
	read := func(ctx context.Context, store *postgres.Store, id string) error {
		for _, practice := range []string{"P1", "P2"} {
			if err := store.People(ctx, id, practice, func(*breach.Person) error { return nil }); err != nil {
				return err
			}
		}
		return nil
	}
	const other = "EX-OTHER"
	of := func(key, practice, incident string) string {
		return fmt.Sprintf("person_key = '%s' AND practice_id = (SELECT id FROM practice WHERE practice_key = '%s' AND incident_id = '%s')", key, practice, incident)
	}
	take := func(from string) string {
		return "UPDATE finding SET sealed = (SELECT sealed FROM finding WHERE " + from + ") WHERE " + of("a", "P1", incidentID)
	}
	for name, change := range map[string]string{
		"of another person":   take(of("b", "P1", incidentID)),
		"of another practice": take(of("a", "P2", incidentID)),
		"of another incident": take(of("a", "P1", other)),
		"one bit":             "UPDATE finding SET sealed = set_bit(sealed, 200, 1 - get_bit(sealed, 200)) WHERE " + of("a", "P1", incidentID),
		"the last byte":       "UPDATE finding SET sealed = substr(sealed, 1, length(sealed) - 1) WHERE " + of("a", "P1", incidentID),
		"emptied":             "UPDATE finding SET sealed = '' WHERE " + of("a", "P1", incidentID),
		"another person_key":  "UPDATE finding SET person_key = 'z' WHERE " + of("a", "P1", incidentID),
		"the classes":         "UPDATE finding SET data_classes = data_classes + 1 WHERE " + of("a", "P1", incidentID),
		"another practice_id": "UPDATE finding SET practice_id = (SELECT id FROM practice WHERE practice_key = 'P2' AND incident_id = '" + incidentID + "') WHERE " + of("b", "P1", incidentID),
		"data keys exchanged": "UPDATE incident_key SET wrapped = (SELECT wrapped FROM incident_key WHERE incident_id = '" + other + "') WHERE incident_id = '" + incidentID + "'",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store, url := open(t)
			i := incident()
			loaded(t, store, caseOf(i, practices("P1", "P2"), person("P1", "a"), person("P1", "b"), person("P2", "a")))
			i.ID = other
			loaded(t, store, caseOf(i, practices("P1"), person("P1", "a")))
			require.NoError(t, read(t.Context(), store, incidentID))
			tag, err := testkit.Pool(t, url).Exec(t.Context(), change)
			require.NoError(t, err)
			require.EqualValues(t, 1, tag.RowsAffected())
			err = read(t.Context(), openAt(t, url, postgres.WithMaster(masterOf("test"))), incidentID)
			require.ErrorIs(t, err, datakey.ErrAltered)
			require.ErrorContains(t, err, incidentID)
			require.NotContains(t, err.Error(), "Example Street", "an error names keys, never people")
		})
	}
}
