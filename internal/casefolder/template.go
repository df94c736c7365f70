package casefolder

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"duenotice/internal/breach"
)

//go:embed template
var template embed.FS

// templateFiles are the files WriteTemplate writes, in that order.
var templateFiles = []string{IncidentFile, PracticesFile, FindingsFile, "README.txt"}

// WriteTemplate writes a case folder to be filled in: an incident.yaml whose
// comments explain it, both lists with all columns and one row that shows the
// form, and a README.txt. What must be replaced stands in angle brackets, and
// the case is refused until it is.
//
// No file is ever overwritten: when one is there that is not the template's
// own, or all are there, nothing is written and a *breach.Refusal names them.
// A folder whose writing was cut short is completed. Folder and files are for
// their owner only, because they will hold patient data.
func WriteTemplate(dir string) error {
	var there, missing []string
	foreign := false
	for _, name := range templateFiles {
		content, err := template.ReadFile("template/" + name)
		if err != nil {
			return err
		}
		found, err := os.ReadFile(filepath.Join(dir, name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			missing = append(missing, name)
		case err != nil:
			return fmt.Errorf("look into the folder: %w", err)
		default:
			there = append(there, name)
			foreign = foreign || !bytes.Equal(found, content)
		}
	}
	if foreign || len(missing) == 0 {
		return breach.Refuse("case_folder_exists", "Choose a new folder, or fill in the one that is there.",
			"%s has %s already; nothing was written", dir, strings.Join(there, ", "))
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the case folder: %w", err)
	}
	for _, name := range missing {
		if err := writeNew(dir, name); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return nil
}

// writeNew writes one file of the template whole or not at all. A link, unlike
// a rename, fails when somebody else made the file meanwhile.
func writeNew(dir, name string) (err error) {
	content, err := template.ReadFile("template/" + name)
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(dir, "."+name+".*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(file.Name())) }()
	_, err = file.Write(content)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	err = os.Link(file.Name(), filepath.Join(dir, name))
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrPermission) {
		return writeExclusively(filepath.Join(dir, name), content)
	}
	return err
}

// writeExclusively is for file systems without links, such as a USB stick's.
func writeExclusively(path string, content []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	return errors.Join(err, file.Sync(), file.Close())
}
