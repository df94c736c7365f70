package stack

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// DefaultDir is the state folder where none is named.
const DefaultDir = ".duenotice"

// folder is the state folder, as an absolute path.
type folder string

func openFolder(dir string) (folder, error) {
	if dir == "" {
		dir = DefaultDir
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("state folder %s: %w", dir, err)
	}
	return folder(abs), nil
}

// create makes the folder and those below it. It is not readable by others;
// others may pass through it (0711), because as root PostgreSQL runs as another
// user and has to reach its data.
func (f folder) create() error {
	for _, dir := range []string{"", "run", "logs", "postgres", "temporal", "worker", "pages"} {
		path := f.path(dir)
		if err := os.MkdirAll(path, 0o711); err != nil {
			return fmt.Errorf("cannot make the state folder: %w", err)
		}
	}
	return nil
}

func (f folder) path(elem ...string) string {
	return filepath.Join(append([]string{string(f)}, elem...)...)
}

func (f folder) log(name string) string { return f.path("logs", name+".log") }

// writeFile puts data at path in one step: a reader sees the old bytes or the
// new ones, never half of them, also when the machine stops meanwhile.
func writeFile(path string, data []byte, mode os.FileMode) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".tmp-*")
	if err != nil {
		return err
	}
	_, err = tmp.Write(data)
	err = errors.Join(err, tmp.Chmod(mode), tmp.Sync(), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	return nil
}

// writeJSON writes v to path with writeFile, readable by the owner only.
func writeJSON(path string, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return writeFile(path, append(data, '\n'), 0o600)
}

// readJSON reads path into v and reports whether it was there. A file that is
// there but cannot be read as JSON counts as absent: everything kept this way
// can be found out again, and a person must not be stopped by it.
func readJSON(path string, v any) bool {
	data, err := os.ReadFile(path)
	return err == nil && json.Unmarshal(data, v) == nil
}

// logTail returns the end of a process's log, for an error about that process.
func logTail(path string) string {
	const keep = 1500
	data, err := os.ReadFile(path)
	if err != nil {
		return "it printed nothing"
	}
	text := strings.TrimSpace(string(data))
	if text == "" {
		return "it printed nothing"
	}
	if len(text) > keep {
		text = text[len(text)-keep:]
		if _, rest, found := strings.Cut(text, "\n"); found {
			text = rest
		}
	}
	return "the end of " + path + ":\n" + text
}

// size returns how long a file is; one that is not there has no length.
func size(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// since returns what was added to a file after it had this length.
func since(path string, from int64) string {
	data, err := os.ReadFile(path)
	if err != nil || from > int64(len(data)) {
		return string(data)
	}
	return string(data[from:])
}
