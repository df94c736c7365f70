package synthetic_test

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/synthetic"
)

var discovered = civil.MustParse("2026-11-16")

// write makes a folder and returns it with what it is said to hold.
func write(t *testing.T, p synthetic.Params) (string, synthetic.Made) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "case")
	made, err := synthetic.Write(dir, p)
	require.NoError(t, err)
	return dir, made
}

func hashes(t *testing.T, dir string) map[string]string {
	t.Helper()
	sums := map[string]string{}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		f, err := os.Open(filepath.Join(dir, e.Name()))
		require.NoError(t, err)
		h := sha256.New()
		_, err = io.Copy(h, f)
		require.NoError(t, err)
		require.NoError(t, f.Close())
		sums[e.Name()] = hex.EncodeToString(h.Sum(nil))
	}
	return sums
}

func TestSameParamsSameBytes(t *testing.T) {
	t.Parallel()
	first, made := write(t, synthetic.Default(discovered))
	second, madeAgain := write(t, synthetic.Default(discovered))
	require.Equal(t, hashes(t, first), hashes(t, second))
	require.Equal(t, made, madeAgain)

	other := synthetic.Default(discovered)
	other.Seed++
	third, _ := write(t, other)
	require.NotEqual(t, hashes(t, first)["findings.csv"], hashes(t, third)["findings.csv"], "another seed is another incident")
}

// Bytes that differ from these were made by another program: people compare
// demos, and benchmarks compare runs. Change the hashes on purpose only.
func TestTheDemoIsTheSameOnEveryMachine(t *testing.T) {
	t.Parallel()
	dir, _ := write(t, synthetic.Default(discovered))
	require.Equal(t, map[string]string{
		"incident.yaml": "9b6cf45346cb874e5b37c161aefa2bac7478b515bbdc7c08007024dfd26b1c43",
		"practices.csv": "8c358afa9e4884d9d3650332f758e07c5789d30bf14401f75590ad693f6d3373",
		"findings.csv":  "296996075a0a65ef120d480b838856f631012ce26c7b19c8bc17cafb709fb1a3",
	}, hashes(t, dir))
}

func TestDefaultIsTheDemo(t *testing.T) {
	t.Parallel()
	p := synthetic.Default(discovered)
	require.NoError(t, p.Validate())
	require.Equal(t, "DEMO-2026-11", p.IncidentID)
	require.True(t, p.Boundaries())
	_, made := write(t, p)
	require.Equal(t, 40, made.Practices)
	require.InDelta(t, 9_000, made.Findings, 200)
	require.Equal(t, map[string]int{"all": 31, "letters": 6, "none": 2, "": 1}, made.Delegations)
	require.Zero(t, made.UnprintableNames)
}

func TestBounds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(*synthetic.Params)
		says  string
	}{
		"an id that is a path":          {func(p *synthetic.Params) { p.IncidentID = "../X" }, "id"},
		"no day of discovery":           {func(p *synthetic.Params) { p.Discovered = civil.Date{} }, "discovery"},
		"no practice":                   {func(p *synthetic.Params) { p.Practices = 0 }, "practices"},
		"more practices than NPIs":      {func(p *synthetic.Params) { p.Practices, p.People = 100_001, 200_000 }, "100000"},
		"fewer people than practices":   {func(p *synthetic.Params) { p.People = p.Practices - 1 }, "every practice has at least one"},
		"too many people":               {func(p *synthetic.Params) { p.People = 20_000_001 }, "20000000"},
		"more odd names than people":    {func(p *synthetic.Params) { p.UnprintableNames = p.People + 1 }, "unprintable"},
		"a negative number of names":    {func(p *synthetic.Params) { p.UnprintableNames = -1 }, "unprintable"},
		"shares above a thousand":       {func(p *synthetic.Params) { p.Delegations = synthetic.Delegations{Letters: 999, None: 2} }, "1000"},
		"a share below nothing":         {func(p *synthetic.Params) { p.Delegations.None = -1 }, "delegations"},
		"negative people and practices": {func(p *synthetic.Params) { p.Practices, p.People = -1, -1 }, "practices"},
	} {
		p := synthetic.Default(discovered)
		c.spoil(&p)
		dir := filepath.Join(t.TempDir(), "case")
		_, err := synthetic.Write(dir, p)
		_, refused := breach.AsRefusal(err)
		require.True(t, refused, name)
		require.ErrorContains(t, err, c.says, name)
		require.NoDirExists(t, dir, name)
	}
}

