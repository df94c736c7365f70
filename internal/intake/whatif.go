package intake

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"duenotice/internal/casefolder"
)

// Supposing says who is put together in a list that is only counted.
type Supposing string

// What can be supposed.
const (
	// AsDecided is the list as it stands.
	AsDecided Supposing = ""
	// NobodyTogether is the list in which everybody of the sources stands alone.
	NobodyTogether Supposing = "nobody_together"
	// AllOpenTogether is the list in which every open pair is one.
	AllOpenTogether Supposing = "all_open_together"
)

// Suppose writes the case folder as it would be, to be counted by do, and takes it away
// again. The case itself is not touched.
func Suppose(ctx context.Context, _ Kind, dir string, what Supposing, do func(folder string) error) (err error) {
	place, forget, err := Workplace(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, forget()) }()
	folder := filepath.Join(place, "case")
	if err := os.Mkdir(folder, 0o700); err != nil {
		return err
	}
	for _, name := range []string{casefolder.IncidentFile, casefolder.PracticesFile} {
		if err := copyTo(filepath.Join(dir, name), filepath.Join(folder, name)); err != nil {
			return err
		}
	}
	if err := supposeList(dir, place, folder, what); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return do(folder)
}

func supposeList(dir, place, folder string, what Supposing) (err error) {
	decided, err := readDecisions(filepath.Join(dir, DecisionsFile), DecisionsFile)
	if err != nil {
		return err
	}
	j := &joining{
		dir: place, list: filepath.Join(dir, casefolder.FindingsFile), apart: filepath.Join(dir, ApartFile), pairs: filepath.Join(dir, PairsFile),
		decided: decided, supposing: what,
	}
	file, err := os.OpenFile(filepath.Join(folder, casefolder.FindingsFile), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	_, err = j.write(file, io.Discard)
	return err
}
