package outfolder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/uuid"
)

// MarkName is the file that says which output folder this is, whatever path it has
// on each machine.
const MarkName = ".duenotice-storage"

// MarkFile is where that file is.
func (f Folder) MarkFile() string { return filepath.Join(f.root, MarkName) }

// ReadMark returns which output folder this is, "" where nothing says so.
func (f Folder) ReadMark() (string, error) {
	content, err := os.ReadFile(f.MarkFile())
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("which output folder this is cannot be read: %w", err)
	}
	return strings.TrimSpace(string(content)), nil
}

// Mark returns which output folder this is, and gives it a name where it has none.
// Of two that do so at the same time one is heard.
func (f Folder) Mark() (string, error) {
	id, err := f.ReadMark()
	if err != nil || id != "" {
		return id, err
	}
	if err := f.MarkAs(uuid.NewString()); err != nil {
		return "", err
	}
	return f.ReadMark()
}

// MarkAs names an output folder that has no name yet; one that has keeps it.
func (f Folder) MarkAs(id string) error {
	if err := os.MkdirAll(f.root, folderMode); err != nil {
		return fmt.Errorf("the output folder cannot be made: %w", err)
	}
	temp, err := createTemp(f.root)
	if err != nil {
		return fmt.Errorf("the output folder cannot be written to: %w", err)
	}
	defer func() { _ = os.Remove(temp.Name()) }() // linked under its own name by then
	_, err = temp.WriteString(id + "\n")
	if err := errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return fmt.Errorf("the output folder cannot be written to: %w", err)
	}
	err = os.Link(temp.Name(), f.MarkFile())
	if err != nil && !errors.Is(err, fs.ErrExist) {
		err = os.Rename(temp.Name(), f.MarkFile()) // a file system without links
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("the output folder cannot be written to: %w", err)
	}
	return nil
}
