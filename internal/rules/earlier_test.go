package rules_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/rulebooks"
	"duenotice/internal/rules"
)

// earlierDecision is a decision as the record has it.
type earlierDecision struct {
	Inputs string `json:"inputs"`
	Result string `json:"result"`
}

// TestEarlierRulebooksTakeTheirDecisionsAgain keeps two rulebooks in testdata as
// the program keeps those of earlier versions, one of other data and one of
// another logic too, and takes again what they decided: each by its own law,
// with the same bytes.
func TestEarlierRulebooksTakeTheirDecisionsAgain(t *testing.T) {
	t.Parallel()
	archive := rulebooks.Archive{Files: os.DirFS(filepath.Join("testdata", "earlier"))}
	library, err := rulebooks.From(archive, rules.EarlierOfTests)
	require.NoError(t, err)
	require.Len(t, library, 3)
	for i, c := range []struct{ version, letters, attorney string }{
		{"2000.1", "2026-04-15", "2026-04-20"},  // the former logic: 30 days, over the earlier data
		{"2000.10", "2026-05-15", "2026-04-20"}, // the present logic: 60 days; the earlier row of Texas: 35
		{rules.Current().Version(), "2026-05-15", "2026-04-15"},
	} {
		t.Run(c.version, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.version, library[i].Version(), "in the order of their versions")
			book, ok := library.Find(library[i].SHA256())
			require.True(t, ok)
			taken, err := book.Decide(texan(600))
			require.NoError(t, err)
			due := map[string]string{}
			for _, o := range taken.Obligations {
				due[o.Rule] = o.Due.String()
			}
			require.Equal(t, c.letters, due["hipaa.164.404.individual"])
			require.Equal(t, c.attorney, due["state.tx.regulator.attorney_general"])
			require.Equal(t, i == 0, len(taken.Warnings) == 0, "the former logic warned of nothing")
			require.Equal(t, i == 2, due["hipaa.164.408.immediate"] != "", "a rule that came later is in no earlier rulebook")
			if i == 2 {
				return // what the current rulebook decides is the corpus
			}
			path := filepath.Join("testdata", "earlier", "decisions", c.version+".json")
			if *update {
				var list []earlierDecision
				for _, people := range []int{1, 10, 249, 250, 499, 600, 10_001} {
					taken, err := book.Decide(texan(people))
					require.NoError(t, err)
					list = append(list, earlierDecision{string(taken.Inputs), string(taken.Result)})
				}
				write(t, path, list)
			}
			var list []earlierDecision
			read(t, path, &list)
			require.Len(t, list, 7)
			for n, d := range list {
				again, err := book.Replay([]byte(d.Inputs))
				require.NoError(t, err)
				require.Equal(t, d.Result, string(again), "decision %d", n)
				var s rules.Subject
				require.NoError(t, json.Unmarshal([]byte(d.Inputs), &s))
				taken, err := book.Decide(s)
				require.NoError(t, err)
				require.Equal(t, []string{d.Inputs, d.Result}, []string{string(taken.Inputs), string(taken.Result)}, "a running case goes on under it")
			}
		})
	}
}

// TestAChangedDateKeepsOneFile: an earlier rulebook whose only difference is one
// State's date is its manifest and that one row; everything else, Go included,
// is this program's own.
func TestAChangedDateKeepsOneFile(t *testing.T) {
	t.Parallel()
	now := rules.Current()
	row := strings.Replace(string(rules.RowText("states/tx.yaml")), "due: [{n: 30,", "due: [{n: 35,", 1)
	m := rules.Manifest{Version: "2001.1", Logic: now.Manifest().Logic, Files: maps.Clone(now.Manifest().Files)}
	m.Files["states/tx.yaml"] = hash(row)
	require.NotEqual(t, now.Manifest().Files, m.Files)
	kept := fstest.MapFS{rulebooks.FileName("states/tx.yaml", hash(row)): {Data: []byte(row)}}
	book, err := rules.Earlier(m, rulebooks.Archive{Files: kept}.File)
	require.NoError(t, err)
	require.NotEqual(t, now.SHA256(), book.SHA256())
	for seed := range uint64(samples / 4) {
		s := random(seed)
		before, after := book.Decide(s), decide(s)
		for i := range before.Obligations {
			o := &before.Obligations[i]
			if o.Rule == "state.tx.regulator.attorney_general" && !o.Due.IsZero() {
				require.Equal(t, "35 days", o.Clock, "seed %d", seed)
				o.Clock, o.Due, o.Why = after.Obligations[i].Clock, after.Obligations[i].Due, after.Obligations[i].Why
			}
		}
		before.Warnings, after.Warnings = nil, nil // they name the day, too
		require.Equal(t, after, before, "seed %d", seed)
	}
}

