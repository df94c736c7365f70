package keyring_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/keyring"
)

var day = civil.MustParse("2026-11-25")

// secret is 32 bytes that differ from each other.
func secret(first byte) string {
	b := make([]byte, keyring.KeySize)
	for i := range b {
		b[i] = first + byte(i)
	}
	return base64.StdEncoding.EncodeToString(b)
}

func TestTheFirstKeyIsTheNewest(t *testing.T) {
	t.Parallel()
	r, err := keyring.Parse([]byte("# comment\n\n  new " + secret(1) + "\r\nold\t" + secret(2)))
	require.NoError(t, err)
	require.Equal(t, "new", r.Newest())
	require.Equal(t, []string{"new", "old"}, r.Names())
	require.True(t, r.Has("old"))
	require.False(t, r.Has("older"))
}

func TestEachUseHasAKeyOfItsOwn(t *testing.T) {
	t.Parallel()
	r, err := keyring.Parse([]byte("new " + secret(1) + "\nold " + secret(2)))
	require.NoError(t, err)
	seen := map[string]bool{secret(1): true, secret(2): true}
	for _, name := range r.Names() {
		for _, purpose := range []keyring.Purpose{keyring.TemporalPayloads, keyring.AtRest} {
			derived, err := r.Derive(name, purpose)
			require.NoError(t, err)
			require.Len(t, derived, keyring.KeySize)
			again, err := r.Derive(name, purpose)
			require.NoError(t, err)
			require.Equal(t, derived, again)
			text := base64.StdEncoding.EncodeToString(derived)
			require.False(t, seen[text], "%s %s", name, purpose)
			seen[text] = true
		}
	}
	_, err = r.Derive("lost", keyring.AtRest)
	refusal(t, err, "unknown_key")
}

func TestAKeyFileThatIsWrongIsRefusedWithoutShowingIt(t *testing.T) {
	t.Parallel()
	good := secret(7)
	for name, text := range map[string]string{
		"empty":         "",
		"only comments": "# nothing\n",
		"no name":       good,
		"three words":   "a b " + good,
		"bad name":      "a/b " + good,
		"short key":     "a " + good[:40],
		"not base64":    "a " + strings.Repeat("?", 44),
		"loose base64":  "a " + good[:43],
		"one byte":      "a " + base64.StdEncoding.EncodeToString(make([]byte, keyring.KeySize)),
		"name twice":    "a " + good + "\na " + secret(9),
		"key twice":     "a " + good + "\nb " + good,
		"not a keyfile": strings.Repeat("x", 100_000),
	} {
		_, err := keyring.Parse([]byte(text))
		refusal(t, err, "key_file")
		require.NotContains(t, err.Error(), good[:40], name)
	}
}

func TestAKeyFileOthersCanUseIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys")
	_, err := keyring.Load(path)
	refusal(t, err, "no_key_file")
	_, err = keyring.Ensure(path, day)
	require.NoError(t, err)
	for _, mode := range []os.FileMode{0o640, 0o604, 0o620, 0o644, 0o666} {
		require.NoError(t, os.Chmod(path, mode))
		_, err = keyring.Load(path)
		refusal(t, err, "key_file_open")
	}
	require.NoError(t, os.Chmod(path, 0o400))
	_, err = keyring.Load(path)
	require.NoError(t, err)
	_, err = keyring.Load(t.TempDir())
	refusal(t, err, "key_file")
}

// TestAKeyFileIsNeverALink: whoever made the link could turn it to another file,
// and a rotation would put a file in the place of the link.
func TestAKeyFileIsNeverALink(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := keyring.Ensure(filepath.Join(dir, "keys"), day)
	require.NoError(t, err)
	before, err := os.ReadFile(filepath.Join(dir, "keys"))
	require.NoError(t, err)
	for link, to := range map[string]string{"link": "keys", "lost": "nothing"} {
		path := filepath.Join(dir, link)
		require.NoError(t, os.Symlink(to, path))
		for what, use := range map[string]func() error{
			"load":   func() error { _, err := keyring.Load(path); return err },
			"ensure": func() error { _, err := keyring.Ensure(path, day); return err },
			"rotate": func() error { _, err := keyring.Rotate(path, day); return err },
		} {
			refusal(t, use(), "key_file")
			is, err := os.Readlink(path)
			require.NoError(t, err, what)
			require.Equal(t, to, is, what)
		}
	}
	after, err := os.ReadFile(filepath.Join(dir, "keys"))
	require.NoError(t, err)
	require.Equal(t, before, after)
	require.NoFileExists(t, filepath.Join(dir, "nothing"))
}

