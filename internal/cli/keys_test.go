package cli_test

import (
	"bytes"
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

	"duenotice/internal/casebook"
	"duenotice/internal/keyring"
	"duenotice/internal/outfolder"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

func TestKeysNewMakesAKeyFileAndThenPutsAnotherKeyIn(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys")
	x := terminal{env: map[string]string{"DUENOTICE_KEY_FILE": path}}
	r := x.run(t, "keys", "new")
	require.Zero(t, r.code, r.err)
	first, err := keyring.Load(path) // refuses a file that others may read
	require.NoError(t, err)
	require.Contains(t, r.out, first.Newest())

	r = x.run(t, "keys", "new")
	require.Zero(t, r.code, r.err)
	both, err := keyring.Load(path)
	require.NoError(t, err)
	require.Len(t, both.Names(), 2)
	require.Equal(t, first.Newest(), both.Names()[1])
	require.Contains(t, r.out, both.Newest())
	require.Contains(t, r.out, "keys rotate")

	require.NoError(t, os.Chmod(path, 0o644))
	require.NotZero(t, x.run(t, "keys", "new").code, "a key file that others can read is not written to")
	require.Equal(t, 2, terminal{}.run(t, "keys", "new").code)
}

// office with an incident whose letters are printed.
func printed(t *testing.T, env map[string]string) (o *office, id string) {
	t.Helper()
	o = newOffice(t)
	for name, value := range env {
		o.env[name] = value
	}
	o.startWorker()
	o.must("start", syntheticCase(t, 3, 12), "--by", "Ada Rivera")
	o.must("approve", "DEMO-2026-03", "--all", "--by", "Ada Rivera")
	o.must("approve", "DEMO-2026-03", "--all", "--by", "Ben Okafor")
	return o, "DEMO-2026-03"
}

// files are all below the output folder, by their paths in it, with their modes.
func (o *office) files() map[string]fs.FileMode {
	o.t.Helper()
	all := map[string]fs.FileMode{}
	root := o.env["DUENOTICE_OUT"]
	require.NoError(o.t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, path)
		all[relative] = info.Mode()
		return err
	}))
	return all
}

func (o *office) glob(pattern string) []string {
	o.t.Helper()
	found, err := filepath.Glob(filepath.Join(o.env["DUENOTICE_OUT"], pattern))
	require.NoError(o.t, err)
	return found
}

