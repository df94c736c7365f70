package keyring

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/givenfile"
)

const (
	// maxFile bounds what is read of a file that may not be a key file at all.
	maxFile = 64 << 10
	// mode is the only one a key file is made with.
	mode = 0o600
)

const header = `# Duenotice's master keys, one a line: a name, and 32 random bytes in base64.
# The first encrypts; the others only decrypt what they once encrypted.
# Whoever reads this file reads everything. Whoever loses it has lost everything:
# keep a copy in a place that is not the database's.
`

var keyName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// Load reads a key file. It is refused when it is no ordinary file or is named
// through a link, when anybody but its owner may read or write it, when it belongs
// to neither this account nor root (givenfile.OpenKey), or when it cannot be read
// as keys. No error holds any part of a key.
func Load(path string) (*Ring, error) {
	file, err := open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // only read
	ring, _, err := read(file, path)
	return ring, err
}

func open(path string) (*os.File, error) {
	file, err := givenfile.OpenKey(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, breach.Refuse("no_key_file", "Put the key file back from where you keep its copy, or see that DUENOTICE_KEY_FILE is right.",
			"there is no key file %s", path)
	}
	if err != nil {
		return nil, fmt.Errorf("the key file cannot be opened: %w", err)
	}
	return file, nil
}

// read reads the keys of an open file, and returns its text too.
func read(file *os.File, path string) (*Ring, string, error) {
	content, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err != nil {
		return nil, "", fmt.Errorf("the key file cannot be read: %w", err)
	}
	ring, err := Parse(content)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", path, err)
	}
	return ring, string(content), nil
}

// Parse reads the text of a key file: a line is empty, a comment after "#", or a
// name and 32 bytes in base64, the newest key first. A *breach.Refusal says which
// line is wrong, never what is in it.
func Parse(content []byte) (*Ring, error) {
	if len(content) > maxFile {
		return nil, breach.Refuse("key_file", "See that DUENOTICE_KEY_FILE names the key file.", "it is too long to be a key file")
	}
	r := &Ring{}
	number := 0
	for line := range strings.Lines(string(content)) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		k, problem := parseKey(line)
		if problem == "" && r.Has(k.name) {
			problem = "has a name that another key has already"
		}
		if problem == "" && r.holds(k.secret) {
			problem = "has the same bytes as another key"
		}
		if problem != "" {
			return nil, breach.Refuse("key_file", "A line is a name, a space and 32 random bytes in base64. keys new writes it: see docs/keys.md.",
				"line %d %s", number, problem)
		}
		r.keys = append(r.keys, k)
	}
	if len(r.keys) == 0 {
		return nil, breach.Refuse("key_file", "Take it away and make one with keys new, or put the right one back from where you keep its copy.", "it holds no key")
	}
	return r, nil
}

func parseKey(line string) (key, string) {
	fields := strings.Fields(line)
	if len(fields) != 2 {
		return key{}, "is not a name and a key"
	}
	if !keyName.MatchString(fields[0]) {
		return key{}, "has a name that is not 1 to 64 letters, digits, dots, dashes and underscores"
	}
	secret, err := base64.StdEncoding.Strict().DecodeString(fields[1])
	if err != nil {
		return key{}, "has a key that is not base64"
	}
	if len(secret) != KeySize {
		return key{}, fmt.Sprintf("has a key of %d bytes instead of %d", len(secret), KeySize)
	}
	if bytes.Count(secret, secret[:1]) == KeySize {
		return key{}, "has a key that is one byte again and again"
	}
	return key{name: fields[0], secret: secret}, ""
}

func (r *Ring) holds(secret []byte) bool {
	for _, k := range r.keys {
		if bytes.Equal(k.secret, secret) {
			return true
		}
	}
	return false
}

// Ensure makes a key file with one new key where there is none, and loads it.
// Two programs that do so at the same time get the same key.
func Ensure(path string, today civil.Date) (*Ring, error) {
	_, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		err = create(path, today)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("the key file cannot be made: %w", err)
	}
	return Load(path)
}

func create(path string, today civil.Date) error {
	_, line := newKey(today)
	return replace(path, header+line, false)
}

// Rotate puts a new key at the top of a key file and returns its name. Programs
// that run read the file again when they meet the new name. An old key may be
// taken out when nothing is left that needs it.
func Rotate(path string, today civil.Date) (string, error) {
	file, err := open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }() // only read
	_, old, err := read(file, path)
	if err != nil {
		return "", err
	}
	name, line := newKey(today)
	rest := strings.TrimPrefix(old, header)
	if !givenfile.StillNamed(file, path) {
		return "", breach.Refuse("key_file", "See who else changes it, then rotate again.", "the key file %s was replaced while a key was put into it", path)
	}
	if err := replace(path, header+line+rest, true); err != nil {
		return "", fmt.Errorf("the key file cannot be written: %w", err)
	}
	return name, nil
}

// newKey names a key by its day and something random, for two on one day.
func newKey(today civil.Date) (name, line string) {
	secret := make([]byte, KeySize)
	_, _ = rand.Read(secret) // it never fails: crypto/rand ends the program instead
	name = today.String() + "-" + strings.ToLower(rand.Text()[:6])
	return name, name + " " + base64.StdEncoding.EncodeToString(secret) + "\n"
}

// replace writes the file whole or not at all. Unless over is set, one that is
// there already stays and the error is fs.ErrExist.
func replace(path, content string, over bool) error {
	// os.CreateTemp makes it 0600.
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // gone already when it was renamed
	_, err = tmp.WriteString(content)
	if err := errors.Join(err, tmp.Chmod(mode), tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if over {
		return os.Rename(tmp.Name(), path)
	}
	return os.Link(tmp.Name(), path) // fails where there is one
}
