package faults_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/officetest"
	"duenotice/internal/testkit"
)

// TestPeopleActAtTheSameTime has two officers approve the same practices at once, others
// decide about one practice against each other, a corrected list loaded twice by two people
// while letters are printed, and the worker replaced by a new one meanwhile.
func TestPeopleActAtTheSameTime(t *testing.T) {
	t.Parallel()
	takesTime(t)
	random := seeded(t)
	b := furnish(t, officetest.SharedServers(t), 600, 20)
	b.Begin()
	b.insist("start", b.dir, "--by", "Ada Officer")
	b.answered()
	keys := b.writing()
	list := b.corrected(random.IntN(40))

	var all sync.WaitGroup
	for _, who := range []string{"Ada Officer", "Grace Counsel"} {
		mine := append([]string(nil), keys...)
		random.Shuffle(len(mine), func(i, j int) { mine[i], mine[j] = mine[j], mine[i] })
		all.Go(func() {
			for _, key := range mine {
				b.Run("approve", b.id, "--practice", key, "--by", who) // its papers may have changed just now
			}
		})
	}
	for _, answer := range []string{"letters", "all", "none", "letters"} {
		all.Go(func() { b.Run("delegate", b.id, "--practice", keys[0], answer, "--by", "Eli Clerk") })
	}
	for _, who := range []string{"Ada Officer", "Robin Officer"} {
		all.Go(func() { b.insist("amend", b.id, "--findings", list, "--by", who) })
	}
	all.Go(func() {
		before := b.Worker()
		b.StartWorker() // the new one works beside the old one until that has ended
		_ = before.Process.Signal(syscall.SIGTERM)
		_ = before.Wait()
	})
	all.Wait()

	b.insist("delegate", b.id, "--practice", keys[0], "letters", "--by", "Ada Officer")
	testkit.Await(t, func() bool {
		b.Run("approve", b.id, "--all", "--by", "Ada Officer")
		b.Run("approve", b.id, "--all", "--by", "Grace Counsel")
		return b.number("SELECT count(*) FROM finding WHERE state IN ('waiting', 'printing')") == 0
	}, func() string { return b.Do("status", b.id) })
	b.settled()
}

// corrected is the case's list with another street for somebody, as a file of its own.
func (b *broken) corrected(row int) string {
	b.T.Helper()
	rows, err := csv.NewReader(strings.NewReader(officetest.ReadFile(b.T, filepath.Join(b.dir, "findings.csv")))).ReadAll()
	require.NoError(b.T, err)
	street := officetest.Column(rows[0], "address1")
	for i := range rows[1:] {
		if change := &rows[1+(row+i)%(len(rows)-1)]; (*change)[street] != "" {
			(*change)[street] = "77 Corrected Street"
			break
		}
	}
	path := filepath.Join(b.T.TempDir(), "corrected.csv")
	file, err := os.Create(path)
	require.NoError(b.T, err)
	require.NoError(b.T, csv.NewWriter(file).WriteAll(rows))
	require.NoError(b.T, file.Close())
	return path
}
