package cli_test

import (
	"encoding/json"
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
