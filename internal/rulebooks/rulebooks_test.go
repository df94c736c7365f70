package rulebooks_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/rulebooks"
	"duenotice/internal/rules"
)

// TestDecisionsOfEarlierRulebooksReplay takes decisions that an earlier
// rulebook took in its day once more, bit for bit. The files were written when
// the rulebook was the current one.
func TestDecisionsOfEarlierRulebooksReplay(t *testing.T) {
	t.Parallel()
	recorded := map[string]string{}
	read(t, filepath.Join("..", "rules", "testdata", "versions.json"), &recorded)
	files, err := filepath.Glob("testdata/*.jsonl")
	require.NoError(t, err)
	require.NotEmpty(t, files, "at least one rulebook back must be kept")
	library := rulebooks.Kept()
	require.Len(t, library, len(files)+1, "every kept rulebook has its decisions, and the current one none yet")
	for _, file := range files {
		version := strings.TrimSuffix(filepath.Base(file), ".jsonl")
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			book := named(t, library, version)
			require.Equal(t, recorded[version], book.SHA256(), "the hash recorded when it was the current one")
			decisions := decisionsIn(t, file)
			require.Greater(t, len(decisions), 40)
			for i, d := range decisions {
				got, err := book.Replay([]byte(d.Subject))
				require.NoError(t, err, i)
				require.Equal(t, d.Decision, string(got), "decision %d of %s", i, version)
			}
		})
	}
}

// TestTheCurrentRulebookIsNotAnEarlierOne: a changed rulebook under the name of
// a kept one would let a worker take one for the other.
func TestTheCurrentRulebookIsNotAnEarlierOne(t *testing.T) {
	t.Parallel()
	library := rulebooks.Kept()
	for _, earlier := range library[:len(library)-1] {
		require.NotEqual(t, earlier.Version(), library.Newest().Version(), "name a new version in internal/rules/book.go")
	}
	_, ok := library.Find("of nobody")
	require.False(t, ok)
}

// TestEveryRulebookDecidesARunningCase: a case that was planned under an
// earlier rulebook goes on under it, in today's types.
func TestEveryRulebookDecidesARunningCase(t *testing.T) {
	t.Parallel()
	for _, book := range rulebooks.Kept() {
		taken, err := book.Decide(large())
		require.NoError(t, err)
		require.True(t, taken.Notifiable)
		require.NotEmpty(t, taken.Obligations)
		require.Equal(t, civil.MustParse("2026-03-16"), taken.Discovered)
		again, err := book.Replay(taken.Inputs)
		require.NoError(t, err)
		require.Equal(t, string(taken.Result), string(again))
	}
}

// TestTheInputsHoldNoPatient: they are kept for years, and with every decision.
func TestTheInputsHoldNoPatient(t *testing.T) {
	t.Parallel()
	taken, err := rulebooks.Kept().Newest().Decide(large())
	require.NoError(t, err)
	for _, field := range []string{"first_name", "last_name", "person_key", "birth_date", "DataClasses"} {
		require.NotContains(t, string(taken.Inputs), field)
	}
}

func named(t *testing.T, library rulebooks.Library, version string) *rulebooks.Rulebook {
	t.Helper()
	for _, book := range library {
		if book.Version() == version {
			return book
		}
	}
	require.Fail(t, "no such rulebook", version)
	return nil
}

func large() rules.Subject {
	on := civil.MustParse("2026-03-16")
	return rules.Subject{
		Incident: breach.Incident{ID: "EX-1", Entity: breach.Entity{Name: "Example", Role: breach.BusinessAssociate},
			Occurred: breach.Span{From: on, To: on}, Discovered: on},
		Practice: breach.Practice{Key: "P1", LegalName: "Example Clinic", Agent: breach.Yes},
		Tally:    breach.Tally{People: 600, Residents: map[string]int{"TX": 600}, Classes: map[breach.DataClass]int{"name": 600}},
	}
}

type recordedDecision struct {
	Subject  string `json:"subject"`
	Decision string `json:"decision"`
}

func decisionsIn(t *testing.T, path string) []recordedDecision {
	t.Helper()
	file, err := os.Open(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	var list []recordedDecision
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var d recordedDecision
		require.NoError(t, json.Unmarshal(lines.Bytes(), &d))
		list = append(list, d)
	}
	require.NoError(t, lines.Err())
	return list
}

func read(t *testing.T, path string, into any) {
	t.Helper()
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(b, into))
}
