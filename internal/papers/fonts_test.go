package papers_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/papers"
	"duenotice/templates"
)

// gofpdf is given the embedded fonts themselves, which are everybody's: papers set at
// the same time must neither race for them nor change them.
func TestPapersSetAtTheSameTimeLeaveTheFontsAlone(t *testing.T) {
	t.Parallel()
	before := templates.SHA256()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { _, _ = papers.Notice(exampleNotice()) })
	}
	all.Wait()
	require.Equal(t, before, templates.SHA256())
}

// Reading a font for a document, or making a compressor for a page, is tens of
// thousands of allocations more than setting what a paper says.
//
//nolint:paralleltest // what others allocate meanwhile would be counted
func TestAPaperMakesNothingAnewThatAllShare(t *testing.T) {
	for name, produce := range map[string]func() error{
		"notice":    func() error { _, err := papers.Notice(exampleNotice()); return err },
		"worksheet": func() error { _, _, err := papers.Worksheet(exampleWorksheet()); return err },
		"proof": func() error {
			_, err := proofOfLetters(exampleIncident(), examplePractice(), exampleListed()[2:4])
			return err
		},
	} {
		require.Less(t, testing.AllocsPerRun(5, func() { require.NoError(t, produce()) }), 16_000.0, name)
	}
}
