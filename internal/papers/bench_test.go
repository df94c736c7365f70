package papers_test

import (
	"fmt"
	"io"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/papers"
)

const benchBatch = 5000

// BenchmarkLetters sets batches of 5,000 two-page letters of 100 practices with
// eight sets of data classes, every fourth to a parent: on one core, with the
// Unicode font embedded.
func BenchmarkLetters(b *testing.B) {
	var all []casebook.Letter
	sets := [][]breach.DataClass{
		{"name", "diagnosis"}, {"name", "ssn"}, {"name", "date_of_birth", "medication"}, {"name", "claims"},
		{"name", "ssn", "diagnosis"}, {"name", "lab_result"}, {"name", "payment_card"}, {"name", "address", "phone"},
	}
	for i := range benchBatch {
		practice := examplePractice()
		practice.Key = fmt.Sprintf("P%d", i/50)
		practice.DBA = fmt.Sprintf("Practice number %d", i/50)
		l := letterTo(examplePerson(), practice)
		l.PieceID = fmt.Sprintf("EX-%05d", i)
		l.Person.LastName = fmt.Sprintf("Nguyễn-%d", i)
		l.Classes = sets[i%len(sets)]
		if i%4 == 0 {
			l.Person.BirthDate = may1.AddYears(-9)
		}
		all = append(all, l)
	}
	previous := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(previous)
	b.ReportAllocs()
	for b.Loop() {
		batch, err := papers.NewLetterBatch(exampleIncident(), may1, nil)
		require.NoError(b, err)
		pages := 0
		for _, l := range all {
			piece, err := batch.Add(l)
			require.NoError(b, err)
			pages += piece.Pages
		}
		_, err = batch.WriteTo(io.Discard)
		require.NoError(b, err)
		require.Equal(b, 2*benchBatch, pages)
	}
	b.ReportMetric(float64(benchBatch*b.N)/b.Elapsed().Seconds(), "letters/s")
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	b.ReportMetric(float64(memory.Sys)/(1<<20), "MB-from-OS")
}

func BenchmarkNotice(b *testing.B) {
	for b.Loop() {
		_, err := papers.Notice(exampleNotice())
		require.NoError(b, err)
	}
}

func BenchmarkWorksheet(b *testing.B) {
	for b.Loop() {
		_, _, err := papers.Worksheet(exampleWorksheet())
		require.NoError(b, err)
	}
}
