package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
	"duenotice/internal/cases"
)

// Whoever approves sees how many letters speak of the dead and of children,
// before they do.
func TestWhoApprovesSeesOfWhomTheLettersSpeak(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.startWorker()
	const id = "ST-ALPHONSUS"
	o.must("start", cases.Folder(t, "st-alphonsus"), "--by", "Ada Rivera")
	const said = "Of 10 people, the letters speak of 1 child and of 1 person who has died."
	require.Contains(t, o.must("approve", id, "--list"), said)
	var waiting struct{ Practices []casebook.WaitingPractice }
	require.NoError(t, json.Unmarshal([]byte(o.must("approve", id, "--list", "--json")), &waiting))
	require.Len(t, waiting.Practices, 1)
	require.Equal(t, []int{10, 1, 1}, []int{waiting.Practices[0].People, waiting.Practices[0].Minors, waiting.Practices[0].Deceased})

	one := o.must("approve", id, "--practice", "P1", "--by", "Ada Rivera")
	require.Contains(t, one, said)
}

// A run in which every letter was held back ends like any other, and its folder
// says who was not written to and why.
func TestARunOfWhichNothingIsPrintedEnds(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.startWorker()
	o.must("start", cases.Folder(t, "held-all"), "--by", "Ada Rivera")
	o.must("approve", "HELD-ALL", "--practice", "P1", "--by", "Ada Rivera")
	batches, err := filepath.Glob(filepath.Join(o.env["DUENOTICE_OUT"], "HELD-ALL", "mail", "run-*"))
	require.NoError(t, err)
	require.Len(t, batches, 1)
	held, err := os.ReadFile(filepath.Join(batches[0], "held.csv"))
	require.NoError(t, err)
	require.Equal(t, "practice_key,person_key,reason\nP1,K1,script\n", string(held))
	require.FileExists(t, filepath.Join(batches[0], "manifest.json"))
	require.NoFileExists(t, filepath.Join(batches[0], "letters.pdf"))
}
