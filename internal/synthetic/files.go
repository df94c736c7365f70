package synthetic

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"duenotice/internal/breach"
	"duenotice/internal/outfolder"
)

// mark is the first line of every synthetic incident.yaml.
const mark = "# Synthetic incident: every person and every organisation in this folder is invented.\n"

// caseFiles are the files Write makes.
var caseFiles = []string{"incident.yaml", "practices.csv", "findings.csv"}

// refuseForeignFolder keeps Write from replacing a person's own case folder.
func refuseForeignFolder(dir string) error {
	head := make([]byte, len(mark))
	f, err := os.Open(filepath.Join(dir, "incident.yaml"))
	if err == nil {
		defer f.Close() //nolint:errcheck // only read
		if n, _ := io.ReadFull(f, head); bytes.Equal(head[:n], []byte(mark)) {
			return nil
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("look into the case folder: %w", err)
	}
	for _, name := range caseFiles {
		switch _, err := os.Lstat(filepath.Join(dir, name)); {
		case err == nil:
			return breach.Refuse("case_folder_in_use", "Choose an empty folder",
				"%s already has a %s that was not made by the demo", dir, name)
		case !errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("look into the case folder: %w", err)
		}
	}
	return nil
}

// writeFile writes the file whole or not at all.
func writeFile(path string, write func(io.Writer) error) error {
	f, err := outfolder.Create(path)
	if err != nil {
		return err
	}
	defer f.Abort()
	if err := write(f); err != nil {
		return err
	}
	_, err = f.Commit()
	return err
}
