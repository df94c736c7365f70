package faults_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/account"
	"duenotice/internal/casebook"
	"duenotice/internal/officetest"
	"duenotice/internal/testkit"
)

// TestADatabaseRestoredInTheMiddleOfAMailing takes a backup in the middle of a mailing,
// goes on, loses the database and restores the backup: the drill of docs/deployment.md.
// Temporal is ahead of the database then. What was printed and e-mailed after the backup
// is recognised, and nobody is written to twice.
func TestADatabaseRestoredInTheMiddleOfAMailing(t *testing.T) {
	t.Parallel()
	restored(t, newMachine(t), (*machine).dump, (*machine).restore)
}

// TestAMachineRestoredInTheMiddleOfAMailing does the same with a base backup of the whole
// cluster, in which Temporal keeps its state too: both are of the same moment, and the
// workflows do again what they had done.
func TestAMachineRestoredInTheMiddleOfAMailing(t *testing.T) {
	t.Parallel()
	if !long() {
		t.Skip("Temporal on PostgreSQL takes a minute to begin: FAULTS=long")
	}
	m := machineOf(t)
	m.together = true
	m.begin()
	restored(t, m, (*machine).baseBackup, (*machine).restoreBase)
}

// restored takes a backup in the middle of a mailing on a machine, goes on, loses
// everything but the output folder, and restores it.
func restored(t *testing.T, m *machine, backUp func(*machine) string, restore func(*machine, string)) {
	t.Helper()
	b := furnish(t, m.servers(), 800, 20)
	byPost := b.withoutEmail()
	b.Begin()
	b.Do("start", b.dir, "--by", "Ada Officer", "--no-notices")
	b.answered()
	keys := slices.DeleteFunc(b.writing(), func(key string) bool { return slices.Contains(byPost, key) })
	before, after := keys[:2], keys[2:]

	b.approve(before...)
	b.awaitPrinted(before...)
	b.Do("notify", b.id, "--practice", before[0], "--by", "Ada Officer")
	b.awaitTold(before[0])
	backup := backUp(m)

	b.Do("notify", b.id, "--by", "Ada Officer")
	b.awaitTold(keys...)
	b.Do("notify", b.id, "--post", "--by", "Ada Officer")
	b.approve()
	b.awaitPrinted(after...)
	taken, printed := b.handed(), filesBelow(t, filepath.Join(b.Out, b.id, "mail"))
	notified := b.toldOn()

	b.KillWorker()
	b.pool.Reset()
	restore(m, backup)
	b.pool.Reset()
	b.StartWorker()

	// Everybody is told of it before anybody asks, and whatever is approved now waits.
	testkit.Await(t, func() bool {
		return slices.ContainsFunc(b.status().Troubles, func(t casebook.Trouble) bool { return t.Kind == casebook.TroubleRestored })
	})
	require.Contains(t, b.Do("status", b.id), "duenotice adopt "+b.id)
	for _, who := range []string{"Ada Officer", "Grace Counsel"} {
		_, out, errs := b.Run("approve", b.id, "--all", "--by", who) // it says that nothing is printed
		require.Contains(t, out+errs, "printed")
	}
	testkit.Await(t, func() bool {
		return slices.ContainsFunc(b.status().Troubles, func(t casebook.Trouble) bool { return t.Kind == "PlanMailRun" })
	})
	code, _, errs := b.Run("notify", b.id, "--post", "--practice", byPost[0], "--by", "Ada Officer")
	require.Equal(t, 3, code, "it has a letter that this database does not know")
	require.Contains(t, errs, "notices-001")
	require.Equal(t, printed, filesBelow(t, filepath.Join(b.Out, b.id, "mail")), "something was printed again")

	var lie []struct{ Batch, Record string }
	require.NoError(t, json.Unmarshal([]byte(b.Do("adopt", b.id, "--list", "--json")), &lie))
	require.Equal(t, "notices-001", lie[len(lie)-1].Batch)
	require.Greater(t, len(lie), 1)
	b.Do("adopt", b.id, "--by", "Ada Officer", "--yes")
	b.awaitPrinted(keys...)
	testkit.Await(t, func() bool { return strings.Contains(b.Do("adopt", b.id, "--list"), "knows every batch") })
	today := testkit.Today().String()
	b.Do("record", b.id, "--batch", "notices-001", "--fact", "practice_notified", "--on", today, "--by", "Ada Officer")
	require.Len(t, byPost, b.number("SELECT count(*) FROM post_piece WHERE held = ''"))
	b.Do("notify", b.id, "--by", "Ada Officer")
	b.awaitTold(keys...)

	b.settled()
	require.Equal(t, taken, b.handed(), "a notice went out again")
	require.Equal(t, printed, filesBelow(t, filepath.Join(b.Out, b.id, "mail")), "something was printed again")
	require.Equal(t, notified, b.toldOn(), "a practice was told on the day on which it was told")

	// And what is recorded after it counts for the people in those letters.
	b.Do("record", b.id, "--fact", "letters_mailed", "--on", today, "--by", "Ada Officer")
	require.Zero(t, b.number("SELECT count(*) FROM finding WHERE letter <> '' AND state <> 'mailed'"))
	b.settled()
}

