package intake

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"duenotice/internal/breach"
	"duenotice/internal/givenfile"
	"duenotice/internal/outfolder"
)

// workplaceName is the folder for what is sorted. It lies in the case folder, because it
// holds what the case folder holds and is protected as that is.
const workplaceName = ".import"

// Workplace makes the folder in a case folder, and locks it against another that writes
// the case's lists. What a killed one left in it is taken away.
func Workplace(caseDir string) (dir string, forget func() error, err error) {
	dir = filepath.Join(caseDir, workplaceName)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", nil, fmt.Errorf("make a folder to sort in: %w", err)
	}
	key, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return "", nil, fmt.Errorf("make a folder to sort in: %w", err)
	}
	taken, err := lock(key)
	if err == nil && (!taken || !givenfile.StillNamed(key, key.Name())) {
		err = breach.Refuse("import_running", "Wait until it has ended.", "another import of this case is running")
	}
	if err != nil {
		return "", nil, errors.Join(err, key.Close())
	}
	if _, err := outfolder.CleanTemps(caseDir); err != nil {
		return "", nil, errors.Join(err, key.Close())
	}
	entries, err := os.ReadDir(dir)
	for _, entry := range entries {
		if entry.Name() != "lock" {
			err = errors.Join(err, os.RemoveAll(filepath.Join(dir, entry.Name())))
		}
	}
	forget = func() error { return errors.Join(os.RemoveAll(dir), key.Close()) }
	if err != nil {
		return "", nil, errors.Join(fmt.Errorf("take away what an interrupted import left: %w", err), forget())
	}
	return dir, forget, nil
}
