package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/access"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

// TestAPersonIsFoundByNameAndBirthDate as a caller says them: however they are written,
// and exactly. Each look is in the chain, found or not, and an hour has so many.
func TestAPersonIsFoundByNameAndBirthDate(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	officer := openAt(t, url, postgres.WithMaster(masterOf("test")), postgres.As(access.Everywhere(access.Officer)))
	born := civil.MustParse("1980-02-29")
	at := func(practice, key string) breach.Person {
		return with(person(practice, key), func(p *breach.Person) { p.FirstName, p.LastName, p.BirthDate = "Zoë", "O'Example-Muster", born })
	}
	undated := with(person("P1", "c"), func(p *breach.Person) { p.FirstName, p.LastName = "Zoë", "O'Example-Muster" })
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), at("P1", "a"), at("P2", "a"), person("P1", "b"), undated))
	look := func(first, last string, born civil.Date) ([]casebook.Reveal, error) {
		return officer.PeopleOfName(t.Context(), casebook.Reveal{IncidentID: incidentID, Reason: "Call 9", Who: "Ada", Identity: "os:ada"}, first, last, born)
	}
	found := []casebook.Reveal{{IncidentID: incidentID, PracticeKey: "P1", PersonKey: "a"}, {IncidentID: incidentID, PracticeKey: "P2", PersonKey: "a"}}
	for _, name := range [][2]string{{"Zoë", "O'Example-Muster"}, {" ZOE ", "OEXAMPLE MUSTER"}, {"zoe", "o’example muster"}} {
		got, err := look(name[0], name[1], born)
		require.NoError(t, err, name)
		require.Equal(t, found, got, name)
	}
	got, err := look("Zoe", "OExample Muster", civil.Date{})
	require.NoError(t, err)
	require.Equal(t, "c", got[0].PersonKey, "whose birth date is not known is found as one of none")
	for _, not := range [][2]string{{"Z", "OExample Muster"}, {"Zoe", "OExample"}, {"Zoe", ""}, {"", "OExample Muster"}} {
		_, err := look(not[0], not[1], born)
		refused(t, err, "nobody_of_name")
	}
	_, err = look("Zoe", "OExample Muster", born.AddDays(1))
	refused(t, err, "nobody_of_name")
	_, err = officer.PeopleOfName(t.Context(), casebook.Reveal{IncidentID: incidentID, Who: "Ada", Identity: "os:ada"}, "Zoe", "OExample Muster", born)
	refused(t, err, "no_reason")

	looks := 9
	for ; looks < 20; looks++ {
		_, err = look("Nobody", "Here", born)
		refused(t, err, "nobody_of_name")
	}
	_, err = look("Zoe", "OExample Muster", born)
	refused(t, err, "too_many_searches")
	noted := 0
	for _, e := range chains(t, store, "")[""] {
		body, err := e.Decode()
		require.NoError(t, err)
		if body.Kind != ledger.KindSearched {
			continue
		}
		noted++
		require.Equal(t, "Ada", body.Who)
		require.NotContains(t, string(body.Result), "Zo", "the chain goes to others")
	}
	require.Equal(t, 20, noted)
	other, err := officer.PeopleOfName(t.Context(), casebook.Reveal{IncidentID: incidentID, Reason: "Call 9", Who: "Ben", Identity: "os:ben"}, "Zoe", "OExample Muster", born)
	require.NoError(t, err, "another identity has an hour of its own")
	require.Len(t, other, 2)
}

// TestNobodyIsFoundWithoutALookOnRecord: an officer's own login gets no answer before its
// look is committed, for another hash than it asked for, or in place of others.
func TestNobodyIsFoundWithoutALookOnRecord(t *testing.T) {
	t.Parallel()
	address := twoIncidents(t)
	conn := personal(t, address, access.Officer)
	owner := testkit.Pool(t, address)
	const hash = "00000000-0000-0000-0000-0000000000aa"
	_, err := owner.Exec(t.Context(), "UPDATE finding SET name_hash = $1 WHERE person_key = 'own-p1'", hash)
	require.NoError(t, err)
	count := func(of string) (n int) {
		require.NoError(t, conn.QueryRow(t.Context(), "SELECT count(*) FROM people_of_name($1, $2)", ownIncident, of).Scan(&n))
		return n
	}
	require.Zero(t, count(hash))
	const search = "INSERT INTO person_search (incident_id, name_hash, reason, who) VALUES ($1, $2, 'Call 9', 'Somebody Else')"
	tx, err := conn.Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), search, ownIncident, hash)
	require.NoError(t, err)
	require.Zero(t, count(hash), "a look that can still be undone shows nothing")
	require.NoError(t, tx.Rollback(t.Context()))
	require.Zero(t, count(hash))
	_, err = conn.Exec(t.Context(), search, ownIncident, hash)
	require.NoError(t, err)
	require.Equal(t, 1, count(hash))
	require.Zero(t, count("00000000-0000-0000-0000-0000000000ab"))
	var who string
	require.NoError(t, owner.QueryRow(t.Context(), "SELECT who FROM person_search").Scan(&who))
	require.NotEqual(t, "Somebody Else", who, "whose look it is the database says")
	_, err = conn.Exec(t.Context(), search, otherIncident, hash)
	require.Error(t, err)
	for _, role := range []access.Role{access.Approver, access.Counsel, access.Operator, access.Practice} {
		theirs := personal(t, address, role)
		_, err := theirs.Exec(t.Context(), search, ownIncident, hash)
		require.ErrorContains(t, err, "permission denied", role)
		_, err = theirs.Exec(t.Context(), "SELECT FROM people_of_name($1, $2)", ownIncident, hash)
		require.ErrorContains(t, err, "permission denied", role)
	}
}