// TestAnEarlierRulebookThatIsNotWholeIsRefused, with what is wrong and where.
func TestAnEarlierRulebookThatIsNotWholeIsRefused(t *testing.T) {
	t.Parallel()
	now := rules.Current().Manifest()
	for name, c := range map[string]struct {
		logic, file, hash string
		kept              fstest.MapFS
		want              string
	}{
		"a logic nobody has": {"moonlight", "states/tx.yaml", now.Files["states/tx.yaml"], nil, `does not have its logic "moonlight"`},
		"a row that is gone": {now.Logic, "states/tx.yaml", hash("gone"), nil, "states/tx.yaml has changed since, and what it was (SHA-256 " + hash("gone") + ") is not kept"},
		"a row that was changed": {now.Logic, "states/tx.yaml", hash("a"), fstest.MapFS{rulebooks.FileName("states/tx.yaml", hash("a")): {Data: []byte("b")}},
			"has SHA-256 " + hash("b") + " and not " + hash("a")},
		"a row nobody can read":  {now.Logic, "states/tx.yaml", hash("a"), fstest.MapFS{rulebooks.FileName("states/tx.yaml", hash("a")): {Data: []byte("a")}}, "states/tx.yaml:1:"},
		"a file of another kind": {now.Logic, "moon.txt", hash("a"), nil, "it has a file moon.txt"},
		"a rule nobody has": {now.Logic, rules.DescriptionsFile, hash(`[{"id":"moon"}]`),
			fstest.MapFS{rulebooks.FileName(rules.DescriptionsFile, hash(`[{"id":"moon"}]`)): {Data: []byte(`[{"id":"moon"}]`)}}, "rule moon is described"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := rules.Manifest{Version: "2001.1", Logic: c.logic, Files: map[string]string{c.file: c.hash}}
			_, err := rules.Earlier(m, rulebooks.Archive{Files: c.kept}.File)
			require.ErrorContains(t, err, "rulebook 2001.1 cannot be put together: ")
			require.ErrorContains(t, err, c.want)
		})
	}
}

// TestTheHashIsOfLogicAndData and of nothing else: not of the name.
func TestTheHashIsOfLogicAndData(t *testing.T) {
	t.Parallel()
	m := rules.Current().Manifest()
	require.Equal(t, rules.Current().SHA256(), m.SHA256())
	require.Len(t, m.Files, 55, "54 jurisdictions and the rules in code")
	named := m
	named.Version = "another"
	require.Equal(t, m.SHA256(), named.SHA256())
	other := m
	other.Logic = "another"
	require.NotEqual(t, m.SHA256(), other.SHA256())
	for name := range m.Files {
		other := m
		other.Files = maps.Clone(m.Files)
		other.Files[name] = hash("other")
		require.NotEqual(t, m.SHA256(), other.SHA256(), name)
	}
}

func texan(people int) rules.Subject {
	return subject("2026-03-16", people, func(s *rules.Subject) {
		s.Practice.Agent = "" // nobody said, and that is warned of
		s.Tally.Sets = []breach.ClassCount{{State: "TX", Set: breach.SetOf("name", "ssn"), People: people}}
		s.Facts = append(s.Facts, breach.Fact{Kind: breach.DeterminedFact, On: day("2026-03-16")})
	})
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
