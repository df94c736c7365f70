// Package placetest is what every place of outputs owes, as one suite that each of
// them runs.
package placetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/stretchr/testify/require"

	"duenotice/internal/outfolder"
)

// Machines are several workers' views of one new, empty place.
type Machines func(t *testing.T) (one, other outfolder.Place)

// Run holds a place against what it owes.
func Run(t *testing.T, machines Machines) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, Machines){
		"a file appears only at commit":        onlyAtCommit,
		"the same twice is once":               sameTwice,
		"one of many writers' files stands":    manyWriters,
		"only one makes a file once":           onlyOneMakesIt,
		"files are listed at any depth":        listed,
		"what is not there is nothing":         nothingThere,
		"no address leads out of its place":    noWayOut,
		"a list is sealed, handed over, gone":  patientFile,
		"a place has one name on all machines": oneName,
		"it says whether it can be written to": ready,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, machines)
		})
	}
}

func content(b []byte) outfolder.Content {
	sum := sha256.Sum256(b)
	return outfolder.Content{SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(b))}
}

func read(t *testing.T, place outfolder.Place, key string) []byte {
	t.Helper()
	b, err := outfolder.In(place).ReadFile(t.Context(), place.Address(key))
	require.NoError(t, err)
	return b
}

func keys(t *testing.T, place outfolder.Place) []string {
	t.Helper()
	var list []string
	require.NoError(t, place.Each(t.Context(), "EX-1", func(key string) error {
		list = append(list, key)
		return nil
	}))
	return list
}

// big is longer than what any place keeps in one piece.
func big() []byte {
	b := make([]byte, 1<<20+17)
	for i := range b {
		b[i] = byte(i * 7)
	}
	return b
}

func onlyAtCommit(t *testing.T, machines Machines) {
	t.Helper()
	one, other := machines(t)
	const key = "EX-1/mail/run-001-batch-0001/letters.pdf"
	require.NoError(t, one.Write(t.Context(), key, []byte("earlier")))
	draft, err := one.Create(key)
	require.NoError(t, err)
	whole := big()
	for rest := whole; len(rest) > 0; rest = rest[min(len(rest), 1000):] {
		_, err := draft.Write(rest[:min(len(rest), 1000)])
		require.NoError(t, err)
	}
	require.Equal(t, "earlier", string(read(t, other, key)))
	found, err := draft.Commit(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, content(whole), found.Content)
	require.Equal(t, whole, read(t, other, key))
	draft.Abort()
	require.Equal(t, whole, read(t, other, key), "Abort after Commit took the file away")
	_, err = draft.Write([]byte("late"))
	require.ErrorIs(t, err, os.ErrClosed)
	_, err = draft.Commit(t.Context(), nil)
	require.ErrorIs(t, err, os.ErrClosed)

	forgotten, err := one.Create("EX-1/forgotten")
	require.NoError(t, err)
	_, err = forgotten.Write([]byte("half"))
	require.NoError(t, err)
	forgotten.Abort()
	require.Equal(t, []string{key}, keys(t, other))
	removed, err := one.CleanTemps(t.Context())
	require.NoError(t, err)
	require.Zero(t, removed)
}

func sameTwice(t *testing.T, machines Machines) {
	t.Helper()
	one, other := machines(t)
	for _, words := range []string{"first", "first", "second, and longer", "third", ""} {
		for _, place := range []outfolder.Place{one, other} {
			require.NoError(t, place.Write(t.Context(), "EX-1/summary.json", []byte(words)))
			found, err := place.Find(t.Context(), "EX-1/summary.json")
			require.NoError(t, err)
			require.Equal(t, content([]byte(words)), found.Content)
			same, err := other.Holds(t.Context(), "EX-1/summary.json", content([]byte(words)))
			require.NoError(t, err)
			require.True(t, same)
			same, err = other.Holds(t.Context(), "EX-1/summary.json", content([]byte(words+"x")))
			require.NoError(t, err)
			require.False(t, same)
		}
		require.Equal(t, words, string(read(t, other, "EX-1/summary.json")))
	}
	long := big()
	require.NoError(t, one.Write(t.Context(), "EX-1/long", long))
	require.NoError(t, other.Write(t.Context(), "EX-1/long", long))
	require.Equal(t, long, read(t, one, "EX-1/long"))
}

