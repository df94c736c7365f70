package casefolder

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// countOpen counts the questions that an import left to people, and warns of them.
func (c *Case) countOpen(to *collector) error {
	for _, list := range []struct {
		name, what string
		open       *int
	}{
		{PracticePairsFile, "of practices, which may be one covered entity", &c.OpenPracticePairs},
		{PairsFile, "of people, who may be one person", &c.OpenPairs},
	} {
		open, err := openIn(filepath.Join(c.Dir, list.name))
		if err != nil {
			return err
		}
		if *list.open = open; open > 0 {
			to.file = list.name
			to.startRow(0)
			to.problem(warnOpenPairs, "standing", fmt.Sprintf("nobody decided about %s %s", pairs(open), list.what))
			to.startRow(0)
		}
	}
	return nil
}

func pairs(n int) string {
	if n == 1 {
		return "1 pair"
	}
	return fmt.Sprintf("%d pairs", n)
}

// openIn counts the lines of a list of pairs that are open.
func openIn(path string) (open int, err error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("look at the pairs: %w", err)
	}
	defer file.Close() //nolint:errcheck // only read
	reader := csv.NewReader(file)
	reader.ReuseRecord = true
	header, err := reader.Read()
	at := slices.Index(header, "standing")
	if err != nil || at < 0 {
		return 0, nil // another file of that name asks nothing
	}
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return open, nil
		}
		if err != nil {
			return 0, fmt.Errorf("read %s: %w", filepath.Base(path), err)
		}
		if cells[at] == "open" {
			open++
		}
	}
}
