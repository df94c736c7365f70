//go:build unix

package papers_test

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/jung-kurt/gofpdf"
	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/papers"
	"duenotice/templates"
)

const benchBatch = 5000

// BenchmarkLetters sets batches of 5,000 two-page letters of 100 practices with
// eight sets of data classes, every fourth to a parent, beside bare gofpdf, which sets
// the lines of one of them 5,000 times.
func BenchmarkLetters(b *testing.B) {
	all := benchLetters()
	set := func(letters []casebook.Letter, w io.Writer) {
		batch, err := papers.NewLetterBatch(exampleIncident(), may1, nil)
		require.NoError(b, err)
		pages := 0
		for _, l := range letters {
			piece, err := batch.Add(l)
			require.NoError(b, err)
			pages += piece.Pages
		}
		_, err = batch.WriteTo(w)
		require.NoError(b, err)
		require.Equal(b, 2*len(letters), pages)
	}
	var one bytes.Buffer
	set(all[:1], &one)
	besideBare(b, benchBatch, one.Bytes(), func(w io.Writer) { set(all, w) })
}

// BenchmarkReadingBack reads the same letters back.
func BenchmarkReadingBack(b *testing.B) {
	batch, err := papers.NewLetterBatch(exampleIncident(), may1, nil)
	require.NoError(b, err)
	for _, l := range benchLetters() {
		_, err := batch.Add(l)
		require.NoError(b, err)
	}
	var file bytes.Buffer
	_, err = batch.WriteTo(&file)
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		misread, err := batch.ReadBack(file.Bytes())
		require.NoError(b, err)
		require.Empty(b, misread)
	}
	b.ReportMetric(float64(benchBatch)*float64(b.N)/b.Elapsed().Seconds(), "letters/s")
}

func benchLetters() []casebook.Letter {
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
	return all
}

func BenchmarkNotice(b *testing.B) {
	benchPaper(b, func(p breach.Practice) ([]byte, error) {
		in := exampleNotice()
		in.Practice = p
		return papers.Notice(in)
	})
}

func BenchmarkWorksheet(b *testing.B) {
	benchPaper(b, func(p breach.Practice) ([]byte, error) {
		in := exampleWorksheet()
		in.Practice = p
		_, file, err := papers.Worksheet(in)
		return file, err
	})
}

// BenchmarkProof makes the proof of a practice with people in six States, three of which
// have a letter of their own.
func BenchmarkProof(b *testing.B) {
	benchPaper(b, func(p breach.Practice) ([]byte, error) { return proofOf(exampleIncident(), p) })
}

// benchPaper makes one paper after another, each for a practice of another name.
func benchPaper(b *testing.B, produce func(breach.Practice) ([]byte, error)) {
	b.Helper()
	n := 0
	practice := examplePractice()
	set := func(w io.Writer) {
		practice.DBA = fmt.Sprintf("Practice number %d", n)
		n++
		file, err := produce(practice)
		require.NoError(b, err)
		_, err = w.Write(file)
		require.NoError(b, err)
	}
	var one bytes.Buffer
	set(&one)
	besideBare(b, 1, one.Bytes(), set)
}

// besideBare measures what makes a number of items against gofpdf alone, which sets the
// lines of one of them as often and does nothing else: neither laying out nor looking
// whether it can be printed. Both are measured in turn, on one core, in the processor's
// time, which others on the machine do not take from.
func besideBare(b *testing.B, items int, one []byte, ours func(io.Writer)) {
	b.Helper()
	lines := readPDF(b, one)
	previous := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(previous)
	var our, bare spent
	var size int64
	for b.Loop() {
		size = our.add(ours)
		bare.add(func(w io.Writer) { require.NoError(b, setBare(lines, items, w)) })
	}
	done := float64(items * b.N)
	b.ReportMetric(done/our.cpu.Seconds(), "items/cpu-s")
	b.ReportMetric(done/bare.cpu.Seconds(), "bare-items/cpu-s")
	b.ReportMetric(bare.cpu.Seconds()/our.cpu.Seconds(), "of-bare")
	b.ReportMetric(float64(our.allocated)/done/1024, "KiB-allocated/item")
	b.ReportMetric(float64(bare.allocated)/done/1024, "bare-KiB-allocated/item")
	b.ReportMetric(float64(size)/float64(items), "bytes/item")
	b.ReportMetric(0, "ns/op")
}

// spent is processor time and memory.
type spent struct {
	cpu       time.Duration
	allocated uint64
}

// add adds what writing takes, and returns how long the file is.
func (s *spent) add(write func(io.Writer)) int64 {
	var before, after runtime.MemStats
	var counted counter
	runtime.ReadMemStats(&before)
	began := processorTime()
	write(&counted)
	s.cpu += processorTime() - began
	runtime.ReadMemStats(&after)
	s.allocated += after.TotalAlloc - before.TotalAlloc
	return int64(counted)
}

func processorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// setBare sets lines with gofpdf alone, a number of times.
func setBare(lines []printed, times int, w io.Writer) error {
	pdf := gofpdf.New("P", "pt", "Letter", "")
	pdf.SetAutoPageBreak(false, 0)
	// gofpdf writes into the fonts that it is given.
	pdf.AddUTF8FontFromBytes("sans", "", bytes.Clone(templates.Regular))
	pdf.AddUTF8FontFromBytes("sans", "B", bytes.Clone(templates.Bold))
	for range times {
		page := 0
		for _, l := range lines {
			if l.page != page {
				pdf.AddPage()
				page = l.page
			}
			style := ""
			if l.bold {
				style = "B"
			}
			pdf.SetFont("sans", style, l.size)
			pdf.Text(l.x, l.fromTop, l.text)
		}
	}
	return pdf.Output(w)
}
