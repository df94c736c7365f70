package outfolder_test

import (
	"testing"

	"duenotice/internal/outfolder"
	"duenotice/internal/outfolder/placetest"
)

// TestAFolderIsAPlace: a folder that two machines have mounted.
func TestAFolderIsAPlace(t *testing.T) {
	t.Parallel()
	placetest.Run(t, func(t *testing.T) (one, other outfolder.Place) {
		t.Helper()
		root := t.TempDir()
		return outfolder.Disk(root), outfolder.Disk(root)
	})
}
