package postgres_test

import (
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"duenotice/internal/testkit"
)

func TestExplain(t *testing.T) {
	keys := manyKeys(benchPractices)
	store, url := open(t)
	in := caseOf(incident(), practices(keys...))
	in.Findings = manyPeople(keys, benchRows)
	loaded(t, store, in)
	pool := testkit.Pool(t, url)
	_, err := pool.Exec(t.Context(), `
			UPDATE practice SET papers_sha256 = 'papers', phase='waiting approval';
			INSERT INTO approval SELECT id, 'papers', who, who, now(), who FROM practice, unnest(ARRAY['a','b']) who; ANALYZE finding, practice, approval, piece`)
	require.NoError(t, err)
	b, _ := os.ReadFile("sqlgen/mail.sql.go")
	s := string(b)
	s = s[strings.Index(s, "-- name: ChoosePieces"):]
	s = s[:strings.Index(s, "`")]
	tx, err := pool.Begin(t.Context())
	require.NoError(t, err)
	defer tx.Rollback(t.Context())
	_, err = tx.Exec(t.Context(), "set local work_mem='192MB'")
	require.NoError(t, err)
	s = strings.NewReplacer("$1", "'EX-2026-03'", "$2", "false", "$3", "2", "$4", "1").Replace(s)
	rows, err := tx.Query(t.Context(), "EXPLAIN (ANALYZE, BUFFERS) "+s)
	require.NoError(t, err)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	t.Log("\n" + strings.Join(lines, "\n"))
}
