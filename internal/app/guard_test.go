package app_test

import (
	"context"
	"net/url"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"duenotice/internal/app"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

// TestAWorkerLooksAfterTheDatabase: what was changed past the program is an alarm,
// and a person's login has its limits, without anybody asking for either.
func TestAWorkerLooksAfterTheDatabase(t *testing.T) {
	t.Parallel()
	config, store := desk(t)
	oneCase(t, config)
	conn, err := pgx.Connect(t.Context(), config.DatabaseURL)
	require.NoError(t, err)
	defer func() { _ = conn.Close(context.Background()) }()
	_, err = conn.Exec(t.Context(), "UPDATE finding SET protected = false")
	require.NoError(t, err)
	own, err := url.Parse(testkit.Login(t, config.DatabaseURL, "duenotice_counsel"))
	require.NoError(t, err)

	works(t, config)
	testkit.Await(t, func() bool {
		list, err := store.Troubles(t.Context(), "EX")
		require.NoError(t, err)
		return slices.ContainsFunc(list, func(x casebook.Trouble) bool {
			return x.Kind == casebook.TroubleAltered && x.Practice == "P1" && app.StepWords(x) == "trust the database"
		})
	})
	testkit.Await(t, func() bool {
		var limit int
		require.NoError(t, conn.QueryRow(t.Context(), "SELECT rolconnlimit FROM pg_roles WHERE rolname = $1", own.User.Username()).Scan(&limit))
		return limit == 10
	})
}

// oneCase loads an incident of one person.
func oneCase(t *testing.T, config app.Config) {
	t.Helper()
	store, err := postgres.Open(t.Context(), config.DatabaseURL, postgres.WithMaster(config.Master()))
	require.NoError(t, err)
	defer store.Close()
	day := civil.MustParse("2026-03-16")
	_, err = store.LoadCase(t.Context(), postgres.LoadInput{
		Incident: breach.Incident{
			ID: "EX", Discovered: day, Occurred: breach.Span{From: day, To: day},
			Entity: breach.Entity{Name: "Example Health Cloud, Inc.", Role: breach.BusinessAssociate},
		},
		Practices:  []breach.Practice{{Key: "P1", LegalName: "Practice P1, Inc.", State: "VA", Delegation: breach.DelegateAll}},
		CaseSHA256: "case", ListSHA256: "list", RulebookVersion: "2026.11", RulebookSHA256: "book", By: "Robin Officer", At: day.Start(config.Zone),
		Findings: func(_ context.Context, each func(int, *breach.Person) error) error {
			return each(2, &breach.Person{
				Key: "a", PracticeKey: "P1", FirstName: "Ada", LastName: "Example", Address1: "1 Example Street", City: "Richmond", State: "VA", ZIP: "23220",
				DataClasses: []breach.DataClass{"name"},
			})
		},
	}, nil)
	require.NoError(t, err)
}
