package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/testkit"
)

// A load counts the account on its way into the database. Counted there anew it is the
// same, whoever the people are.
func TestALoadBeginsTheAccountThatTheDatabaseCounts(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	all := practices("P1", "P2", "P3")
	all[1].Delegation, all[2].Delegation = "none", "all"
	var people []breach.Person
	for _, key := range []string{"P1", "P2"} {
		people = append(people,
			person(key, "a"), person(key, "b"),
			with(person(key, "c"), func(p *breach.Person) { p.State = "MD" }),
			with(person(key, "d"), func(p *breach.Person) { p.Address1, p.City, p.ZIP = "", "", "" }),
			with(person(key, "e"), func(p *breach.Person) {
				p.Address1, p.DeceasedDate = "", civil.MustParse("2025-11-03")
			}),
			with(person(key, "f"), func(p *breach.Person) { p.DeceasedDate = civil.MustParse("1950-01-02") }),
			with(person(key, "g"), func(p *breach.Person) { p.State, p.ZIP, p.Country = "", "", "DE" }),
			with(person(key, "h"), func(p *breach.Person) {
				p.Address1, p.Email, p.EmailAgreedOn = "", "h@example.org", civil.MustParse("2024-02-01")
			}),
		)
	}
	loaded(t, store, caseOf(incident(), all, people...))
	pool := testkit.Pool(t, url)
	const lines = `SELECT coalesce(string_agg(concat_ws('|', practice_id, state, why, letter, residence, people, mailed_on, told_on), E'\n'
		ORDER BY practice_id, state, why, letter, residence), '') FROM account`
	var begun, counted string
	require.NoError(t, pool.QueryRow(t.Context(), lines).Scan(&begun))
	_, err := pool.Exec(t.Context(), "SELECT count_account((SELECT array_agg(id) FROM practice))")
	require.NoError(t, err)
	require.NoError(t, pool.QueryRow(t.Context(), lines).Scan(&counted))
	require.NotEmpty(t, counted)
	require.Equal(t, counted, begun)
}
