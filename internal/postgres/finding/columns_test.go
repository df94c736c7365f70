package finding_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"duenotice/internal/postgres"
	"duenotice/internal/postgres/finding"
	"duenotice/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// TestAListIsCopiedIntoColumnsThatAreThere: a list and a further one go into the same
// columns of the same kinds in the same order, since a further list's rows are moved
// whole, and a list leaves out only what has a value of its own where nothing is said.
func TestAListIsCopiedIntoColumnsThatAreThere(t *testing.T) {
	t.Parallel()
	url := testkit.Migrated(t, func(url string) error { return postgres.Migrate(context.Background(), url) })
	type column struct {
		Name, Kind string
		Unfilled   bool
	}
	columnsOf := func(table string) []column {
		rows, err := testkit.Pool(t, url).Query(t.Context(), `SELECT attname::text, format_type(atttypid, atttypmod), attnotnull AND NOT atthasdef
			FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`, table)
		require.NoError(t, err)
		columns, err := pgx.CollectRows(rows, pgx.RowToStructByPos[column])
		require.NoError(t, err)
		return columns
	}
	kinds := func(columns []column) (kinds [][2]string) {
		for _, c := range columns {
			kinds = append(kinds, [2]string{c.Name, c.Kind})
		}
		return kinds
	}
	kept := kinds(columnsOf("finding"))
	for _, table := range []finding.Table{finding.Kept, finding.Incoming} {
		there := columnsOf(string(table))
		require.Equal(t, kept, kinds(there), table)
		var names []string
		for _, c := range there {
			names = append(names, c.Name)
			if c.Unfilled {
				require.Contains(t, finding.Columns, c.Name, "%s of %s has no value of its own", c.Name, table)
			}
		}
		require.Subset(t, names, finding.Columns, table)
	}
}
