package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/cases"
)

// previewed is what a preview says, as other programs read it.
type previewed struct {
	SHA256    string `json:"sha256"`
	Practices int    `json:"practices"`
	People    int    `json:"people"`
	Proof     string `json:"proof"`
	Variants  []struct {
		Key     string `json:"variant"`
		Reader  string `json:"reader"`
		People  int    `json:"people"`
		Pages   int    `json:"pages"`
		Reasons []string
		Grade   float64  `json:"grade"`
		Failed  []string `json:"failed"`
	} `json:"variants"`
}

func (o *office) preview(args ...string) (p previewed) {
	o.t.Helper()
	require.NoError(o.t, json.Unmarshal([]byte(o.must(append([]string{"preview"}, append(args, "--json")...)...)), &p))
	return p
}

// TestWhatIsPreviewedIsWhatIsApproved from the list to the printed batch: the preview counts
// everybody by the letter they get, an approval of it falls when the list changes, and the
// batch's manifest counts the same.
func TestWhatIsPreviewedIsWhatIsApproved(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.startWorker()
	const id = "ST-ALPHONSUS"
	folder := cases.Folder(t, "st-alphonsus")
	o.must("start", folder, "--by", "Ada Rivera")
	before := o.preview(id)
	require.Equal(t, []int{1, 10, 3}, []int{before.Practices, before.People, len(before.Variants)})
	readers := map[string]int{}
	for _, v := range before.Variants {
		readers[v.Reader] = v.People
		require.NotEmpty(t, v.Reasons)
		require.Empty(t, v.Failed)
		require.Equal(t, 2, v.Pages)
		require.Less(t, v.Grade, 7.0)
	}
	require.Equal(t, map[string]int{"adult": 8, "minor": 1, "next_of_kin": 1}, readers)
	require.FileExists(t, before.Proof)
	said := o.must("preview", id)
	require.Contains(t, said, "10 people get a letter, in 3 variants")
	require.Contains(t, said, "approve ST-ALPHONSUS --all --preview "+before.SHA256[:12])
	one := o.preview(id, "--practice", "P1")
	require.Equal(t, before.Variants, one.Variants)
	require.FileExists(t, one.Proof)
	require.Len(t, strings.Split(strings.TrimSpace(o.must("preview", id, "--csv")), "\n"), 4)

	// Somebody turns out to be a child.
	list, err := os.ReadFile(filepath.Join(folder, "findings.csv"))
	require.NoError(t, err)
	later := filepath.Join(t.TempDir(), "later.csv")
	require.NoError(t, os.WriteFile(later, []byte(strings.Replace(string(list), "Test8,1980-01-01", "Test8,2016-01-01", 1)), 0o600))
	o.must("amend", id, "--findings", later, "--by", "Ada Rivera")
	var after previewed
	require.Eventually(t, func() bool {
		r := o.do("preview", id, "--json")
		return r.code == 0 && json.Unmarshal([]byte(r.out), &after) == nil && after.SHA256 != before.SHA256
	}, 20*time.Second, 50*time.Millisecond)
	for _, v := range after.Variants {
		readers[v.Reader] = v.People
	}
	require.Equal(t, map[string]int{"adult": 7, "minor": 2, "next_of_kin": 1}, readers)
	for _, stale := range [][]string{{"--all", "--preview", before.SHA256[:12]}, {"--practice", "P1", "--preview", one.SHA256}} {
		r := o.do(append(append([]string{"approve", id}, stale...), "--by", "Ada Rivera")...)
		require.Equal(t, 3, r.code, r.err)
		require.Contains(t, r.err, "are not those of the preview")
	}
	require.Equal(t, 2, o.do("approve", id, "--all", "--preview", "4be1", "--by", "Ada Rivera").code)
	o.must("approve", id, "--all", "--preview", after.SHA256[:12], "--by", "Ada Rivera")

	manifests := o.glob(filepath.Join(id, "mail", "run-*", "manifest.json"))
	require.Len(t, manifests, 1)
	content, err := os.ReadFile(manifests[0])
	require.NoError(t, err)
	var manifest struct {
		Variants []struct {
			Key     string       `json:"variant"`
			Reader  breach.Voice `json:"reader"`
			Letters int          `json:"letters"`
		} `json:"letters_by_variant"`
	}
	require.NoError(t, json.Unmarshal(content, &manifest))
	require.Len(t, manifest.Variants, len(after.Variants))
	for i, v := range after.Variants {
		require.Equal(t, v.Key, manifest.Variants[i].Key)
		require.Equal(t, v.People, manifest.Variants[i].Letters, v.Reader)
	}
	nothing := o.do("preview", id)
	require.Equal(t, 3, nothing.code)
	require.Contains(t, nothing.err, "no letters of ST-ALPHONSUS wait for approval")
}