func manyWriters(t *testing.T, machines Machines) {
	t.Helper()
	one, other := machines(t)
	versions := [][]byte{bytes.Repeat([]byte("a"), 100_000), bytes.Repeat([]byte("b"), 90_000)}
	var group sync.WaitGroup
	failed := make(chan error, 12)
	for i := range 12 {
		group.Go(func() {
			failed <- []outfolder.Place{one, other}[i%2].Write(context.WithoutCancel(t.Context()), "EX-1/deep/er/pieces.csv", versions[i/2%2])
		})
	}
	group.Wait()
	for range 12 {
		require.NoError(t, <-failed)
	}
	require.Contains(t, versions, read(t, one, "EX-1/deep/er/pieces.csv"))
	require.Equal(t, []string{"EX-1/deep/er/pieces.csv"}, keys(t, one))
}

func onlyOneMakesIt(t *testing.T, machines Machines) {
	t.Helper()
	one, other := machines(t)
	var group sync.WaitGroup
	results := make(chan error, 8)
	for i := range 8 {
		group.Go(func() {
			results <- []outfolder.Place{one, other}[i%2].CreateOnce(context.WithoutCancel(t.Context()), "mark", []byte{'0' + byte(i)})
		})
	}
	group.Wait()
	made := 0
	for range 8 {
		if err := <-results; err == nil {
			made++
		} else {
			require.ErrorIs(t, err, fs.ErrExist)
		}
	}
	require.Equal(t, 1, made)
	require.Len(t, read(t, other, "mark"), 1)
}

func listed(t *testing.T, machines Machines) {
	t.Helper()
	one, other := machines(t)
	for _, key := range []string{"EX-1/practices/P2/notice.pdf", "EX-1/practices/P1/notice.pdf", "EX-1/practices/P1/people.csv", "EX-10/summary.json", "EX-1/summary.json"} {
		require.NoError(t, one.Write(t.Context(), key, []byte(key)))
	}
	require.Equal(t, []string{"EX-1/practices/P1/notice.pdf", "EX-1/practices/P1/people.csv", "EX-1/practices/P2/notice.pdf", "EX-1/summary.json"}, keys(t, other))
	n := 0
	require.NoError(t, other.Each(t.Context(), "EX-1", func(string) error {
		n++
		return fs.SkipAll
	}))
	require.Equal(t, 1, n)
	require.ErrorIs(t, other.Each(t.Context(), "EX-1", func(string) error { return io.ErrShortWrite }), io.ErrShortWrite)
	require.NoError(t, other.Remove(t.Context(), "EX-1/practices/P1/notice.pdf", "EX-1/practices/P1/none", "EX-1/summary.json"))
	require.NoError(t, other.Remove(t.Context(), "EX-1/practices/P2/notice.pdf"))
	require.Equal(t, []string{"EX-1/practices/P1/people.csv"}, keys(t, one))
	for _, key := range []string{"EX-1/summary.json", "EX-1/practices/P1/people.csv"} {
		address := one.Address(key)
		back, here := other.Key(address)
		require.True(t, here)
		require.Equal(t, key, back)
		there, err := other.Exists(t.Context(), key)
		require.NoError(t, err)
		require.Equal(t, strings.HasSuffix(key, "people.csv"), there)
	}
}

func nothingThere(t *testing.T, machines Machines) {
	t.Helper()
	one, _ := machines(t)
	_, err := one.Open(t.Context(), "EX-1/none")
	require.ErrorIs(t, err, fs.ErrNotExist)
	_, err = one.Find(t.Context(), "EX-1/none")
	require.ErrorIs(t, err, fs.ErrNotExist)
	there, err := one.Exists(t.Context(), "EX-1/none")
	require.NoError(t, err)
	require.False(t, there)
	same, err := one.Holds(t.Context(), "EX-1/none", content(nil))
	require.NoError(t, err)
	require.False(t, same)
	require.Empty(t, keys(t, one))
	require.NoError(t, one.Remove(t.Context(), "EX-1/none"))
}