func TestProgramsThatMakeTheFileAtOnceGetTheSameKey(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys")
	names := make([]string, 16)
	var all sync.WaitGroup
	for i := range names {
		all.Go(func() {
			r, err := keyring.Ensure(path, day)
			if err == nil {
				names[i] = r.Newest()
			}
		})
	}
	all.Wait()
	require.NotEmpty(t, names[0])
	for _, name := range names {
		require.Equal(t, names[0], name)
	}
	require.Len(t, glob(t, filepath.Dir(path)), 1, "a temporary file was left")
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

func TestRotationKeepsTheOldKeys(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys")
	first, err := keyring.Ensure(path, day)
	require.NoError(t, err)
	was, err := first.Derive(first.Newest(), keyring.AtRest)
	require.NoError(t, err)
	name, err := keyring.Rotate(path, day)
	require.NoError(t, err)
	r, err := keyring.Load(path)
	require.NoError(t, err)
	require.Equal(t, []string{name, first.Newest()}, r.Names())
	still, err := r.Derive(first.Newest(), keyring.AtRest)
	require.NoError(t, err)
	require.Equal(t, was, still)
	_, err = keyring.Rotate(filepath.Join(t.TempDir(), "keys"), day)
	refusal(t, err, "no_key_file")
}

func TestNothingShowsAKey(t *testing.T) {
	t.Parallel()
	r, err := keyring.Parse([]byte("new " + secret(65)))
	require.NoError(t, err)
	var shown bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&shown, verb+"\n", r)
		fmt.Fprintf(&shown, verb+"\n", struct{ R *keyring.Ring }{r})
	}
	timeless := &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
		if len(groups) == 0 && a.Key == slog.TimeKey {
			return slog.Attr{} // its digits may be those that are looked for
		}
		return a
	}}
	slog.New(slog.NewJSONHandler(&shown, timeless)).Info("x", "keys", r, "in", struct{ R *keyring.Ring }{r})
	slog.New(slog.NewTextHandler(&shown, timeless)).Info("x", "keys", r, "in", struct{ R *keyring.Ring }{r})
	require.NoError(t, json.NewEncoder(&shown).Encode(map[string]any{"r": r}))
	raw, err := base64.StdEncoding.DecodeString(secret(65))
	require.NoError(t, err)
	start := raw[:8]
	forms := []string{secret(65)[:8], "0x41", "65"}
	for _, verb := range []string{"%s", "%x", "% x", "%X", "%v", "%#v"} {
		forms = append(forms, fmt.Sprintf(verb, start))
	}
	for _, form := range forms {
		require.NotContains(t, shown.String(), form)
	}
	require.Contains(t, shown.String(), "new")
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("# c\nnew " + secret(1) + "\nold " + secret(2)))
	f.Add([]byte("a b c"))
	f.Fuzz(func(t *testing.T, content []byte) {
		r, err := keyring.Parse(content)
		if err != nil {
			require.Nil(t, r)
			return
		}
		for _, name := range r.Names() {
			derived, err := r.Derive(name, keyring.AtRest)
			require.NoError(t, err)
			require.Len(t, derived, keyring.KeySize)
		}
	})
}

func glob(t *testing.T, dir string) []os.DirEntry {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	return entries
}

func refusal(t *testing.T, err error, code string) {
	t.Helper()
	var r *breach.Refusal
	require.ErrorAs(t, err, &r)
	require.Equal(t, code, r.Code)
}
