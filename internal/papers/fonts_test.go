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