func TestAPersonsOwnCaseFolderIsNeverReplaced(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"incident.yaml", "practices.csv", "findings.csv"} {
		dir := t.TempDir()
		path := filepath.Join(dir, file)
		require.NoError(t, os.WriteFile(path, []byte("id: REAL-1\n"), 0o600))
		_, err := synthetic.Write(dir, synthetic.Default(discovered))
		_, refused := breach.AsRefusal(err)
		require.True(t, refused, file)
		require.ErrorContains(t, err, file)
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, "id: REAL-1\n", string(content))
		entries, err := os.ReadDir(dir)
		require.NoError(t, err)
		require.Len(t, entries, 1, "nothing was written beside it")
	}
}

func TestASyntheticFolderIsReplacedWhole(t *testing.T) {
	t.Parallel()
	small := synthetic.Params{IncidentID: "SMALL-1", Practices: 3, People: 20, Seed: 1, Discovered: discovered}
	fresh, made := write(t, small)

	dir, _ := write(t, synthetic.Default(discovered))
	require.NoError(t, os.Remove(filepath.Join(dir, "findings.csv")), "as a run killed half-way leaves it")
	again, err := synthetic.Write(dir, small)
	require.NoError(t, err)
	require.Equal(t, made, again)
	require.Equal(t, hashes(t, fresh), hashes(t, dir))
}

// The plan's arithmetic has to come out for every shape, not only the demo's.
func TestEveryShapeHasItsPeople(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		practices, people int
		boundaries        bool
	}{
		"one person":                              {1, 1, false},
		"as many people as practices":             {30, 30, false},
		"one practice":                            {1, 700, false},
		"eleven practices are too few":            {11, 9_000, false},
		"twelve practices with just enough room":  {12, 3_607, true},
		"twelve practices and one person more":    {12, 3_608, true},
		"twelve practices and one person fewer":   {12, 3_606, false},
		"one ordinary practice with one person":   {13, 3_608, true},
		"one ordinary practice without anybody":   {13, 3_607, false},
		"thirteen practices and many people":      {13, 12_000, true},
		"more ordinary practices than the tour":   {150, 6_000, true},
		"many practices of one or two people":     {2_000, 5_600, true},
		"many practices, no room for the special": {2_000, 3_000, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := synthetic.Default(discovered)
			p.Practices, p.People, p.UnprintableNames = c.practices, c.people, min(c.people, 3)
			require.Equal(t, c.boundaries, p.Boundaries())
			dir, made := write(t, p)
			require.Equal(t, c.people, made.People)
			require.Equal(t, c.boundaries, len(made.Boundaries) > 0)
			recount(t, dir, p).equals(t, made)
		})
	}
}

func TestUnprintableNames(t *testing.T) {
	t.Parallel()
	p := synthetic.Default(discovered)
	p.UnprintableNames = 7
	dir, made := write(t, p)
	require.Equal(t, 7, made.UnprintableNames)
	recount(t, dir, p).equals(t, made)
}

func TestWithoutNonLatinNames(t *testing.T) {
	t.Parallel()
	p := synthetic.Default(discovered)
	p.NonLatin = false
	dir, _ := write(t, p)
	content, err := os.ReadFile(filepath.Join(dir, "findings.csv"))
	require.NoError(t, err)
	require.False(t, strings.ContainsFunc(string(content), func(r rune) bool { return r >= 0x370 && r < 0x530 }),
		"no Greek and no Cyrillic letter")
	require.Contains(t, string(content), "Łukasz,,Nguyễn")
}
