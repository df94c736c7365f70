package breach_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
)

// TestTheDocumentsSayTheSameNumbers: what a guide, a template or a message says of
// a limit is the limit. docs/obligations.md is made from the rulebook.
func TestTheDocumentsSayTheSameNumbers(t *testing.T) {
	t.Parallel()
	docs, approvers := filepath.Join("..", "..", "docs"), []string{strconv.Itoa(breach.DefaultApprovers)}
	warnings := make([]string, len(breach.WarningDays))
	for i, days := range breach.WarningDays {
		warnings[i] = strconv.Itoa(days)
	}
	limit := []string{strconv.Itoa(breach.NoticeDays)}
	for _, c := range []struct {
		path, pattern string
		want          []string
	}{
		{filepath.Join(docs, "case-folder.md"), `letters\.approvers.*the default is (\d+)`, approvers},
		{filepath.Join(docs, "officers-guide.md"), `letters\.approvers.*unless you say otherwise, (\w+)`, []string{map[int]string{1: "one", 2: "two"}[breach.DefaultApprovers]}},
		{filepath.Join("..", "casefolder", "template", "incident.yaml"), `approvers: +(\d+)`, approvers},
		{filepath.Join("..", "synthetic", "incident.yaml.tmpl"), `approvers: +(\d+)`, approvers},
		{filepath.Join(docs, "architecture.md"), `(?s)open obligation with a day has stages: (.*?)\s+days before`, warnings},
		{filepath.Join(docs, "case-folder.md"), `the law's (\d+) days count`, limit},
		{filepath.Join(docs, "case-folder.md"), `the (\d+) days of 45 CFR 164\.410\(b\)`, limit},
		{filepath.Join(docs, "case-folder.md"), `within (\d+) days of discovery \(45 CFR 164\.404\(b\)\)`, limit},
		{filepath.Join(docs, "architecture.md"), `until (\d+) days after the year's end`, []string{strconv.Itoa(breach.YearEndDays)}},
	} {
		b, err := os.ReadFile(c.path)
		require.NoError(t, err)
		found := regexp.MustCompile(c.pattern).FindStringSubmatch(string(b))
		require.NotNil(t, found, "%s no longer says %s", c.path, c.pattern)
		said := strings.FieldsFunc(found[1], func(r rune) bool { return r == ',' || r == ' ' || r == '\n' })
		require.Equal(t, c.want, without(said, "and"), "%s: %s", c.path, found[0])
	}
}

func without(list []string, word string) (rest []string) {
	for _, w := range list {
		if w != word {
			rest = append(rest, w)
		}
	}
	return rest
}

// TestEachPageSaysWhomItIsFor: before its first table, block or heading, a page of
// docs/ says in a sentence whom it is for.
func TestEachPageSaysWhomItIsFor(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob(filepath.Join("..", "..", "docs", "*.md"))
	require.NoError(t, err)
	require.Greater(t, len(pages), 10)
	for _, path := range pages {
		b, err := os.ReadFile(path)
		require.NoError(t, err)
		paragraphs := strings.SplitN(string(b), "\n\n", 3)
		require.Len(t, paragraphs, 3, path)
		require.True(t, strings.HasPrefix(paragraphs[0], "# "), "%s begins with its title", path)
		require.Regexp(t, `^(For|This guide is for) (the|whoever|everybody)\b`, paragraphs[1], "%s does not open with whom it is for", path)
	}
}