// TestLettersAndListsAreHandedOver and leave the working folder, with a record
// of who has them, and what was changed is not handed over unseen.
func TestLettersAndListsAreHandedOver(t *testing.T) {
	t.Parallel()
	for name, encrypted := range map[string]bool{"in clear": false, "encrypted": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			house, err := age.GenerateX25519Identity()
			require.NoError(t, err)
			env, suffix := map[string]string{}, ""
			if encrypted {
				env, suffix = map[string]string{"DUENOTICE_OUT_ENCRYPT": house.Recipient().String()}, ".age"
			}
			o, id := printed(t, env)
			for path, mode := range o.files() {
				if mode.IsDir() {
					require.Equal(t, fs.FileMode(0o700), mode.Perm(), path)
				} else {
					require.Equal(t, fs.FileMode(0o600), mode.Perm(), path)
				}
			}
			pdf, lists := o.glob(id+"/mail/*/letters.pdf"+suffix), o.glob(id+"/practices/*/people.csv"+suffix)
			require.NotEmpty(t, pdf)
			require.Len(t, lists, 3)
			if encrypted {
				require.Empty(t, append(o.glob(id+"/mail/*/letters.pdf"), o.glob(id+"/practices/*/people.csv")...))
				content, err := os.ReadFile(pdf[0])
				require.NoError(t, err)
				plain, err := age.Decrypt(bytes.NewReader(content), house)
				require.NoError(t, err)
				start := make([]byte, 5)
				_, err = io.ReadFull(plain, start)
				require.NoError(t, err)
				require.Equal(t, "%PDF-", string(start))
			}

			batch := filepath.Base(filepath.Dir(pdf[0]))
			give := []string{"handover", id, "--batch", batch, "--to", "Example Mail House", "--by", "Ada Rivera"}
			require.Contains(t, o.must(give...), "2 files handed over to Example Mail House")
			require.NoFileExists(t, pdf[0])
			require.Empty(t, o.glob(id+"/mail/"+batch+"/pieces.csv*.age"))
			require.FileExists(t, filepath.Join(filepath.Dir(pdf[0]), "manifest.json"), "what proves the batch stays")
			require.Contains(t, o.do(give...).err, "nothing to hand over")

			key := filepath.Base(filepath.Dir(lists[0]))
			o.must("handover", id, "--practice", key, "--to", "Pat Clerk", "--by", "Ada Rivera")
			require.NoFileExists(t, lists[0])
			var note outfolder.HandedOver
			content, err := os.ReadFile(strings.TrimSuffix(lists[0], suffix) + ".handed-over.json")
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal(content, &note))
			require.Equal(t, "Pat Clerk", note.To)

			changed, key := lists[1], filepath.Base(filepath.Dir(lists[1]))
			require.NoError(t, os.WriteFile(changed, []byte("somebody else's list"), 0o600))
			r := o.do("handover", id, "--practice", key, "--to", "Pat Clerk", "--by", "Ada Rivera")
			require.Equal(t, 3, r.code)
			require.FileExists(t, changed)

			acts, err := o.store().Acts(t.Context(), id, "")
			require.NoError(t, err)
			var to []string
			for _, act := range acts {
				if act.Kind == casebook.ActHandOver {
					require.Equal(t, "Ada Rivera", act.Who)
					to = append(to, act.HandOver.To)
				}
			}
			require.Equal(t, []string{"Example Mail House", "Pat Clerk"}, to)
			require.Equal(t, 2, o.do("handover", id, "--to", "X", "--by", "Ada").code, "of nothing")
		})
	}
}

func (o *office) store() *postgres.Store {
	o.t.Helper()
	store, err := postgres.Open(o.t.Context(), o.env["DUENOTICE_DATABASE_URL"])
	require.NoError(o.t, err)
	o.t.Cleanup(store.Close)
	return store
}

// TestKeysAreRotatedBesideARunningWorker: it goes on with the new key without
// being started again, and doctor and keys say how the keys stand at each step.
func TestKeysAreRotatedBesideARunningWorker(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.startWorker()
	o.must("start", syntheticCase(t, 3, 12))
	first := o.ring().Newest()
	o.must("keys", "new")
	second := o.ring().Newest()
	require.NotEqual(t, first, second)
	require.Contains(t, o.must("doctor"), first+": wraps the data keys of 1 incident; to use the newer "+second)

	// The command speaks to the worker with the new key, and the worker reads and
	// prints people in the middle of the rotation and after it.
	const id = "DEMO-2026-03"
	o.must("approve", id, "--all", "--by", "Ada Rivera")
	require.Contains(t, o.must("keys", "rotate"), "Nothing in the database needs "+first)
	o.must("approve", id, "--all", "--by", "Ben Okafor")
	require.NotEmpty(t, o.glob(id+"/mail/*/letters.pdf"))
	said := o.must("doctor")
	require.Contains(t, said, "master key "+second+": wraps the data keys of 1 incident")
	require.Contains(t, said, "master key "+first+": nothing in the database needs it")
	require.Contains(t, o.must("keys"), "in use")
	require.Contains(t, o.must("keys", "rotate"), "0 were changed")
}

func (o *office) ring() *keyring.Ring {
	o.t.Helper()
	ring, err := keyring.Load(o.env["DUENOTICE_KEY_FILE"])
	require.NoError(o.t, err)
	return ring
}

