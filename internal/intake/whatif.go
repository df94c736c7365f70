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
func Suppose(ctx context.Context, of Kind, dir string, what Supposing, do func(folder string) error) (err error) {
	place, forget, err := Workplace(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, forget()) }()
	folder := filepath.Join(place, "case")
	if err := os.Mkdir(folder, 0o700); err != nil {
		return err
	}
	if err := copyTo(filepath.Join(dir, casefolder.IncidentFile), filepath.Join(folder, casefolder.IncidentFile)); err != nil {
		return err
	}
	if err := supposeLists(of, dir, place, folder, what); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return do(folder)
}

func supposeLists(of Kind, dir, place, folder string, what Supposing) (err error) {
	people, err := readDecisions(dir, People)
	if err != nil {
		return err
	}
	practices, err := readDecisions(dir, Practices)
	if err != nil {
		return err
	}
	originals, err := originalPractices(dir)
	if err != nil {
		return err
	}
	j := &joining{
		dir: place, list: filepath.Join(dir, casefolder.FindingsFile), apart: filepath.Join(dir, ApartFile), pairs: filepath.Join(dir, PairsFile),
		decided: people,
	}
	if of == People {
		j.supposing = what
	} else if err := practices.suppose(dir, what); err != nil {
		return err
	}
	j.practices = becomes(practices, func(key string) bool { return originals.rows[key] != nil })
	text, err := originals.together(j.practices).text()
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, casefolder.PracticesFile), text, 0o600); err != nil {
		return err
	}
	file, err := os.OpenFile(filepath.Join(folder, casefolder.FindingsFile), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	_, err = j.write(file, io.Discard)
	return err
}

// suppose decides otherwise than people did about practices, to be counted.
func (d *decisions) suppose(dir string, what Supposing) error {
	if what == NobodyTogether {
		*d = *newDecisions()
		return nil
	}
	return eachPair(Practices, filepath.Join(dir, PracticePairsFile), func(row *PairRow) error {
		if row.Standing == Open {
			d.add(Decision{Pair: row.ID, A: row.A.Key, B: row.B.Key, Decision: DecideSame})
		}
		return nil
	})
}