func noWayOut(t *testing.T, machines Machines) {
	t.Helper()
	one, _ := machines(t)
	folder := outfolder.In(one)
	incident := folder.Incident("EX-1")
	for _, bad := range []string{
		"", "/etc/passwd", "..", folder.Root(), folder.Root() + "/../x", folder.Root() + "x/y", incident.Named("../../x"), incident.Named(`a\b`), incident.Named("a\x00b"),
		"s3://elsewhere/EX-1/summary.json",
	} {
		_, err := folder.WriteFile(t.Context(), bad, []byte("x"))
		require.Error(t, err, "%q", bad)
		_, err = folder.CreatePatientFile(bad)
		require.Error(t, err, "%q", bad)
		_, err = folder.ReadFile(t.Context(), bad)
		require.Error(t, err, "%q", bad)
		require.Error(t, folder.Remove(t.Context(), bad), "%q", bad)
		require.Error(t, folder.Each(t.Context(), bad, func(string) error { return nil }), "%q", bad)
	}
}

func put(t *testing.T, folder outfolder.Folder, address, words string) outfolder.Written {
	t.Helper()
	file, err := folder.CreatePatientFile(address)
	require.NoError(t, err)
	defer file.Abort()
	_, err = io.WriteString(file, words)
	require.NoError(t, err)
	written, err := file.Commit(t.Context())
	require.NoError(t, err)
	return written
}

func patientFile(t *testing.T, machines Machines) {
	t.Helper()
	one, other := machines(t)
	key, err := age.GenerateX25519Identity()
	require.NoError(t, err)
	recipients, err := outfolder.ParseRecipients(key.Recipient().String())
	require.NoError(t, err)
	mine, theirs := outfolder.In(one).EncryptedFor(recipients), outfolder.In(other).EncryptedFor(recipients)
	incident := mine.Incident("EX-1")
	address := incident.People("P1")

	put(t, outfolder.In(one), address, "list")
	require.Equal(t, []string{"EX-1/practices/P1/people.csv"}, keys(t, one))
	w := put(t, mine, address, "list")
	require.Equal(t, []string{"EX-1/practices/P1/people.csv.age", "EX-1/practices/P1/people.csv.age.json"}, keys(t, one))
	require.Equal(t, content([]byte("list")), w.Content())
	require.Equal(t, w, put(t, theirs, address, "list"), "the same list is not encrypted anew")
	sealed, err := theirs.ReadFile(t.Context(), w.Path)
	require.NoError(t, err)
	require.Equal(t, content(sealed).SHA256, w.SHA256)
	plain, err := age.Decrypt(bytes.NewReader(sealed), key)
	require.NoError(t, err)
	words, err := io.ReadAll(plain)
	require.NoError(t, err)
	require.Equal(t, "list", string(words))

	found, ok, err := theirs.FindPatientFile(t.Context(), address)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, w, found)
	all, err := theirs.Incident("EX-1").PatientFiles(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{address}, all)
	require.NoError(t, theirs.RemoveHandedOver(t.Context(), address, found, "Practice P1", "Robin Officer", time.Date(2026, 4, 20, 12, 0, 0, 0, time.UTC)))
	require.Equal(t, []string{"EX-1/practices/P1/people.csv.handed-over.json"}, keys(t, one))
	require.Equal(t, w, put(t, mine, address, "list"), "what was handed over stays away")
	require.Equal(t, []string{"EX-1/practices/P1/people.csv.handed-over.json"}, keys(t, one))
	put(t, mine, address, "a later list")
	require.NoError(t, theirs.RemovePatientFile(t.Context(), address))
	require.Empty(t, keys(t, one))
}

func oneName(t *testing.T, machines Machines) {
	t.Helper()
	one, other := machines(t)
	none, err := outfolder.In(one).ReadMark(t.Context())
	require.NoError(t, err)
	require.Empty(t, none)
	name, err := outfolder.In(one).Mark(t.Context())
	require.NoError(t, err)
	require.NotEmpty(t, name)
	again, err := outfolder.In(other).Mark(t.Context())
	require.NoError(t, err)
	require.Equal(t, name, again)
	require.NoError(t, outfolder.In(other).MarkAs(t.Context(), "another"))
	again, err = outfolder.In(one).ReadMark(t.Context())
	require.NoError(t, err)
	require.Equal(t, name, again, "a place that has a name keeps it")
}

func ready(t *testing.T, machines Machines) {
	t.Helper()
	one, other := machines(t)
	require.NoError(t, one.Ready(t.Context()))
	require.NoError(t, other.Ready(t.Context()))
	require.NoError(t, one.Each(t.Context(), "EX-1", func(key string) error {
		t.Errorf("%s was left", key)
		return nil
	}))
}