// TestALostKeyIsSaid by doctor, and by start before anything is written.
func TestALostKeyIsSaid(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.startWorker()
	o.must("start", syntheticCase(t, 2, 4))
	lost := o.ring().Newest()
	require.NoError(t, os.Rename(o.env["DUENOTICE_KEY_FILE"], o.env["DUENOTICE_KEY_FILE"]+".kept"))
	o.must("keys", "new")

	r := o.do("doctor")
	require.Equal(t, 1, r.code)
	require.Contains(t, r.out, "WRONG  master key "+lost)
	require.Contains(t, r.out, "Put that key back")
	require.Contains(t, o.must("keys"), `the database needs the master key "`+lost)
	r = o.do("start", syntheticCase(t, 3, 6))
	require.NotZero(t, r.code)
	require.Contains(t, r.err, lost)
	require.NotZero(t, o.do("keys", "rotate").code)
	states, err := o.store().MasterKeys(t.Context())
	require.NoError(t, err)
	require.Len(t, states, 1, "the new key was not noted")

	require.NoError(t, os.Rename(o.env["DUENOTICE_KEY_FILE"]+".kept", o.env["DUENOTICE_KEY_FILE"]))
	o.must("doctor")
}

// TestAnIncidentsPeopleAreDestroyedAfterTheirRetention, not before, not under a
// legal hold; their letters and lists go with them, and the evidence stays.
func TestAnIncidentsPeopleAreDestroyedAfterTheirRetention(t *testing.T) {
	t.Parallel()
	o, id := printed(t, nil)
	later := func(years int, args ...string) result {
		o.now = time.Now().AddDate(years, 0, 2)
		return o.runIn(t.Context(), append(args, "--dir", o.dir))
	}
	o.must("report", "accounting", id, "--practice", "P-00001")
	o.must("report", "email-list", id)
	shred := []string{"keys", "shred", id, "--by", "Ada Rivera"}
	r := later(7, shred...)
	require.Equal(t, 3, r.code)
	require.Contains(t, r.err, "is not closed")
	require.NoError(t, o.store().SetIncidentPhase(t.Context(), id, casebook.IncidentClosed, testkit.Today()))
	r = later(5, shred...)
	require.Equal(t, 3, r.code)
	require.Contains(t, r.err, "164.530(j)")
	require.Contains(t, later(5, "keys").out, "kept until")

	hold := []string{id, "--matter", "Doe v. Example", "--by", "Casey Counsel"}
	require.Zero(t, later(6, append([]string{"keys", "hold"}, hold...)...).code)
	require.Contains(t, later(6, append([]string{"keys", "hold"}, hold...)...).out, "already")
	require.Contains(t, later(6, "keys").out, "under legal hold: Doe v. Example")
	r = later(6, shred...)
	require.Equal(t, 3, r.code)
	require.Contains(t, r.err, "Doe v. Example")
	require.NotEmpty(t, o.glob(id+"/mail/*/letters.pdf"), "what may not be destroyed is all there")
	require.Zero(t, later(6, append([]string{"keys", "release"}, hold...)...).code)
	require.Contains(t, later(6, "keys").out, "past its retention")

	r = later(6, shred...)
	require.Zero(t, r.code, r.err)
	require.Contains(t, r.out, "12 findings")
	require.Empty(t, append(o.glob(id+"/mail/*/*.pdf"), append(o.glob(id+"/*/*/*.csv"), o.glob(id+"/mail/*.csv")...)...))
	require.NotEmpty(t, o.glob(id+"/practices/*/notice.pdf"))
	require.Contains(t, later(6, shred...).out, "was destroyed before")
	require.Contains(t, later(6, "keys").out, "people destroyed on")
	require.Zero(t, later(6, "audit", "replay", id).code, "what was decided is proved without them")
	var packed struct {
		Pack string `json:"pack"`
		Key  string `json:"public_key_file"`
	}
	r = later(6, "report", "evidence", id, "--json")
	require.Zero(t, r.code, r.err)
	require.NoError(t, json.Unmarshal([]byte(r.out), &packed))
	r = later(6, "verify", packed.Pack, "--key", packed.Key)
	require.Zero(t, r.code, "the evidence still verifies: %s", r.err)
	require.Contains(t, r.out, "every link holds")
	require.Contains(t, o.must("status", id), id)
}
