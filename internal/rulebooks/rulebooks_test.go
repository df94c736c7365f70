package rulebooks_test

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/rulebooks"
	"duenotice/internal/rules"
)

// TestWhatIsKeptIsWhole holds the archive of this program against itself: every
// kept rulebook is put together, has its decisions and takes them again, bit for
// bit; every file is what its name says and is needed; and the current rulebook
// has not changed since it was kept, if it was.
func TestWhatIsKeptIsWhole(t *testing.T) {
	t.Parallel()
	whole(t, rulebooks.Archive{Files: os.DirFS("kept")}, "testdata")
}

// TestAChangeAfterKeepingIsNoticed: a rulebook is kept as the tool keeps it, and
// then its law changes.
func TestAChangeAfterKeepingIsNoticed(t *testing.T) {
	t.Parallel()
	now := rules.Current()
	later := now.Manifest()
	later.Logic = "another"
	for name, c := range map[string]struct {
		manifest any
		want     string
	}{
		"another rulebook of the version":  {later, "name a new version in internal/rules/book.go"},
		"a version that is not the file's": {rules.Manifest{Version: "1999.1"}, `says that it is "1999.1"`},
		"no manifest":                      {"moon", "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			content, err := json.Marshal(c.manifest)
			require.NoError(t, err)
			archive := rulebooks.Archive{Files: fstest.MapFS{rulebooks.ManifestName(now.Version()): {Data: content}}}
			require.ErrorContains(t, unchanged(archive), c.want)
		})
	}
	content, err := json.Marshal(now.Manifest())
	require.NoError(t, err)
	archive := rulebooks.Archive{Files: fstest.MapFS{rulebooks.ManifestName(now.Version()): {Data: content}}}
	require.NoError(t, unchanged(archive))
	library, err := rulebooks.From(archive, rules.Earlier)
	require.NoError(t, err)
	require.Len(t, library, 1, "the current rulebook is kept and still the current one")
}

// unchanged says what is wrong with the archive's own idea of the current rulebook.
func unchanged(archive rulebooks.Archive) error {
	library, err := rulebooks.From(archive, rules.Earlier)
	if err != nil {
		return err
	}
	for _, book := range library[:len(library)-1] {
		if book.Version() == library.Newest().Version() {
			return errChanged
		}
	}
	return nil
}

var errChanged = errors.New("the rulebook was kept and is another one now: name a new version in internal/rules/book.go")

func whole(t *testing.T, archive rulebooks.Archive, decisions string) {
	t.Helper()
	require.NoError(t, unchanged(archive))
	manifests, err := archive.Manifests()
	require.NoError(t, err)
	library, err := rulebooks.From(archive, rules.Earlier)
	require.NoError(t, err)
	recorded, err := filepath.Glob(filepath.Join(decisions, "*.jsonl"))
	require.NoError(t, err)
	require.Len(t, recorded, len(manifests), "each kept rulebook has its decisions, and no other")
	needed := map[string]bool{}
	for _, m := range manifests {
		book, ok := library.Find(m.SHA256())
		require.True(t, ok, m.Version)
		taken := decisionsIn(t, filepath.Join(decisions, m.Version+".jsonl"))
		require.Greater(t, len(taken), 40)
		for i, d := range taken {
			got, err := book.Replay([]byte(d.Inputs))
			require.NoError(t, err, i)
			require.Equal(t, d.Result, string(got),
				"decision %d of %s: its logic changed; keep what it was in internal/rules/logic.go", i, m.Version)
		}
		for name, sha256 := range m.Files {
			needed[rulebooks.FileName(name, sha256)] = true
		}
	}
	files, err := fs.Glob(archive.Files, "files/*")
	require.NoError(t, err)
	for _, file := range files {
		require.True(t, needed[file], "nobody needs %s; run go generate ./internal/rulebooks", file)
		content, err := fs.ReadFile(archive.Files, file)
		require.NoError(t, err)
		sum := sha256.Sum256(content)
		require.Contains(t, file, hex.EncodeToString(sum[:]), "a kept file is never changed")
	}
}

// TestOlderVersionsStandFirst, as numbers and not as words.
func TestOlderVersionsStandFirst(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{}
	for _, version := range []string{"2000.10", "2000.2", "2000.2.11", "2000.2.9", "1999.12"} {
		content, err := json.Marshal(rules.Manifest{Version: version, Logic: version})
		require.NoError(t, err)
		files[rulebooks.ManifestName(version)] = &fstest.MapFile{Data: content}
	}
	library, err := rulebooks.From(rulebooks.Archive{Files: files}, rules.Earlier)
	require.NoError(t, err)
	var order []string
	for _, book := range library {
		order = append(order, book.Version())
	}
	require.Equal(t, []string{"1999.12", "2000.2", "2000.2.9", "2000.2.11", "2000.10", rules.Current().Version()}, order)

	_, err = library[0].Decide(large())
	require.ErrorContains(t, err, `rulebook 1999.12 cannot be put together: this program does not have its logic "1999.12"`)
	_, ok := library.Find("of nobody")
	require.False(t, ok)
}

// TestARulebookDecidesFromTheBytesThatAreKept, and again from them.
func TestARulebookDecidesFromTheBytesThatAreKept(t *testing.T) {
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
	Inputs string `json:"inputs"`
	Result string `json:"result"`
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
