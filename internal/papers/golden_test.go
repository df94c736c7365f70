package papers_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/papers"
)

var update = flag.Bool("update", false, "write testdata/*.golden from what the code makes now; read the difference before committing it")

// TestPapersReadAsRecorded holds every paper's words: a change of wording shows as a difference in testdata.
func TestPapersReadAsRecorded(t *testing.T) {
	t.Parallel()
	pdfText := func(produce func() ([]byte, error)) func(*testing.T) string {
		return func(t *testing.T) string {
			t.Helper()
			file, err := produce()
			require.NoError(t, err)
			again, err := produce()
			require.NoError(t, err)
			require.Equal(t, file, again, "the same input gave other bytes")
			return textOf(t, file)
		}
	}
	for name, produce := range map[string]func(*testing.T) string{
		"letters.txt": pdfText(func() ([]byte, error) {
			return papers.Proof(exampleIncident(), examplePractice(), examplePerson().DataClasses, exampleTally().Residents, may1)
		}),
		"letters-es.txt": pdfText(func() ([]byte, error) {
			incident := inSpanish()
			return papers.Proof(incident, examplePractice(), examplePerson().DataClasses, nil, may1)
		}),
		"notice.txt": pdfText(func() ([]byte, error) { return papers.Notice(exampleNotice()) }),
		"binder.txt": pdfText(func() ([]byte, error) { return papers.Binder(exampleBinder()) }),
		"media.txt":  pdfText(func() ([]byte, error) { return papers.MediaRelease(exampleMedia()) }),
		"posting.html": func(t *testing.T) string {
			t.Helper()
			page, _, err := papers.Posting(examplePosting())
			require.NoError(t, err)
			return string(page)
		},
		"own-letters.txt": pdfText(func() ([]byte, error) { return ownLetters(exampleIncident(), examplePractice(), examplePeople()...) }),
		"checklist.txt":   pdfText(func() ([]byte, error) { return papers.Checklist(exampleChecklist()) }),
		"agencies.csv": func(t *testing.T) string {
			t.Helper()
			var out strings.Builder
			require.NoError(t, papers.AgenciesCSV(&out, exampleAgencies()))
			return out.String()
		},
		"mail-merge.csv": func(t *testing.T) string {
			t.Helper()
			var out strings.Builder
			sheet := papers.WriteMailMerge(&out, exampleIncident(), may1)
			for i, p := range examplePeople() {
				if i == 0 {
					sheet.Add(&p, "own-letters.pdf", papers.Piece{FirstPage: 1, Pages: 2}, "")
					continue
				}
				sheet.Add(&p, "", papers.Piece{}, breach.HeldScript.Words())
			}
			require.NoError(t, sheet.Flush())
			return out.String()
		},
		"worksheet.txt": pdfText(func() ([]byte, error) {
			_, file, err := papers.Worksheet(exampleWorksheet())
			return file, err
		}),
		"worksheet.json": func(t *testing.T) string {
			t.Helper()
			file, _, err := papers.Worksheet(exampleWorksheet())
			require.NoError(t, err)
			require.Equal(t, 1, bytes.Count(file, []byte("\n")), "programs read it a line at a time")
			var indented bytes.Buffer // for who reads the difference
			require.NoError(t, json.Indent(&indented, file, "", "  "))
			return indented.String()
		},
		"deadlines.ics": func(t *testing.T) string {
			t.Helper()
			file, err := papers.Calendar(exampleCalendar())
			require.NoError(t, err)
			return string(file)
		},
		"email.txt": func(*testing.T) string {
			subject, text := papers.Email(exampleNotice(), "notice.pdf")
			return subject + "\n\n" + text
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := produce(t)
			path := filepath.Join("testdata", name+".golden")
			if *update {
				require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
			}
			want, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, string(want), got)
		})
	}
}
