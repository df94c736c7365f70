package bucket_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"filippo.io/age"
	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/bucket"
	"duenotice/internal/outfolder"
	"duenotice/internal/outfolder/placetest"
	"duenotice/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// settings are those of a new bucket of a real store.
func settings(t *testing.T, prefix string) (bucket.Settings, testkit.ObjectStore) {
	t.Helper()
	store := testkit.Bucket(t)
	return bucket.Settings{
		Address: "s3://" + store.Bucket + prefix, Endpoint: store.Endpoint,
		Credentials: bucket.Credentials{AccessKeyID: store.AccessKeyID, SecretAccessKey: store.SecretAccessKey},
	}, store
}

func TestABucketIsAPlace(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{"", "/prod/papers"} {
		t.Run("prefix "+prefix, func(t *testing.T) {
			t.Parallel()
			placetest.Run(t, func(t *testing.T) (one, other outfolder.Place) {
				t.Helper()
				s, _ := settings(t, prefix)
				return bucket.New(s), bucket.New(s)
			})
		})
	}
}

// TestTwoWorkersSealOneListOnce: encrypting gives other bytes each time, and a manifest
// that names those of one worker is wrong when those of the other stand.
func TestTwoWorkersSealOneListOnce(t *testing.T) {
	t.Parallel()
	s, _ := settings(t, "")
	key, err := age.GenerateX25519Identity()
	require.NoError(t, err)
	recipients, err := outfolder.ParseRecipients(key.Recipient().String())
	require.NoError(t, err)
	for _, words := range []string{"the first list", "a later list"} { // where there is none, and over another
		written := make([]outfolder.Written, 8)
		failed := make([]error, len(written))
		var group sync.WaitGroup
		for i := range written {
			group.Go(func() {
				folder := outfolder.In(bucket.New(s)).EncryptedFor(recipients)
				file, err := folder.CreatePatientFile(folder.Incident("EX-1").Letters("run-001-batch-0001"))
				if err != nil {
					failed[i] = err
					return
				}
				defer file.Abort()
				if _, failed[i] = io.WriteString(file, words); failed[i] == nil {
					written[i], failed[i] = file.Commit(context.WithoutCancel(t.Context()))
				}
			})
		}
		group.Wait()
		for i := range written {
			require.NoError(t, failed[i])
			require.Equal(t, written[0], written[i], "two workers say different things of one file")
		}
		folder := outfolder.In(bucket.New(s))
		sealed, err := folder.ReadFile(t.Context(), written[0].Path)
		require.NoError(t, err)
		plain, err := age.Decrypt(bytes.NewReader(sealed), key)
		require.NoError(t, err)
		got, err := io.ReadAll(plain)
		require.NoError(t, err)
		require.Equal(t, words, string(got))
		found, ok, err := folder.FindPatientFile(t.Context(), folder.Incident("EX-1").Letters("run-001-batch-0001"))
		require.NoError(t, err)
		require.True(t, ok)
		require.Equal(t, written[0], found, "the record beside it is of another file")
	}
}

// TestWhatIsWrittenTouchesNoDiskOfOurs: with recipients or without.
func TestWhatIsWrittenTouchesNoDiskOfOurs(t *testing.T) {
	s, _ := settings(t, "")
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	draft, err := bucket.New(s).Create("EX-1/letters.pdf")
	require.NoError(t, err)
	for range 40 {
		_, err = draft.Write(make([]byte, 1<<18))
		require.NoError(t, err)
	}
	entries, err := os.ReadDir(temporary)
	require.NoError(t, err)
	require.Empty(t, entries)
	_, err = draft.Commit(t.Context(), nil)
	require.NoError(t, err)
}

// TestWhatSomebodyElsePutThereIsRead: a folder that was copied into a bucket has no
// sums of ours with its files.
func TestWhatSomebodyElsePutThereIsRead(t *testing.T) {
	t.Parallel()
	s, store := settings(t, "")
	b := bucket.New(s)
	require.NoError(t, os.MkdirAll(filepath.Join(store.Folder, "EX-1"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(store.Folder, "EX-1", "summary.json"), []byte("{}"), 0o600))
	found, err := b.Find(t.Context(), "EX-1/summary.json")
	require.NoError(t, err)
	require.Equal(t, int64(2), found.Bytes)
	require.NoError(t, b.Write(t.Context(), "EX-1/summary.json", []byte("{}")))
	require.NoError(t, b.Write(t.Context(), "EX-1/summary.json", []byte("{ }")))
	got, err := outfolder.In(b).ReadFile(t.Context(), b.Address("EX-1/summary.json"))
	require.NoError(t, err)
	require.Equal(t, "{ }", string(got))
}

// TestADamagedFileIsNotReadAsWhole: bytes that changed on the store's disk.
func TestADamagedFileIsNotReadAsWhole(t *testing.T) {
	t.Parallel()
	s, store := settings(t, "")
	b := bucket.New(s)
	require.NoError(t, b.Write(t.Context(), "EX-1/notice.pdf", []byte("what was written")))
	file, err := os.OpenFile(filepath.Join(store.Folder, "EX-1", "notice.pdf"), os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = file.WriteAt([]byte("WHAT"), 0)
	require.NoError(t, err)
	require.NoError(t, file.Close())
	_, err = outfolder.In(b).ReadFile(t.Context(), b.Address("EX-1/notice.pdf"))
	require.ErrorIs(t, err, outfolder.ErrDamaged)
}

func TestSettingsThatCannotBeMeantAreRefused(t *testing.T) {
	t.Parallel()
	good := bucket.Settings{Address: "s3://papers.example/prod", Endpoint: "https://s3.example.org"}
	require.NoError(t, good.Check())
	require.NoError(t, bucket.Settings{Address: "s3://papers", Region: "eu-central-1", Encryption: "aws:kms:alias/papers"}.Check())
	for name, change := range map[string]func(*bucket.Settings){
		"no bucket":            func(s *bucket.Settings) { s.Address = "s3://" },
		"no bucket's name":     func(s *bucket.Settings) { s.Address = "s3://Papers_/x" },
		"a way out":            func(s *bucket.Settings) { s.Address = "s3://papers/../other" },
		"an empty part":        func(s *bucket.Settings) { s.Address = "s3://papers/a//b" },
		"no store":             func(s *bucket.Settings) { s.Endpoint = "" },
		"no address":           func(s *bucket.Settings) { s.Endpoint = "s3.example.org" },
		"a password in it":     func(s *bucket.Settings) { s.Endpoint = "https://key:hunter2@s3.example.org" },
		"a path in it":         func(s *bucket.Settings) { s.Endpoint = "https://s3.example.org/bucket" },
		"no way to encrypt":    func(s *bucket.Settings) { s.Encryption = "rot13" },
		"a KMS without a name": func(s *bucket.Settings) { s.Encryption = "aws:kms:" },
	} {
		s := good
		change(&s)
		err := s.Check()
		refusal, ok := breach.AsRefusal(err)
		require.True(t, ok, name)
		require.Equal(t, "bucket", refusal.Code, name)
		require.NotContains(t, err.Error(), "hunter2")
		require.Error(t, bucket.New(s).Write(t.Context(), "x", nil), name)
		require.Error(t, bucket.New(s).Ready(t.Context()), name)
	}
}
