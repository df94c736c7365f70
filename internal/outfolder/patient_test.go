package outfolder_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/outfolder"
)

func identity(t *testing.T) *age.X25519Identity {
	t.Helper()
	key, err := age.GenerateX25519Identity()
	require.NoError(t, err)
	return key
}

func recipients(t *testing.T, text string) outfolder.Recipients {
	t.Helper()
	r, err := outfolder.ParseRecipients(text)
	require.NoError(t, err)
	return r
}

func putPatientFile(t *testing.T, folder outfolder.Folder, path, text string) outfolder.Written {
	t.Helper()
	f, err := folder.CreatePatientFile(path)
	require.NoError(t, err)
	defer f.Abort()
	_, err = io.WriteString(f, text)
	require.NoError(t, err)
	w, err := f.Commit(t.Context())
	require.NoError(t, err)
	return w
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	return b
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// TestPatientFilesAreForTheirRecipientsOnly: each of them can read it, the disk
// has no trace of the text, and both hashes are right.
func TestPatientFilesAreForTheirRecipientsOnly(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	officer, house := identity(t), identity(t)
	list := filepath.Join(t.TempDir(), "recipients.txt")
	require.NoError(t, os.WriteFile(list, []byte("# the mail house\n"+house.Recipient().String()+"\n"), 0o600))
	r := recipients(t, officer.Recipient().String()+", "+list)
	require.True(t, r.Any())
	require.Equal(t, r.String(), recipients(t, r.String()).String())
	folder := outfolder.New(root).EncryptedFor(r)
	path := folder.Incident("EX-1").People("P1")

	const text = "person_key,last_name\nk1,Vexworthy\n"
	w := putPatientFile(t, folder, path, text)
	require.Equal(t, path+".age", w.Path)
	require.Equal(t, fs.FileMode(0o600), mode(t, w.Path))
	require.Equal(t, fs.FileMode(0o700), mode(t, filepath.Dir(w.Path)))
	require.Equal(t, sum(read(t, w.Path)), w.SHA256)
	require.Equal(t, outfolder.Content{SHA256: sum([]byte(text)), Bytes: int64(len(text))}, w.Content())
	requireOnly(t, filepath.Dir(path), "people.csv.age", "people.csv.age.json")
	for _, name := range []string{w.Path, w.Path + ".json"} {
		require.NotContains(t, string(read(t, name)), "Vexworthy")
	}
	for _, key := range []*age.X25519Identity{officer, house} {
		plain, err := age.Decrypt(bytes.NewReader(read(t, w.Path)), key)
		require.NoError(t, err)
		got, err := io.ReadAll(plain)
		require.NoError(t, err)
		require.Equal(t, text, string(got))
	}
	_, err := age.Decrypt(bytes.NewReader(read(t, w.Path)), identity(t))
	require.Error(t, err)

	require.Equal(t, w, putPatientFile(t, folder, path, text), "the same content is not encrypted anew")
	require.NoError(t, os.WriteFile(w.Path, []byte("spoilt"), 0o600))
	again := putPatientFile(t, folder, path, text)
	require.NotEqual(t, w.SHA256, again.SHA256)
	require.Equal(t, sum(read(t, w.Path)), again.SHA256)
	other := putPatientFile(t, folder, path, text+"k2,Other\n")
	require.NotEqual(t, again.Content(), other.Content())
	require.Equal(t, sum(read(t, w.Path)), other.SHA256)
}

// TestTurningEncryptionOnLeavesNothingInClear, and turning it off leaves no
// second truth.
func TestTurningEncryptionOnLeavesNothingInClear(t *testing.T) {
	t.Parallel()
	inClear := outfolder.New(t.TempDir())
	sealed := inClear.EncryptedFor(recipients(t, identity(t).Recipient().String()))
	path := inClear.Incident("EX-1").Letters("run-001-batch-0001")
	for range 2 {
		putPatientFile(t, inClear, path, "letters")
		requireOnly(t, filepath.Dir(path), "letters.pdf")
		putPatientFile(t, sealed, path, "letters")
		requireOnly(t, filepath.Dir(path), "letters.pdf.age", "letters.pdf.age.json")
	}
}

func TestAMisspeltRecipientIsRefused(t *testing.T) {
	t.Parallel()
	good := identity(t).Recipient().String()
	empty := filepath.Join(t.TempDir(), "empty")
	require.NoError(t, os.WriteFile(empty, []byte("# nobody\n"), 0o600))
	for _, text := range []string{good[:len(good)-1], good + " nobody", "age1", "/no/such/file", empty, identity(t).String()} {
		_, err := outfolder.ParseRecipients(text)
		refusal, ok := breach.AsRefusal(err)
		require.True(t, ok, "%q: %v", text, err)
		require.Equal(t, "recipients", refusal.Code)
	}
	none := recipients(t, " ")
	require.False(t, none.Any())
}

// TestASecretKeyIsRefusedWithoutBeingShown, wherever it stands.
func TestASecretKeyIsRefusedWithoutBeingShown(t *testing.T) {
	t.Parallel()
	secret, good := identity(t).String(), identity(t).Recipient().String()
	file := func(content string) string {
		path := filepath.Join(t.TempDir(), "recipients")
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		return path
	}
	const pem = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIHVuaW1hZ2luYWJsZS1zZWNyZXQta2V5LTAwMDA=\n-----END PRIVATE KEY-----\n"
	for name, text := range map[string]string{
		"alone": secret, "beside a public key": good + ", " + secret, "in small letters": strings.ToLower(secret), "PEM": pem,
		"a key file": file("# created: 2026\n# public key: " + good + "\n" + secret + "\n"), "a PEM file": file(pem),
	} {
		_, err := outfolder.ParseRecipients(text)
		refusal, ok := breach.AsRefusal(err)
		require.True(t, ok, name)
		require.Contains(t, refusal.Message, "has a secret key where public keys belong", name)
		for _, shown := range []string{refusal.Message, refusal.Advice, err.Error()} {
			require.NotContains(t, strings.ToUpper(shown), strings.ToUpper(secret[20:40]), name)
			require.NotContains(t, shown, "MC4CAQ", name)
		}
	}
}

// TestWhatWasHandedOverStaysAway until it has another content.
func TestWhatWasHandedOverStaysAway(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 4, 20, 12, 0, 0, 0, time.UTC)
	for name, words := range map[string]string{"in clear": "", "encrypted": identity(t).Recipient().String()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := outfolder.New(t.TempDir()).EncryptedFor(recipients(t, words))
			incident := folder.Incident("EX-1")
			path := incident.People("P1")
			_, ok, err := folder.FindPatientFile(t.Context(), path)
			require.NoError(t, err)
			require.False(t, ok)
			w := putPatientFile(t, folder, path, "list")
			found, ok, err := folder.FindPatientFile(t.Context(), path)
			require.NoError(t, err)
			require.True(t, ok)
			require.Equal(t, w, found)
			all, err := incident.PatientFiles(t.Context())
			require.NoError(t, err)
			require.Equal(t, []string{path}, all)

			for range 2 { // again, as after a crash
				require.NoError(t, folder.RemoveHandedOver(t.Context(), path, w, "Practice P1", "Robin Officer", at))
			}
			requireOnly(t, filepath.Dir(path), "people.csv.handed-over.json")
			var note outfolder.HandedOver
			require.NoError(t, json.Unmarshal(read(t, path+".handed-over.json"), &note))
			require.Equal(t, outfolder.HandedOver{
				To: "Practice P1", By: "Robin Officer", At: at, Name: filepath.Base(w.Path),
				Content: outfolder.Content{SHA256: w.SHA256, Bytes: w.Bytes}, Plain: w.Plain,
			}, note)

			require.Equal(t, w, putPatientFile(t, folder, path, "list"), "its hash is still known")
			requireOnly(t, filepath.Dir(path), "people.csv.handed-over.json")
			later := putPatientFile(t, folder, path, "a later list")
			require.FileExists(t, later.Path)
			require.NoFileExists(t, path+".handed-over.json")
			require.NoError(t, folder.RemovePatientFile(t.Context(), path))
			requireOnly(t, filepath.Dir(path))
		})
	}
}

// TestEveryListOfPatientsGoesWithTheKey: each file that people are written into is found,
// in clear and encrypted, and nothing else is.
func TestEveryListOfPatientsGoesWithTheKey(t *testing.T) {
	t.Parallel()
	for name, words := range map[string]string{"in clear": "", "encrypted": identity(t).Recipient().String()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := outfolder.New(t.TempDir()).EncryptedFor(recipients(t, words))
			in := folder.Incident("EX-1")
			want := []string{
				in.Accounting("P1"), in.EmailList("P1"), in.People("P1"), in.EmailList(""), in.AddressCheck(), in.Callers(),
				in.Held("run-001-batch-0001"), in.Letters("run-001-batch-0001"), in.Pieces("run-001-batch-0001"),
			}
			for _, path := range want {
				putPatientFile(t, folder, path, "people")
			}
			for _, path := range []string{in.Notice("P1"), in.WorksheetPDF("P1"), in.Calendar()} {
				_, err := folder.WriteFile(t.Context(), path, []byte("nobody"))
				require.NoError(t, err)
			}
			all, err := in.PatientFiles(t.Context())
			require.NoError(t, err)
			require.ElementsMatch(t, want, all)
		})
	}
}
