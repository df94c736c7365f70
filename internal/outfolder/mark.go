package outfolder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/google/uuid"
)

// MarkName is the file that says which output folder this is, whatever path it has
// on each machine.
const MarkName = ".duenotice-storage"

// MarkFile is where that file is.
func (f Folder) MarkFile() string { return f.place.Address(MarkName) }

// ReadMark returns which output folder this is, "" where nothing says so.
func (f Folder) ReadMark(ctx context.Context) (string, error) {
	content, err := f.ReadFile(ctx, f.MarkFile())
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
func (f Folder) Mark(ctx context.Context) (string, error) {
	id, err := f.ReadMark(ctx)
	if err != nil || id != "" {
		return id, err
	}
	if err := f.MarkAs(ctx, uuid.NewString()); err != nil {
		return "", err
	}
	return f.ReadMark(ctx)
}

// MarkAs names an output folder that has no name yet; one that has keeps it.
func (f Folder) MarkAs(ctx context.Context, id string) error {
	err := f.place.CreateOnce(ctx, MarkName, []byte(id+"\n"))
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("the output folder cannot be written to: %w", err)
	}
	return nil
}