// withoutEmail takes the address of a practice that was not told yet out of the case, and
// returns all that have none.
func (b *broken) withoutEmail() (keys []string) {
	b.T.Helper()
	path := filepath.Join(b.dir, "practices.csv")
	rows, err := csv.NewReader(strings.NewReader(officetest.ReadFile(b.T, path))).ReadAll()
	require.NoError(b.T, err)
	cell := func(row []string, name string) *string { return &row[officetest.Column(rows[0], name)] }
	for i, row := range slices.Backward(rows[1:]) {
		if told := *cell(row, "notified_on") != ""; !told && len(keys) == 0 {
			*cell(rows[1+i], "email"), *cell(rows[1+i], "second_email") = "", ""
		}
		if *cell(row, "notified_on") == "" && *cell(row, "email") == "" {
			keys = append(keys, *cell(row, "practice_key"))
		}
	}
	file, err := os.Create(path)
	require.NoError(b.T, err)
	require.NoError(b.T, csv.NewWriter(file).WriteAll(rows))
	require.NoError(b.T, file.Close())
	require.NotEmpty(b.T, keys)
	return keys
}

// writing are the practices whose letters are printed here, in key order.
func (b *broken) writing() []string {
	b.T.Helper()
	var keys []string
	for _, d := range b.status().Details {
		if d.Account.In(account.Waiting) > 0 {
			keys = append(keys, d.Key)
		}
	}
	slices.Sort(keys)
	require.Greater(b.T, len(keys), 3)
	return keys
}

// awaitPrinted waits until no letter of the practices is left to print.
func (b *broken) awaitPrinted(keys ...string) {
	b.T.Helper()
	testkit.Await(b.T, func() bool {
		return b.number(`SELECT count(*) FROM finding f JOIN practice p ON p.id = f.practice_id
			WHERE p.practice_key = ANY($1) AND f.state IN ('waiting', 'printing')`, keys) == 0
	}, func() string { return b.Do("status", b.id) })
}

// awaitTold waits until the practices' notices went out.
func (b *broken) awaitTold(keys ...string) {
	b.T.Helper()
	testkit.Await(b.T, func() bool {
		return b.number("SELECT count(*) FROM outbox WHERE practice_key = ANY($1) AND step = 'practice_notice' AND state = 'sent'", keys) == len(keys)
	}, func() string { return b.Do("notify", b.id, "--list") })
}

// toldOn is on which day each practice was told, as is recorded.
func (b *broken) toldOn() map[string]string {
	b.T.Helper()
	rows, err := b.pool.Query(b.T.Context(), "SELECT practice_key, terms::text FROM act WHERE kind = 'record' AND who = 'duenotice'")
	require.NoError(b.T, err)
	told := map[string]string{}
	for rows.Next() {
		var key, terms string
		require.NoError(b.T, rows.Scan(&key, &terms))
		if strings.Contains(terms, "practice_notified") {
			told[key] = terms
		}
	}
	require.NoError(b.T, rows.Err())
	return told
}
