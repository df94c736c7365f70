//go:build unix

package postgres_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres"
)

// BenchmarkLedger takes practices through the database, many at a time, from
// the first plan to the notice that is sent: with the ledger, and with a store
// that leaves its entries out. "of-throughput" is what the ledger costs of it, by the
// processor time of this process and of the database's, since others may use the machine.
func BenchmarkLedger(b *testing.B) {
	const each, turns, writers = 200, 10, 8
	took, worked := map[bool]time.Duration{}, map[bool]time.Duration{}
	for b.Loop() {
		store, url := open(b)
		spent := newSpent(b, url)
		keys := manyKeys(each * 2 * turns)
		loaded(b, store, caseOf(incident(), practices(keys...), person(keys[0], "a")))
		// By turns, so that both have the machine's better and worse moments.
		for turn := range 2 * turns {
			s := store
			if turn%2 == 1 {
				s = postgres.WithoutLedger(store)
			}
			before := spent.sofar(b)
			took[turn%2 == 0] += livedThrough(b, s, keys[:each], writers)
			worked[turn%2 == 0] += spent.sofar(b) - before
			keys = keys[each:]
		}
	}
	b.ReportMetric(float64(each*turns*b.N)/took[true].Seconds(), "practices/s")
	b.ReportMetric(1-worked[false].Seconds()/worked[true].Seconds(), "of-throughput")
	b.ReportMetric(1-took[false].Seconds()/took[true].Seconds(), "of-throughput-by-the-clock")
	b.ReportMetric(worked[true].Seconds()*1e6/float64(each*turns*b.N), "cpu-us/practice")
	b.ReportMetric(0, "ns/op")
}

// livedThrough is how long it takes for all practices.
func livedThrough(b *testing.B, store *postgres.Store, keys []string, writers int) time.Duration {
	b.Helper()
	work, failures := make(chan string), make(chan error, len(keys))
	var all sync.WaitGroup
	began := time.Now()
	for range writers {
		all.Go(func() {
			for key := range work {
				failures <- livePractice(b.Context(), store, key)
			}
		})
	}
	for _, key := range keys {
		work <- key
	}
	close(work)
	all.Wait()
	took := time.Since(began)
	close(failures)
	for err := range failures {
		require.NoError(b, err)
	}
	return took
}

// livePractice does what the activities do for one practice until it waits for people.
func livePractice(ctx context.Context, store *postgres.Store, key string) error {
	p, err := store.Practice(ctx, incidentID, key)
	if err != nil {
		return err
	}
	plan := planOf()
	for _, state := range []string{"VA", "MD", "DC", "NY", "US"} {
		plan.Obligations = append(plan.Obligations, duty("rule", breach.MediaNotice, state, "2026-05-15"))
	}
	for _, phase := range []casebook.Phase{casebook.PhaseOpen, casebook.PhaseApproval} {
		if _, err := store.SavePlan(ctx, incidentID, key, plan, casebook.Standing{Phase: phase}); err != nil {
			return err
		}
	}
	files := make([]casebook.File, 6)
	for i, name := range []string{"notice.pdf", "people.csv", "hhs-worksheet.json", "hhs-worksheet.pdf", "deadlines.ics", "letter-proof.pdf"} {
		files[i] = casebook.File{Path: "practices/" + key + "/" + name, SHA256: key + name, Bytes: 1000}
	}
	if err := store.SavePapers(ctx, incidentID, key, casebook.Papers{SHA256: "papers", PacketSHA256: "packet", ListSHA256: p.ListSHA256, Files: files}); err != nil {
		return err
	}
	if _, err := store.IntendMessage(ctx, incidentID, key, "practice_notice"); err != nil {
		return err
	}
	for _, state := range [][2]string{{casebook.MessageIntended, casebook.MessageSending}, {casebook.MessageSending, casebook.MessageSent}} {
		if _, err := store.MoveMessage(ctx, casebook.MessageID(incidentID, key, "practice_notice", 1), state[0], casebook.Message{State: state[1], ProviderID: "p", SentOn: today, Changes: p.Changes}); err != nil {
			return err
		}
	}
	return nil
}
