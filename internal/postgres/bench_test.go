//go:build unix

package postgres_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

// manyPeople streams rows of the usual size, spread over practices as an export
// has them: one practice after the other, one person in ten in the next one too.
func manyPeople(keys []string, rows int) postgres.Findings {
	streets := []string{"1 Example Street", "2200 Example Avenue", "31 Example Court Apt 4", "P.O. Box 555"}
	classes := [][]breach.DataClass{{"name", "address", "date_of_birth", "diagnosis"}, {"name", "ssn", "claims", "health_insurance_id", "provider_name"}}
	return func(ctx context.Context, each func(int, *breach.Person) error) error {
		var p breach.Person
		for i := range rows {
			number := i
			if back := (rows/len(keys)/10+2)*10 + 1; i%10 == 0 && i > back {
				number = i - back // somebody of a practice before
			}
			p = breach.Person{
				Key: fmt.Sprintf("p-%09d", number), PracticeKey: keys[i*len(keys)/rows], FirstName: "Example", MiddleName: "Q", LastName: fmt.Sprintf("Person%d", number),
				BirthDate: discovered.AddDays(-number % 30000), Address1: streets[number%len(streets)], City: "Example City", State: "VA",
				ZIP: fmt.Sprintf("%05d", 20000+number*7919%5000), Country: "US", Email: "person@example.org", Phone: "804-555-0100", Language: "en",
				DataClasses: classes[number%len(classes)], AcquiredOrViewed: "yes", Source: "export.csv",
			}
			if err := each(i+2, &p); err != nil {
				return err
			}
		}
		return ctx.Err()
	}
}

func manyKeys(n int) []string {
	keys := make([]string, n)
	for i := range keys {
		keys[i] = fmt.Sprintf("P%05d", i+1)
	}
	return keys
}

const (
	benchRows      = 300_000
	benchPractices = 3_000
)

// BenchmarkLoad loads a case of 300,000 findings in 3,000 practices, with all
// the counting that belongs to it, and then sends the same rows, ready made,
// with a bare COPY into a table without an index. "of-COPY" is the ratio of their rates
// by the processor time of this process and of the database's, making the benchmark's own
// people left out.
func BenchmarkLoad(b *testing.B) {
	keys := manyKeys(benchPractices)
	var loading, copying, loadWorked, copyWorked time.Duration
	for b.Loop() {
		store, url := open(b)
		spent := newSpent(b, url)
		in := caseOf(incident(), practices(keys...))
		in.Findings = manyPeople(keys, benchRows)
		before := spent.sofar(b)
		require.NoError(b, in.Findings(b.Context(), func(int, *breach.Person) error { return nil }))
		making := spent.sofar(b) - before
		before = spent.sofar(b)
		began := time.Now()
		require.Equal(b, benchRows, loaded(b, store, in).Findings)
		loading += time.Since(began)
		loadWorked += spent.sofar(b) - before - making
		took, worked := bareCopy(b, url, spent)
		copying += took
		copyWorked += worked
	}
	rows := float64(benchRows * b.N)
	b.ReportMetric(rows/loading.Seconds(), "rows/s")
	b.ReportMetric(rows/copying.Seconds(), "bare-COPY-rows/s")
	b.ReportMetric(copyWorked.Seconds()/loadWorked.Seconds(), "of-COPY")
	b.ReportMetric(copying.Seconds()/loading.Seconds(), "of-COPY-by-the-clock")
	b.ReportMetric(loadWorked.Seconds()*1e6/rows, "cpu-us/row")
	b.ReportMetric(0, "ns/op")
}

func bareCopy(b *testing.B, url string, spent spent) (took, worked time.Duration) {
	b.Helper()
	pool := testkit.Pool(b, url)
	conn, err := pool.Acquire(b.Context())
	require.NoError(b, err)
	defer conn.Release()
	var rows bytes.Buffer
	_, err = conn.Conn().PgConn().CopyTo(b.Context(), &rows, "COPY finding_rows TO STDOUT BINARY")
	require.NoError(b, err)
	_, err = conn.Exec(b.Context(), "CREATE TABLE bare (LIKE finding)")
	require.NoError(b, err)
	before, began := spent.sofar(b), time.Now()
	tag, err := conn.Conn().PgConn().CopyFrom(b.Context(), &rows, "COPY bare FROM STDIN BINARY")
	took = time.Since(began)
	worked = spent.sofar(b) - before
	require.NoError(b, err)
	require.EqualValues(b, benchRows, tag.RowsAffected())
	return took, worked
}

// BenchmarkPlanMailRun assigns 300,000 findings to letters.
func BenchmarkPlanMailRun(b *testing.B) {
	keys := manyKeys(benchPractices)
	var planning time.Duration
	for b.Loop() {
		store, _ := open(b)
		in := caseOf(incident(), practices(keys...))
		in.Findings = manyPeople(keys, benchRows)
		loaded(b, store, in)
		require.NoError(b, store.LetPrint(b.Context(), incidentID))
		began := time.Now()
		require.Positive(b, mailRun(b, store, 1, 5000).Pieces)
		planning += time.Since(began)
	}
	b.ReportMetric(float64(benchRows*b.N)/planning.Seconds(), "findings/s")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkCheckPeople opens 300,000 findings and counts them again.
func BenchmarkCheckPeople(b *testing.B) {
	keys := manyKeys(benchPractices)
	store, _ := open(b)
	in := caseOf(incident(), practices(keys...))
	in.Findings = manyPeople(keys, benchRows)
	loaded(b, store, in)
	for b.Loop() {
		altered, err := store.CheckPeople(b.Context(), incidentID)
		require.NoError(b, err)
		require.Zero(b, altered)
	}
	b.ReportMetric(float64(benchRows*b.N)/b.Elapsed().Seconds(), "findings/s")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkPractice reads what one practice's decisions rest on.
func BenchmarkPractice(b *testing.B) {
	store, _ := open(b)
	loaded(b, store, caseOf(incident(), practices("P1"), person("P1", "a")))
	approved(b, store, "P1")
	for b.Loop() {
		practice(b, store, "P1")
	}
}

// BenchmarkSavePlan saves plans of ten obligations, one that is new and one
// that is there already.
func BenchmarkSavePlan(b *testing.B) {
	for name, changing := range map[string]bool{"moved": true, "unchanged": false} {
		b.Run(name, func(b *testing.B) {
			store, _ := open(b)
			loaded(b, store, caseOf(incident(), practices("P1"), person("P1", "a")))
			plan := planOf()
			for _, state := range []string{"VA", "MD", "DC", "NY", "NJ", "PA", "DE", "CT", "MA", "US"} {
				plan.Obligations = append(plan.Obligations, duty("rule", breach.MediaNotice, state, "2026-05-15"))
			}
			n := 0
			for b.Loop() {
				if n++; changing {
					plan.Obligations[0].Due = discovered.AddDays(n)
				}
				_, err := store.SavePlan(b.Context(), incidentID, "P1", plan, casebook.Standing{Phase: casebook.PhaseOpen})
				require.NoError(b, err)
			}
		})
	}
}
